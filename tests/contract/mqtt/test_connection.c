// SPDX-License-Identifier: Apache-2.0
// Connecting, losing the connection, coming back, and what the broker says in one's name meanwhile.
#include "tests/contract/mqtt/fake_broker.h"
#include "tests/contract/mqtt/station.h"
#include "tests/contract/mqtt/world.h"
#include "tests/support/loop.h"
#include "tests/support/relay.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct station station, watcher;
static struct fake_broker fake;

static void set_will(struct station *of, const char *payload)
{
    snprintf(of->will.topic, sizeof of->will.topic, "birth");
    snprintf(of->will.payload, sizeof of->will.payload, "%s", payload);
    of->will.qos = 1;
    of->will.retained = true;
}

static void watch_births(struct world *world)
{
    station_init(&watcher, &world->loop, broker_url(world->broker), "watcher");
    station_subscribe(&watcher, "birth", 1);
    station_subscribe(&watcher, "mark", 1);
    station_connect(&watcher);
}

// Behind a relay, so that the link can be broken.
static struct relay *open_behind_relay(struct world *world, char url[64])
{
    struct relay *relay = relay_new(&world->loop, broker_port(world->broker));
    assert_non_null(relay);
    snprintf(url, 64, "mqtt://127.0.0.1:%u", (unsigned)relay_port(relay));
    return relay;
}

static void a_modern_broker_is_spoken_to_in_version_5(void **state)
{
    struct world *world = *state;
    world_broker(world, NULL);
    station_init(&station, &world->loop, broker_url(world->broker), "station");
    station_open(&station);
    assert_false(mqtt_is_connected(station.client));
    wait_connected(&station, 1);
    assert_true(mqtt_is_connected(station.client));
    assert_int_equal(station.version, 5);
    assert_int_equal(station.will_asked, 1);
    assert_int_equal(mqtt_counters(station.client).connects, 1);
    station_close(&station);
}

static void a_3_1_1_broker_is_met_at_once_and_remembered(void **state)
{
    struct world *world = *state;
    fake_broker_open(&fake, &world->loop);
    station_init(&station, &world->loop, fake.url, "station");
    station_subscribe(&station, "a", 1);
    station_subscribe(&station, "b", 0);
    station_connect(&station);
    assert_int_equal(station.version, 4);
    assert_int_equal(station.disconnected, 0);
    assert_int_equal(fake.connects, 2);
    assert_int_equal(fake.levels[0], 5);
    assert_int_equal(fake.levels[1], 4);
    fake_broker_drop(&fake);
    wait_connected(&station, 2);
    assert_int_equal(fake.connects, 3);
    assert_int_equal(fake.levels[2], 4);
    assert_int_equal(fake.subscribes, 2);
    assert_int_equal(mqtt_counters(station.client).connect_failures, 0);
    assert_int_equal(station_publish(&station, "t", "x", 1, false, 9), STATUS_OK);
    wait_published(&station, 1);
    station_close(&station);
    assert_int_equal(fake.disconnects, 1);
    fake_broker_close(&fake);
}

static void a_restarted_broker_is_found_again_with_all_subscriptions(void **state)
{
    struct world *world = *state;
    world_broker(world, NULL);
    station_init(&station, &world->loop, broker_url(world->broker), "station");
    station_subscribe(&station, "a", 1);
    station_subscribe(&station, "mark", 1);
    station_connect(&station);
    assert_true(broker_stop(world->broker));
    wait_disconnected(&station, 1);
    assert_non_null(strstr(station.reason, "connection lost"));
    assert_false(mqtt_is_connected(station.client));
    assert_int_equal(station_publish(&station, "a", "x", 1, false, 1), STATUS_UNAVAILABLE);
    wait_disconnected(&station, 2); // an attempt that nobody answered
    assert_non_null(strstr(station.reason, "refused"));
    assert_true(broker_resume(world->broker));
    wait_connected(&station, 2);
    assert_true(mqtt_counters(station.client).connect_failures >= 1);
    assert_int_equal(mqtt_counters(station.client).connects, 2);
    assert_int_equal(station_publish(&station, "a", "again", 1, false, 2), STATUS_OK);
    wait_payload(&station, "a", "again");
    station_close(&station);
}

static void the_will_is_published_when_the_link_breaks(void **state)
{
    struct world *world = *state;
    char url[64];
    world_broker(world, NULL);
    watch_births(world);
    struct relay *relay = open_behind_relay(world, url);
    station_init(&station, &world->loop, url, "station");
    set_will(&station, "gone 1");
    station.will_expiry_s = 3600;
    station_connect(&station);
    set_will(&station, "gone 2"); // from the next connection on
    relay_cut(relay);
    wait_payload(&watcher, "birth", "gone 1");
    wait_connected(&station, 2);
    assert_int_equal(station.will_asked, 2);
    relay_cut(relay);
    wait_payload(&watcher, "birth", "gone 2");
    station_close(&station);
    station_close(&watcher);
    relay_free(relay);
}

static void a_client_that_says_goodbye_leaves_no_will(void **state)
{
    struct world *world = *state;
    world_broker(world, NULL);
    watch_births(world);
    station_init(&station, &world->loop, broker_url(world->broker), "station");
    set_will(&station, "gone");
    station_connect(&station);
    station_close(&station);
    wait_round_trip(&watcher);
    assert_null(station_message(&watcher, "birth"));
    station_close(&watcher);
}

static void asking_for_a_reconnect_changes_the_will_and_sends_none(void **state)
{
    struct world *world = *state;
    char url[64];
    world_broker(world, NULL);
    watch_births(world);
    struct relay *relay = open_behind_relay(world, url);
    station_init(&station, &world->loop, url, "station");
    set_will(&station, "suspended");
    station_connect(&station);
    set_will(&station, "lost");
    mqtt_reconnect(station.client);
    assert_false(mqtt_is_connected(station.client));
    wait_connected(&station, 2);
    assert_int_equal(station.disconnected, 1);
    wait_round_trip(&watcher);
    assert_null(station_message(&watcher, "birth"));
    relay_cut(relay);
    wait_payload(&watcher, "birth", "lost");
    station_close(&station);
    station_close(&watcher);
    relay_free(relay);
}

static void a_reconnect_asked_for_while_connecting_uses_the_new_will(void **state)
{
    struct world *world = *state;
    char url[64];
    world_broker(world, NULL);
    watch_births(world);
    struct relay *relay = open_behind_relay(world, url);
    station_init(&station, &world->loop, url, "station");
    set_will(&station, "old");
    station_open(&station);
    while (station.will_asked == 0)
        uv_run(&world->loop, UV_RUN_ONCE);
    set_will(&station, "new");
    mqtt_reconnect(station.client);
    wait_connected(&station, 1);
    assert_int_equal(station.will_asked, 2);
    relay_cut(relay);
    wait_payload(&watcher, "birth", "new");
    station_close(&station);
    station_close(&watcher);
    relay_free(relay);
}

static void a_reconnect_asked_for_while_waiting_does_not_wait(void **state)
{
    struct world *world = *state;
    fake_broker_open(&fake, &world->loop);
    fake.refuse_with = 3;
    station_init(&station, &world->loop, fake.url, "station");
    station.settings.backoff_min = station.settings.backoff_max = duration_s(3600);
    station_open(&station);
    wait_disconnected(&station, 1);
    fake.refuse_with = 0;
    mqtt_reconnect(station.client); // an hour of back-off is skipped
    wait_connected(&station, 1);
    station_close(&station);
    fake_broker_close(&fake);
}

static void unanswered_publishes_end_unavailable_when_the_link_breaks(void **state)
{
    struct world *world = *state;
    char url[64];
    world_broker(world, NULL);
    struct relay *relay = open_behind_relay(world, url);
    station_init(&station, &world->loop, url, "station");
    station_connect(&station);
    relay_hold(relay);
    enum { COUNT = 20 };
    for (uint64_t token = 1; token <= COUNT; token++)
        assert_int_equal(station_publish(&station, "t", "x", 1, false, token), STATUS_OK);
    relay_cut(relay);
    wait_published(&station, COUNT);
    for (uint64_t token = 1; token <= COUNT; token++) {
        enum status status = STATUS_OK;
        assert_int_equal(station_told(&station, token, &status), 1);
        assert_int_equal(status, STATUS_UNAVAILABLE);
    }
    relay_release(relay);
    wait_connected(&station, 2);
    assert_int_equal(station_publish(&station, "t", "x", 1, false, 99), STATUS_OK);
    wait_published(&station, COUNT + 1);
    station_close(&station);
    assert_int_equal(station.published_count, COUNT + 1);
    relay_free(relay);
}

// Every slot of the window comes back, however often the link breaks in the middle of publishing.
static void the_window_survives_many_broken_links(void **state)
{
    struct world *world = *state;
    char url[64];
    world_broker(world, NULL);
    struct relay *relay = open_behind_relay(world, url);
    station_init(&station, &world->loop, url, "station");
    station.settings.send_window = 8;
    station_connect(&station);
    uint64_t token = 0;
    for (int round = 1; round <= 10; round++) {
        for (int i = 0; i < 8; i++) {
            if (station_publish(&station, "t", "x", i % 2, false, token + 1) == STATUS_OK)
                token++;
        }
        if (round % 2)
            uv_run(&world->loop, UV_RUN_NOWAIT);
        relay_cut(relay);
        wait_connected(&station, round + 1);
    }
    wait_published(&station, token);
    for (uint64_t i = 1; i <= token; i++)
        assert_int_equal(station_told(&station, i, NULL), 1);
    // What the library still held has to come back before the whole window can be used again.
    for (int sent = 0; sent < 8;) {
        enum status status = station_publish(&station, "t", "x", 1, false, ++token);
        if (status == STATUS_OK)
            sent++;
        else
            uv_run(&world->loop, UV_RUN_ONCE);
    }
    station_close(&station);
    relay_free(relay);
}

static void a_frozen_broker_is_noticed_by_the_keepalive(void **state)
{
    struct world *world = *state;
    world_broker(world, NULL);
    station_init(&station, &world->loop, broker_url(world->broker), "station");
    station.settings.keepalive_s = 1;
    station.settings.connect_timeout = duration_s(1);
    station_connect(&station);
    broker_freeze(world->broker);
    wait_disconnected(&station, 1);
    assert_non_null(strstr(station.reason, "keepalive of 1 s"));
    wait_disconnected(&station, 2); // the kernel still accepts, nobody answers
    assert_non_null(strstr(station.reason, "no answer within the connect timeout"));
    broker_thaw(world->broker);
    wait_connected(&station, 2);
    station_close(&station);
}

static void an_idle_connection_is_kept_alive(void **state)
{
    struct world *world = *state;
    fake_broker_open(&fake, &world->loop);
    station_init(&station, &world->loop, fake.url, "station");
    station.settings.keepalive_s = 1;
    station_connect(&station);
    while (fake.pings < 3)
        uv_run(&world->loop, UV_RUN_ONCE);
    assert_int_equal(station.disconnected, 0);
    station_close(&station);
    fake_broker_close(&fake);
}

static void each_refusal_is_told_with_its_reason_and_tried_again(void **state)
{
    struct world *world = *state;
    fake_broker_open(&fake, &world->loop);
    fake.refuse_with = 5;
    station_init(&station, &world->loop, fake.url, "station");
    station_open(&station);
    wait_disconnected(&station, 2);
    assert_non_null(strstr(station.reason, "not authorized"));
    assert_non_null(strstr(station.reason, fake.url));
    assert_int_equal(mqtt_counters(station.client).connect_failures, 2);
    assert_int_equal(station.connected, 0);
    fake.refuse_with = 0;
    wait_connected(&station, 1);
    station_close(&station);
    fake_broker_close(&fake);
}

static void a_refused_subscription_is_no_connection(void **state)
{
    struct world *world = *state;
    fake_broker_open(&fake, &world->loop);
    fake.refuse_filter = "secret/#";
    station_init(&station, &world->loop, fake.url, "station");
    station_subscribe(&station, "secret/#", 1);
    station_open(&station);
    wait_disconnected(&station, 2);
    assert_int_equal(station.connected, 0);
    assert_non_null(strstr(station.reason, "secret/#"));
    fake.refuse_filter = NULL;
    wait_connected(&station, 1);
    station_close(&station);
    fake_broker_close(&fake);
}

static void one_refused_subscription_of_several_is_named(void **state)
{
    struct world *world = *state;
    fake_broker_open(&fake, &world->loop);
    fake.refuse_filter = "b";
    station_init(&station, &world->loop, fake.url, "station");
    station_subscribe(&station, "a", 1);
    station_subscribe(&station, "b", 0);
    station_subscribe(&station, "c", 1);
    station_open(&station);
    wait_disconnected(&station, 1);
    assert_non_null(strstr(station.reason, "subscription to b:"));
    assert_int_equal(station.connected, 0);
    station_close(&station);
    fake_broker_close(&fake);
}

static void an_unanswered_subscription_ends_the_connection(void **state)
{
    struct world *world = *state;
    fake_broker_open(&fake, &world->loop);
    fake.ignore_subscription = true;
    station_init(&station, &world->loop, fake.url, "station");
    station.settings.connect_timeout = duration_ms(300);
    station_subscribe(&station, "a", 1);
    station_open(&station);
    wait_disconnected(&station, 1);
    assert_non_null(strstr(station.reason, "does not answer the subscription"));
    fake.ignore_subscription = false;
    wait_connected(&station, 1);
    station_close(&station);
    fake_broker_close(&fake);
}

static void a_peer_that_closes_without_a_word_is_told_so(void **state)
{
    struct world *world = *state;
    fake_broker_open(&fake, &world->loop);
    fake.close_unanswered = true;
    station_init(&station, &world->loop, fake.url, "station");
    station_open(&station);
    wait_disconnected(&station, 2);
    assert_non_null(strstr(station.reason, "closed by the broker before it answered"));
    station_close(&station);
    fake_broker_close(&fake);
}

static void an_unknown_host_is_told_so(void **state)
{
    struct world *world = *state;
    station_init(&station, &world->loop, "mqtt://no-such-host.invalid", "station");
    station_open(&station);
    wait_disconnected(&station, 1);
    assert_non_null(strstr(station.reason, "no-such-host.invalid"));
    assert_non_null(strstr(station.reason, "resolved"));
    station_close(&station);
}

static void a_second_client_with_the_same_id_is_a_possible_reason(void **state)
{
    struct world *world = *state;
    world_broker(world, NULL);
    station_init(&station, &world->loop, broker_url(world->broker), "twin");
    station.settings.backoff_min = station.settings.backoff_max = duration_s(3600);
    station_connect(&station);
    station_init(&watcher, &world->loop, broker_url(world->broker), "twin");
    station_connect(&watcher);
    wait_disconnected(&station, 1);
    assert_non_null(strstr(station.reason, "same client id, twin"));
    station_close(&station);
    station_close(&watcher);
}

static void the_reason_a_broker_gives_is_passed_on(void **state)
{
    struct world *world = *state;
    fake_broker_open(&fake, &world->loop);
    fake.speaks_5 = true;
    station_init(&station, &world->loop, fake.url, "station");
    station_connect(&station);
    assert_int_equal(station.version, 5);
    fake_broker_send(&fake, "\xe0\x02\x8b\x00", 4);
    fake_broker_send(&fake, "\xe0\x02\x8b\x00", 4); // more than one does no harm
    fake_broker_drop(&fake);
    wait_disconnected(&station, 1);
    assert_non_null(strstr(station.reason, "disconnected by the broker: Server shutting down"));
    station_close(&station);
    fake_broker_close(&fake);
}

static void garbage_from_the_peer_ends_the_connection_only(void **state)
{
    struct world *world = *state;
    fake_broker_open(&fake, &world->loop);
    station_init(&station, &world->loop, fake.url, "station");
    station_connect(&station);
    fake_broker_send(&fake, "\x00\xff\xff\xff\xff\xff", 6);
    wait_connected(&station, 2);
    fake_broker_send(&fake, "\x20\x02\x00\x00", 4); // a CONNACK nobody waits for
    wait_connected(&station, 3);
    station_close(&station);
    fake_broker_close(&fake);
}

static void bad_settings_are_refused_before_anything_starts(void **state)
{
    struct world *world = *state;
    struct mqtt_client *client = NULL;
    const struct mqtt_events events = {0};
    station_init(&station, &world->loop, "http://broker", "station");
    assert_int_equal(mqtt_paho.open(&world->loop, &station.settings, &events, NULL, &client),
                     STATUS_INVALID);
    station_init(&station, &world->loop, "mqtt://broker", "");
    assert_int_equal(mqtt_paho.open(&world->loop, &station.settings, &events, NULL, &client),
                     STATUS_INVALID);
    station_init(&station, &world->loop, "mqtt://broker", "\xff");
    assert_int_equal(mqtt_paho.open(&world->loop, &station.settings, &events, NULL, &client),
                     STATUS_INVALID);
    station_init(&station, &world->loop, "mqtt://broker", "station");
    station.settings.send_window = 0;
    assert_int_equal(mqtt_paho.open(&world->loop, &station.settings, &events, NULL, &client),
                     STATUS_INVALID);
    assert_null(client);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    if (!broker_available())
        return 77;
    const struct CMUnitTest tests[] = {
        TEST(a_modern_broker_is_spoken_to_in_version_5),
        TEST(a_3_1_1_broker_is_met_at_once_and_remembered),
        TEST(a_restarted_broker_is_found_again_with_all_subscriptions),
        TEST(the_will_is_published_when_the_link_breaks),
        TEST(a_client_that_says_goodbye_leaves_no_will),
        TEST(asking_for_a_reconnect_changes_the_will_and_sends_none),
        TEST(a_reconnect_asked_for_while_connecting_uses_the_new_will),
        TEST(a_reconnect_asked_for_while_waiting_does_not_wait),
        TEST(unanswered_publishes_end_unavailable_when_the_link_breaks),
        TEST(the_window_survives_many_broken_links),
        TEST(a_frozen_broker_is_noticed_by_the_keepalive),
        TEST(an_idle_connection_is_kept_alive),
        TEST(each_refusal_is_told_with_its_reason_and_tried_again),
        TEST(a_refused_subscription_is_no_connection),
        TEST(one_refused_subscription_of_several_is_named),
        TEST(an_unanswered_subscription_ends_the_connection),
        TEST(a_peer_that_closes_without_a_word_is_told_so),
        TEST(an_unknown_host_is_told_so),
        TEST(a_second_client_with_the_same_id_is_a_possible_reason),
        TEST(the_reason_a_broker_gives_is_passed_on),
        TEST(garbage_from_the_peer_ends_the_connection_only),
        TEST(bad_settings_are_refused_before_anything_starts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
