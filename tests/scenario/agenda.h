// SPDX-License-Identifier: Apache-2.0
// What the simulated plant does next: entries by time, equal times in order of their adding.
//
// Ownership: the agenda owns its array. Thread: one at a time. Failure: STATUS_NO_MEMORY.
#ifndef SCENARIO_AGENDA_H
#define SCENARIO_AGENDA_H

#include "base/status.h"
#include "base/time.h"

#include <stddef.h>
#include <stdint.h>

struct agenda_entry {
    struct mono_time at;
    uint64_t order; // of adding
    int kind;
    uint32_t node;
    uint64_t generation; // the owner's: an entry of an older one is passed over
};

struct agenda {
    struct agenda_entry *heap;
    size_t count, capacity;
    uint64_t added;
};

MUST_CHECK enum status agenda_add(struct agenda *agenda, struct agenda_entry entry);
// The earliest time, MONO_NEVER when empty.
struct mono_time agenda_next(const struct agenda *agenda);
// Takes the earliest entry; the agenda is not empty.
struct agenda_entry agenda_take(struct agenda *agenda);
void agenda_fini(struct agenda *agenda);

#endif
