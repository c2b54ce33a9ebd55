// SPDX-License-Identifier: Apache-2.0
// The heap of deadlines: order, ties, and what is not due yet.
#include "base/random.h"
#include "collector/core/deadlines.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void nothing_is_due_in_an_empty_heap(void **state)
{
    (void)state;
    struct deadlines heap;
    struct deadline out;
    deadlines_init(&heap);
    assert_true(mono_is_never(deadlines_first(&heap)));
    assert_false(deadlines_pop(&heap, MONO_NEVER, &out));
    deadlines_fini(&heap);
}

static void what_is_later_than_now_stays(void **state)
{
    (void)state;
    struct deadlines heap;
    struct deadline out;
    deadlines_init(&heap);
    assert_int_equal(deadlines_push(&heap, (struct mono_time){20}, 2), STATUS_OK);
    assert_int_equal(deadlines_push(&heap, (struct mono_time){10}, 1), STATUS_OK);
    assert_true(deadlines_pop(&heap, (struct mono_time){19}, &out));
    assert_int_equal(out.owner, 1);
    assert_false(deadlines_pop(&heap, (struct mono_time){19}, &out));
    deadlines_put_back(&heap, (struct mono_time){15}, 1);
    assert_int_equal(deadlines_first(&heap).us, 15);
    deadlines_fini(&heap);
}

static void entries_come_in_order_of_time_and_then_of_owner(void **state)
{
    (void)state;
    const char *given = getenv("STATIONWATCH_SEED");
    uint64_t seed = given == NULL ? 20241106 : strtoull(given, NULL, 10);
    print_message("seed %" PRIu64 "\n", seed);
    struct random_state random;
    struct deadlines heap;
    random_seed(&random, seed);
    deadlines_init(&heap);
    for (uint32_t i = 0; i < 5000; i++)
        assert_int_equal(deadlines_push(&heap,
                                        (struct mono_time){(int64_t)random_below(&random, 500)},
                                        (uint32_t)random_below(&random, 100)),
                         STATUS_OK);
    struct deadline before = {{-1}, 0}, out;
    uint32_t count = 0;
    for (; deadlines_pop(&heap, MONO_NEVER, &out); count++, before = out)
        assert_true(before.at.us < out.at.us ||
                    (before.at.us == out.at.us && before.owner <= out.owner));
    assert_int_equal(count, 5000);
    deadlines_fini(&heap);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_due_in_an_empty_heap),
        cmocka_unit_test(what_is_later_than_now_stays),
        cmocka_unit_test(entries_come_in_order_of_time_and_then_of_owner),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
