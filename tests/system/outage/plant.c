// SPDX-License-Identifier: Apache-2.0
// Starting, watching and ending the plant's programs.
#include "plant.h"

#include "plant_files.h"
#include "runtime/mqtt/mqtt.h"
#include "tests/support/loop.h"
#include "wire/codec.h"
#include "wire/json.h"
#include "wire/topic.h"

#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

bool plant_available(void)
{
    return broker_available();
}

// ---- the viewer ---------------------------------------------------------------------------------

static struct plant_incident *find_incident(struct plant *plant, const char *id)
{
    for (size_t i = 0; i < plant->incident_count; i++)
        if (strcmp(plant->incidents[i].incident.id, id) == 0)
            return &plant->incidents[i];
    assert_in_range(plant->incident_count, 0, PLANT_INCIDENTS_MAX - 1);
    struct plant_incident *added = &plant->incidents[plant->incident_count++];
    snprintf(added->incident.id, sizeof added->incident.id, "%s", id);
    return added;
}

static void see_incident(struct plant *plant, const char *id, const struct mqtt_message *message)
{
    if (message->size == 0)
        return; // cleared: it was published as closed before
    struct plant_incident *seen = find_incident(plant, id);
    char problem[TEXT_SIZE] = "";
    if (json_read_incident(message->payload, message->size, &seen->incident, problem) != STATUS_OK)
        fail_msg("an incident cannot be read: %s", problem);
    seen->closed = seen->incident.state == INCIDENT_CLOSED;
}

// Index of a station by its name, PLANT_STATIONS for every other node.
static int station_index(const char *node)
{
    char name[16];
    int index = 0;
    while (index < PLANT_STATIONS && strcmp(node, plant_station(index, name)) != 0)
        index++;
    return index;
}

static void see_station(struct plant *plant, const struct topic *topic,
                        const struct mqtt_message *packet)
{
    static struct message message;
    int index = station_index(topic->node);
    if (index == PLANT_STATIONS ||
        wire_decode(topic->kind, packet->payload, packet->size, &message) != WIRE_ACCEPTED)
        return;
    if (message.kind == MESSAGE_HEARTBEAT)
        plant->heartbeats[index] = message.heartbeat;
    if (message.kind == MESSAGE_ORDER && message.order.outcome == OUTCOME_OK)
        plant->orders_seen[index]++;
}

static void on_message(void *context, const struct mqtt_message *message)
{
    static const char incident[] = "_incident/";
    struct topic topic;
    if (topic_parse(message->topic, &topic) != STATUS_OK)
        return;
    if (strncmp(topic.site_wide, incident, strlen(incident)) == 0)
        see_incident(context, topic.site_wide + strlen(incident), message);
    else if (topic.node[0] != '\0')
        see_station(context, &topic, message);
}

static void on_connected(void *context, int protocol_version)
{
    (void)protocol_version;
    ((struct plant *)context)->viewer_connected = true;
}

static void on_disconnected(void *context, const char *reason)
{
    (void)reason;
    ((struct plant *)context)->viewer_connected = false;
}

static void on_viewer_closed(void *context)
{
    ((struct plant *)context)->viewer_closed = true;
}

static bool viewer_is_connected(struct plant *plant)
{
    return plant->viewer_connected;
}

static bool viewer_is_closed(struct plant *plant)
{
    return plant->viewer_closed;
}

static void open_viewer(struct plant *plant)
{
    static const struct mqtt_events events = {
        .connected = on_connected, .disconnected = on_disconnected, .message = on_message};
    struct mqtt_settings settings = {
        .url = broker_url(plant->broker),
        .client_id = "viewer",
        .keepalive_s = 10,
        .connect_timeout = duration_s(5),
        .backoff_min = duration_ms(50),
        .backoff_max = duration_ms(500),
        .jitter_seed = 1,
        .receive_queue_messages = 10000,
        .send_window = 1,
        .subscriptions = {{"stationwatch/v1/" PLANT_SITE "/_incident/#", 1},
                          {"stationwatch/v1/" PLANT_SITE "/+/order", 1},
                          {"stationwatch/v1/" PLANT_SITE "/+/heartbeat", 0}},
        .subscription_count = 3,
    };
    assert_int_equal(mqtt_paho.open(&plant->loop, &settings, &events, plant, &plant->viewer),
                     STATUS_OK);
    plant_wait(plant, viewer_is_connected, "the viewer's connection");
}

// ---- programs
// -------------------------------------------------------------------------------------

static void start(struct plant *plant, struct process *process, const char *log,
                  const char *const words[])
{
    char program[512], output[TEMPORARY_PATH_SIZE];
    const char *argv[16] = {program};
    const char *folder = getenv("STATIONWATCH_BIN");
    snprintf(program, sizeof program, "%s/%s", folder != NULL ? folder : "build/debug/bin",
             words[0]);
    for (size_t i = 1; words[i] != NULL && i < 15; i++)
        argv[i] = words[i];
    assert_true(process_start(process, argv, NULL, temporary_path(&plant->folder, log, output)));
}

static void start_configured(struct plant *plant, struct process *process, const char *program,
                             const char *name)
{
    char file[64], log[64], path[TEMPORARY_PATH_SIZE];
    snprintf(file, sizeof file, "%s.yaml", name);
    snprintf(log, sizeof log, "%s.log", name);
    temporary_path(&plant->folder, file, path);
    start(plant, process, log, (const char *const[]){program, "--config", path, NULL});
}

void plant_start_order_service(struct plant *plant)
{
    char requests[TEMPORARY_PATH_SIZE], orders[TEMPORARY_PATH_SIZE], pid[TEMPORARY_PATH_SIZE];
    process_fini(&plant->order_service);
    plant->order_service = PROCESS_NONE;
    start(plant, &plant->order_service, "order-service.log",
          (const char *const[]){"stationwatch-sim", "order-service", "--requests",
                                temporary_path(&plant->folder, "requests", requests), "--orders",
                                temporary_path(&plant->folder, "orders", orders), "--pid-file",
                                temporary_path(&plant->folder, "order-service.pid", pid), NULL});
}

static void start_testers(struct plant *plant)
{
    char requests[TEMPORARY_PATH_SIZE], orders[TEMPORARY_PATH_SIZE], logs[TEMPORARY_PATH_SIZE];
    char count[16];
    snprintf(count, sizeof count, "%d", PLANT_STATIONS);
    start(plant, &plant->testers, "testers.log",
          (const char *const[]){"stationwatch-sim", "testers", "--count", count, "--requests",
                                temporary_path(&plant->folder, "requests", requests), "--orders",
                                temporary_path(&plant->folder, "orders", orders), "--logs",
                                temporary_path(&plant->folder, "logs", logs), "--scan-interval",
                                "2s", "--wait", "500ms", NULL});
}

static bool every_station_has_fetched(struct plant *plant)
{
    for (int i = 0; i < PLANT_STATIONS; i++)
        if (plant->orders_seen[i] == 0)
            return false;
    return true;
}

struct plant *plant_new(void)
{
    struct plant *plant = calloc(1, sizeof *plant);
    assert_non_null(plant);
    plant->collector = plant->order_service = plant->server_agent = plant->testers = PROCESS_NONE;
    for (int i = 0; i < PLANT_STATIONS; i++)
        plant->agents[i] = PROCESS_NONE;
    assert_int_equal(uv_loop_init(&plant->loop), 0);
    temporary_init(&plant->folder);
    plant->broker = broker_start(&(struct broker_options){
        .keep_state = true, .config = "max_queued_messages 0\nsys_interval 1\n"});
    assert_non_null(plant->broker);
    plant_write_files(&plant->folder, broker_url(plant->broker));
    open_viewer(plant);
    start_configured(plant, &plant->collector, "stationwatch-collector", "collector");
    plant_start_order_service(plant);
    start_testers(plant);
    start_configured(plant, &plant->server_agent, "stationwatch-agent", PLANT_SERVER);
    for (int i = 0; i < PLANT_STATIONS; i++) {
        char node[16];
        start_configured(plant, &plant->agents[i], "stationwatch-agent", plant_station(i, node));
    }
    plant_wait(plant, every_station_has_fetched, "a loaded order at every station");
    return plant;
}

void plant_free(struct plant *plant)
{
    plant_signal_segment(plant, SIGCONT);
    process_fini(&plant->testers);
    for (int i = 0; i < PLANT_STATIONS; i++)
        process_fini(&plant->agents[i]);
    process_fini(&plant->server_agent);
    process_fini(&plant->order_service);
    process_fini(&plant->collector);
    mqtt_close(plant->viewer, on_viewer_closed, plant);
    plant_wait(plant, viewer_is_closed, "the viewer's end");
    assert_true(loop_finish(&plant->loop));
    broker_free(plant->broker);
    temporary_fini(&plant->folder);
    free(plant);
}

void plant_stop_testers(struct plant *plant)
{
    assert_true(process_stop(&plant->testers));
    assert_int_equal(process_exit_code(&plant->testers), 0);
}

void plant_signal_segment(struct plant *plant, int signal)
{
    for (int i = 0; i < PLANT_SEGMENT; i++)
        process_signal(&plant->agents[i], signal);
}

// ---- waiting
// ----------------------------------------------------------------------------------------

struct wait {
    struct plant *plant;
    plant_condition *condition;
};

static bool is_true(void *context)
{
    struct wait *wait = context;
    return wait->condition(wait->plant);
}

void plant_wait(struct plant *plant, plant_condition *condition, const char *what)
{
    struct wait wait = {plant, condition};
    if (loop_until(&plant->loop, is_true, &wait, PLANT_PATIENCE_MS))
        return;
    plant_print(plant);
    fail_msg("waited in vain for %s", what);
}

static bool never(void *context)
{
    (void)context;
    return false;
}

void plant_let_pass(struct plant *plant, int ms)
{
    (void)!loop_until(&plant->loop, never, NULL, ms);
}

// ---- looking
// ----------------------------------------------------------------------------------------

const struct incident *plant_only_incident(const struct plant *plant)
{
    if (plant->incident_count != 1) {
        plant_print(plant);
        fail_msg("%zu incidents instead of one", plant->incident_count);
    }
    return &plant->incidents[0].incident;
}

bool plant_has_open_incident(const struct plant *plant)
{
    for (size_t i = 0; i < plant->incident_count; i++)
        if (!plant->incidents[i].closed)
            return true;
    return false;
}

void plant_print(const struct plant *plant)
{
    static char log[65536];
    for (size_t i = 0; i < plant->incident_count; i++) {
        const struct incident *incident = &plant->incidents[i].incident;
        fprintf(stderr, "%s %s %s %s: %s\n", incident->id, incident_state_name(incident->state),
                incident->code, incident->component, incident->headline);
    }
    fprintf(stderr, "%s", temporary_read(&plant->folder, "collector.log", log, sizeof log));
}

uint64_t plant_fetches_logged(const struct plant *plant, int station)
{
    static char log[1 << 20];
    uint64_t lines = 0;
    char node[16], name[64];
    snprintf(name, sizeof name, "logs/%s/tester.log", plant_station(station, node));
    temporary_read(&plant->folder, name, log, sizeof log);
    for (const char *c = log; *c != '\0'; c++)
        lines += *c == '\n';
    return lines;
}

uint64_t plant_fetches_stored(struct plant *plant)
{
    char path[TEMPORARY_PATH_SIZE];
    sqlite3 *store = NULL;
    sqlite3_stmt *query = NULL;
    assert_true(process_stop(&plant->collector));
    temporary_path(&plant->folder, "collector.db", path);
    assert_int_equal(sqlite3_open_v2(path, &store, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(store, "SELECT count(*) FROM events WHERE kind = 'order'",
                                        -1, &query, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(query), SQLITE_ROW);
    uint64_t count = (uint64_t)sqlite3_column_int64(query, 0);
    sqlite3_finalize(query);
    sqlite3_close(store);
    return count;
}
