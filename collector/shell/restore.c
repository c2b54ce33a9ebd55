// SPDX-License-Identifier: Apache-2.0
// Two passes: the store's rows into a pack, the pack into events.
#include "collector/shell/restore.h"

#include "base/text.h"
#include "wire/json.h"

#include <stdio.h>
#include <stdlib.h>

enum { RESTORE_BYTES_MAX = 512 << 20 };

static void pack(struct restore *restore, const struct store_item *item)
{
    if (restore->status == STATUS_OK)
        restore->status = store_pack_put(&restore->pack, item);
}

static void take_mark(void *context, const struct store_mark *mark)
{
    pack(context, &(struct store_item){.kind = STORE_MARK, .mark = *mark});
}

static void take_node(void *context, const struct store_node *node)
{
    pack(context, &(struct store_item){.kind = STORE_NODE, .node = *node});
}

static void take_incident(void *context, const struct store_incident *incident)
{
    pack(context, &(struct store_item){.kind = STORE_INCIDENT, .incident = *incident});
}

static void take_memory(void *context, const struct store_memory *memory)
{
    pack(context, &(struct store_item){.kind = STORE_MEMORY, .memory = *memory});
}

enum status restore_init(struct restore *restore, struct store *store,
                         char problem[STORE_PROBLEM_SIZE])
{
    *restore = (struct restore){0};
    store_pack_init(&restore->pack, RESTORE_BYTES_MAX);
    struct store_visitor visitor = {restore, take_mark, take_node, take_incident, take_memory};
    enum status status = store->backend->restore(store, &visitor, problem);
    if (status == STATUS_OK && restore->status != STATUS_OK) {
        status = restore->status;
        snprintf(problem, STORE_PROBLEM_SIZE, "what the store remembers does not fit: %s",
                 status_text(status));
    }
    if (status != STATUS_OK)
        restore_fini(restore);
    return status;
}

static void give_incident(const struct store_incident *stored, struct incident *incident,
                          const struct restore_handlers *handlers)
{
    char problem[TEXT_SIZE];
    if (json_read_incident(stored->json, stored->size, incident, problem) != STATUS_OK) {
        handlers->unreadable(handlers->context, stored->id, problem);
        return;
    }
    struct event event = {.kind = EVENT_RESTORE_INCIDENT, .incident = incident};
    handlers->event(handlers->context, &event);
}

static void give(const struct store_item *item, struct incident *incident,
                 const struct restore_handlers *handlers)
{
    struct event event = {.kind = EVENT_RESTORE_NODE};
    if (item->kind == STORE_INCIDENT) {
        give_incident(&item->incident, incident, handlers);
        return;
    }
    if (item->kind == STORE_MARK) {
        event.kind = EVENT_RESTORE_OUTBOX;
        event.node = item->mark.node;
        event.outbox_id = item->mark.outbox_id;
        event.high_water = item->mark.high_water;
    } else if (item->kind == STORE_MEMORY) {
        event.kind = EVENT_RESTORE_MEMORY;
        event.key = item->memory.key;
        event.memory = item->memory.text;
    } else {
        event.node = item->node.node;
        event.role = item->node.role;
    }
    handlers->event(handlers->context, &event);
}

enum status restore_give(const struct restore *restore, const struct restore_handlers *handlers)
{
    struct incident *incident = malloc(sizeof *incident); // too large for a stack
    if (incident == NULL)
        return STATUS_NO_MEMORY;
    struct store_item item;
    size_t cursor = 0;
    while (store_pack_next(&restore->pack, &cursor, &item))
        give(&item, incident, handlers);
    free(incident);
    return STATUS_OK;
}

void restore_fini(struct restore *restore)
{
    store_pack_fini(&restore->pack);
}
