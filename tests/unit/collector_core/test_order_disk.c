// SPDX-License-Identifier: Apache-2.0
// The order disk: levels, trends, and the ups and downs of a healthy plant.
#include "base/random.h"
#include "collector/core/order_disk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define GIGABYTE INT64_C(1000000000)
#define TOTAL    (500 * GIGABYTE)
#define HOUR     INT64_C(3600)

static uint64_t base_seed(void)
{
    const char *text = getenv("STATIONWATCH_SEED");
    return text != NULL ? strtoull(text, NULL, 10) : 20241106;
}

static enum symptom hear(struct order_disk *disk, int64_t at_s, double free)
{
    uint64_t bytes = free <= 0 ? 0 : (uint64_t)(free * (double)TOTAL);
    return order_disk_hear(disk, (struct mono_time){at_s * 1000000}, bytes, TOTAL);
}

// Reports every 10 s from `from_s` on; the time at which it first is in `state`, -1 = never.
static int64_t first(struct order_disk *disk, enum symptom state, int64_t from_s, int64_t to_s,
                     double free, double falls_per_hour)
{
    for (int64_t at = from_s; at <= to_s; at += 10)
        if (hear(disk, at, free - falls_per_hour * (double)(at - from_s) / (double)HOUR) == state)
            return at - from_s;
    return -1;
}

static void levels_are_told_by_the_first_report(void **state)
{
    (void)state;
    static const struct {
        uint64_t free, total;
        enum symptom is;
    } cases[] = {
        {0, 0, SYMPTOM_COUNT},
        {0, TOTAL, SYMPTOM_DISK_FULL},
        {60000000, TOTAL, SYMPTOM_DISK_FULL},
        {60000000, 1000000000, SYMPTOM_DISK_FILLING}, // 6 % of a small one
        {60000000, 200000000, SYMPTOM_DISK_AMPLE},
        {49 * GIGABYTE, TOTAL, SYMPTOM_DISK_FILLING},
        {51 * GIGABYTE, TOTAL, SYMPTOM_DISK_AMPLE},
        {UINT64_MAX, TOTAL, SYMPTOM_DISK_AMPLE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct order_disk disk = {0};
        if (order_disk_hear(&disk, (struct mono_time){0}, cases[i].free, cases[i].total) !=
            cases[i].is)
            fail_msg("case %zu", i);
    }
}

static void a_level_ends_less_easily_than_it_begins(void **state)
{
    (void)state;
    struct order_disk disk = {0};
    assert_int_equal(hear(&disk, 0, 0.2), SYMPTOM_DISK_AMPLE);
    assert_int_equal(hear(&disk, 10, 0.101), SYMPTOM_DISK_AMPLE);
    assert_int_equal(hear(&disk, 20, 0.099), SYMPTOM_DISK_FILLING);
    assert_int_equal(hear(&disk, 30, 0.119), SYMPTOM_DISK_FILLING);
    assert_int_equal(hear(&disk, 40, 0.121), SYMPTOM_DISK_AMPLE);
    assert_int_equal(hear(&disk, 50, 0), SYMPTOM_DISK_FULL);
    assert_int_equal(hear(&disk, 60, 0.0002), SYMPTOM_DISK_FULL);
    assert_int_equal(hear(&disk, 70, 0.0003), SYMPTOM_DISK_FILLING);
}

static void what_fills_within_hours_is_told_after_a_quarter_of_one(void **state)
{
    (void)state;
    struct order_disk disk = {0};
    int64_t at = first(&disk, SYMPTOM_DISK_FILLING, 0, HOUR, 0.4, 0.1);
    assert_in_range(at, 900, 1000);
    int64_t left_s = disk.full_in.us / 1000000;
    assert_in_range(left_s, 3.6 * HOUR, 3.9 * HOUR);
}

static void what_fills_within_days_is_told_after_the_history_that_it_needs(void **state)
{
    (void)state;
    struct order_disk disk = {0};
    int64_t at = first(&disk, SYMPTOM_DISK_FILLING, 0, 48 * HOUR, 0.4, 0.01); // full in 40 h
    assert_in_range(at, 12 * HOUR, 14 * HOUR);
    assert_true(disk.full_in.us > 0);
}

static void a_slow_fall_is_no_trend(void **state)
{
    (void)state;
    struct order_disk disk = {0};
    assert_int_equal(first(&disk, SYMPTOM_DISK_FILLING, 0, 96 * HOUR, 0.45, 0.002), -1);
}

static void with_half_of_it_free_no_trend_counts(void **state)
{
    (void)state;
    struct order_disk disk = {0};
    assert_int_equal(first(&disk, SYMPTOM_DISK_FILLING, 0, 2 * HOUR, 0.9, 0.19), -1);
}

static void a_large_file_that_comes_once_is_no_trend(void **state)
{
    (void)state;
    struct order_disk disk = {0};
    assert_int_equal(first(&disk, SYMPTOM_DISK_FILLING, 0, HOUR, 0.40, 0), -1);
    assert_int_equal(first(&disk, SYMPTOM_DISK_FILLING, HOUR, HOUR + 300, 0.40, 1.2), -1);
    assert_int_equal(first(&disk, SYMPTOM_DISK_FILLING, HOUR + 310, 3 * HOUR, 0.30, 0), -1);
}

static void making_room_ends_it_at_once(void **state)
{
    (void)state;
    struct order_disk disk = {0};
    assert_true(first(&disk, SYMPTOM_DISK_FILLING, 0, HOUR, 0.4, 0.1) > 0);
    assert_int_equal(hear(&disk, HOUR, 0.45), SYMPTOM_DISK_AMPLE);
}

static void a_trend_that_pauses_for_minutes_does_not_flap(void **state)
{
    (void)state;
    struct order_disk disk = {0};
    int64_t at = first(&disk, SYMPTOM_DISK_FILLING, 0, HOUR, 0.4, 0.1);
    double free = 0.4 - 0.1 * (double)at / (double)HOUR;
    assert_int_equal(first(&disk, SYMPTOM_DISK_AMPLE, at, at + 600, free, 0), -1);
    assert_true(first(&disk, SYMPTOM_DISK_AMPLE, at + 610, at + 2 * HOUR, free, 0) > 0);
}

// Fills by day, is cleaned up at night; the seed gives how much and how evenly. On the first day,
// which no clean-up has shown yet, only what would be full within hours of the usual one may warn.
static void nightly_clean_ups_never_warn(void **state)
{
    (void)state;
    struct random_state random;
    uint64_t seed = base_seed();
    for (uint64_t round = 0; round < 40; round++) {
        random_seed(&random, seed + round);
        struct order_disk disk = {0};
        double high = 0.3 + 0.3 * random_unit(&random);
        double deep = (high - 0.13) * random_unit(&random);
        int64_t shift_h = 16 + (int64_t)random_below(&random, 9); // hours of a day that write
        int64_t began = (int64_t)random_below(&random, 24) * HOUR;
        for (int64_t at = 0; at < 10 * 24 * HOUR; at += 60) {
            int64_t of_day = (at + began) % (24 * HOUR);
            double part = (double)of_day / (double)(shift_h * HOUR);
            double free = high - deep * (part < 1 ? part : 1);
            double told = free + 0.002 * random_unit(&random);
            bool may_warn = at < 24 * HOUR && deep * 24 / (double)shift_h > high / 2.5;
            if (hear(&disk, at, told) != SYMPTOM_DISK_AMPLE && !may_warn)
                fail_msg("seed %llu: at %lld h, %.3f free, from %.2f by %.2f in %lld h",
                         (unsigned long long)(seed + round), (long long)(at / HOUR), free, high,
                         deep, (long long)shift_h);
        }
    }
}

static void below_the_usual_lowest_a_trend_counts_again(void **state)
{
    (void)state;
    struct order_disk disk = {0};
    for (int day = 0; day < 3; day++)
        assert_int_equal(first(&disk, SYMPTOM_DISK_FILLING, day * 24 * HOUR,
                               (day * 24 + 24) * HOUR - 10, 0.45, 0.15 / 24),
                         -1);
    // The clean-up runs once more; then something fills the disk, ten times as fast.
    int64_t at = first(&disk, SYMPTOM_DISK_FILLING, 72 * HOUR, 96 * HOUR, 0.45, 0.06);
    double free = 0.45 - 0.06 * (double)at / (double)HOUR;
    assert_true(at > 0 && free > 0.2 && free < 0.29);
}

static void another_disk_has_another_history(void **state)
{
    (void)state;
    struct order_disk disk = {0};
    assert_true(first(&disk, SYMPTOM_DISK_FILLING, 0, HOUR, 0.4, 0.1) > 0);
    assert_int_equal(
        order_disk_hear(&disk, (struct mono_time){HOUR * 1000000}, TOTAL / 2, 2 * TOTAL),
        SYMPTOM_DISK_AMPLE);
}

int main(void)
{
    printf("seed %llu\n", (unsigned long long)base_seed());
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_are_told_by_the_first_report),
        cmocka_unit_test(a_level_ends_less_easily_than_it_begins),
        cmocka_unit_test(what_fills_within_hours_is_told_after_a_quarter_of_one),
        cmocka_unit_test(what_fills_within_days_is_told_after_the_history_that_it_needs),
        cmocka_unit_test(a_slow_fall_is_no_trend),
        cmocka_unit_test(with_half_of_it_free_no_trend_counts),
        cmocka_unit_test(a_large_file_that_comes_once_is_no_trend),
        cmocka_unit_test(making_room_ends_it_at_once),
        cmocka_unit_test(a_trend_that_pauses_for_minutes_does_not_flap),
        cmocka_unit_test(nightly_clean_ups_never_warn),
        cmocka_unit_test(below_the_usual_lowest_a_trend_counts_again),
        cmocka_unit_test(another_disk_has_another_history),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
