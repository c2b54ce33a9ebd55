// SPDX-License-Identifier: Apache-2.0
// The learned week: how soon a habit is known, what breaks it, and its text.
#include "base/random.h"
#include "collector/core/week_pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { NOON = 12 * 4, EVENING = 22 * 4, JITTER = 7 };

static uint64_t base_seed(void)
{
    const char *text = getenv("STATIONWATCH_SEED");
    return text != NULL ? strtoull(text, NULL, 10) : 20241106;
}

static uint32_t quarter_of(uint32_t weekday, uint32_t quarter_of_day)
{
    return weekday * QUARTERS_PER_DAY + quarter_of_day;
}

static void four_evenings_off_are_a_habit_of_the_day(void **state)
{
    (void)state;
    struct week_pattern pattern = {{0}};
    for (uint32_t day = 0; day < 3; day++)
        assert_true(week_pattern_see(&pattern, quarter_of(day, EVENING), false, true));
    assert_false(week_pattern_off(&pattern, quarter_of(4, EVENING)));
    week_pattern_see(&pattern, quarter_of(3, EVENING), false, true);
    assert_true(week_pattern_off(&pattern, quarter_of(4, EVENING)));
    assert_false(week_pattern_off(&pattern, quarter_of(4, EVENING - 1)));
}

static void two_weeks_off_are_a_habit_of_the_week(void **state)
{
    (void)state;
    struct week_pattern pattern = {{0}};
    week_pattern_see(&pattern, quarter_of(5, NOON), false, false);
    assert_false(week_pattern_off(&pattern, quarter_of(5, NOON)));
    week_pattern_see(&pattern, quarter_of(5, NOON), false, false);
    assert_true(week_pattern_off(&pattern, quarter_of(5, NOON)));
    assert_false(week_pattern_off(&pattern, quarter_of(4, NOON)));
    assert_false(week_pattern_on(&pattern, quarter_of(5, NOON)));
}

static void one_week_of_overtime_does_not_end_a_habit_and_two_do(void **state)
{
    (void)state;
    struct week_pattern pattern = {{0}};
    uint32_t quarter = quarter_of(5, NOON);
    for (int week = 0; week < 8; week++)
        week_pattern_see(&pattern, quarter, false, false);
    week_pattern_see(&pattern, quarter, true, false);
    assert_true(week_pattern_off(&pattern, quarter));
    week_pattern_see(&pattern, quarter, true, false);
    assert_false(week_pattern_off(&pattern, quarter));
}

static void a_long_weekend_is_no_habit_of_the_day(void **state)
{
    (void)state;
    struct week_pattern pattern = {{0}};
    for (uint32_t day = 0; day < 4; day++)
        week_pattern_see(&pattern, quarter_of(day, NOON), true, true);
    week_pattern_see(&pattern, quarter_of(4, NOON), false, true); // its first day
    for (uint32_t day = 5; day < 8; day++)
        week_pattern_see(&pattern, quarter_of(day % 7, NOON), false, false);
    assert_false(week_pattern_off(&pattern, quarter_of(1, NOON)));
}

static void the_night_shift_of_one_day_stays_expected(void **state)
{
    (void)state;
    struct week_pattern pattern = {{0}};
    for (uint32_t week = 0; week < 4; week++)
        for (uint32_t day = 0; day < 5; day++)
            week_pattern_see(&pattern, quarter_of(day, EVENING), day == 4, true);
    assert_true(week_pattern_off(&pattern, quarter_of(3, EVENING)));
    assert_false(week_pattern_off(&pattern, quarter_of(4, EVENING)));
    assert_true(week_pattern_on(&pattern, quarter_of(4, EVENING)));
}

// Off somewhere within seven minutes of its time, on working days that are drawn, too: from the
// fifth evening on its silence is known, and the middle of its shift never is.
static void random_habits_with_jitter_are_known_after_a_week(void **state)
{
    (void)state;
    for (uint64_t seed = base_seed(); seed < base_seed() + 200; seed++) {
        struct random_state random;
        struct week_pattern pattern = {{0}};
        random_seed(&random, seed);
        uint32_t start = 5 * 60 + (uint32_t)random_below(&random, 180);
        uint32_t end = start + 480 + (uint32_t)random_below(&random, 450);
        uint32_t days = random_below(&random, 3) == 0 ? 6 : 5;
        uint32_t evenings = 0;
        if (seed == base_seed())
            printf("seeds from %llu\n", (unsigned long long)seed);
        for (uint32_t day = 0; day < 28; day++) {
            bool works = day % 7 < days;
            uint32_t on = start - JITTER + (uint32_t)random_below(&random, 2 * JITTER + 1);
            uint32_t off = end - JITTER + (uint32_t)random_below(&random, 2 * JITTER + 1);
            bool off_before = day == 0 || (day - 1) % 7 < days;
            for (uint32_t quarter = 0; quarter < QUARTERS_PER_DAY; quarter++) {
                uint32_t minute = quarter * 15, now = quarter_of(day % 7, quarter);
                uint32_t next = (now + 1) % QUARTERS_PER_WEEK;
                bool usual = week_pattern_off(&pattern, now) || week_pattern_off(&pattern, next);
                if (works && evenings >= 5 && off >= minute && off < minute + 15 && !usual)
                    fail_msg("seed %llu: day %u, off at %u is not known", (unsigned long long)seed,
                             day, off);
                if (works && usual && minute >= start + 60 && minute + 45 < end)
                    fail_msg("seed %llu: day %u, minute %u counts as off", (unsigned long long)seed,
                             day, minute);
                bool is_on = works && minute + 15 > on && minute + 15 <= off;
                week_pattern_see(&pattern, now, is_on, is_on || works || off_before);
            }
            evenings += works;
        }
    }
}

static void the_text_gives_back_the_same_pattern(void **state)
{
    (void)state;
    struct random_state random;
    struct week_pattern pattern = {{0}}, back = {{0}};
    char text[WEEK_PATTERN_TEXT_SIZE];
    random_seed(&random, base_seed());
    for (int i = 0; i < 20000; i++)
        week_pattern_see(&pattern, (uint32_t)random_below(&random, QUARTERS_PER_WEEK),
                         random_below(&random, 2) == 0, random_below(&random, 2) == 0);
    week_pattern_write(&pattern, text);
    assert_int_equal(strlen(text), WEEK_PATTERN_TEXT_SIZE - 1);
    assert_true(week_pattern_read(text, &back));
    assert_memory_equal(&back, &pattern, sizeof pattern);
    assert_true(sizeof pattern < 300);
}

static void any_other_text_is_refused(void **state)
{
    (void)state;
    struct week_pattern pattern = {{0}}, before;
    char text[WEEK_PATTERN_TEXT_SIZE], bad[WEEK_PATTERN_TEXT_SIZE + 1];
    week_pattern_write(&pattern, text);
    memset(&pattern, 0x11, sizeof pattern);
    before = pattern;
    assert_false(week_pattern_read("", &pattern));
    assert_false(week_pattern_read("1:", &pattern));
    snprintf(bad, sizeof bad, "2%s", text + 1);
    assert_false(week_pattern_read(bad, &pattern));
    snprintf(bad, sizeof bad, "%sA", text);
    assert_false(week_pattern_read(bad, &pattern));
    snprintf(bad, sizeof bad, "%s", text);
    bad[100] = '%';
    assert_false(week_pattern_read(bad, &pattern));
    snprintf(bad, sizeof bad, "%s", text);
    bad[WEEK_PATTERN_TEXT_SIZE - 2] = '_'; // a score of the day above its most
    assert_false(week_pattern_read(bad, &pattern));
    assert_memory_equal(&pattern, &before, sizeof pattern);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(four_evenings_off_are_a_habit_of_the_day),
        cmocka_unit_test(two_weeks_off_are_a_habit_of_the_week),
        cmocka_unit_test(one_week_of_overtime_does_not_end_a_habit_and_two_do),
        cmocka_unit_test(a_long_weekend_is_no_habit_of_the_day),
        cmocka_unit_test(the_night_shift_of_one_day_stays_expected),
        cmocka_unit_test(random_habits_with_jitter_are_known_after_a_week),
        cmocka_unit_test(the_text_gives_back_the_same_pattern),
        cmocka_unit_test(any_other_text_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
