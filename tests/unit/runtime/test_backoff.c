// SPDX-License-Identifier: Apache-2.0
// Tests of the jittered back-off.
#include "runtime/mqtt/backoff.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static uint64_t seed_of_the_run(void)
{
    const char *text = getenv("STATIONWATCH_SEED");
    uint64_t seed = text ? strtoull(text, NULL, 0) : 20241106;
    printf("STATIONWATCH_SEED=%" PRIu64 "\n", seed);
    return seed;
}

static void delays_double_up_to_the_limit_and_stay_in_their_half(void **state)
{
    (void)state;
    uint64_t seed = seed_of_the_run();
    for (uint64_t run = 0; run < 1000; run++) {
        struct backoff backoff;
        backoff_init(&backoff, duration_ms(100), duration_ms(1500), seed + run);
        static const int64_t UPPER_MS[] = {100, 200, 400, 800, 1500, 1500, 1500};
        for (size_t i = 0; i < sizeof UPPER_MS / sizeof UPPER_MS[0]; i++) {
            struct duration delay = backoff_next(&backoff);
            assert_in_range(delay.us, UPPER_MS[i] * 500, UPPER_MS[i] * 1000);
        }
    }
}

static void delays_fill_their_range_evenly(void **state)
{
    (void)state;
    uint64_t seed = seed_of_the_run();
    enum { RUNS = 20000, BINS = 10 };
    int bins[BINS] = {0};
    for (uint64_t run = 0; run < RUNS; run++) {
        struct backoff backoff;
        backoff_init(&backoff, duration_ms(1000), duration_ms(1000), seed ^ (run << 20));
        int64_t above = backoff_next(&backoff).us - 500000;
        bins[above * BINS / 500001]++;
    }
    for (int i = 0; i < BINS; i++) // 2000 expected, standard deviation 42
        assert_in_range(bins[i], 1700, 2300);
}

static void a_reset_begins_at_the_shortest_again(void **state)
{
    (void)state;
    struct backoff backoff;
    backoff_init(&backoff, duration_ms(10), duration_s(60), 1);
    for (int i = 0; i < 10; i++)
        (void)backoff_next(&backoff);
    backoff_reset(&backoff);
    assert_in_range(backoff_next(&backoff).us, 5000, 10000);
}

static void the_longest_limit_does_not_overflow(void **state)
{
    (void)state;
    struct backoff backoff;
    backoff_init(&backoff, duration_ms(1), (struct duration){INT64_MAX}, 3);
    for (int i = 0; i < 200; i++)
        assert_true(backoff_next(&backoff).us > 0);
}

static void equal_seeds_give_equal_delays(void **state)
{
    (void)state;
    struct backoff a, b;
    backoff_init(&a, duration_ms(100), duration_s(10), 42);
    backoff_init(&b, duration_ms(100), duration_s(10), 42);
    for (int i = 0; i < 20; i++)
        assert_int_equal(backoff_next(&a).us, backoff_next(&b).us);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(delays_double_up_to_the_limit_and_stay_in_their_half),
        cmocka_unit_test(delays_fill_their_range_evenly),
        cmocka_unit_test(a_reset_begins_at_the_shortest_again),
        cmocka_unit_test(the_longest_limit_does_not_overflow),
        cmocka_unit_test(equal_seeds_give_equal_delays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
