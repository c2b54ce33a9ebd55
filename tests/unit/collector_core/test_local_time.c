// SPDX-License-Identifier: Apache-2.0
// Local time: weekdays, and the two nights in which the clocks are changed.
#include "collector/core/local_time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

// Central Europe in 2025: summer time from 30 March, winter time from 26 October, 01:00 UTC.
static const struct engine_zone_transition changes[] = {
    {INT64_C(1262304000000), 3600}, {INT64_C(1743296400000), 7200}, {INT64_C(1761440400000), 3600}};
static const struct engine_zone central = {3, changes};
static const struct engine_zone utc = {0, NULL};

static struct local_time local_at(const struct engine_zone *zone, const char *text)
{
    struct wall_time at;
    assert_true(wall_parse(text, &at));
    return local_time_at(zone, at);
}

static void expect_time(const char *text, uint32_t weekday, uint32_t hour, uint32_t minute)
{
    struct local_time local = local_at(&central, text);
    assert_int_equal(local.weekday, weekday);
    assert_int_equal(local.minute, hour * 60 + minute);
}

static void a_moment_has_a_weekday_and_a_minute_of_the_day(void **state)
{
    (void)state;
    struct local_time local = local_at(&utc, "2024-11-06T05:52:59Z"); // a Wednesday
    assert_int_equal(local.weekday, 2);
    assert_int_equal(local.minute, 352);
    assert_int_equal(local_time_quarter(&local), 2 * 96 + 23);
    assert_int_equal(local_at(&utc, "1970-01-01T00:00:00Z").weekday, 3);
    assert_int_equal(local_at(&utc, "1970-01-01T00:00:00Z").day, 0);
    struct local_time before = local_time_at(&utc, (struct wall_time){-1});
    assert_int_equal(before.day, -1);
    assert_int_equal(before.weekday, 2);
    assert_int_equal(before.minute, 1439);
}

static void the_offset_in_force_decides_the_day(void **state)
{
    (void)state;
    expect_time("2025-01-13T22:59:59Z", 0, 23, 59);
    expect_time("2025-01-13T23:00:00Z", 1, 0, 0);
    expect_time("2025-07-14T21:59:59Z", 0, 23, 59);
    expect_time("2025-07-14T22:00:00Z", 1, 0, 0);
    expect_time("2001-01-01T00:00:00Z", 0, 1, 0); // before the table
}

static void a_day_of_23_hours_misses_one_of_them(void **state)
{
    (void)state;
    expect_time("2025-03-30T00:59:59Z", 6, 1, 59);
    expect_time("2025-03-30T01:00:00Z", 6, 3, 0);
    assert_false(local_at(&central, "2025-03-30T01:10:00Z").again);
    int64_t day = local_at(&central, "2025-03-29T23:00:00Z").day;
    assert_int_equal(local_at(&central, "2025-03-30T21:59:00Z").day, day);
    assert_int_equal(local_at(&central, "2025-03-30T22:00:00Z").day, day + 1);
}

static void a_day_of_25_hours_has_one_of_them_again(void **state)
{
    (void)state;
    expect_time("2025-10-26T00:30:00Z", 6, 2, 30);
    assert_false(local_at(&central, "2025-10-26T00:30:00Z").again);
    expect_time("2025-10-26T01:30:00Z", 6, 2, 30);
    assert_true(local_at(&central, "2025-10-26T01:30:00Z").again);
    assert_true(local_at(&central, "2025-10-26T01:59:59Z").again);
    assert_false(local_at(&central, "2025-10-26T02:00:00Z").again);
    int64_t day = local_at(&central, "2025-10-25T22:00:00Z").day;
    assert_int_equal(local_at(&central, "2025-10-26T22:59:00Z").day, day);
    assert_int_equal(local_at(&central, "2025-10-26T23:00:00Z").day, day + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_moment_has_a_weekday_and_a_minute_of_the_day),
        cmocka_unit_test(the_offset_in_force_decides_the_day),
        cmocka_unit_test(a_day_of_23_hours_misses_one_of_them),
        cmocka_unit_test(a_day_of_25_hours_has_one_of_them_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
