// SPDX-License-Identifier: Apache-2.0
// The shipped access list (docker/acl) on a real broker with mutual TLS: who may say and hear what.
//
// A refused publish gives no sign, so each is followed by an allowed one from the same client: when
// that has arrived and the first has not, it was refused.
#include "base/text.h"
#include "runtime/mqtt/mqtt.h"
#include "tests/support/broker.h"
#include "tests/support/loop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SITE    "stationwatch/v1/plant/"
#define DROPPED "$SYS/broker/publish/messages/dropped"

enum { PATIENCE_MS = 30000, HEARD_MAX = 64 };

struct client {
    struct mqtt_client *mqtt;
    struct mqtt_settings settings;
    char certificate[256], key[256];
    bool connected, closed;
    size_t heard_count;
    char heard[HEARD_MAX][128]; // topics
    const char *awaited;
};

struct fixture {
    uv_loop_t loop;
    struct broker *broker;
    struct client collector, station, other, viewer;
};

static void on_connected(void *context, int protocol_version)
{
    (void)protocol_version;
    ((struct client *)context)->connected = true;
}

static void on_message(void *context, const struct mqtt_message *message)
{
    struct client *client = context;
    if (strncmp(message->topic, "$SYS", 4) == 0 && strcmp(message->topic, DROPPED) != 0)
        return; // there are many of them
    if (client->heard_count < HEARD_MAX)
        text_set(client->heard[client->heard_count++], message->topic);
}

static void on_closed(void *context)
{
    ((struct client *)context)->closed = true;
}

static bool is_connected(void *context)
{
    return ((struct client *)context)->connected;
}

static bool is_closed(void *context)
{
    return ((struct client *)context)->closed;
}

static bool has_heard(const struct client *client, const char *topic)
{
    for (size_t i = 0; i < client->heard_count; i++)
        if (strcmp(client->heard[i], topic) == 0)
            return true;
    return false;
}

static bool has_heard_awaited(void *context)
{
    const struct client *client = context;
    return has_heard(client, client->awaited);
}

static void open_client(struct fixture *fixture, struct client *client, const char *name,
                        const char *filter, const char *second_filter)
{
    static const struct mqtt_events events = {.connected = on_connected, .message = on_message};
    assert_true(broker_client(fixture->broker, name, client->certificate, client->key));
    client->settings = (struct mqtt_settings){
        .url = broker_url(fixture->broker),
        .client_id = name,
        .keepalive_s = 10,
        .connect_timeout = duration_s(10),
        .backoff_min = duration_ms(50),
        .backoff_max = duration_ms(500),
        .tls_ca_file = broker_ca_file(fixture->broker),
        .tls_certificate_file = client->certificate,
        .tls_key_file = client->key,
        .receive_queue_messages = 1000,
        .send_window = 100,
        .subscriptions = {{filter, 1}, {second_filter, 1}},
        .subscription_count = second_filter != NULL ? 2 : 1,
    };
    assert_int_equal(
        mqtt_paho.open(&fixture->loop, &client->settings, &events, client, &client->mqtt),
        STATUS_OK);
    assert_true(loop_until(&fixture->loop, is_connected, client, PATIENCE_MS));
}

static void close_client(struct fixture *fixture, struct client *client)
{
    if (client->mqtt == NULL)
        return;
    mqtt_close(client->mqtt, on_closed, client);
    assert_true(loop_until(&fixture->loop, is_closed, client, PATIENCE_MS));
}

static char *read_acl(void)
{
    char path[512];
    const char *source = getenv("STATIONWATCH_SOURCE");
    snprintf(path, sizeof path, "%s/docker/acl", source != NULL ? source : ".");
    static char text[8192];
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    uv_loop_init(&fixture->loop);
    fixture->broker = broker_start(
        &(struct broker_options){.tls = true, .acl = read_acl(), .config = "sys_interval 1\n"});
    assert_non_null(fixture->broker);
    open_client(fixture, &fixture->collector, "stationwatch-collector", SITE "#", "$SYS/#");
    open_client(fixture, &fixture->station, "ETS-001", "#", NULL);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    close_client(fixture, &fixture->collector);
    close_client(fixture, &fixture->station);
    close_client(fixture, &fixture->other);
    close_client(fixture, &fixture->viewer);
    assert_true(loop_finish(&fixture->loop));
    broker_free(fixture->broker);
    free(fixture);
    return 0;
}

static void say(struct client *client, const char *topic)
{
    struct mqtt_message message = {.topic = topic, .payload = "x", .size = 1, .qos = 1};
    assert_int_equal(mqtt_publish(client->mqtt, &message, 0), STATUS_OK);
}

static void await(struct fixture *fixture, struct client *client, const char *topic)
{
    client->awaited = topic;
    if (!loop_until(&fixture->loop, has_heard_awaited, client, PATIENCE_MS))
        fail_msg("%s was not heard", topic);
}

static void an_agent_says_what_is_its_own_and_nothing_else(void **state)
{
    struct fixture *fixture = *state;
    static const char *const refused[] = {
        SITE "ETS-002/order", SITE "ETS-002/birth",
        SITE "ETS-001/ack",   SITE "ETS-001/command",
        SITE "ETS-001/other", SITE "_status",
        SITE "_incident/x",   SITE "_collector",
        SITE "_andon",        "stationwatch/v1/other/ETS-001/order",
        "something/else",
    };
    static const char *const allowed[] = {SITE "ETS-001/birth", SITE "ETS-001/heartbeat",
                                          SITE "ETS-001/order", SITE "ETS-001/service",
                                          SITE "ETS-001/host"};
    size_t refused_count = sizeof refused / sizeof refused[0];
    size_t allowed_count = sizeof allowed / sizeof allowed[0];
    for (size_t i = 0; i < refused_count; i++)
        say(&fixture->station, refused[i]);
    for (size_t i = 0; i < allowed_count; i++)
        say(&fixture->station, allowed[i]);
    for (size_t i = 0; i < allowed_count; i++)
        await(fixture, &fixture->collector, allowed[i]);
    for (size_t i = 0; i < refused_count; i++)
        if (has_heard(&fixture->collector, refused[i]))
            fail_msg("an agent could say %s", refused[i]);
}

static void an_agent_hears_what_is_meant_for_it_and_nothing_else(void **state)
{
    struct fixture *fixture = *state;
    open_client(fixture, &fixture->other, "ETS-002", SITE "ETS-002/ack", NULL);
    say(&fixture->other, SITE "ETS-002/birth");
    say(&fixture->other, SITE "ETS-002/order");
    await(fixture, &fixture->collector, SITE "ETS-002/order");
    say(&fixture->collector, SITE "_incident/x");
    say(&fixture->collector, SITE "_andon");
    say(&fixture->collector, SITE "ETS-002/ack");
    say(&fixture->collector, SITE "_status");
    say(&fixture->collector, SITE "_collector");
    say(&fixture->collector, SITE "ETS-001/ack");
    say(&fixture->collector, SITE "ETS-001/command");
    await(fixture, &fixture->station, SITE "_status");
    await(fixture, &fixture->station, SITE "_collector");
    await(fixture, &fixture->station, SITE "ETS-001/ack");
    await(fixture, &fixture->station, SITE "ETS-001/command");
    assert_int_equal(fixture->station.heard_count, 4);
}

static void the_collector_hears_the_broker_and_speaks_for_no_node(void **state)
{
    struct fixture *fixture = *state;
    say(&fixture->collector, SITE "ETS-001/order");
    say(&fixture->collector, SITE "_incident/x");
    await(fixture, &fixture->collector, SITE "_incident/x");
    assert_false(has_heard(&fixture->collector, SITE "ETS-001/order"));
    await(fixture, &fixture->collector, DROPPED);
}

static void a_viewer_hears_the_site_and_says_nothing(void **state)
{
    struct fixture *fixture = *state;
    open_client(fixture, &fixture->viewer, "viewer", "#", NULL);
    say(&fixture->station, SITE "ETS-001/order");
    await(fixture, &fixture->collector, SITE "ETS-001/order");
    say(&fixture->viewer, SITE "_andon");
    say(&fixture->viewer, SITE "ETS-001/command");
    say(&fixture->collector, SITE "_incident/x");
    say(&fixture->collector, SITE "_status");
    await(fixture, &fixture->viewer, SITE "_incident/x");
    await(fixture, &fixture->viewer, SITE "_status");
    assert_int_equal(fixture->viewer.heard_count, 2);
    assert_false(has_heard(&fixture->collector, SITE "_andon"));
    assert_int_equal(fixture->station.heard_count, 1); // _status
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    if (!broker_available())
        return 77;
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(an_agent_says_what_is_its_own_and_nothing_else),
        WITH_FIXTURE(an_agent_hears_what_is_meant_for_it_and_nothing_else),
        WITH_FIXTURE(the_collector_hears_the_broker_and_speaks_for_no_node),
        WITH_FIXTURE(a_viewer_hears_the_site_and_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
