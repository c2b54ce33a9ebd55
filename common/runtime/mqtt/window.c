// SPDX-License-Identifier: Apache-2.0
// The publishes in flight.
#include "runtime/mqtt/window.h"

#include <stdlib.h>

static void put_free(struct window *window, struct window_slot *slot)
{
    slot->state = WINDOW_FREE;
    slot->token = 0;
    slot->next_free = window->first_free;
    window->first_free = slot->index;
}

enum status window_init(struct window *window, uint32_t capacity, void *owner)
{
    struct window_slot *slots = calloc(capacity, sizeof *slots);
    if (!slots)
        return STATUS_NO_MEMORY;
    *window = (struct window){.slots = slots, .capacity = capacity, .first_free = capacity};
    for (uint32_t i = capacity; i-- > 0;) {
        slots[i].owner = owner;
        slots[i].index = i;
        put_free(window, &slots[i]);
    }
    return STATUS_OK;
}

void window_fini(struct window *window)
{
    free(window->slots);
    *window = (struct window){0};
}

struct window_slot *window_take(struct window *window, uint64_t token)
{
    if (window->first_free == window->capacity)
        return NULL;
    struct window_slot *slot = &window->slots[window->first_free];
    window->first_free = slot->next_free;
    slot->state = WINDOW_WAITING;
    slot->token = token;
    window->waiting++;
    return slot;
}

bool window_finish(struct window *window, uint32_t index, uint64_t *ret_token)
{
    struct window_slot *slot = &window->slots[index];
    bool waited = slot->state == WINDOW_WAITING;
    if (waited) {
        *ret_token = slot->token;
        window->waiting--;
    }
    if (slot->state != WINDOW_FREE)
        put_free(window, slot);
    return waited;
}

bool window_abandon_next(struct window *window, uint32_t *cursor, uint64_t *ret_token)
{
    while (*cursor < window->capacity && window->waiting > 0) {
        struct window_slot *slot = &window->slots[(*cursor)++];
        if (slot->state != WINDOW_WAITING)
            continue;
        slot->state = WINDOW_ABANDONED;
        *ret_token = slot->token;
        window->waiting--;
        return true;
    }
    return false;
}
