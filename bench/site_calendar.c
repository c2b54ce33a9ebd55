// SPDX-License-Identifier: Apache-2.0
// A plant in Central Europe.
#include "bench/site_calendar.h"

#include "base/text.h"

enum { MONDAY_TO_FRIDAY = 0x1F, SATURDAY_TOO = 0x3F, WINTER_S = 3600, SUMMER_S = 7200 };

// Days since 1970-01-01 (proleptic Gregorian; H. Hinnant, "chrono-compatible low-level date
// algorithms", days_from_civil).
static int64_t days_of(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = y / 400, year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

uint32_t site_calendar_weekday(int64_t day)
{
    return (uint32_t)((day + 3) % 7);
}

static int64_t last_sunday(int year, int month)
{
    int64_t day = days_of(year, month, 31); // of March and October
    while (site_calendar_weekday(day) != 6)
        day--;
    return day;
}

static void add_changes(struct site_calendar *calendar, int year)
{
    static const struct {
        int month;
        int32_t offset_s;
    } changes[] = {{3, SUMMER_S}, {10, WINTER_S}};
    for (int i = 0; i < 2; i++)
        calendar->changes[calendar->change_count++] = (struct engine_zone_transition){
            .from_ms = last_sunday(year, changes[i].month) * DAY_IN_MS + 60 * MINUTE_IN_MS,
            .offset_s = changes[i].offset_s};
}

static void add_holiday(struct site_calendar *calendar, int64_t from, int64_t to)
{
    calendar->holidays[calendar->holiday_count++] = (struct engine_holiday){from, to};
}

static void add_holidays(struct site_calendar *calendar, int year)
{
    add_holiday(calendar, days_of(year - 1, 12, 24), days_of(year, 1, 1));
    add_holiday(calendar, days_of(year, 1, 6), days_of(year, 1, 6));
    add_holiday(calendar, days_of(year, 4, 18), days_of(year, 4, 21));
    add_holiday(calendar, days_of(year, 5, 1), days_of(year, 5, 1));
    add_holiday(calendar, days_of(year, 5, 29), days_of(year, 5, 29));
    add_holiday(calendar, days_of(year, 6, 9), days_of(year, 6, 9));
    add_holiday(calendar, days_of(year, 8, 4), days_of(year, 8, 17)); // the works' holidays
    add_holiday(calendar, days_of(year, 10, 3), days_of(year, 10, 3));
    add_holiday(calendar, days_of(year, 12, 24), days_of(year + 1, 1, 1));
    calendar->known_holiday_count = calendar->holiday_count;
    add_holiday(calendar, days_of(year, 2, 19), days_of(year, 2, 19)); // no material
    add_holiday(calendar, days_of(year, 9, 26), days_of(year, 9, 26));
}

static void give_times(struct site_calendar *calendar)
{
    static const struct line_times kinds[] = {
        {HABIT_STAYS_ON, MONDAY_TO_FRIDAY, 360, 1800},      // three shifts
        {HABIT_MASTER_SWITCH, MONDAY_TO_FRIDAY, 360, 1320}, // two, configured
        {HABIT_SHUTS_DOWN, MONDAY_TO_FRIDAY, 420, 960},     // by day
        {HABIT_MASTER_SWITCH, MONDAY_TO_FRIDAY, 360, 1320}, // two, to be learned
        {HABIT_MASTER_SWITCH, SATURDAY_TOO, 360, 840},      // one, Saturdays too, to be learned
    };
    for (uint32_t l = 0; l < CALENDAR_LINES; l++) // an area each
        calendar->lines[l] = kinds[l * FLEET_LINE / FLEET_AREA];
}

void site_calendar_init(struct site_calendar *calendar, int year, uint32_t lead_days)
{
    *calendar = (struct site_calendar){.first_day = days_of(year, 1, 1) - lead_days,
                                       .end_day = days_of(year + 1, 1, 1)};
    for (int y = year - 1; y <= year + 1; y++)
        add_changes(calendar, y);
    add_holidays(calendar, year);
    give_times(calendar);
    calendar->shift =
        (struct engine_shift){.weekdays = MONDAY_TO_FRIDAY, .from_minute = 360, .to_minute = 1320};
    text_set(calendar->shift.area, "A2");
}

void site_calendar_configure(const struct site_calendar *calendar, struct engine_config *config)
{
    config->zone.count = calendar->change_count;
    config->zone.transitions = calendar->changes;
    config->shifts = &calendar->shift;
    config->shift_count = 1;
    config->holidays = calendar->holidays;
    config->holiday_count = calendar->known_holiday_count;
}

static int64_t offset_ms(const struct site_calendar *calendar, int64_t ms)
{
    int32_t offset_s = WINTER_S;
    for (size_t i = 0; i < calendar->change_count && calendar->changes[i].from_ms <= ms; i++)
        offset_s = calendar->changes[i].offset_s;
    return (int64_t)offset_s * 1000;
}

int64_t site_calendar_ms(const struct site_calendar *calendar, int64_t day, int64_t minute)
{
    int64_t local = day * DAY_IN_MS + minute * MINUTE_IN_MS;
    return local - offset_ms(calendar, local - WINTER_S * INT64_C(1000));
}

int64_t site_calendar_day(const struct site_calendar *calendar, int64_t ms, uint32_t *ret_minute)
{
    int64_t local = ms + offset_ms(calendar, ms);
    *ret_minute = (uint32_t)(local % DAY_IN_MS / MINUTE_IN_MS);
    return local / DAY_IN_MS;
}

bool site_calendar_works_on(const struct site_calendar *calendar, uint32_t line, int64_t day)
{
    if ((calendar->lines[line].weekdays >> site_calendar_weekday(day) & 1) == 0)
        return false;
    for (size_t i = 0; i < calendar->holiday_count; i++)
        if (day >= calendar->holidays[i].from_day && day <= calendar->holidays[i].to_day)
            return false;
    return true;
}

static double pace_of(const struct line_times *times, int64_t minute)
{
    static const struct {
        uint16_t from, to;
    } breaks[] = {{540, 555}, {720, 750}, {1080, 1110}, {1560, 1590}};
    if (minute < times->from || minute >= times->to)
        return 0;
    for (size_t i = 0; i < sizeof breaks / sizeof breaks[0]; i++)
        if (minute >= breaks[i].from && minute < breaks[i].to)
            return 0;
    // Everybody begins at once, at the start and after the change of shifts.
    bool begins = minute < times->from + 10 || (minute >= 840 && minute < 850);
    return begins ? 2 : 1;
}

double site_calendar_pace(const struct site_calendar *calendar, uint32_t line, int64_t day,
                          uint32_t minute)
{
    const struct line_times *times = &calendar->lines[line];
    double pace = site_calendar_works_on(calendar, line, day) ? pace_of(times, minute) : 0;
    if (pace <= 0 && times->to > DAY_MINUTES && site_calendar_works_on(calendar, line, day - 1))
        pace = pace_of(times, minute + DAY_MINUTES); // yesterday's night shift
    return pace;
}
