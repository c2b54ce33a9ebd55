// SPDX-License-Identifier: Apache-2.0
// Table d: years in which nothing breaks, and what people would have been told.
//
// 1,000 stations with nights, weekends, breaks, holidays, changes of the clock, lines whose power
// is switched off at hours of habit, updates, new agents, planned restarts of the server, glitches
// of the network, failures that are nobody's outage, and batches that are not released yet.
// Heartbeats on time are told as EVENT_STEADY. A healthy fetch lowers scores, and changes nothing
// where all of them are 0; so healthy fetches are played only after a failure: of that station for
// 15 min, of its line for 2 min, of its segment for 40 s, of all for 2 s; and probes of the share
// after a glitch. Leaving out the others can only leave scores higher than they were, so false
// alarms are rather counted too often. Ownership: none. Thread: one. Failure: a status.
#ifndef BENCH_HEALTHY_YEAR_H
#define BENCH_HEALTHY_YEAR_H

#include "base/status.h"

#include <stdint.h>

enum { LEAD_DAYS = 28 }; // in which habits are learned, and nothing is counted

struct healthy_settings {
    uint64_t seed;
    uint32_t years;
    double false_alarms_per_year; // the setting
    uint32_t jobs;                // years played at a time, each in a process of its own
};

MUST_CHECK enum status healthy_table(const struct healthy_settings *settings);

#endif
