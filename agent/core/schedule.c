// SPDX-License-Identifier: Apache-2.0
// The grid arithmetic of periodic deadlines.
#include "agent/core/schedule.h"

#include "base/random.h"

void schedule_start(struct schedule *schedule, struct duration interval, uint64_t seed,
                    struct instant now)
{
    struct random_state random;
    random_seed(&random, seed);
    schedule->interval = interval;
    struct duration phase = {(int64_t)random_below(&random, (uint64_t)interval.us) + 1};
    schedule->next = mono_add(now.mono, phase);
}

bool schedule_due(struct schedule *schedule, struct instant now)
{
    if (mono_before(now.mono, schedule->next))
        return false;
    int64_t late_us = mono_sub(now.mono, schedule->next).us;
    int64_t steps = late_us / schedule->interval.us + 1;
    struct duration ahead = {steps * schedule->interval.us};
    schedule->next = mono_add(schedule->next, ahead);
    return true;
}
