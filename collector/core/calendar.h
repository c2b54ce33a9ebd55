// SPDX-License-Identifier: Apache-2.0
// The calendar of shifts: when an area works, so that silence outside of it is nobody's fault.
//
// A row belongs to the day on which it begins; a holiday has none. Rows of an area add up. Towards
// their edges there is tolerance: stations are switched off a little early and boot for a while.
// Ownership: the configuration's. Thread: any. Failure: none here.
#ifndef COLLECTOR_CORE_CALENDAR_H
#define COLLECTOR_CORE_CALENDAR_H

#include "collector/core/core_config.h"

enum { CALENDAR_TOLERANCE_MIN = 10 };

enum calendar_state {
    CALENDAR_NONE,    // no row speaks of the area
    CALENDAR_WORKING, // its stations are expected
    CALENDAR_OFF
};

// `area` "" = a station without an area: only rows for all areas speak of it.
enum calendar_state calendar_at(const struct engine_config *config, const char *area,
                                struct wall_time at);

#endif
