// SPDX-License-Identifier: Apache-2.0
// Broker, agent and listening client in one place.
#include "tests/system/agent/station.h"

#include "base/text.h"
#include "tests/support/loop.h"
#include "wire/codec.h"
#include "wire/topic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SEEN_MAX = 1000, LOG_MAX = 20000 };

struct station {
    struct broker *broker;
    struct temporary folder;
    char config_path[TEMPORARY_PATH_SIZE];
    char log_path[TEMPORARY_PATH_SIZE];
    char program[512];
    struct process agent;
    uv_loop_t loop;
    struct mqtt_client *client;
    bool connected, closed;
    struct message *seen;
    size_t count, mark;
};

static void on_connected(void *context, int protocol_version)
{
    (void)protocol_version;
    ((struct station *)context)->connected = true;
}

static void on_disconnected(void *context, const char *reason)
{
    (void)reason;
    ((struct station *)context)->connected = false;
}

static void on_message(void *context, const struct mqtt_message *packet)
{
    struct station *station = context;
    struct topic topic;
    struct message message;
    if (topic_parse(packet->topic, &topic) != STATUS_OK || topic.node[0] == '\0')
        return;
    if (wire_decode(topic.kind, packet->payload, packet->size, &message) != WIRE_ACCEPTED)
        return;
    if (station->count < SEEN_MAX)
        station->seen[station->count++] = message;
}

static void on_closed(void *context)
{
    ((struct station *)context)->closed = true;
}

static bool is_connected(void *context)
{
    return ((struct station *)context)->connected;
}

static bool is_closed(void *context)
{
    return ((struct station *)context)->closed;
}

static void write_config(struct station *station, const char *config)
{
    char yaml[4096];
    snprintf(yaml, sizeof yaml,
             "site: plant1\nnode: " STATION_NODE "\nstate_dir: %s\n"
             "heartbeat: {interval: 200ms}\n"
             "broker: {url: '%s', backoff_min: 50ms, backoff_max: 200ms}\n"
             "log_level: debug\n%s",
             station->folder.path, broker_url(station->broker), config);
    temporary_write(&station->folder, "agent.yaml", yaml, station->config_path);
    temporary_path(&station->folder, "agent.log", station->log_path);
}

static void connect_client(struct station *station)
{
    static const struct mqtt_events events = {
        .connected = on_connected, .disconnected = on_disconnected, .message = on_message};
    const struct mqtt_settings settings = {
        .url = broker_url(station->broker),
        .client_id = "test",
        .keepalive_s = 60,
        .connect_timeout = duration_s(10),
        .backoff_min = duration_ms(50),
        .backoff_max = duration_ms(200),
        .receive_queue_messages = 1000,
        .send_window = 100,
        .subscriptions = {{.topic_filter = "stationwatch/v1/plant1/#", .qos = 1}},
        .subscription_count = 1};
    assert_int_equal(mqtt_paho.open(&station->loop, &settings, &events, station, &station->client),
                     STATUS_OK);
    assert_true(loop_until(&station->loop, is_connected, station, LOOP_PATIENCE_MS));
}

struct station *station_new(const char *config)
{
    const char *bin = getenv("STATIONWATCH_BIN");
    struct station *station = calloc(1, sizeof *station);
    assert_non_null(station);
    station->seen = calloc(SEEN_MAX, sizeof *station->seen);
    assert_non_null(station->seen);
    station->agent = PROCESS_NONE;
    snprintf(station->program, sizeof station->program, "%s/stationwatch-agent",
             bin != NULL ? bin : "build/bin");
    temporary_init(&station->folder);
    station->broker = broker_start(&(struct broker_options){0});
    assert_non_null(station->broker);
    uv_loop_init(&station->loop);
    write_config(station, config);
    connect_client(station);
    return station;
}

void station_free(struct station *station)
{
    process_fini(&station->agent);
    mqtt_close(station->client, on_closed, station);
    assert_true(loop_until(&station->loop, is_closed, station, LOOP_PATIENCE_MS));
    assert_true(loop_finish(&station->loop));
    broker_free(station->broker);
    temporary_fini(&station->folder);
    free(station->seen);
    free(station);
}

void station_start_agent(struct station *station)
{
    const char *const argv[] = {station->program, "--config", station->config_path, NULL};
    process_fini(&station->agent);
    assert_true(process_start(&station->agent, argv, NULL, station->log_path));
}

struct process *station_agent(struct station *station)
{
    return &station->agent;
}

struct broker *station_broker(struct station *station)
{
    return station->broker;
}

const struct temporary *station_folder(const struct station *station)
{
    return &station->folder;
}

bool station_report(struct station *station, const char *order)
{
    const char *const argv[] = {
        station->program,     "report", "--order", order, "--outcome", "missing", "--config",
        station->config_path, NULL};
    struct process report = PROCESS_NONE;
    assert_true(process_start(&report, argv, NULL, "/dev/null"));
    assert_true(process_wait(&report, LOOP_PATIENCE_MS));
    bool taken = process_exit_code(&report) == 0;
    process_fini(&report);
    return taken;
}

void station_forget(struct station *station)
{
    station->mark = station->count = 0;
}

struct expectation {
    struct station *station;
    enum message_kind kind;
    station_match *match;
    const void *argument;
    const struct message *found;
};

static bool fits(const struct message *message, enum message_kind kind, station_match *match,
                 const void *argument)
{
    return message->kind == kind && (match == NULL || match(message, argument));
}

static bool has_come(void *context)
{
    struct expectation *expected = context;
    struct station *station = expected->station;
    for (size_t i = 0; i < station->count && expected->found == NULL; i++) {
        if (fits(&station->seen[i], expected->kind, expected->match, expected->argument))
            expected->found = &station->seen[i];
    }
    return expected->found != NULL;
}

static void print_agent_log(struct station *station)
{
    static char log[LOG_MAX];
    print_error("%s\n", temporary_read(&station->folder, "agent.log", log, sizeof log));
}

const struct message *station_expect(struct station *station, enum message_kind kind,
                                     station_match *match, const void *argument)
{
    struct expectation expected = {station, kind, match, argument, NULL};
    if (!loop_until(&station->loop, has_come, &expected, LOOP_PATIENCE_MS)) {
        print_agent_log(station);
        fail_msg("no %s as expected came", message_kind_name(kind));
    }
    return expected.found;
}

size_t station_count(const struct station *station, enum message_kind kind, station_match *match,
                     const void *argument)
{
    size_t count = 0;
    for (size_t i = 0; i < station->count; i++)
        count += fits(&station->seen[i], kind, match, argument);
    return count;
}

static bool is_later_beat(const struct message *message, const void *argument)
{
    return message->heartbeat.seq > *(const uint64_t *)argument;
}

const struct message *station_next_heartbeat(struct station *station)
{
    uint64_t latest = 0;
    for (size_t i = 0; i < station->count; i++) {
        if (station->seen[i].kind == MESSAGE_HEARTBEAT)
            latest = station->seen[i].heartbeat.seq;
    }
    // The one after the next was sent after all that the agent was told before this call.
    latest += latest > 0;
    return station_expect(station, MESSAGE_HEARTBEAT, is_later_beat, &latest);
}

struct sending {
    struct station *station;
    struct mqtt_message packet;
    enum status status;
};

// Not while the client's send window is full.
static bool is_handed_over(void *context)
{
    struct sending *sending = context;
    sending->status = mqtt_publish(sending->station->client, &sending->packet, 0);
    return sending->status != STATUS_FULL;
}

void station_send_bytes(struct station *station, enum message_kind kind, const void *bytes,
                        size_t size, bool retained)
{
    char topic[TOPIC_SIZE];
    struct sending sending = {station,
                              {.topic = topic_node(topic, "plant1", STATION_NODE, kind),
                               .payload = bytes,
                               .size = size,
                               .qos = 1,
                               .retained = retained},
                              STATUS_FULL};
    assert_true(loop_until(&station->loop, is_handed_over, &sending, LOOP_PATIENCE_MS));
    assert_int_equal(sending.status, STATUS_OK);
}

void station_send(struct station *station, const struct message *message, bool retained)
{
    uint8_t bytes[WIRE_MESSAGE_MAX];
    size_t size;
    assert_int_equal(wire_encode(message, bytes, sizeof bytes, &size), STATUS_OK);
    station_send_bytes(station, message->kind, bytes, size, retained);
}
