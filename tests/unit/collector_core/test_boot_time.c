// SPDX-License-Identifier: Apache-2.0
// The learned time from a boot to the first fresh order.
#include "collector/core/boot_time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct boot_time after(const int *seconds, size_t count)
{
    struct boot_time boots = {0};
    for (size_t i = 0; i < count; i++)
        assert_true(boot_time_learn(&boots, duration_s(seconds[i])));
    return boots;
}

static int64_t limit_after(const int *seconds, size_t count)
{
    struct boot_time boots = after(seconds, count);
    return boot_time_limit(&boots, duration_s(120)).us / 1000000;
}

static void two_boots_say_nothing_yet(void **state)
{
    (void)state;
    assert_int_equal(limit_after((int[]){20, 20}, 2), 120);
    assert_int_equal(limit_after((int[]){20, 20, 20}, 3), 40);
}

static void the_slowest_of_few_boots_counts_with_half_as_much_again(void **state)
{
    (void)state;
    assert_int_equal(limit_after((int[]){40, 60, 50}, 3), 100);
}

static void one_odd_boot_of_many_is_no_rule(void **state)
{
    (void)state;
    assert_int_equal(limit_after((int[]){40, 42, 280, 44, 40}, 5), 76);
    assert_int_equal(limit_after((int[]){40, 280, 280, 44, 40}, 5), 300);
}

static void the_limit_stays_between_half_a_minute_and_five(void **state)
{
    (void)state;
    assert_int_equal(limit_after((int[]){1, 1, 1}, 3), 30);
    assert_int_equal(limit_after((int[]){290, 290, 290}, 3), 300);
}

static void what_took_longer_than_any_boot_is_not_learned(void **state)
{
    (void)state;
    struct boot_time boots = {0};
    assert_false(boot_time_learn(&boots, duration_s(301)));
    assert_false(boot_time_learn(&boots, duration_s(-5)));
    assert_int_equal(boots.count, 0);
}

static void old_boots_are_forgotten(void **state)
{
    (void)state;
    int seconds[16];
    for (int i = 0; i < 16; i++)
        seconds[i] = i < 8 ? 200 : 40;
    assert_int_equal(limit_after(seconds, 16), 70);
}

static void a_text_brings_back_what_was_learned(void **state)
{
    (void)state;
    char text[BOOT_TIME_TEXT_SIZE];
    struct boot_time boots = after((int[]){300, 299, 298, 297, 296, 295, 294, 293}, BOOTS_KEPT),
                     read = {0};
    boot_time_write(&boots, text);
    assert_string_equal(text, "1:300 299 298 297 296 295 294 293");
    assert_true(boot_time_read(text, &read));
    assert_memory_equal(&read, &boots, sizeof read);
}

static void a_text_of_somebody_else_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "2:40",
                                        "1:0",
                                        "1:301",
                                        "1:40 ",
                                        "1:40x",
                                        "1: 40",
                                        "1:-4",
                                        "1:40,41",
                                        "1:99999999999999999999",
                                        "1:1 2 3 4 5 6 7 8 9"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct boot_time boots = {.count = 7};
        if (boot_time_read(wrong[i], &boots) || boots.count != 7)
            fail_msg("'%s' is taken", wrong[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_boots_say_nothing_yet),
        cmocka_unit_test(the_slowest_of_few_boots_counts_with_half_as_much_again),
        cmocka_unit_test(one_odd_boot_of_many_is_no_rule),
        cmocka_unit_test(the_limit_stays_between_half_a_minute_and_five),
        cmocka_unit_test(what_took_longer_than_any_boot_is_not_learned),
        cmocka_unit_test(old_boots_are_forgotten),
        cmocka_unit_test(a_text_brings_back_what_was_learned),
        cmocka_unit_test(a_text_of_somebody_else_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
