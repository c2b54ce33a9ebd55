// SPDX-License-Identifier: Apache-2.0
// What the collector says on the bus, also when the bus has no room or is not there.
#include "base/text.h"
#include "collector/shell/publisher.h"
#include "tests/unit/collector_shell/fake_client.h"
#include "wire/codec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct instant now = {{1000000}, {1730869200000}};

struct fixture {
    struct engine *engine;
    struct publisher *publisher;
    struct fake_client client;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    struct engine_config config;
    assert_non_null(fixture);
    engine_config_init(&config);
    config.site = "plant";
    assert_int_equal(engine_new(&config, now, &fixture->engine), STATUS_OK);
    assert_int_equal(
        publisher_new("plant", "1.2.3", now.wall, fixture->engine, &fixture->publisher), STATUS_OK);
    fake_client_init(&fixture->client);
    publisher_attach(fixture->publisher, &fixture->client.base);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    publisher_free(fixture->publisher);
    engine_free(fixture->engine);
    free(fixture);
    return 0;
}

static void the_will_says_offline_and_the_connection_online(void **state)
{
    struct fixture *fixture = *state;
    struct mqtt_message will;
    publisher_will(fixture->publisher, &will);
    assert_string_equal(will.topic, "stationwatch/v1/plant/_collector");
    assert_true(will.retained);
    assert_int_equal(will.qos, 1);
    assert_memory_equal(will.payload, "{\"online\":false,\"version\":\"1.2.3\",", 33);
    fixture->client.window = 1;
    publisher_connected(fixture->publisher, now);
    assert_string_equal((char *)fixture->client.last_payload,
                        "{\"online\":true,\"version\":\"1.2.3\","
                        "\"started_at\":\"2024-11-06T05:00:00.000Z\"}");
    assert_true(fixture->client.last_retained);
}

static void a_connection_says_the_whole_state(void **state)
{
    struct fixture *fixture = *state;
    publisher_connected(fixture->publisher, now);
    assert_string_equal(fixture->client.log, "plant/_collector;plant/_status;plant/_andon;");
    assert_string_equal((char *)fixture->client.last_payload, "green");
}

static void what_found_no_room_follows_when_there_is_some(void **state)
{
    struct fixture *fixture = *state;
    fixture->client.window = 2;
    publisher_connected(fixture->publisher, now);
    assert_string_equal(fixture->client.log, "plant/_collector;plant/_status;");
    fake_client_forget(&fixture->client);
    publisher_room(fixture->publisher, now);
    assert_string_equal(fixture->client.log, "plant/_andon;");
    publisher_room(fixture->publisher, now);
    assert_string_equal(fixture->client.log, "plant/_andon;"); // all is said
}

static void a_status_without_room_is_said_anew_later(void **state)
{
    struct fixture *fixture = *state;
    fixture->client.window = 0;
    publisher_status(fixture->publisher, now);
    fixture->client.window = 10;
    publisher_room(fixture->publisher, now);
    assert_non_null(strstr(fixture->client.log, "plant/_status;plant/_andon;"));
}

static void without_a_link_nothing_is_queued(void **state)
{
    struct fixture *fixture = *state;
    fixture->client.connected = false;
    publisher_status(fixture->publisher, now);
    publisher_ack(fixture->publisher, "ETS-1", "box", 5);
    fixture->client.connected = true;
    publisher_room(fixture->publisher, now);
    assert_int_equal(fixture->client.count, 0);
    assert_int_equal(publisher_counters(fixture->publisher).refused, 2);
    assert_int_equal(publisher_counters(fixture->publisher).acks, 0);
}

static void a_closed_incident_is_published_and_then_cleared(void **state)
{
    struct fixture *fixture = *state;
    struct incident *incident = calloc(1, sizeof *incident);
    assert_non_null(incident);
    text_set(incident->id, "plant-1-1");
    incident->state = INCIDENT_CLOSED;
    publisher_incident(fixture->publisher, incident, "{}", 2);
    assert_string_equal(fixture->client.log,
                        "plant/_incident/plant-1-1;plant/_incident/plant-1-1;");
    assert_int_equal(fixture->client.last_size, 0);
    assert_true(fixture->client.last_retained);
    free(incident);
}

static void a_clearing_without_room_follows_later(void **state)
{
    struct fixture *fixture = *state;
    fixture->client.window = 0;
    publisher_clear_incident(fixture->publisher, "old-1");
    publisher_clear_incident(fixture->publisher, "old-2");
    fixture->client.window = 1;
    publisher_room(fixture->publisher, now);
    assert_string_equal(fixture->client.log, "plant/_incident/old-2;");
    fake_client_forget(&fixture->client);
    publisher_room(fixture->publisher, now);
    assert_string_equal(fixture->client.log, "plant/_incident/old-1;");
}

static void acks_and_commands_go_to_their_node_unretained(void **state)
{
    struct fixture *fixture = *state;
    struct message message;
    publisher_ack(fixture->publisher, "ETS-1", "box-7", 42);
    assert_string_equal(fixture->client.last_topic, "stationwatch/v1/plant/ETS-1/ack");
    assert_false(fixture->client.last_retained);
    assert_int_equal(fixture->client.last_qos, 1);
    assert_int_equal(
        wire_decode(MESSAGE_ACK, fixture->client.last_payload, fixture->client.last_size, &message),
        WIRE_ACCEPTED);
    assert_string_equal(message.ack.outbox_id, "box-7");
    assert_int_equal(message.ack.seq, 42);

    struct command command = {.id = "c-1", .action = "probe", .expires_at_ms = 99};
    publisher_command(fixture->publisher, "ETS-2", &command);
    assert_string_equal(fixture->client.last_topic, "stationwatch/v1/plant/ETS-2/command");
    assert_int_equal(wire_decode(MESSAGE_COMMAND, fixture->client.last_payload,
                                 fixture->client.last_size, &message),
                     WIRE_ACCEPTED);
    assert_string_equal(message.command.action, "probe");
    assert_int_equal(publisher_counters(fixture->publisher).acks, 1);
}

static void after_the_goodbye_nothing_is_said(void **state)
{
    struct fixture *fixture = *state;
    publisher_goodbye(fixture->publisher);
    assert_non_null(strstr((char *)fixture->client.last_payload, "\"online\":false"));
    publisher_status(fixture->publisher, now);
    publisher_connected(fixture->publisher, now);
    assert_string_equal(fixture->client.log, "plant/_collector;");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_will_says_offline_and_the_connection_online),
        TEST(a_connection_says_the_whole_state),
        TEST(what_found_no_room_follows_when_there_is_some),
        TEST(a_status_without_room_is_said_anew_later),
        TEST(without_a_link_nothing_is_queued),
        TEST(a_closed_incident_is_published_and_then_cleared),
        TEST(a_clearing_without_room_follows_later),
        TEST(acks_and_commands_go_to_their_node_unretained),
        TEST(after_the_goodbye_nothing_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
