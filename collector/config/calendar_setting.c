// SPDX-License-Identifier: Apache-2.0
// Reading days, times and dates.
#include "collector/config/calendar_setting.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAY_MINUTES = 1440, DATE_LENGTH = 10 };
static const int64_t DAY_MS = 86400000;

static const char range_mark[] = "..";

// The weekday that `text` begins with, -1 = none.
static int weekday_of(const char *text)
{
    static const char *const names[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    for (int i = 0; i < 7; i++)
        if (strncmp(text, names[i], 3) == 0)
            return i;
    return -1;
}

// The days as bits, 0 = not to be understood. A range may pass Sunday: "sat-mon".
static uint8_t parse_days(const char *text)
{
    uint8_t days = 0;
    for (;;) {
        int first = weekday_of(text);
        if (first < 0)
            return 0;
        text += 3;
        int last = first;
        if (*text == '-') {
            last = weekday_of(text + 1);
            if (last < 0)
                return 0;
            text += 4;
        }
        for (int day = first;; day = (day + 1) % 7) {
            days |= (uint8_t)(1U << day);
            if (day == last)
                break;
        }
        if (*text == '\0')
            return days;
        if (*text++ != ',')
            return 0;
        while (*text == ' ')
            text++;
    }
}

// "6:00" or "06:00", up to "24:00".
static bool parse_time(const char *text, uint16_t *ret_minute)
{
    size_t hours = strspn(text, "0123456789");
    size_t minutes = text[hours] == ':' ? strspn(text + hours + 1, "0123456789") : 0;
    if (hours < 1 || hours > 2 || minutes != 2 || text[hours + 1 + minutes] != '\0')
        return false;
    unsigned long hour = strtoul(text, NULL, 10), minute = strtoul(text + hours + 1, NULL, 10);
    if (minute > 59 || hour * 60 + minute > DAY_MINUTES)
        return false;
    *ret_minute = (uint16_t)(hour * 60 + minute);
    return true;
}

static bool parse_date(const char *date, int64_t *ret_day)
{
    char moment[DATE_LENGTH + 16];
    struct wall_time at;
    if (strlen(date) != DATE_LENGTH)
        return false;
    snprintf(moment, sizeof moment, "%.10sT00:00:00Z", date);
    if (!wall_parse(moment, &at))
        return false;
    *ret_day = at.ms / DAY_MS - (at.ms % DAY_MS < 0);
    return true;
}

static bool parse_holiday(const char *text, struct engine_holiday *ret)
{
    char from[CALENDAR_WORD_SIZE];
    struct engine_holiday holiday;
    const char *to = strstr(text, range_mark);
    bool fits = text_set(from, text);
    if (to != NULL && (size_t)(to - text) < sizeof from)
        from[to - text] = '\0';
    if (!fits || !parse_date(from, &holiday.from_day))
        return false;
    holiday.to_day = holiday.from_day;
    if (to != NULL && !parse_date(to + sizeof range_mark - 1, &holiday.to_day))
        return false;
    *ret = holiday;
    return holiday.to_day >= holiday.from_day;
}

const char *calendar_days_problem(const char *days)
{
    return parse_days(days) != 0 ? NULL
                                 : "are not days; write them as mon-fri, sat or mon,wed-thu, of "
                                   "mon tue wed thu fri sat sun";
}

const char *calendar_time_problem(const char *time)
{
    uint16_t minute;
    return parse_time(time, &minute) ? NULL
                                     : "is not a time of day; write it as 06:00, up to 24:00";
}

const char *calendar_holiday_problem(const char *holiday)
{
    struct engine_holiday parsed;
    return parse_holiday(holiday, &parsed) ? NULL
                                           : "is not a date; write it as 2026-12-25, or several "
                                             "days as 2026-12-24..2027-01-01";
}

const char *calendar_shift_problem(const struct calendar_setting *row)
{
    struct engine_shift shift;
    calendar_shift_fill(row, &shift);
    int length = shift.to_minute - shift.from_minute;
    if (length == 0)
        return "begins and ends at the same time; all day is 00:00 to 24:00";
    if (length < 0)
        length += DAY_MINUTES;
    return length >= CALENDAR_SHIFT_MIN_MINUTES
               ? NULL
               : "is shorter than half an hour; a break needs no row, stations stay on";
}

void calendar_shift_fill(const struct calendar_setting *row, struct engine_shift *ret_shift)
{
    *ret_shift = (struct engine_shift){.weekdays = parse_days(row->days)};
    text_set(ret_shift->area, text_equal(row->area, "*") ? "" : row->area);
    (void)parse_time(row->from, &ret_shift->from_minute); // checked with the file
    (void)parse_time(row->to, &ret_shift->to_minute);
}

void calendar_holiday_fill(const char *holiday, struct engine_holiday *ret_holiday)
{
    *ret_holiday = (struct engine_holiday){0, -1};
    (void)parse_holiday(holiday, ret_holiday);
}
