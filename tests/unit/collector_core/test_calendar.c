// SPDX-License-Identifier: Apache-2.0
// The calendar: when an area works, with soft edges, over midnight, on holidays.
#include "collector/core/calendar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { WEEKDAYS = 0x1f, EVERY_DAY = 0x7f, MONDAY = 1, FRIDAY = 1 << 4 };

static const struct engine_shift shifts[] = {
    {"EARLY", WEEKDAYS, 6 * 60, 14 * 60},  {"TWO", WEEKDAYS, 6 * 60, 14 * 60},
    {"TWO", WEEKDAYS, 14 * 60, 22 * 60},   {"NIGHT", MONDAY | FRIDAY, 22 * 60, 6 * 60},
    {"ALWAYS", EVERY_DAY, 0, 24 * 60},     {"BREAK", WEEKDAYS, 6 * 60, 10 * 60},
    {"BREAK", WEEKDAYS, 10 * 60 + 5, 840},
};
static const struct engine_holiday holidays[] = {{20097, 20098}}; // 2025-01-09 and 10
static const struct engine_config config = {.shifts = shifts,
                                            .shift_count = sizeof shifts / sizeof shifts[0],
                                            .holidays = holidays,
                                            .holiday_count = 1};

// In January 2025 the 13th is a Monday.
static void expect(const char *area, int day, const char *time, enum calendar_state state)
{
    char text[WALL_TEXT_SIZE];
    struct wall_time at;
    snprintf(text, sizeof text, "2025-01-%02dT%s:00Z", day, time);
    assert_true(wall_parse(text, &at));
    if (calendar_at(&config, area, at) != state)
        fail_msg("%s at %s", area, text);
}

static void an_area_without_rows_has_no_calendar(void **state)
{
    (void)state;
    expect("OTHER", 13, "10:00", CALENDAR_NONE);
    expect("", 13, "10:00", CALENDAR_NONE);
}

static void a_shift_has_ten_soft_minutes_at_both_ends(void **state)
{
    (void)state;
    expect("EARLY", 13, "05:59", CALENDAR_OFF);
    expect("EARLY", 13, "06:09", CALENDAR_OFF);
    expect("EARLY", 13, "06:10", CALENDAR_WORKING);
    expect("EARLY", 13, "13:49", CALENDAR_WORKING);
    expect("EARLY", 13, "13:50", CALENDAR_OFF);
    expect("EARLY", 18, "10:00", CALENDAR_OFF); // Saturday
}

static void adjacent_shifts_are_one_and_a_gap_of_minutes_is_none(void **state)
{
    (void)state;
    expect("TWO", 13, "13:55", CALENDAR_WORKING);
    expect("TWO", 13, "14:00", CALENDAR_WORKING);
    expect("TWO", 13, "21:50", CALENDAR_OFF);
    expect("BREAK", 13, "09:45", CALENDAR_WORKING);
    expect("BREAK", 13, "10:30", CALENDAR_WORKING);
}

static void a_shift_over_midnight_belongs_to_the_day_it_began(void **state)
{
    (void)state;
    expect("NIGHT", 13, "05:00", CALENDAR_OFF);
    expect("NIGHT", 13, "23:00", CALENDAR_WORKING);
    expect("NIGHT", 14, "00:05", CALENDAR_WORKING);
    expect("NIGHT", 14, "05:49", CALENDAR_WORKING);
    expect("NIGHT", 14, "05:50", CALENDAR_OFF);
    expect("NIGHT", 14, "23:00", CALENDAR_OFF);
    expect("NIGHT", 18, "03:00", CALENDAR_WORKING); // begun on Friday
    expect("ALWAYS", 18, "00:00", CALENDAR_WORKING);
    expect("ALWAYS", 18, "23:59", CALENDAR_WORKING);
}

static void on_a_holiday_no_shift_begins_but_the_night_before_ends(void **state)
{
    (void)state;
    expect("EARLY", 8, "10:00", CALENDAR_WORKING);
    expect("EARLY", 9, "10:00", CALENDAR_OFF);
    expect("EARLY", 10, "10:00", CALENDAR_OFF);
    expect("NIGHT", 10, "23:00", CALENDAR_OFF); // a Friday
    expect("NIGHT", 11, "02:00", CALENDAR_OFF);
    expect("ALWAYS", 9, "00:05", CALENDAR_OFF);
    expect("ALWAYS", 11, "00:15", CALENDAR_WORKING);
}

static void rows_for_every_area_speak_of_stations_without_one(void **state)
{
    (void)state;
    const struct engine_shift all = {"", WEEKDAYS, 6 * 60, 14 * 60};
    const struct engine_config everywhere = {.shifts = &all, .shift_count = 1};
    struct wall_time monday;
    assert_true(wall_parse("2025-01-13T10:00:00Z", &monday));
    assert_int_equal(calendar_at(&everywhere, "", monday), CALENDAR_WORKING);
    assert_int_equal(calendar_at(&everywhere, "ANY", monday), CALENDAR_WORKING);
    struct wall_time night = wall_add(monday, duration_s(12 * 3600));
    assert_int_equal(calendar_at(&everywhere, "ANY", night), CALENDAR_OFF);
}

// Work from 01:00 to 05:00 each night: 240 minutes less the soft ones, 60 more or less with the
// clocks.
static void a_night_shift_follows_the_clock_when_it_is_changed(void **state)
{
    (void)state;
    static const struct engine_zone_transition changes[] = {
        {0, 3600}, {INT64_C(1743296400000), 7200}, {INT64_C(1761440400000), 3600}};
    const struct engine_shift night = {"", EVERY_DAY, 60, 300};
    const struct engine_config central = {.shifts = &night, .shift_count = 1, .zone = {3, changes}};
    static const struct {
        const char *midnight;
        int minutes;
    } nights[] = {{"2025-03-28T23:00:00Z", 220},
                  {"2025-03-29T23:00:00Z", 160},
                  {"2025-10-24T22:00:00Z", 220},
                  {"2025-10-25T22:00:00Z", 280}};
    for (size_t i = 0; i < sizeof nights / sizeof nights[0]; i++) {
        struct wall_time at;
        int minutes = 0;
        assert_true(wall_parse(nights[i].midnight, &at));
        for (int minute = 0; minute < 8 * 60; minute++, at.ms += 60000)
            minutes += calendar_at(&central, "", at) == CALENDAR_WORKING;
        assert_int_equal(minutes, nights[i].minutes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_area_without_rows_has_no_calendar),
        cmocka_unit_test(a_shift_has_ten_soft_minutes_at_both_ends),
        cmocka_unit_test(adjacent_shifts_are_one_and_a_gap_of_minutes_is_none),
        cmocka_unit_test(a_shift_over_midnight_belongs_to_the_day_it_began),
        cmocka_unit_test(on_a_holiday_no_shift_begins_but_the_night_before_ends),
        cmocka_unit_test(rows_for_every_area_speak_of_stations_without_one),
        cmocka_unit_test(a_night_shift_follows_the_clock_when_it_is_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
