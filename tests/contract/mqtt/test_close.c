// SPDX-License-Identifier: Apache-2.0
// Closing a client in every state: it ends in bounded time, tells what it owes, leaks nothing.
#include "tests/contract/mqtt/fake_broker.h"
#include "tests/contract/mqtt/station.h"
#include "tests/contract/mqtt/world.h"
#include "tests/support/loop.h"
#include "tests/support/relay.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static struct station station;
static struct fake_broker fake;

// Read by the leak checker. paho.mqtt.c leaks topic and payload of what it still queues when its
// handle is destroyed: at most a send window, when a program ends on a stalled or dead link. Leaks
// of our own, and of handles in the other programs of this folder, are still found.
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libpaho-mqtt3as\n";
}

static void before_the_first_attempt(void **state)
{
    struct world *world = *state;
    station_init(&station, &world->loop, "mqtt://127.0.0.1:1", "station");
    station_open(&station);
    station_close(&station);
    assert_int_equal(station.will_asked, 0);
    assert_int_equal(station.disconnected, 0);
}

static void while_connecting_to_a_broker_that_does_not_answer(void **state)
{
    struct world *world = *state;
    fake_broker_open(&fake, &world->loop);
    fake.mute = true;
    station_init(&station, &world->loop, fake.url, "station");
    station.settings.connect_timeout = duration_s(3600);
    station_open(&station);
    while (fake.connects == 0)
        uv_run(&world->loop, UV_RUN_ONCE);
    station_close(&station);
    assert_int_equal(station.connected, 0);
    fake_broker_close(&fake);
}

static void while_the_name_is_resolved_or_the_socket_connects(void **state)
{
    struct world *world = *state;
    fake_broker_open(&fake, &world->loop);
    station_init(&station, &world->loop, fake.url, "station");
    station_open(&station);
    while (station.will_asked == 0)
        uv_run(&world->loop, UV_RUN_ONCE);
    station_close(&station); // in the turn that began the attempt
    fake_broker_close(&fake);
}

static void while_waiting_for_the_next_attempt(void **state)
{
    struct world *world = *state;
    fake_broker_open(&fake, &world->loop);
    fake.refuse_with = 5;
    station_init(&station, &world->loop, fake.url, "station");
    station.settings.backoff_min = station.settings.backoff_max = duration_s(3600);
    station_open(&station);
    wait_disconnected(&station, 1);
    station_close(&station);
    fake_broker_close(&fake);
}

static void while_subscribing(void **state)
{
    struct world *world = *state;
    fake_broker_open(&fake, &world->loop);
    fake.ignore_subscription = true;
    station_init(&station, &world->loop, fake.url, "station");
    station_subscribe(&station, "a", 1);
    station_open(&station);
    while (fake.subscribes == 0)
        uv_run(&world->loop, UV_RUN_ONCE);
    station_close(&station);
    assert_int_equal(station.connected, 0);
    fake_broker_close(&fake);
}

static void while_reconnecting_as_asked_for(void **state)
{
    struct world *world = *state;
    world_broker(world, NULL);
    station_init(&station, &world->loop, broker_url(world->broker), "station");
    station_connect(&station);
    mqtt_reconnect(station.client);
    station_close(&station);
    assert_int_equal(station.connected, 1);
}

static void while_connected_what_was_published_goes_out_first(void **state)
{
    struct world *world = *state;
    enum { COUNT = 50 };
    fake_broker_open(&fake, &world->loop);
    station_init(&station, &world->loop, fake.url, "station");
    station_connect(&station);
    for (uint64_t token = 1; token <= COUNT; token++)
        assert_int_equal(station_publish(&station, "t", "x", (int)(token % 2), false, token),
                         STATUS_OK);
    station_close(&station);
    for (uint64_t token = 1; token <= COUNT; token++) {
        enum status status = STATUS_IO;
        assert_int_equal(station_told(&station, token, &status), 1);
        assert_int_equal(status, STATUS_OK);
    }
    assert_int_equal(fake.publishes, COUNT);
    assert_int_equal(fake.disconnects, 1);
    fake_broker_close(&fake);
}

static void with_publishes_that_nobody_acknowledges(void **state)
{
    struct world *world = *state;
    enum { COUNT = 10 };
    fake_broker_open(&fake, &world->loop);
    fake.hold_acks = true;
    station_init(&station, &world->loop, fake.url, "station");
    station_connect(&station);
    for (uint64_t token = 1; token <= COUNT; token++)
        assert_int_equal(station_publish(&station, "t", "x", 1, false, token), STATUS_OK);
    station_close(&station);
    for (uint64_t token = 1; token <= COUNT; token++) {
        enum status status = STATUS_OK;
        assert_int_equal(station_told(&station, token, &status), 1);
        assert_int_equal(status, STATUS_UNAVAILABLE);
    }
    fake_broker_close(&fake);
}

static void while_the_broker_is_frozen(void **state)
{
    struct world *world = *state;
    world_broker(world, NULL);
    station_init(&station, &world->loop, broker_url(world->broker), "station");
    station_connect(&station);
    broker_freeze(world->broker);
    assert_int_equal(station_publish(&station, "t", "x", 1, false, 1), STATUS_OK);
    station_close(&station);
    assert_int_equal(station_told(&station, 1, NULL), 1);
}

// The socket is full, so not even the DISCONNECT can be written.
static void while_the_link_takes_nothing_more(void **state)
{
    struct world *world = *state;
    char url[64];
    world_broker(world, NULL);
    struct relay *relay = relay_new(&world->loop, broker_port(world->broker));
    assert_non_null(relay);
    snprintf(url, sizeof url, "mqtt://127.0.0.1:%u", (unsigned)relay_port(relay));
    station_init(&station, &world->loop, url, "station");
    station.settings.send_window = 512;
    station_connect(&station);
    relay_hold(relay);
    static char payload[MQTT_PAYLOAD_MAX];
    struct mqtt_message message = {
        .topic = "t", .payload = payload, .size = sizeof payload, .qos = 1};
    uint64_t accepted = 0;
    while (mqtt_publish(station.client, &message, accepted + 1) == STATUS_OK)
        accepted++;
    assert_int_equal(accepted, 512);
    station_close(&station);
    assert_int_equal(station.published_count, accepted);
    relay_free(relay);
}

static void when_the_broker_dies_meanwhile(void **state)
{
    struct world *world = *state;
    world_broker(world, NULL);
    station_init(&station, &world->loop, broker_url(world->broker), "station");
    station_connect(&station);
    assert_int_equal(station_publish(&station, "t", "x", 1, false, 1), STATUS_OK);
    broker_kill(world->broker);
    station_close(&station);
    assert_int_equal(station_told(&station, 1, NULL), 1);
}

static bool inner_closed;

static void note_closed(void *context)
{
    ((struct station *)context)->client = NULL;
    inner_closed = true;
}

static void close_in_callback(struct station *of)
{
    mqtt_close(of->client, note_closed, of);
    mqtt_close(of->client, note_closed, of); // the second is ignored
}

static bool is_inner_closed(void *context)
{
    (void)context;
    return inner_closed;
}

static void from_within_a_callback(void **state)
{
    struct world *world = *state;
    world_broker(world, NULL);
    station_init(&station, &world->loop, broker_url(world->broker), "station");
    inner_closed = false;
    station.on_connected = close_in_callback;
    station_open(&station);
    assert_true(loop_until(&world->loop, is_inner_closed, NULL, LOOP_PATIENCE_MS));
    assert_int_equal(station.connected, 1);
    assert_int_equal(station.disconnected, 0);
}

static void one_of_two_clients_leaves_the_other_alone(void **state)
{
    struct world *world = *state;
    static struct station other;
    world_broker(world, NULL);
    station_init(&station, &world->loop, broker_url(world->broker), "station");
    station_connect(&station);
    station_init(&other, &world->loop, broker_url(world->broker), "other");
    station_subscribe(&other, "mark", 1);
    station_connect(&other);
    station_close(&station);
    wait_round_trip(&other);
    station_close(&other);
    assert_int_equal(other.disconnected, 0);
}

static void and_opening_again_many_times(void **state)
{
    struct world *world = *state;
    world_broker(world, NULL);
    for (int round = 0; round < 5; round++) {
        station_init(&station, &world->loop, broker_url(world->broker), "station");
        station_open(&station);
        for (int turn = 0; turn < round; turn++)
            uv_run(&world->loop, UV_RUN_NOWAIT);
        station_close(&station);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    if (!broker_available())
        return 77;
    const struct CMUnitTest tests[] = {
        TEST(before_the_first_attempt),
        TEST(while_connecting_to_a_broker_that_does_not_answer),
        TEST(while_the_name_is_resolved_or_the_socket_connects),
        TEST(while_waiting_for_the_next_attempt),
        TEST(while_subscribing),
        TEST(while_reconnecting_as_asked_for),
        TEST(while_connected_what_was_published_goes_out_first),
        TEST(with_publishes_that_nobody_acknowledges),
        TEST(while_the_broker_is_frozen),
        TEST(when_the_broker_dies_meanwhile),
        TEST(from_within_a_callback),
        TEST(one_of_two_clients_leaves_the_other_alone),
        TEST(and_opening_again_many_times),
        TEST(while_the_link_takes_nothing_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
