// SPDX-License-Identifier: Apache-2.0
// A binary heap in an array.
#include "collector/core/deadlines.h"

#include <stdlib.h>

void deadlines_init(struct deadlines *deadlines)
{
    *deadlines = (struct deadlines){0};
}

void deadlines_fini(struct deadlines *deadlines)
{
    free(deadlines->entries);
    *deadlines = (struct deadlines){0};
}

static bool before(struct deadline a, struct deadline b)
{
    return a.at.us != b.at.us ? a.at.us < b.at.us : a.owner < b.owner;
}

static void swap(struct deadline *a, struct deadline *b)
{
    struct deadline kept = *a;
    *a = *b;
    *b = kept;
}

enum status deadlines_push(struct deadlines *deadlines, struct mono_time at, uint32_t owner)
{
    if (deadlines->count == deadlines->capacity) {
        uint32_t wanted = deadlines->capacity == 0 ? 64 : deadlines->capacity * 2;
        struct deadline *grown = realloc(deadlines->entries, wanted * sizeof *grown);
        if (grown == NULL)
            return STATUS_NO_MEMORY;
        deadlines->entries = grown;
        deadlines->capacity = wanted;
    }
    deadlines_put_back(deadlines, at, owner);
    return STATUS_OK;
}

void deadlines_put_back(struct deadlines *deadlines, struct mono_time at, uint32_t owner)
{
    uint32_t at_index = deadlines->count++;
    struct deadline *heap = deadlines->entries;
    heap[at_index] = (struct deadline){at, owner};
    while (at_index > 0 && before(heap[at_index], heap[(at_index - 1) / 2])) {
        swap(&heap[at_index], &heap[(at_index - 1) / 2]);
        at_index = (at_index - 1) / 2;
    }
}

struct mono_time deadlines_first(const struct deadlines *deadlines)
{
    return deadlines->count == 0 ? MONO_NEVER : deadlines->entries[0].at;
}

bool deadlines_pop(struct deadlines *deadlines, struct mono_time now, struct deadline *ret)
{
    if (deadlines->count == 0 || mono_before(now, deadlines->entries[0].at))
        return false;
    struct deadline *heap = deadlines->entries;
    *ret = heap[0];
    heap[0] = heap[--deadlines->count];
    for (uint32_t parent = 0;;) {
        uint32_t child = parent * 2 + 1;
        if (child >= deadlines->count)
            break;
        if (child + 1 < deadlines->count && before(heap[child + 1], heap[child]))
            child++;
        if (!before(heap[child], heap[parent]))
            break;
        swap(&heap[child], &heap[parent]);
        parent = child;
    }
    return true;
}
