// SPDX-License-Identifier: Apache-2.0
// The working times of a healthy year: local time with its changes, shifts of lines, breaks,
// holidays.
//
// Ownership: a plain value. Thread: any. Failure: none.
#ifndef BENCH_SITE_CALENDAR_H
#define BENCH_SITE_CALENDAR_H

#include "bench/fleet_config.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    CALENDAR_STATIONS = 1000,
    CALENDAR_LINES = CALENDAR_STATIONS / FLEET_LINE,
    CALENDAR_CHANGES = 8,
    CALENDAR_HOLIDAYS_MAX = 16,
    DAY_MINUTES = 1440
};

#define DAY_IN_MS    INT64_C(86400000)
#define MINUTE_IN_MS INT64_C(60000)

enum line_habit {
    HABIT_STAYS_ON,
    HABIT_SHUTS_DOWN,    // says goodbye at the end of the last shift
    HABIT_MASTER_SWITCH, // loses its power, always at the same hours
    HABIT_COUNT
};

struct line_times {
    enum line_habit habit;
    uint8_t weekdays;  // bit 0 = Monday
    uint16_t from, to; // minutes of the day; to = 1440 + x: of the next day
};

struct site_calendar {
    int64_t first_day, end_day; // local days since 1970, the end not included
    struct engine_zone_transition changes[CALENDAR_CHANGES];
    size_t change_count;
    struct engine_holiday holidays[CALENDAR_HOLIDAYS_MAX]; // the last two only we know of
    size_t holiday_count, known_holiday_count;
    struct line_times lines[CALENDAR_LINES];
    struct engine_shift shift; // what the configuration says, of one area only
};

// The calendar year, and `lead_days` before it in which habits are learned.
void site_calendar_init(struct site_calendar *calendar, int year, uint32_t lead_days);
void site_calendar_configure(const struct site_calendar *calendar, struct engine_config *config);

// Unix time of a local minute of a day (may exceed the day), and back.
int64_t site_calendar_ms(const struct site_calendar *calendar, int64_t day, int64_t minute);
int64_t site_calendar_day(const struct site_calendar *calendar, int64_t ms, uint32_t *ret_minute);
// Whether the line begins a working day on that day.
bool site_calendar_works_on(const struct site_calendar *calendar, uint32_t line, int64_t day);
// How busy it is at that time: 0 = off or a break, 1, 2 = a shift just began.
double site_calendar_pace(const struct site_calendar *calendar, uint32_t line, int64_t day,
                          uint32_t minute);
// 0 = Monday.
uint32_t site_calendar_weekday(int64_t day);

#endif
