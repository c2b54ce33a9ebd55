// SPDX-License-Identifier: Apache-2.0
// Holding acks back where the store's queue was full.
#include "collector/shell/holds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct holds *make(size_t limit)
{
    struct holds *holds = NULL;
    assert_int_equal(holds_new(limit, &holds), STATUS_OK);
    return holds;
}

static void without_a_hold_everything_may_be_acked(void **state)
{
    (void)state;
    struct holds *holds = make(2);
    assert_int_equal(holds_ackable(holds, "A", "box", 77), 77);
    assert_false(holds_wants(holds, "A", "box", 77));
    assert_int_equal(holds_count(holds), 0);
    holds_free(holds);
}

static void nothing_from_the_refused_event_on_is_acked_until_it_came_again(void **state)
{
    (void)state;
    struct holds *holds = make(2);
    holds_add(holds, "A", "box", 5);
    holds_taken(holds, "A", "box", 6); // after the hole: does not fill it
    assert_int_equal(holds_ackable(holds, "A", "box", 6), 4);
    assert_int_equal(holds_ackable(holds, "A", "box", 3), 3);
    assert_int_equal(holds_ackable(holds, "B", "box", 6), 6);
    assert_int_equal(holds_ackable(holds, "A", "other", 6), 6);
    assert_true(holds_wants(holds, "A", "box", 5));
    assert_false(holds_wants(holds, "A", "box", 4));
    holds_taken(holds, "A", "box", 5);
    assert_int_equal(holds_ackable(holds, "A", "box", 6), 6);
    assert_int_equal(holds_count(holds), 0);
    holds_free(holds);
}

static void several_refusals_are_filled_in_order(void **state)
{
    (void)state;
    struct holds *holds = make(2);
    holds_add(holds, "A", "box", 5);
    holds_add(holds, "A", "box", 8);
    for (uint64_t seq = 5; seq <= 7; seq++) {
        holds_taken(holds, "A", "box", seq);
        assert_int_equal(holds_ackable(holds, "A", "box", 100), seq);
    }
    holds_taken(holds, "A", "box", 8);
    assert_int_equal(holds_ackable(holds, "A", "box", 100), 100);
    holds_free(holds);
}

static void what_the_outbox_has_dropped_is_not_waited_for(void **state)
{
    (void)state;
    struct holds *holds = make(2);
    holds_add(holds, "A", "box", 5);
    holds_oldest(holds, "A", "box", 5);
    assert_int_equal(holds_count(holds), 1);
    holds_oldest(holds, "A", "box", 6);
    assert_int_equal(holds_count(holds), 0);
    holds_free(holds);
}

static void above_the_limit_nothing_is_acked_at_all(void **state)
{
    (void)state;
    struct holds *holds = make(2);
    holds_add(holds, "A", "box", 1);
    holds_add(holds, "B", "box", 1);
    assert_false(holds_blocked(holds));
    holds_add(holds, "C", "box", 1);
    assert_true(holds_blocked(holds));
    assert_int_equal(holds_ackable(holds, "D", "box", 9), 0);
    holds_free(holds);
    holds_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_hold_everything_may_be_acked),
        cmocka_unit_test(nothing_from_the_refused_event_on_is_acked_until_it_came_again),
        cmocka_unit_test(several_refusals_are_filled_in_order),
        cmocka_unit_test(what_the_outbox_has_dropped_is_not_waited_for),
        cmocka_unit_test(above_the_limit_nothing_is_acked_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
