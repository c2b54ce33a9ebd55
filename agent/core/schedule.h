// SPDX-License-Identifier: Apache-2.0
// A periodic deadline on a fixed grid: the heartbeat's beat, and any other work that comes again.
//
// The first deadline is jittered by a seed so that a fleet that starts together does not beat
// together; from then on every deadline is a whole number of intervals later, however late the
// caller asks. Missed deadlines (a suspended computer) are skipped, never made up for.
// Ownership: plain value. Thread: one at a time. Failure: none.
#ifndef AGENT_CORE_SCHEDULE_H
#define AGENT_CORE_SCHEDULE_H

#include "base/time.h"

#include <stdint.h>

struct schedule {
    struct duration interval;
    struct mono_time next;
};

// First deadline: uniform in (now, now + interval] by `seed`. `interval` is above 0.
void schedule_start(struct schedule *schedule, struct duration interval, uint64_t seed,
                    struct instant now);
// True when the deadline has come; the next one is then the first grid point after `now`.
bool schedule_due(struct schedule *schedule, struct instant now);

#endif
