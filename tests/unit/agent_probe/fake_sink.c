// SPDX-License-Identifier: Apache-2.0
// The remembering sink.
#include "fake_sink.h"

#include "base/text.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MINUTE_MS = 60000 };

// A timer's callback comes before the loop waits in the same turn: told to stop, it does not wait.
static void wake(struct fake_sink *fake)
{
    uv_stop(&fake->loop);
}

static enum status fake_append(void *context, struct message *messages, size_t count,
                               struct instant at, const struct bookmark *bookmark)
{
    struct fake_sink *fake = context;
    wake(fake);
    fake->appends++;
    if (fake->refuses) {
        fake->refusals++;
        return STATUS_FULL;
    }
    assert_true(fake->count + count <= FAKE_MESSAGES_MAX);
    if (count > 0) {
        memcpy(fake->messages + fake->count, messages, count * sizeof(*messages));
        fake->count += count;
        fake->last_at = at;
    }
    if (bookmark != NULL) {
        text_set(fake->bookmark_name, bookmark->name);
        assert_true(text_set(fake->bookmark, bookmark->value));
    }
    return STATUS_OK;
}

static enum status fake_load(void *context, const char *name, char value[BOOKMARK_VALUE_SIZE])
{
    struct fake_sink *fake = context;
    if (fake->bookmark[0] == '\0' || !text_equal(name, fake->bookmark_name))
        return STATUS_NOT_FOUND;
    text_copy(value, BOOKMARK_VALUE_SIZE, fake->bookmark);
    return STATUS_OK;
}

static void fake_share(void *context, enum outcome outcome, struct instant at)
{
    (void)at;
    struct fake_sink *fake = context;
    wake(fake);
    fake->shares++;
    fake->share = outcome;
}

static void fake_service(void *context, const struct service_report *report, struct instant at)
{
    (void)at;
    struct fake_sink *fake = context;
    wake(fake);
    fake->service_calls++;
    fake->service = *report;
}

static void fake_software(void *context, bool running)
{
    struct fake_sink *fake = context;
    wake(fake);
    fake->software_calls++;
    fake->software = running;
}

static void fake_trouble(void *context, const char *probe, const char *text)
{
    (void)probe;
    struct fake_sink *fake = context;
    wake(fake);
    fake->troubles++;
    text_set(fake->trouble, text);
}

void fake_sink_init(struct fake_sink *fake)
{
    memset(fake, 0, sizeof(*fake));
    fake->sink = (struct probe_sink){.append = fake_append,
                                     .load = fake_load,
                                     .share = fake_share,
                                     .service = fake_service,
                                     .software = fake_software,
                                     .trouble = fake_trouble,
                                     .context = fake};
    fake->messages = calloc(FAKE_MESSAGES_MAX, sizeof(*fake->messages));
    assert_non_null(fake->messages);
    assert_int_equal(uv_loop_init(&fake->loop), 0);
    const char *base = getenv("TMPDIR");
    snprintf(fake->folder, sizeof(fake->folder), "%s/stationwatch-XXXXXX",
             base != NULL ? base : "/tmp");
    assert_non_null(mkdtemp(fake->folder));
}

static int remove_entry(const char *path, const struct stat *facts, int kind, struct FTW *place)
{
    (void)facts;
    (void)kind;
    (void)place;
    return remove(path);
}

void fake_sink_fini(struct fake_sink *fake)
{
    // Everything is closed: nothing may keep the loop alive, and it has to close.
    uv_run(&fake->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&fake->loop), 0);
    nftw(fake->folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    free(fake->messages);
}

const char *fake_path(struct fake_sink *fake, const char *name)
{
    static char buffers[4][FAKE_PATH_SIZE];
    static int next;
    char *buffer = buffers[next++ % 4];
    struct text text;
    text_init(&text, buffer, FAKE_PATH_SIZE);
    text_printf(&text, "%s/%s", fake->folder, name);
    assert_false(text.truncated);
    return buffer;
}

static void on_deadline(uv_timer_t *timer)
{
    *(bool *)timer->data = true;
}

static void ignore_closed(uv_handle_t *handle)
{
    *(bool *)handle->data = true;
}

void run_until(struct fake_sink *fake, bool (*done)(void *context), void *context)
{
    bool late = false, timer_closed = false;
    uv_timer_t deadline;
    uv_timer_init(&fake->loop, &deadline);
    deadline.data = &late;
    uv_update_time(&fake->loop);
    uv_timer_start(&deadline, on_deadline, MINUTE_MS, 0);
    while (!done(context) && !late)
        uv_run(&fake->loop, UV_RUN_ONCE);
    deadline.data = &timer_closed;
    uv_close((uv_handle_t *)&deadline, ignore_closed);
    while (!timer_closed)
        uv_run(&fake->loop, UV_RUN_NOWAIT);
    if (late)
        fail_msg("nothing came within a minute; last trouble: %s", fake->trouble);
}

struct wanted_count {
    struct fake_sink *fake;
    size_t count;
};

static bool has_count(void *context)
{
    const struct wanted_count *wanted = context;
    return wanted->fake->count >= wanted->count;
}

void run_until_count(struct fake_sink *fake, size_t count)
{
    struct wanted_count wanted = {fake, count};
    run_until(fake, has_count, &wanted);
}

void run_ready(struct fake_sink *fake)
{
    uv_run(&fake->loop, UV_RUN_NOWAIT);
    uv_run(&fake->loop, UV_RUN_NOWAIT);
}

static bool is_closed(void *context)
{
    return ((struct fake_sink *)context)->closed;
}

static void on_closed(void *context)
{
    wake(context);
    ((struct fake_sink *)context)->closed = true;
}

void close_probe(struct fake_sink *fake, struct probe *probe)
{
    fake->closed = false;
    probe->ops->close(probe, on_closed, fake);
    run_until(fake, is_closed, fake);
}

void append_file(const char *path, const void *bytes, size_t count)
{
    FILE *file = fopen(path, "ab");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, count, file), count);
    assert_int_equal(fclose(file), 0);
}

void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}
