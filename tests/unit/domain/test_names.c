// SPDX-License-Identifier: Apache-2.0
// The spelling of the domain's enums, in range and out of it.
#include "domain/incident.h"
#include "domain/observation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void kinds_are_spelled_as_in_topics(void **state)
{
    (void)state;
    static const char *const words[] = {"birth", "heartbeat", "order",  "service",
                                        "host",  "ack",       "command"};
    for (int kind = 0; kind < MESSAGE_KIND_COUNT; kind++)
        assert_string_equal(message_kind_name((enum message_kind)kind), words[kind]);
}

static void out_of_range_is_the_first_name(void **state)
{
    (void)state;
    assert_string_equal(offline_reason_name(OFFLINE_REASON_COUNT), "OFFLINE_UNSPECIFIED");
    assert_string_equal(role_name(ROLE_COUNT), "ROLE_UNSPECIFIED");
    assert_string_equal(outcome_name(OUTCOME_COUNT), "OUTCOME_UNSPECIFIED");
    assert_string_equal(source_name(SOURCE_COUNT), "SOURCE_UNSPECIFIED");
    assert_string_equal(service_state_name(SERVICE_STATE_COUNT), "SERVICE_UNSPECIFIED");
    assert_string_equal(start_mode_name(START_MODE_COUNT), "START_UNSPECIFIED");
    assert_string_equal(host_event_name(HOST_EVENT_COUNT), "HOST_UNSPECIFIED");
    assert_string_equal(incident_state_name(INCIDENT_STATE_COUNT), "unacknowledged");
    assert_string_equal(priority_name(PRIORITY_COUNT), "low");
    assert_string_equal(transition_name(TRANSITION_COUNT), "opened");
}

static void the_last_value_has_the_last_name(void **state)
{
    (void)state;
    assert_string_equal(offline_reason_name(OFFLINE_UPGRADE), "OFFLINE_UPGRADE");
    assert_string_equal(role_name(ROLE_SERVER), "ROLE_SERVER");
    assert_string_equal(outcome_name(OUTCOME_STALE), "OUTCOME_STALE");
    assert_string_equal(outcome_text(OUTCOME_STALE), "stale");
    assert_string_equal(source_name(SOURCE_API), "SOURCE_API");
    assert_string_equal(service_state_name(SERVICE_NOT_INSTALLED), "SERVICE_NOT_INSTALLED");
    assert_string_equal(service_state_text(SERVICE_NOT_INSTALLED), "not installed");
    assert_string_equal(start_mode_name(START_DISABLED), "START_DISABLED");
    assert_string_equal(host_event_name(HOST_ORDER_OUTPUT), "HOST_ORDER_OUTPUT");
    assert_string_equal(incident_state_name(INCIDENT_CLOSED), "closed");
    assert_string_equal(priority_name(PRIORITY_CRITICAL), "critical");
    assert_string_equal(transition_name(TRANSITION_CLOSED), "closed");
}

static void only_outbox_events_have_a_key(void **state)
{
    (void)state;
    for (int kind = 0; kind < MESSAGE_KIND_COUNT; kind++) {
        struct message message = {.kind = (enum message_kind)kind};
        bool event = kind == MESSAGE_ORDER || kind == MESSAGE_SERVICE || kind == MESSAGE_HOST;
        assert_int_equal(message_event_key(&message) != NULL, event);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_are_spelled_as_in_topics),
        cmocka_unit_test(out_of_range_is_the_first_name),
        cmocka_unit_test(the_last_value_has_the_last_name),
        cmocka_unit_test(only_outbox_events_have_a_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
