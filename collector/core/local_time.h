// SPDX-License-Identifier: Apache-2.0
// The site's local time: which day, weekday and quarter of an hour a moment is there.
//
// The zone is a table of changes of the offset from UTC, so that the core needs no data base.
// Ownership: plain values. Thread: any. Failure: none; before the table's first change its first
// offset holds, without a table UTC.
#ifndef COLLECTOR_CORE_LOCAL_TIME_H
#define COLLECTOR_CORE_LOCAL_TIME_H

#include "collector/core/core_config.h"

enum { QUARTER_MS = 15 * 60 * 1000, QUARTERS_PER_DAY = 96, QUARTERS_PER_WEEK = 7 * 96 };

struct local_time {
    int64_t day;      // days since 1970-01-01, by the local calendar
    uint32_t weekday; // 0 = Monday
    uint32_t minute;  // of the day, 0 to 1439
    bool again;       // this hour was there once already: the clocks were put back
};

struct local_time local_time_at(const struct engine_zone *zone, struct wall_time at);

// The quarter of the week, 0 to 671, from Monday 00:00.
uint32_t local_time_quarter(const struct local_time *local);

#endif
