// SPDX-License-Identifier: Apache-2.0
// A heap of deadlines, each an owner's number and the time it wants to be looked at.
//
// An owner whose time moved later does not move its entry: it looks at its own due time when the
// entry comes up and puts itself back, so that a heartbeat costs no heap work. Ties go by owner, so
// that the order is the same in every run.
// Ownership: the heap owns its entries. Thread: one at a time. Failure: STATUS_NO_MEMORY.
#ifndef COLLECTOR_CORE_DEADLINES_H
#define COLLECTOR_CORE_DEADLINES_H

#include "base/status.h"
#include "base/time.h"

struct deadline {
    struct mono_time at;
    uint32_t owner;
};

struct deadlines {
    struct deadline *entries;
    uint32_t count, capacity;
};

void deadlines_init(struct deadlines *deadlines);
void deadlines_fini(struct deadlines *deadlines);
MUST_CHECK enum status deadlines_push(struct deadlines *deadlines, struct mono_time at,
                                      uint32_t owner);
// MONO_NEVER when empty.
struct mono_time deadlines_first(const struct deadlines *deadlines);
// Takes the first entry; false when there is none at or before `now`.
bool deadlines_pop(struct deadlines *deadlines, struct mono_time now, struct deadline *ret);
// Right after a pop: pushes into the room the pop made, so it cannot fail.
void deadlines_put_back(struct deadlines *deadlines, struct mono_time at, uint32_t owner);

#endif
