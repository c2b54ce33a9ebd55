// SPDX-License-Identifier: Apache-2.0
// The heap of coming events.
#include "sim/trace/event_queue.h"

#include <stdlib.h>

enum { FIRST_SIZE = 1024 };

void event_queue_init(struct event_queue *queue)
{
    *queue = (struct event_queue){0};
}

void event_queue_fini(struct event_queue *queue)
{
    free(queue->items);
    event_queue_init(queue);
}

static bool before(const struct queued *a, const struct queued *b)
{
    return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->order < b->order;
}

static enum status make_room(struct event_queue *queue)
{
    if (queue->count < queue->size)
        return STATUS_OK;
    size_t size = queue->size == 0 ? FIRST_SIZE : queue->size * 2;
    if (size > EVENT_QUEUE_MAX)
        return STATUS_FULL;
    struct queued *items = realloc(queue->items, size * sizeof *items);
    if (items == NULL)
        return STATUS_NO_MEMORY;
    queue->items = items;
    queue->size = size;
    return STATUS_OK;
}

enum status event_queue_push(struct event_queue *queue, struct queued event)
{
    enum status status = make_room(queue);
    if (status != STATUS_OK)
        return status;
    event.order = queue->pushed++;
    size_t at = queue->count++;
    for (; at > 0 && before(&event, &queue->items[(at - 1) / 2]); at = (at - 1) / 2)
        queue->items[at] = queue->items[(at - 1) / 2];
    queue->items[at] = event;
    return STATUS_OK;
}

bool event_queue_pop(struct event_queue *queue, struct queued *ret)
{
    if (queue->count == 0)
        return false;
    *ret = queue->items[0];
    struct queued last = queue->items[--queue->count];
    size_t at = 0;
    for (;;) {
        size_t child = at * 2 + 1;
        if (child >= queue->count)
            break;
        if (child + 1 < queue->count && before(&queue->items[child + 1], &queue->items[child]))
            child++;
        if (!before(&queue->items[child], &last))
            break;
        queue->items[at] = queue->items[child];
        at = child;
    }
    if (queue->count > 0)
        queue->items[at] = last;
    return true;
}
