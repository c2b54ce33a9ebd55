// SPDX-License-Identifier: Apache-2.0
// When a station is usually off: what was seen of it in each quarter of an hour of the week.
//
// Two bounded scores stand for the past, three bits each, so that all of it fits 288 bytes.
// A quarter of the WEEK gains 1 for each week it was off and loses 2 for each it was on, within -3
// and 4; at 2 it is usual to be off: two weeks of two, more than two thirds of many, and the last
// weeks weigh most. A quarter of the DAY gains 1 for each day it was off and loses 1 for each it
// was on, within 0 and 5; at 4 it is usual (four of the last five days), unless just this quarter
// of the week was on before more than once. Ownership: a plain value, zero = nothing known. Thread:
// any. Failure: a text that week_pattern_write did not make is refused.
#ifndef COLLECTOR_CORE_WEEK_PATTERN_H
#define COLLECTOR_CORE_WEEK_PATTERN_H

#include "collector/core/local_time.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    WEEK_PATTERN_SCORES = QUARTERS_PER_WEEK + QUARTERS_PER_DAY,
    WEEK_PATTERN_BYTES = WEEK_PATTERN_SCORES * 3 / 8,
    WEEK_PATTERN_TEXT_SIZE = 2 + WEEK_PATTERN_SCORES / 2 + 1
};

struct week_pattern {
    uint8_t scores[WEEK_PATTERN_BYTES];
};

// What a quarter of the week turned out to be. `habit_of_day`: it says something of the time of
// day, too. True: the pattern changed.
bool week_pattern_see(struct week_pattern *pattern, uint32_t quarter, bool on, bool habit_of_day);
// Usually off in this quarter.
bool week_pattern_off(const struct week_pattern *pattern, uint32_t quarter);
// Was on in this quarter of the latest weeks.
bool week_pattern_on(const struct week_pattern *pattern, uint32_t quarter);

// "1:" and two scores a character, printable ASCII without quotes.
void week_pattern_write(const struct week_pattern *pattern, char out[WEEK_PATTERN_TEXT_SIZE]);
// False: not such a text; *ret untouched.
bool week_pattern_read(const char *text, struct week_pattern *ret);

#endif
