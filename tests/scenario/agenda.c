// SPDX-License-Identifier: Apache-2.0
// A binary heap.
#include "tests/scenario/agenda.h"

#include <stdbool.h>
#include <stdlib.h>

static bool before(const struct agenda_entry *a, const struct agenda_entry *b)
{
    return a->at.us != b->at.us ? a->at.us < b->at.us : a->order < b->order;
}

static void swap(struct agenda_entry *a, struct agenda_entry *b)
{
    struct agenda_entry other = *a;
    *a = *b;
    *b = other;
}

enum status agenda_add(struct agenda *agenda, struct agenda_entry entry)
{
    if (agenda->count == agenda->capacity) {
        size_t wanted = agenda->capacity == 0 ? 64 : agenda->capacity * 2;
        struct agenda_entry *grown = realloc(agenda->heap, wanted * sizeof *grown);
        if (grown == NULL)
            return STATUS_NO_MEMORY;
        agenda->heap = grown;
        agenda->capacity = wanted;
    }
    entry.order = agenda->added++;
    size_t i = agenda->count++;
    agenda->heap[i] = entry;
    for (; i > 0 && before(&agenda->heap[i], &agenda->heap[(i - 1) / 2]); i = (i - 1) / 2)
        swap(&agenda->heap[i], &agenda->heap[(i - 1) / 2]);
    return STATUS_OK;
}

struct mono_time agenda_next(const struct agenda *agenda)
{
    return agenda->count == 0 ? MONO_NEVER : agenda->heap[0].at;
}

struct agenda_entry agenda_take(struct agenda *agenda)
{
    struct agenda_entry first = agenda->heap[0];
    agenda->heap[0] = agenda->heap[--agenda->count];
    for (size_t i = 0;;) {
        size_t least = i;
        for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < agenda->count; child++)
            if (before(&agenda->heap[child], &agenda->heap[least]))
                least = child;
        if (least == i)
            return first;
        swap(&agenda->heap[i], &agenda->heap[least]);
        i = least;
    }
}

void agenda_fini(struct agenda *agenda)
{
    free(agenda->heap);
    *agenda = (struct agenda){0};
}
