// SPDX-License-Identifier: Apache-2.0
// Publishing and receiving through a real broker.
#include "tests/contract/mqtt/fake_broker.h"
#include "tests/contract/mqtt/station.h"
#include "tests/contract/mqtt/world.h"
#include "tests/support/loop.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

static struct station sender, receiver;
static struct fake_broker fake;

static void both_qualities_of_service_arrive(void **state)
{
    struct world *world = *state;
    world_broker(world, NULL);
    station_init(&receiver, &world->loop, broker_url(world->broker), "receiver");
    station_subscribe(&receiver, "a/#", 1);
    station_connect(&receiver);
    station_init(&sender, &world->loop, broker_url(world->broker), "sender");
    station_connect(&sender);
    assert_int_equal(station_publish(&sender, "a/0", "zero", 0, false, 0), STATUS_OK);
    assert_int_equal(station_publish(&sender, "a/1", "one", 1, false, 0), STATUS_OK);
    wait_messages(&receiver, 2);
    assert_string_equal(station_message(&receiver, "a/0")->payload, "zero");
    assert_int_equal(station_message(&receiver, "a/0")->qos, 0);
    assert_string_equal(station_message(&receiver, "a/1")->payload, "one");
    assert_int_equal(station_message(&receiver, "a/1")->qos, 1);
    assert_false(station_message(&receiver, "a/1")->retained);
    assert_int_equal(mqtt_counters(receiver.client).received, 2);
    assert_int_equal(mqtt_counters(sender.client).published, 2);
    station_close(&sender);
    station_close(&receiver);
}

static void a_retained_message_meets_a_later_subscriber(void **state)
{
    struct world *world = *state;
    world_broker(world, NULL);
    station_init(&sender, &world->loop, broker_url(world->broker), "sender");
    station_connect(&sender);
    assert_int_equal(station_publish(&sender, "birth", "online", 1, true, 1), STATUS_OK);
    assert_int_equal(station_publish(&sender, "gone", "x", 1, true, 2), STATUS_OK);
    assert_int_equal(station_publish(&sender, "gone", "", 1, true, 3), STATUS_OK);
    wait_published(&sender, 3);
    station_init(&receiver, &world->loop, broker_url(world->broker), "receiver");
    station_subscribe(&receiver, "birth", 1);
    station_subscribe(&receiver, "gone", 1);
    station_subscribe(&receiver, "mark", 1);
    station_connect(&receiver);
    wait_round_trip(&receiver);
    assert_string_equal(station_message(&receiver, "birth")->payload, "online");
    assert_true(station_message(&receiver, "birth")->retained);
    assert_null(station_message(&receiver, "gone"));
    station_close(&sender);
    station_close(&receiver);
}

static void each_token_is_told_exactly_once(void **state)
{
    struct world *world = *state;
    world_broker(world, NULL);
    station_init(&sender, &world->loop, broker_url(world->broker), "sender");
    station_connect(&sender);
    enum { COUNT = 50 };
    for (uint64_t token = 1; token <= COUNT; token++)
        assert_int_equal(
            station_publish(&sender, "orders", "order", (int)(token % 2), false, token), STATUS_OK);
    assert_int_equal(station_publish(&sender, "orders", "nobody asks", 1, false, 0), STATUS_OK);
    wait_published(&sender, COUNT);
    for (uint64_t token = 1; token <= COUNT; token++) {
        enum status status = STATUS_IO;
        assert_int_equal(station_told(&sender, token, &status), 1);
        assert_int_equal(status, STATUS_OK);
    }
    station_close(&sender);
    assert_int_equal(sender.published_count, COUNT);
}

static void a_full_window_refuses_and_recovers(void **state)
{
    struct world *world = *state;
    fake_broker_open(&fake, &world->loop);
    fake.hold_acks = true;
    station_init(&sender, &world->loop, fake.url, "sender");
    sender.settings.send_window = 2;
    station_connect(&sender);
    assert_int_equal(station_publish(&sender, "t", "1", 1, false, 1), STATUS_OK);
    assert_int_equal(station_publish(&sender, "t", "2", 1, false, 2), STATUS_OK);
    assert_int_equal(station_publish(&sender, "t", "3", 1, false, 3), STATUS_FULL);
    assert_int_equal(station_publish(&sender, "t", "3", 0, false, 3), STATUS_FULL);
    assert_int_equal(mqtt_counters(sender.client).publish_refused, 2);
    while (fake.publishes < 2)
        uv_run(&world->loop, UV_RUN_ONCE);
    fake_broker_drop(&fake); // unacknowledged: both end unavailable, and the window is free again
    wait_published(&sender, 2);
    enum status status = STATUS_OK;
    assert_int_equal(station_told(&sender, 1, &status), 1);
    assert_int_equal(status, STATUS_UNAVAILABLE);
    fake.hold_acks = false;
    wait_connected(&sender, 2);
    assert_int_equal(station_publish(&sender, "t", "4", 1, false, 4), STATUS_OK);
    assert_int_equal(station_publish(&sender, "t", "5", 1, false, 5), STATUS_OK);
    wait_published(&sender, 4);
    assert_int_equal(station_told(&sender, 5, &status), 1);
    assert_int_equal(status, STATUS_OK);
    assert_int_equal(station_told(&sender, 3, NULL), 0);
    station_close(&sender);
    fake_broker_close(&fake);
}

// What the loop's thread has not taken yet counts against the queue: here it takes nothing at all
// until the broker has handed over everything.
static void what_exceeds_the_receive_queue_is_dropped_and_counted(void **state)
{
    struct world *world = *state;
    enum { COUNT = 40, ROOM = 2 };
    fake_broker_open(&fake, &world->loop);
    station_init(&receiver, &world->loop, fake.url, "receiver");
    receiver.settings.receive_queue_messages = ROOM;
    station_subscribe(&receiver, "#", 0);
    fake.ignore_subscription = true; // so messages wait for the subscription to be in place
    station_open(&receiver);
    while (fake.subscribes == 0)
        uv_run(&world->loop, UV_RUN_ONCE);
    for (int i = 0; i < COUNT; i++)
        fake_broker_send(&fake, "\x30\x04\x00\x01tx", 6);
    fake_broker_send(&fake, "\x90\x03\x00\x01\x00", 5); // packet id 1 granted
    wait_connected(&receiver, 1);
    wait_messages(&receiver, ROOM);
    struct mqtt_counters counters = mqtt_counters(receiver.client);
    assert_int_equal(counters.received, ROOM);
    assert_int_equal(counters.received_dropped, COUNT - ROOM);
    fake_broker_send(&fake, "\x30\x04\x00\x01ty", 6); // there is room again
    wait_payload(&receiver, "t", "y");
    station_close(&receiver);
    fake_broker_close(&fake);
}

static void what_mqtt_cannot_carry_is_refused(void **state)
{
    struct world *world = *state;
    world_broker(world, NULL);
    station_init(&sender, &world->loop, broker_url(world->broker), "sender");
    station_open(&sender);
    assert_int_equal(station_publish(&sender, "t", "early", 1, false, 1), STATUS_UNAVAILABLE);
    wait_connected(&sender, 1);
    assert_int_equal(station_publish(&sender, "", "x", 1, false, 1), STATUS_INVALID);
    assert_int_equal(station_publish(&sender, "a/+", "x", 1, false, 1), STATUS_INVALID);
    assert_int_equal(station_publish(&sender, "a/#", "x", 1, false, 1), STATUS_INVALID);
    assert_int_equal(station_publish(&sender, "\xff\xfe", "x", 1, false, 1), STATUS_INVALID);
    assert_int_equal(station_publish(&sender, "t", "x", 2, false, 1), STATUS_INVALID);
    struct mqtt_message message = {.topic = NULL, .payload = "x", .size = 1};
    assert_int_equal(mqtt_publish(sender.client, &message, 1), STATUS_INVALID);
    message = (struct mqtt_message){.topic = "t", .payload = "x", .size = MQTT_PAYLOAD_MAX + 1};
    assert_int_equal(mqtt_publish(sender.client, &message, 1), STATUS_INVALID);
    assert_int_equal(mqtt_counters(sender.client).publish_refused, 8);
    station_close(&sender);
    assert_int_equal(sender.published_count, 0);
}

static size_t received_size;

static void note_size(void *context, const struct mqtt_message *message)
{
    (void)context;
    received_size = message->size;
}

static bool a_size_was_received(void *context)
{
    (void)context;
    return received_size > 0;
}

static void ignore_closed(void *context)
{
    (void)context;
}

static void the_largest_payload_arrives_whole(void **state)
{
    struct world *world = *state;
    world_broker(world, NULL);
    station_init(&receiver, &world->loop, broker_url(world->broker), "receiver");
    station_subscribe(&receiver, "big", 1);
    struct mqtt_client *client = NULL;
    const struct mqtt_events events = {.message = note_size};
    received_size = 0;
    assert_int_equal(mqtt_paho.open(&world->loop, &receiver.settings, &events, NULL, &client),
                     STATUS_OK);
    station_init(&sender, &world->loop, broker_url(world->broker), "sender");
    station_connect(&sender);
    void *payload = calloc(1, MQTT_PAYLOAD_MAX);
    struct mqtt_message message = {
        .topic = "big", .payload = payload, .size = MQTT_PAYLOAD_MAX, .qos = 1, .retained = true};
    assert_int_equal(mqtt_publish(sender.client, &message, 1), STATUS_OK);
    assert_true(loop_until(&world->loop, a_size_was_received, NULL, LOOP_PATIENCE_MS));
    assert_int_equal(received_size, MQTT_PAYLOAD_MAX);
    free(payload);
    mqtt_close(client, ignore_closed, NULL);
    station_close(&sender);
}

static void a_message_with_an_expiry_arrives_in_time_and_not_afterwards(void **state)
{
    struct world *world = *state;
    world_broker(world, NULL);
    station_init(&sender, &world->loop, broker_url(world->broker), "sender");
    station_connect(&sender);
    assert_int_equal(sender.version, 5);
    struct mqtt_message message = {.topic = "expiring",
                                   .payload = "x",
                                   .size = 1,
                                   .qos = 1,
                                   .retained = true,
                                   .expiry_s = 3600};
    assert_int_equal(mqtt_publish(sender.client, &message, 1), STATUS_OK);
    wait_published(&sender, 1);
    station_init(&receiver, &world->loop, broker_url(world->broker), "receiver");
    station_subscribe(&receiver, "expiring", 1);
    station_connect(&receiver);
    wait_messages(&receiver, 1);
    station_close(&receiver);
    station_close(&sender);
}

static void a_publish_that_the_broker_denies_is_told_as_denied(void **state)
{
    struct world *world = *state;
    world_broker(world, &(struct broker_options){.acl = "topic read #\ntopic write allowed\n"});
    station_init(&sender, &world->loop, broker_url(world->broker), "sender");
    station_connect(&sender);
    assert_int_equal(station_publish(&sender, "allowed", "x", 1, false, 1), STATUS_OK);
    assert_int_equal(station_publish(&sender, "secret", "x", 1, false, 2), STATUS_OK);
    wait_published(&sender, 2);
    enum status status;
    assert_int_equal(station_told(&sender, 1, &status), 1);
    assert_int_equal(status, STATUS_OK);
    assert_int_equal(station_told(&sender, 2, &status), 1);
    assert_int_equal(status, STATUS_DENIED);
    station_close(&sender);
}

static void many_messages_arrive_in_order(void **state)
{
    struct world *world = *state;
    enum { COUNT = 3000 };
    world_broker(world, &(struct broker_options){.config = "max_queued_messages 100000\n"
                                                           "max_inflight_messages 0\n"});
    station_init(&receiver, &world->loop, broker_url(world->broker), "receiver");
    station_subscribe(&receiver, "n", 1);
    station_connect(&receiver);
    station_init(&sender, &world->loop, broker_url(world->broker), "sender");
    station_connect(&sender);
    for (uint64_t i = 1; i <= COUNT;) {
        char number[24];
        snprintf(number, sizeof number, "%llu", (unsigned long long)i);
        enum status status = station_publish(&sender, "n", number, 1, false, i);
        if (status == STATUS_OK)
            i++;
        else if (status == STATUS_FULL)
            uv_run(&world->loop, UV_RUN_ONCE);
        else
            fail_msg("%s", status_text(status));
    }
    wait_messages(&receiver, COUNT);
    wait_published(&sender, COUNT);
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(strtoull(receiver.messages[i].payload, NULL, 10), i + 1);
    station_close(&sender);
    station_close(&receiver);
}

// Whether one of this process's sockets leads to `port`; its options by reference.
static bool find_socket(uint16_t port, int *ret_no_delay, int *ret_flags)
{
    for (int descriptor = 3; descriptor < 1024; descriptor++) {
        struct sockaddr_in peer = {0};
        socklen_t size = sizeof peer, option_size = sizeof *ret_no_delay;
        if (getpeername(descriptor, (struct sockaddr *)&peer, &size) != 0 ||
            peer.sin_family != AF_INET || ntohs(peer.sin_port) != port)
            continue;
        *ret_flags = fcntl(descriptor, F_GETFD);
        return getsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, ret_no_delay, &option_size) == 0;
    }
    return false;
}

static void the_socket_sends_at_once_and_is_not_inherited(void **state)
{
    struct world *world = *state;
    world_broker(world, NULL);
    station_init(&sender, &world->loop, broker_url(world->broker), "sender");
    station_connect(&sender);
    int no_delay = 0, flags = 0;
    assert_true(find_socket(broker_port(world->broker), &no_delay, &flags));
    assert_int_not_equal(no_delay, 0);
    assert_int_equal(flags & FD_CLOEXEC, FD_CLOEXEC);
    station_close(&sender);
}

int main(void)
{
    if (!broker_available())
        return 77;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(both_qualities_of_service_arrive, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(a_retained_message_meets_a_later_subscriber, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(each_token_is_told_exactly_once, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(a_full_window_refuses_and_recovers, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(what_exceeds_the_receive_queue_is_dropped_and_counted,
                                        world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(what_mqtt_cannot_carry_is_refused, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(the_largest_payload_arrives_whole, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(a_message_with_an_expiry_arrives_in_time_and_not_afterwards,
                                        world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(a_publish_that_the_broker_denies_is_told_as_denied,
                                        world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(many_messages_arrive_in_order, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(the_socket_sends_at_once_and_is_not_inherited, world_setup,
                                        world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
