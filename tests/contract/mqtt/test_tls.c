// SPDX-License-Identifier: Apache-2.0
// Mutual TLS: who is let in, and what a person is told who is not.
#include "tests/contract/mqtt/station.h"
#include "tests/contract/mqtt/world.h"
#include "tests/support/certificates.h"
#include "tests/support/loop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct station station;
static char certificate[256], key[256];

static const struct broker_options MUTUAL = {.tls = true};

static void prepare(struct world *world, const char *name)
{
    world_broker(world, &MUTUAL);
    assert_true(broker_client(world->broker, name, certificate, key));
    station_init(&station, &world->loop, broker_url(world->broker), name);
    station.settings.tls_ca_file = broker_ca_file(world->broker);
    station.settings.tls_certificate_file = certificate;
    station.settings.tls_key_file = key;
}

static void expect_failure(const char *part_of_the_reason)
{
    station_open(&station);
    wait_disconnected(&station, 2);
    assert_int_equal(station.connected, 0);
    if (!strstr(station.reason, part_of_the_reason))
        fail_msg("the reason is: %s", station.reason);
    station_close(&station);
}

static void a_client_with_its_certificate_is_let_in_and_published_for(void **state)
{
    struct world *world = *state;
    prepare(world, "LINE1");
    station_subscribe(&station, "mark", 1);
    station_connect(&station);
    assert_int_equal(station.version, 5);
    wait_round_trip(&station);
    assert_true(broker_restart(world->broker));
    wait_connected(&station, 2);
    wait_round_trip(&station);
    station_close(&station);
}

static void the_certificate_s_name_is_the_user_that_the_acl_knows(void **state)
{
    struct world *world = *state;
    static const struct broker_options OPTIONS = {.tls = true, .acl = "pattern write own/%u/#\n"};
    world_broker(world, &OPTIONS);
    assert_true(broker_client(world->broker, "LINE1", certificate, key));
    station_init(&station, &world->loop, broker_url(world->broker), "LINE1");
    station.settings.tls_ca_file = broker_ca_file(world->broker);
    station.settings.tls_certificate_file = certificate;
    station.settings.tls_key_file = key;
    station_connect(&station);
    assert_int_equal(station_publish(&station, "own/LINE1/x", "x", 1, false, 1), STATUS_OK);
    assert_int_equal(station_publish(&station, "own/LINE2/x", "x", 1, false, 2), STATUS_OK);
    wait_published(&station, 2);
    enum status status;
    assert_int_equal(station_told(&station, 1, &status), 1);
    assert_int_equal(status, STATUS_OK);
    assert_int_equal(station_told(&station, 2, &status), 1);
    assert_int_equal(status, STATUS_DENIED);
    station_close(&station);
}

static void a_broker_of_another_authority_is_not_trusted(void **state)
{
    struct world *world = *state;
    char other[300];
    prepare(world, "LINE1");
    struct authority *authority = authority_new(broker_folder(world->broker), "other");
    assert_non_null(authority);
    authority_free(authority);
    snprintf(other, sizeof other, "%s/other.crt", broker_folder(world->broker));
    station.settings.tls_ca_file = other;
    expect_failure("not signed by the certificate authority that is configured");
    assert_non_null(strstr(station.reason, "TLS: certificate verify failed"));
}

static void a_certificate_for_another_host_is_not_trusted(void **state)
{
    struct world *world = *state;
    char url[64];
    prepare(world, "LINE1");
    // Another way to write 127.0.0.1, which is in no certificate.
    snprintf(url, sizeof url, "mqtts://127.1:%u", (unsigned)broker_port(world->broker));
    station.settings.url = url;
    expect_failure("the broker's is not for this host name");
}

static void a_host_name_in_the_certificate_is_accepted(void **state)
{
    struct world *world = *state;
    char url[64];
    prepare(world, "LINE1");
    snprintf(url, sizeof url, "ssl://localhost:%u", (unsigned)broker_port(world->broker));
    station.settings.url = url;
    station_connect(&station);
    station_close(&station);
}

static void without_a_client_certificate_the_broker_refuses(void **state)
{
    struct world *world = *state;
    prepare(world, "LINE1");
    station.settings.tls_certificate_file = NULL;
    station.settings.tls_key_file = NULL;
    expect_failure("not accept the client certificate");
}

static void a_missing_ca_file_is_told(void **state)
{
    struct world *world = *state;
    prepare(world, "LINE1");
    station.settings.tls_ca_file = "/nonexistent/ca.crt";
    expect_failure("TLS: ");
}

static void a_missing_key_file_is_told(void **state)
{
    struct world *world = *state;
    prepare(world, "LINE1");
    station.settings.tls_key_file = "/nonexistent/client.key";
    expect_failure("TLS: ");
}

static void tls_to_a_port_without_tls_is_told(void **state)
{
    struct world *world = *state;
    char url[64];
    world_broker(world, NULL);
    snprintf(url, sizeof url, "mqtts://127.0.0.1:%u", (unsigned)broker_port(world->broker));
    station_init(&station, &world->loop, url, "station");
    expect_failure("closed during the TLS handshake");
}

static void plain_mqtt_to_a_port_with_tls_is_told(void **state)
{
    struct world *world = *state;
    char url[64];
    world_broker(world, &MUTUAL);
    snprintf(url, sizeof url, "mqtt://127.0.0.1:%u", (unsigned)broker_port(world->broker));
    station_init(&station, &world->loop, url, "station");
    expect_failure("is it a port for MQTT without TLS?");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    if (!broker_available())
        return 77;
    const struct CMUnitTest tests[] = {
        TEST(a_client_with_its_certificate_is_let_in_and_published_for),
        TEST(the_certificate_s_name_is_the_user_that_the_acl_knows),
        TEST(a_broker_of_another_authority_is_not_trusted),
        TEST(a_certificate_for_another_host_is_not_trusted),
        TEST(a_host_name_in_the_certificate_is_accepted),
        TEST(without_a_client_certificate_the_broker_refuses),
        TEST(a_missing_ca_file_is_told),
        TEST(a_missing_key_file_is_told),
        TEST(tls_to_a_port_without_tls_is_told),
        TEST(plain_mqtt_to_a_port_with_tls_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
