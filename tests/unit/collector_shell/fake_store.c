// SPDX-License-Identifier: Apache-2.0
// The backend of the tests' store.
#include "tests/unit/collector_shell/fake_store.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct fake_store *fake_of(struct store *store)
{
    return (struct fake_store *)store;
}

static enum status fake_begin(struct store *store, char problem[STORE_PROBLEM_SIZE])
{
    problem[0] = '\0';
    fake_of(store)->open_items = 0;
    fake_of(store)->open_events[0] = '\0';
    return STATUS_OK;
}

static enum status fake_write(struct store *store, const struct store_item *item,
                              char problem[STORE_PROBLEM_SIZE])
{
    struct fake_store *fake = fake_of(store);
    if (fake->poisoned && item->kind == STORE_NOTE) {
        text_copy(problem, STORE_PROBLEM_SIZE, "poison");
        return STATUS_INVALID;
    }
    size_t used = strlen(fake->open_events);
    if (item->kind == STORE_MEMORY)
        snprintf(fake->open_events + used, sizeof fake->open_events - used, "%s=%s ",
                 item->memory.key, item->memory.text);
    if (item->kind == STORE_EVENT)
        snprintf(fake->open_events + used, sizeof fake->open_events - used, "%s/%d ",
                 item->event.node, (int)item->event.seq);
    fake->open_items++;
    return STATUS_OK;
}

static enum status fake_commit(struct store *store, char problem[STORE_PROBLEM_SIZE])
{
    struct fake_store *fake = fake_of(store);
    enum status status = STATUS_OK;
    uv_mutex_lock(&fake->mutex);
    fake->waiting++;
    uv_cond_broadcast(&fake->changed);
    while (fake->held)
        uv_cond_wait(&fake->changed, &fake->mutex);
    fake->waiting--;
    if (fake->refusing) {
        text_copy(problem, STORE_PROBLEM_SIZE, "disk full");
        status = STATUS_IO;
    } else {
        size_t used = strlen(fake->events);
        text_copy(fake->events + used, sizeof fake->events - used, fake->open_events);
        fake->committed += fake->open_items;
        fake->commits++;
    }
    uv_mutex_unlock(&fake->mutex);
    return status;
}

static void fake_rollback(struct store *store)
{
    fake_of(store)->rolled_back++;
}

static enum status fake_find(struct store *store, const char *id, struct store_text *ret_json,
                             char problem[STORE_PROBLEM_SIZE])
{
    (void)store;
    problem[0] = '\0';
    if (!text_equal(id, "known"))
        return STATUS_NOT_FOUND;
    *ret_json = (struct store_text){strdup("{\"id\":\"known\"}"), 14};
    return ret_json->data != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status fake_list(struct store *store, size_t limit, struct store_text *ret_json,
                             char problem[STORE_PROBLEM_SIZE])
{
    if (limit > 0)
        return fake_find(store, "known", ret_json, problem);
    *ret_json = (struct store_text){calloc(1, 1), 0};
    return ret_json->data != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

static void fake_close(struct store *store)
{
    fake_of(store)->closed = true;
}

static const struct store_backend fake_backend = {.name = "fake",
                                                  .begin = fake_begin,
                                                  .write = fake_write,
                                                  .commit = fake_commit,
                                                  .rollback = fake_rollback,
                                                  .find_incident = fake_find,
                                                  .closed_incidents = fake_list,
                                                  .close = fake_close};

void fake_store_init(struct fake_store *fake)
{
    memset(fake, 0, sizeof *fake);
    fake->base.backend = &fake_backend;
    if (uv_mutex_init(&fake->mutex) != 0 || uv_cond_init(&fake->changed) != 0)
        abort();
}

void fake_store_fini(struct fake_store *fake)
{
    uv_mutex_destroy(&fake->mutex);
    uv_cond_destroy(&fake->changed);
}

void fake_store_set(struct fake_store *fake, bool held, bool refusing)
{
    uv_mutex_lock(&fake->mutex);
    fake->held = held;
    fake->refusing = refusing;
    uv_cond_broadcast(&fake->changed);
    uv_mutex_unlock(&fake->mutex);
}

void fake_store_wait(struct fake_store *fake)
{
    uv_mutex_lock(&fake->mutex);
    while (fake->waiting == 0)
        uv_cond_wait(&fake->changed, &fake->mutex);
    uv_mutex_unlock(&fake->mutex);
}
