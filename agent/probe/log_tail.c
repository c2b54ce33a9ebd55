// SPDX-License-Identifier: Apache-2.0
// Follows a log by notices of the file system; the rules of place are in log_tail.h.
#include "agent/probe/log_tail.h"

#include "agent/probe/encoding.h"
#include "agent/probe/line_reader.h"
#include "agent/probe/log_matcher.h"
#include "agent/probe/path_name.h"
#include "agent/probe/path_watch.h"
#include "agent/probe/tailed_file.h"
#include "agent/probe/trouble.h"
#include "base/text.h"
#include "runtime/clock.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    LINE_LIMIT = 8192,
    CHUNK_BYTES = 32768,
    CHUNKS_PER_TURN = 16, // then the loop's other work has its turn
    BATCH_MAX = 16,
    SAVE_EVERY_BYTES = 1 << 18, // lines that match nothing move the saved place this seldom
    FRESH_MS = 2000,            // a file changed so lately that its lines count as of now
};

struct log_tail {
    struct probe base;
    uv_loop_t *loop;
    const struct probe_sink *sink;
    char path[TEXT_SIZE];
    char folder[TEXT_SIZE];
    enum encoding encoding;
    char bookmark_name[TEXT_SIZE + 4];
    struct trouble trouble;
    struct log_matcher *matcher;
    struct line_reader *reader;
    struct path_watch *watch;
    struct path_watch *target_watch; // where the path is a link: of the folder it leads to
    char target_folder[TEXT_SIZE];
    uv_timer_t turn; // to go on in the loop's next turn
    struct tailed_file file;
    uint64_t accepted; // a refused batch is read again from here
    uint64_t saved;    // the offset in the saved bookmark
    bool placed;       // with no bookmark: the place to begin at is found …
    bool begun;        // … and saved
    bool have_bookmark;
    bool held;      // the sink has no room: nothing is read until resume
    bool successor; // another file stands at the path, with content
    struct log_bookmark bookmark;
    size_t batch_count;
    struct message *batch;
    uint8_t *chunk;
    struct log_tail_counters counters, accepted_counters;
    bool closing;
    unsigned parts; // handles and watches that are open
    void (*closed)(void *context);
    void *closed_context;
};

static void on_changed(void *context);
static void on_part_closed(void *context);

// When the lines just read were written, as far as the file can tell.
static struct instant written_at(const struct log_tail *tail)
{
    struct instant now = clock_now();
    struct log_file_facts facts;
    if (!tailed_file_is_open(&tail->file) || log_file_facts(&tail->file.file, &facts) != STATUS_OK)
        return now;
    int64_t age_ms = now.wall.ms - facts.changed_at.ms;
    if (age_ms < FRESH_MS)
        return now;
    now.wall = facts.changed_at;
    now.mono = mono_add(now.mono, duration_ms(-age_ms));
    return now;
}

static void go_to(struct log_tail *tail, uint64_t offset)
{
    tail->file.read_at = offset;
    tail->accepted = offset;
    line_reader_seek(tail->reader, offset);
}

// Hands the batch and the place after it to the sink; false: refused, the place is as before.
MUST_CHECK static bool save(struct log_tail *tail, uint64_t offset)
{
    char value[BOOKMARK_VALUE_SIZE];
    struct log_bookmark place = tailed_file_bookmark(&tail->file, offset);
    log_bookmark_format(&place, value, sizeof(value));
    struct bookmark bookmark = {.name = tail->bookmark_name, .value = value};
    struct instant at = written_at(tail);
    for (size_t i = 0; i < tail->batch_count; i++)
        tail->batch[i].order.key.at_ms = at.wall.ms;
    enum status status =
        tail->sink->append(tail->sink->context, tail->batch, tail->batch_count, at, &bookmark);
    tail->batch_count = 0;
    if (status != STATUS_OK) {
        tail->held = true;
        tail->counters = tail->accepted_counters;
        tail->counters.refused++;
        tail->accepted_counters = tail->counters;
        go_to(tail, tail->accepted);
        return false;
    }
    tail->accepted = tail->saved = offset;
    tail->accepted_counters = tail->counters;
    return true;
}

static void leave_file(struct log_tail *tail)
{
    if (tailed_file_is_open(&tail->file) && line_reader_has_partial(tail->reader))
        tail->counters.unfinished++;
    tailed_file_leave(&tail->file);
    tail->successor = false;
    tail->accepted_counters = tail->counters;
    go_to(tail, 0);
}

// Where the path is a link, what happens to the file happens in another folder: that is watched
// too.
static void watch_target(struct log_tail *tail)
{
    char folder[TEXT_SIZE] = "";
    uv_fs_t request;
    if (uv_fs_realpath(NULL, &request, tail->path, NULL) == 0)
        path_folder(request.ptr, folder);
    uv_fs_req_cleanup(&request);
    if (text_equal(folder, tail->target_folder))
        return;
    if (tail->target_watch != NULL)
        path_watch_close(tail->target_watch, on_part_closed, tail);
    tail->target_watch = NULL;
    text_set(tail->target_folder, folder);
    if (folder[0] != '\0' &&
        path_watch_open(tail->loop, folder, on_changed, tail, &tail->target_watch) == STATUS_OK)
        tail->parts++;
}

static bool adopt(struct log_tail *tail, struct log_file file)
{
    struct log_file_facts facts;
    tail->successor = false;
    if (log_file_look(tail->path, &facts) == STATUS_OK && facts.link)
        watch_target(tail);
    return tailed_file_adopt(&tail->file, file);
}

static bool open_path(struct log_tail *tail)
{
    struct log_file file;
    enum status status = log_file_open(tail->path, &file);
    if (status == STATUS_NOT_FOUND)
        trouble_tell(&tail->trouble, "%s does not exist (yet)", tail->path);
    else if (status == STATUS_INVALID)
        trouble_tell(&tail->trouble, "%s is no regular file", tail->path);
    else if (status != STATUS_OK)
        trouble_tell(&tail->trouble, "%s cannot be opened: %s", tail->path, status_text(status));
    if (status != STATUS_OK)
        return false;
    trouble_clear(&tail->trouble);
    if (adopt(tail, file))
        return true;
    trouble_tell(&tail->trouble, "%s cannot be read", tail->path);
    leave_file(tail);
    return false;
}

// Finds the file of the bookmark, under its name or the one it was rotated to.
static bool find_bookmarked(struct log_tail *tail)
{
    struct log_file file;
    const struct log_bookmark *bookmark = &tail->bookmark;
    if (open_path(tail)) {
        if (tailed_file_is_bookmarked(&tail->file, bookmark))
            return tailed_file_has_content_of(&tail->file, bookmark);
        leave_file(tail);
    }
    if (log_file_find(tail->folder, bookmark->device, bookmark->inode, &file) != STATUS_OK)
        return false;
    if (adopt(tail, file) && tailed_file_has_content_of(&tail->file, bookmark))
        return true;
    leave_file(tail);
    return false;
}

static void begin_from_bookmark(struct log_tail *tail)
{
    if (tail->bookmark.inode == 0)
        return; // there was no file yet: whatever is there now is read from its beginning
    if (find_bookmarked(tail)) {
        go_to(tail, tail->bookmark.offset);
        tail->saved = tail->bookmark.offset;
        return;
    }
    trouble_tell(&tail->trouble,
                 "%s was replaced or cut while nobody read it; old lines may be missing",
                 tail->path);
    leave_file(tail);
}

// What is complete already is history.
static uint64_t end_of_history(struct log_tail *tail)
{
    size_t unit = tail->encoding == ENCODING_UTF16LE ? 2 : 1;
    return tailed_file_last_line(&tail->file, unit, tail->chunk, LINE_LIMIT);
}

// False: not begun, as the sink has no room for the first bookmark.
static bool begin(struct log_tail *tail)
{
    if (tail->have_bookmark) {
        begin_from_bookmark(tail);
    } else {
        if (!tail->placed)
            go_to(tail, open_path(tail) ? end_of_history(tail) : 0);
        tail->placed = true;
        // Saved at once: after a restart, what was written in between is no history.
        if (!save(tail, tail->accepted))
            return false;
    }
    tail->begun = true;
    return true;
}

static void add_match(struct log_tail *tail, const struct line *line, const struct log_match *match)
{
    struct message *message = &tail->batch[tail->batch_count++];
    struct order_fetch *fetch = &message->order;
    message->kind = MESSAGE_ORDER;
    *fetch = (struct order_fetch){0};
    fetch->outcome = match->outcome;
    fetch->source = SOURCE_LOG;
    fetch->latency_ms = match->latency_ms;
    text_set(fetch->order, match->order);
    text_set(fetch->product, match->product);
    // Of a failure without a named detail the line itself says most.
    if (match->detail[0] != '\0' || match->outcome == OUTCOME_OK)
        text_set(fetch->detail, match->detail);
    else
        text_set(fetch->detail, line->text);
}

// Reads the pushed lines; false: the sink refused a batch.
static bool read_lines(struct log_tail *tail)
{
    struct line line;
    struct log_match match;
    while (line_reader_next(tail->reader, &line)) {
        tail->counters.lines++;
        if (!log_matcher_match(tail->matcher, line.text, line.length, &match))
            continue;
        tail->counters.matched++;
        add_match(tail, &line, &match);
        if (tail->batch_count == BATCH_MAX && !save(tail, line.end))
            return false;
    }
    uint64_t place = line_reader_place(tail->reader);
    if (tail->batch_count > 0 || place >= tail->saved + SAVE_EVERY_BYTES)
        return save(tail, place);
    tail->accepted = place;
    tail->accepted_counters = tail->counters;
    return true;
}

static bool begin_anew(struct log_tail *tail)
{
    tail->counters.rewrites++;
    tail->accepted_counters = tail->counters;
    tailed_file_restart(&tail->file);
    go_to(tail, 0);
    return save(tail, 0);
}

// Nothing more to read: done, or on to the successor. True: look again.
static bool at_end(struct log_tail *tail)
{
    if (!tailed_file_has_successor(&tail->file, tail->path))
        return false;
    if (!tail->successor) {
        tail->successor = true; // one more read: the last lines may have come before the rename
        return true;
    }
    leave_file(tail);
    tail->counters.rotations++;
    tail->accepted_counters = tail->counters;
    return open_path(tail) && save(tail, 0);
}

// Reads one chunk. True: there may be more.
static bool read_chunk(struct log_tail *tail)
{
    size_t count = 0;
    if (!tailed_file_is_open(&tail->file) && !open_path(tail))
        return false;
    if (tailed_file_was_rewritten(&tail->file) && !begin_anew(tail))
        return false;
    if (tailed_file_read(&tail->file, tail->chunk, CHUNK_BYTES, &count) != STATUS_OK) {
        trouble_tell(&tail->trouble, "%s cannot be read", tail->path);
        return false;
    }
    if (count == 0)
        return at_end(tail);
    line_reader_push(tail->reader, tail->chunk, count);
    return read_lines(tail);
}

static void pump(struct log_tail *tail);

static void on_turn(uv_timer_t *turn)
{
    pump(turn->data);
}

static void pump(struct log_tail *tail)
{
    if (tail->held || tail->closing || (!tail->begun && !begin(tail)))
        return;
    for (int i = 0; i < CHUNKS_PER_TURN; i++)
        if (!read_chunk(tail))
            return;
    uv_timer_start(&tail->turn, on_turn, 0, 0);
}

static void on_changed(void *context)
{
    pump(context);
}

static void tail_resume(struct probe *probe)
{
    struct log_tail *tail = (struct log_tail *)probe;
    tail->held = false;
    uv_timer_start(&tail->turn, on_turn, 0, 0);
}

static void tail_free(struct log_tail *tail)
{
    tailed_file_leave(&tail->file);
    line_reader_free(tail->reader);
    log_matcher_free(tail->matcher);
    free(tail->batch);
    free(tail->chunk);
    free(tail);
}

static void on_part_closed(void *context)
{
    struct log_tail *tail = context;
    if (--tail->parts > 0 || !tail->closing)
        return;
    if (tail->closed != NULL)
        tail->closed(tail->closed_context);
    tail_free(tail);
}

static void on_turn_closed(uv_handle_t *turn)
{
    on_part_closed(turn->data);
}

static void tail_close(struct probe *probe, void (*closed)(void *context), void *context)
{
    struct log_tail *tail = (struct log_tail *)probe;
    tail->closed = closed;
    tail->closed_context = context;
    tail->closing = true;
    if (tail->target_watch != NULL)
        path_watch_close(tail->target_watch, on_part_closed, tail);
    path_watch_close(tail->watch, on_part_closed, tail);
    uv_close((uv_handle_t *)&tail->turn, on_turn_closed);
}

static const struct probe_ops log_tail_ops = {
    .name = "log_tail",
    .resume = tail_resume,
    .close = tail_close,
};

struct log_tail_counters log_tail_counters(const struct probe *probe)
{
    const struct log_tail *tail = (const struct log_tail *)probe;
    struct log_tail_counters counters = tail->counters;
    counters.overlong = line_reader_overlong(tail->reader);
    counters.given_up = log_matcher_given_up(tail->matcher);
    return counters;
}

static enum status load_bookmark(struct log_tail *tail)
{
    char value[BOOKMARK_VALUE_SIZE];
    enum status status = tail->sink->load(tail->sink->context, tail->bookmark_name, value);
    if (status == STATUS_NOT_FOUND)
        return STATUS_OK;
    if (status != STATUS_OK)
        return status;
    tail->have_bookmark = log_bookmark_parse(value, &tail->bookmark);
    if (!tail->have_bookmark)
        trouble_tell(&tail->trouble, "the saved place in %s is unreadable; begins at its end",
                     tail->path);
    return STATUS_OK;
}

// Everything that can fail, before any handle is on the loop.
static enum status prepare(struct log_tail *tail, const struct log_tail_settings *settings,
                           char problem[TEXT_SIZE])
{
    struct text text;
    text_init(&text, problem, TEXT_SIZE);
    if (settings->path[0] == '\0') {
        text_append(&text, "give the path of the tester's log");
        return STATUS_INVALID;
    }
    if (!encoding_from_name(settings->encoding, &tail->encoding)) {
        text_printf(&text, "encoding '%s' is none of utf-8, windows-1252, utf-16le",
                    settings->encoding);
        return STATUS_INVALID;
    }
    enum status status =
        log_matcher_new(settings->patterns, settings->pattern_count, &tail->matcher, problem);
    if (status != STATUS_OK)
        return status;
    status = line_reader_new(tail->encoding, LINE_LIMIT, &tail->reader);
    tail->batch = malloc(BATCH_MAX * sizeof(*tail->batch));
    tail->chunk = malloc(CHUNK_BYTES);
    if (status == STATUS_OK && (tail->batch == NULL || tail->chunk == NULL))
        status = STATUS_NO_MEMORY;
    if (status == STATUS_OK)
        status = load_bookmark(tail);
    if (status != STATUS_OK)
        text_printf(&text, "%s: %s", settings->path, status_text(status));
    return status;
}

enum status log_tail_open(uv_loop_t *loop, const struct log_tail_settings *settings,
                          const struct probe_sink *sink, struct probe **ret_probe,
                          char problem[TEXT_SIZE])
{
    struct log_tail *tail = calloc(1, sizeof(*tail));
    if (tail == NULL) {
        text_copy(problem, TEXT_SIZE, status_text(STATUS_NO_MEMORY));
        return STATUS_NO_MEMORY;
    }
    tail->base.ops = &log_tail_ops;
    tail->loop = loop;
    tail->sink = sink;
    tailed_file_init(&tail->file);
    tail->trouble = (struct trouble){.sink = sink, .probe = log_tail_ops.name};
    text_set(tail->path, settings->path);
    path_folder(tail->path, tail->folder);
    snprintf(tail->bookmark_name, sizeof(tail->bookmark_name), "log:%s", tail->path);
    enum status status = prepare(tail, settings, problem);
    if (status == STATUS_OK) {
        status = path_watch_open(loop, tail->folder, on_changed, tail, &tail->watch);
        if (status != STATUS_OK)
            text_copy(problem, TEXT_SIZE, status_text(status));
    }
    if (status != STATUS_OK) {
        tail_free(tail);
        return status;
    }
    uv_timer_init(loop, &tail->turn);
    tail->turn.data = tail;
    tail->parts = 2;
    // The first read is the loop's: the sink hears nothing before open has returned.
    uv_timer_start(&tail->turn, on_turn, 0, 0);
    *ret_probe = &tail->base;
    return STATUS_OK;
}
