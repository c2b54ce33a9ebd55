// SPDX-License-Identifier: Apache-2.0
// The beat of the heartbeat: jittered once, then on its grid.
#include "agent/core/schedule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct instant at_us(int64_t us)
{
    return (struct instant){.mono = {us}, .wall = {1730869200000}};
}

static void the_first_beat_is_within_one_interval(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 1000; seed++) {
        struct schedule schedule;
        schedule_start(&schedule, duration_s(1), seed, at_us(500));
        assert_true(schedule.next.us > 500);
        assert_true(schedule.next.us <= 1000500);
    }
}

static void different_seeds_beat_at_different_phases(void **state)
{
    (void)state;
    int in_first_half = 0;
    for (uint64_t seed = 0; seed < 1000; seed++) {
        struct schedule schedule;
        schedule_start(&schedule, duration_s(1), seed, at_us(0));
        in_first_half += schedule.next.us <= 500000;
    }
    assert_in_range(in_first_half, 400, 600);
}

static void late_calls_do_not_let_the_beat_drift(void **state)
{
    (void)state;
    struct schedule schedule;
    schedule_start(&schedule, duration_s(1), 7, at_us(0));
    struct mono_time first = schedule.next;
    for (int64_t i = 0; i < 100000; i++) {
        assert_int_equal(schedule.next.us, first.us + i * 1000000);
        assert_false(schedule_due(&schedule, at_us(schedule.next.us - 1)));
        assert_true(schedule_due(&schedule, at_us(schedule.next.us + i % 999)));
    }
}

static void a_suspend_is_followed_by_one_beat_only(void **state)
{
    (void)state;
    struct schedule schedule;
    schedule_start(&schedule, duration_s(1), 7, at_us(0));
    struct mono_time first = schedule.next;
    struct instant awake = at_us(first.us + 3600 * INT64_C(1000000) + 250000);
    assert_true(schedule_due(&schedule, awake));
    assert_false(schedule_due(&schedule, awake));
    assert_int_equal(schedule.next.us, first.us + 3601 * INT64_C(1000000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_beat_is_within_one_interval),
        cmocka_unit_test(different_seeds_beat_at_different_phases),
        cmocka_unit_test(late_calls_do_not_let_the_beat_drift),
        cmocka_unit_test(a_suspend_is_followed_by_one_beat_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
