// SPDX-License-Identifier: Apache-2.0
// The zone by its rule, so that no test hangs on the machine's data base.
#include "tests/scenario/calendar.h"

#include "base/text.h"
#include "collector/config/calendar_setting.h"

#include <stdio.h>

enum { FIRST_YEAR = 2020, LAST_YEAR = 2039, DAY_MS = 86400000 };

bool calendar_add_shift(struct calendar *calendar, struct engine_config *config,
                        const struct statement *statement)
{
    struct calendar_setting row;
    if (statement->word_count != 5 || config->shift_count == CALENDAR_ROWS_MAX)
        return false;
    text_set(row.area, text_equal(statement->words[1], "all") ? "" : statement->words[1]);
    text_set(row.days, statement->words[2]);
    text_set(row.from, statement->words[3]);
    text_set(row.to, statement->words[4]);
    if (calendar_days_problem(row.days) != NULL || calendar_time_problem(row.from) != NULL ||
        calendar_time_problem(row.to) != NULL || calendar_shift_problem(&row) != NULL)
        return false;
    calendar_shift_fill(&row, &calendar->shifts[config->shift_count++]);
    config->shifts = calendar->shifts;
    return true;
}

bool calendar_add_holiday(struct calendar *calendar, struct engine_config *config,
                          const struct statement *statement)
{
    if (statement->word_count != 2 || config->holiday_count == CALENDAR_ROWS_MAX ||
        calendar_holiday_problem(statement->words[1]) != NULL)
        return false;
    calendar_holiday_fill(statement->words[1], &calendar->holidays[config->holiday_count++]);
    config->holidays = calendar->holidays;
    return true;
}

// 01:00 UTC on the last Sunday of a month of 31 days.
static int64_t last_sunday(int year, int month)
{
    char text[WALL_TEXT_SIZE];
    struct wall_time at;
    snprintf(text, sizeof text, "%04d-%02d-31T01:00:00Z", year, month);
    if (!wall_parse(text, &at))
        return 0;
    int64_t weekday = (at.ms / DAY_MS + 4) % 7; // 0 = Sunday
    return at.ms - weekday * DAY_MS;
}

bool calendar_set_zone(struct calendar *calendar, struct engine_config *config, const char *zone)
{
    size_t count = 0;
    calendar->changes[count++] = (struct engine_zone_transition){0, 3600};
    for (int year = FIRST_YEAR; year <= LAST_YEAR; year++) {
        calendar->changes[count++] = (struct engine_zone_transition){last_sunday(year, 3), 7200};
        calendar->changes[count++] = (struct engine_zone_transition){last_sunday(year, 10), 3600};
    }
    bool central = text_equal(zone, "CET");
    config->zone = (struct engine_zone){central ? count : 0, calendar->changes};
    return central || text_equal(zone, "UTC");
}
