// SPDX-License-Identifier: Apache-2.0
// Tests of the sentences that say why a connection failed.
#include "runtime/mqtt/paho_reason.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static char reason[CROSSING_TEXT_SIZE];
static const struct mqtt_settings SETTINGS = {.client_id = "LINE1", .keepalive_s = 20};
static const struct mqtt_url PLAIN = {.host = "broker", .port = 1883};

static void expect(const char *part)
{
    if (!strstr(reason, part))
        fail_msg("the reason is: %s", reason);
}

static void a_broker_s_refusal_is_named(void **state)
{
    (void)state;
    struct paho_attempt attempt = {.settings = &SETTINGS, .url = &PLAIN};
    paho_connect_reason(&attempt, 4, "CONNACK return code", reason);
    assert_string_equal(reason, "mqtt://broker:1883: the broker refuses the user name or password");
    paho_connect_reason(&attempt, 0x87, NULL, reason);
    expect("Not authorized");
    paho_connect_reason(&attempt, 0x55, NULL, reason);
    expect("mqtt://broker:1883: ");
}

static void what_tls_said_comes_before_what_the_library_says(void **state)
{
    (void)state;
    struct paho_attempt attempt = {.settings = &SETTINGS, .url = &PLAIN};
    strcpy(attempt.detail, "certificate verify failed");
    paho_connect_reason(&attempt, -1, "TCP/TLS connect failure", reason);
    expect("TLS: certificate verify failed (");
}

static void an_openssl_line_is_cut_to_its_reason(void **state)
{
    (void)state;
    const char *line = "80D2:error:0A000086:SSL routines:tls_post_process:certificate verify "
                       "failed:../ssl/statem.c:1889:\n";
    paho_tls_reason(line, strlen(line), reason);
    assert_string_equal(reason, "certificate verify failed");
    paho_tls_reason("error:0A:lib", 12, reason);
    assert_string_equal(reason, "error");
    paho_tls_reason("error:", 6, reason);
    assert_string_equal(reason, "error");
    paho_tls_reason("no such form", 12, reason);
    assert_string_equal(reason, "no such form");
    paho_tls_reason("", 0, reason);
    assert_string_equal(reason, "");
}

static void a_refused_subscription_is_named(void **state)
{
    (void)state;
    paho_subscribe_reason("stationwatch/#", 0x87, reason);
    assert_string_equal(reason,
                        "the broker refuses the subscription to stationwatch/#: Not authorized");
    paho_subscribe_reason("a", -11, reason);
    assert_string_equal(reason, "connection lost while subscribing");
}

static void a_lost_connection_names_what_it_can_be(void **state)
{
    (void)state;
    struct paho_attempt attempt = {.settings = &SETTINGS, .url = &PLAIN};
    paho_lost_reason(&attempt, reason);
    expect("keepalive of 20 s");
    expect("LINE1");
    strcpy(attempt.detail, "Session taken over");
    paho_lost_reason(&attempt, reason);
    assert_string_equal(reason, "disconnected by the broker: Session taken over");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_broker_s_refusal_is_named),
        cmocka_unit_test(what_tls_said_comes_before_what_the_library_says),
        cmocka_unit_test(an_openssl_line_is_cut_to_its_reason),
        cmocka_unit_test(a_refused_subscription_is_named),
        cmocka_unit_test(a_lost_connection_names_what_it_can_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
