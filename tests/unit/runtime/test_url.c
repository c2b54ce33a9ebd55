// SPDX-License-Identifier: Apache-2.0
// Tests of the broker's address.
#include "runtime/mqtt/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void expect(const char *text, bool tls, const char *host, uint16_t port)
{
    struct mqtt_url url;
    assert_int_equal(mqtt_url_parse(text, &url, NULL), STATUS_OK);
    assert_int_equal(url.tls, tls);
    assert_string_equal(url.host, host);
    assert_int_equal(url.port, port);
}

static void expect_problem(const char *text, const char *part_of_the_problem)
{
    struct mqtt_url url = {.port = 7};
    const char *problem = NULL;
    assert_int_equal(mqtt_url_parse(text, &url, &problem), STATUS_INVALID);
    assert_non_null(problem);
    if (!strstr(problem, part_of_the_problem))
        fail_msg("'%s' gave: %s", text, problem);
    assert_int_equal(url.port, 7);
}

static void each_scheme_has_its_default_port(void **state)
{
    (void)state;
    expect("mqtt://broker", false, "broker", 1883);
    expect("tcp://broker", false, "broker", 1883);
    expect("mqtts://broker", true, "broker", 8883);
    expect("ssl://broker", true, "broker", 8883);
}

static void a_port_is_read_to_its_limits(void **state)
{
    (void)state;
    expect("mqtt://10.0.0.7:1", false, "10.0.0.7", 1);
    expect("mqtts://a-b.example_1:65535", true, "a-b.example_1", 65535);
    expect_problem("mqtt://broker:0", "1 to 65535");
    expect_problem("mqtt://broker:65536", "1 to 65535");
    expect_problem("mqtt://broker:99999999999999999999", "1 to 65535");
    expect_problem("mqtt://broker:", "1 to 65535");
    expect_problem("mqtt://broker:18x", "1 to 65535");
    expect_problem("mqtt://broker:-1", "1 to 65535");
}

static void an_ipv6_address_needs_its_brackets(void **state)
{
    (void)state;
    struct mqtt_url url;
    char text[MQTT_URL_SIZE];
    expect("mqtt://[::1]", false, "::1", 1883);
    expect("mqtts://[2001:db8::7]:9000", true, "2001:db8::7", 9000);
    assert_int_equal(mqtt_url_parse("ssl://[::1]:5", &url, NULL), STATUS_OK);
    assert_string_equal(mqtt_url_format(&url, "tcp", "ssl", text), "ssl://[::1]:5");
    expect_problem("mqtt://[::1", "IPv6");
    expect_problem("mqtt://[]", "IPv6");
    expect_problem("mqtt://[broker]", "IPv6");
    expect_problem("mqtt://[fe80::1%eth0]", "IPv6");
    expect_problem("mqtt://::1", "IPv6");
    expect_problem("mqtt://2001:db8::7", "IPv6");
}

static void anything_else_is_refused_with_a_sentence(void **state)
{
    (void)state;
    expect_problem(NULL, "begins with mqtt://");
    expect_problem("", "begins with mqtt://");
    expect_problem("broker:1883", "begins with mqtt://");
    expect_problem("MQTT://broker", "begins with mqtt://");
    expect_problem("ws://broker", "begins with mqtt://");
    expect_problem("mqtt://", "host is missing");
    expect_problem("mqtt://:1883", "host is missing");
    expect_problem("mqtt://bro ker", "host is missing");
    expect_problem("mqtt://user:pass@broker", "settings of its own");
    expect_problem("mqtt://broker/topic", "nothing may follow");
    expect_problem("mqtt://broker:1883/", "nothing may follow");
    expect_problem("mqtt://broker?x=1", "nothing may follow");
}

static void a_host_name_has_a_limit(void **state)
{
    (void)state;
    char text[400] = "mqtt://";
    memset(text + 7, 'h', 255);
    struct mqtt_url url;
    assert_int_equal(mqtt_url_parse(text, &url, NULL), STATUS_OK);
    text[7 + 255] = 'h';
    expect_problem(text, "255");
}

static void what_was_parsed_is_written_again(void **state)
{
    (void)state;
    struct mqtt_url url;
    char text[MQTT_URL_SIZE];
    assert_int_equal(mqtt_url_parse("mqtt://broker", &url, NULL), STATUS_OK);
    assert_string_equal(mqtt_url_format(&url, "tcp", "ssl", text), "tcp://broker:1883");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_scheme_has_its_default_port),
        cmocka_unit_test(a_port_is_read_to_its_limits),
        cmocka_unit_test(an_ipv6_address_needs_its_brackets),
        cmocka_unit_test(anything_else_is_refused_with_a_sentence),
        cmocka_unit_test(a_host_name_has_a_limit),
        cmocka_unit_test(what_was_parsed_is_written_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
