// SPDX-License-Identifier: Apache-2.0
// The plant's calendar and zone: the statements start, timezone, calendar, holiday.
//
// Ownership: the calendar keeps what the engine's configuration points to. Thread: one at a time.
// Failure: false, what the statement says is not understood.
#ifndef SCENARIO_CALENDAR_H
#define SCENARIO_CALENDAR_H

#include "collector/core/engine.h"
#include "tests/scenario/scenario.h"

enum { CALENDAR_ROWS_MAX = 32, CALENDAR_CHANGES_MAX = 64 };

struct calendar {
    struct engine_shift shifts[CALENDAR_ROWS_MAX];
    struct engine_holiday holidays[CALENDAR_ROWS_MAX];
    struct engine_zone_transition changes[CALENDAR_CHANGES_MAX];
};

bool calendar_add_shift(struct calendar *calendar, struct engine_config *config,
                        const struct statement *statement);
bool calendar_add_holiday(struct calendar *calendar, struct engine_config *config,
                          const struct statement *statement);
// "UTC", or "CET": central European time, put forward on the last Sunday of March.
bool calendar_set_zone(struct calendar *calendar, struct engine_config *config, const char *zone);

#endif
