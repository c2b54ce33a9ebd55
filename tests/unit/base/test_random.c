// SPDX-License-Identifier: Apache-2.0
// The seeded generator: the published sequence, and ranges that hold.
#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void the_sequence_is_splitmix64(void **state)
{
    (void)state;
    // The reference outputs for seed 1234567 of the public-domain splitmix64.c by Vigna.
    static const uint64_t expected[] = {6457827717110365317U, 3203168211198807973U,
                                        9817491932198370423U, 4593380528125082431U,
                                        16408922859458223821U};
    struct random_state random;
    random_seed(&random, 1234567);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
        assert_true(random_next(&random) == expected[i]);
}

static void the_same_seed_gives_the_same_numbers(void **state)
{
    (void)state;
    struct random_state a, b;
    random_seed(&a, 42);
    random_seed(&b, 42);
    for (int i = 0; i < 1000; i++)
        assert_true(random_next(&a) == random_next(&b));
}

static void numbers_below_a_bound_stay_below_and_reach_all(void **state)
{
    (void)state;
    struct random_state random;
    random_seed(&random, 1);
    int seen[7] = {0};
    for (int i = 0; i < 7000; i++) {
        uint64_t value = random_below(&random, 7);
        assert_true(value < 7);
        seen[value]++;
    }
    for (int i = 0; i < 7; i++)
        assert_in_range(seen[i], 800, 1200);
    assert_int_equal(random_below(&random, 0), 0);
    assert_int_equal(random_below(&random, 1), 0);
    for (int i = 0; i < 100; i++)
        assert_true(random_below(&random, UINT64_MAX) < UINT64_MAX);
}

static void units_lie_in_the_half_open_interval(void **state)
{
    (void)state;
    struct random_state random;
    random_seed(&random, 2);
    double sum = 0;
    for (int i = 0; i < 10000; i++) {
        double value = random_unit(&random);
        assert_true(value >= 0 && value < 1);
        sum += value;
    }
    assert_true(sum > 4800 && sum < 5200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sequence_is_splitmix64),
        cmocka_unit_test(the_same_seed_gives_the_same_numbers),
        cmocka_unit_test(numbers_below_a_bound_stay_below_and_reach_all),
        cmocka_unit_test(units_lie_in_the_half_open_interval),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
