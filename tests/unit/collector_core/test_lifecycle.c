// SPDX-License-Identifier: Apache-2.0
// The lifecycle table: what every state makes of every input.
#include "collector/core/lifecycle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void an_alarm_is_closed_when_it_is_both_returned_and_acknowledged(void **state)
{
    (void)state;
    enum incident_state now = lifecycle_next(INCIDENT_UNACKNOWLEDGED, LIFECYCLE_ACKNOWLEDGE);
    assert_int_equal(now, INCIDENT_ACKNOWLEDGED);
    assert_int_equal(lifecycle_next(now, LIFECYCLE_RETURN), INCIDENT_CLOSED);
    now = lifecycle_next(INCIDENT_UNACKNOWLEDGED, LIFECYCLE_RETURN);
    assert_int_equal(now, INCIDENT_RETURNED_UNACKNOWLEDGED);
    assert_int_equal(lifecycle_next(now, LIFECYCLE_ACKNOWLEDGE), INCIDENT_CLOSED);
}

static void what_recurs_is_unacknowledged_again(void **state)
{
    (void)state;
    assert_int_equal(lifecycle_next(INCIDENT_CLOSED, LIFECYCLE_RECUR), INCIDENT_UNACKNOWLEDGED);
    assert_int_equal(lifecycle_next(INCIDENT_RETURNED_UNACKNOWLEDGED, LIFECYCLE_RECUR),
                     INCIDENT_UNACKNOWLEDGED);
}

static void shelving_stops_neither_recovery_nor_closing(void **state)
{
    (void)state;
    assert_int_equal(lifecycle_next(INCIDENT_SHELVED, LIFECYCLE_RETURN), INCIDENT_CLOSED);
    assert_int_equal(lifecycle_next(INCIDENT_SUPPRESSED, LIFECYCLE_RETURN), INCIDENT_CLOSED);
    assert_int_equal(lifecycle_next(INCIDENT_SHELVED, LIFECYCLE_UNSHELVE), INCIDENT_UNACKNOWLEDGED);
}

static void every_state_can_be_closed_and_closed_stays_so_but_for_a_recurrence(void **state)
{
    (void)state;
    for (int s = 0; s < INCIDENT_STATE_COUNT; s++)
        assert_int_equal(lifecycle_next((enum incident_state)s, LIFECYCLE_CLOSE), INCIDENT_CLOSED);
    for (int i = 0; i < LIFECYCLE_INPUT_COUNT; i++)
        if (i != LIFECYCLE_RECUR)
            assert_int_equal(lifecycle_next(INCIDENT_CLOSED, (enum lifecycle_input)i),
                             INCIDENT_CLOSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_alarm_is_closed_when_it_is_both_returned_and_acknowledged),
        cmocka_unit_test(what_recurs_is_unacknowledged_again),
        cmocka_unit_test(shelving_stops_neither_recovery_nor_closing),
        cmocka_unit_test(every_state_can_be_closed_and_closed_stays_so_but_for_a_recurrence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
