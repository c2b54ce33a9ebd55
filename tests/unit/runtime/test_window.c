// SPDX-License-Identifier: Apache-2.0
// Tests of the publishes in flight.
#include "runtime/mqtt/window.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void the_window_says_when_it_is_full_and_recovers(void **state)
{
    (void)state;
    struct window window;
    uint64_t token = 0;
    assert_int_equal(window_init(&window, 2, NULL), STATUS_OK);
    struct window_slot *first = window_take(&window, 11);
    struct window_slot *second = window_take(&window, 12);
    assert_non_null(first);
    assert_non_null(second);
    assert_null(window_take(&window, 13));
    assert_true(window_finish(&window, first->index, &token));
    assert_int_equal(token, 11);
    assert_int_equal(window.waiting, 1);
    assert_non_null(window_take(&window, 14));
    assert_null(window_take(&window, 15));
    window_fini(&window);
}

static void an_abandoned_slot_is_told_once_and_free_only_when_let_go(void **state)
{
    (void)state;
    struct window window;
    uint64_t token = 0;
    uint32_t cursor = 0;
    assert_int_equal(window_init(&window, 2, NULL), STATUS_OK);
    struct window_slot *slot = window_take(&window, 21);
    assert_true(window_abandon_next(&window, &cursor, &token));
    assert_int_equal(token, 21);
    assert_int_equal(window.waiting, 0);
    cursor = 0;
    assert_false(window_abandon_next(&window, &cursor, &token));
    assert_non_null(window_take(&window, 22));
    assert_null(window_take(&window, 23)); // the library still holds 21's
    assert_false(window_finish(&window, slot->index, &token));
    assert_non_null(window_take(&window, 24));
    window_fini(&window);
}

static void every_waiting_slot_is_abandoned(void **state)
{
    (void)state;
    enum { COUNT = 100 };
    struct window window;
    uint64_t token = 0;
    uint64_t sum = 0;
    uint32_t cursor = 0;
    assert_int_equal(window_init(&window, COUNT, NULL), STATUS_OK);
    for (uint64_t i = 1; i <= COUNT; i++)
        assert_non_null(window_take(&window, i));
    assert_true(window_finish(&window, 49, &token));
    for (int i = 0; i < COUNT - 1; i++) {
        uint64_t abandoned = 0;
        assert_true(window_abandon_next(&window, &cursor, &abandoned));
        sum += abandoned;
    }
    assert_false(window_abandon_next(&window, &cursor, &token));
    assert_int_equal(sum + 50, (uint64_t)COUNT * (COUNT + 1) / 2);
    window_fini(&window);
}

static void a_slot_finished_twice_stays_free(void **state)
{
    (void)state;
    struct window window;
    uint64_t token = 0;
    assert_int_equal(window_init(&window, 1, NULL), STATUS_OK);
    struct window_slot *slot = window_take(&window, 5);
    assert_true(window_finish(&window, slot->index, &token));
    assert_false(window_finish(&window, slot->index, &token));
    assert_non_null(window_take(&window, 6));
    assert_null(window_take(&window, 7));
    window_fini(&window);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_window_says_when_it_is_full_and_recovers),
        cmocka_unit_test(an_abandoned_slot_is_told_once_and_free_only_when_let_go),
        cmocka_unit_test(every_waiting_slot_is_abandoned),
        cmocka_unit_test(a_slot_finished_twice_stays_free),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
