// SPDX-License-Identifier: Apache-2.0
// The real collector on a real broker: rejects, acks, restarts, live events, its own life.
#include "base/random.h"
#include "base/text.h"
#include "tests/support/broker.h"
#include "tests/support/loop.h"
#include "tests/support/process.h"
#include "tests/support/temporary.h"
#include "tests/system/collector/bus.h"
#include "tests/system/collector/http.h"
#include "wire/trace.h"

#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { ANSWER_SIZE = 1 << 18, ORDERS = 200 };

struct fixture {
    uv_loop_t loop;
    struct temporary folder;
    struct broker *broker;
    struct bus bus;
    struct process collector;
    char binary[400], config[TEMPORARY_PATH_SIZE], database[TEMPORARY_PATH_SIZE];
    int starts;
    uint16_t port;
    uint64_t seq, heartbeat;
    char answer[ANSWER_SIZE];
};

// ---- the collector ----------------------------------------------------------------------------

static void launch(struct fixture *fixture)
{
    char log[64], path[TEMPORARY_PATH_SIZE];
    const char *const argv[] = {fixture->binary, "--config", fixture->config, NULL};
    snprintf(log, sizeof log, "collector-%d.log", ++fixture->starts);
    assert_true(process_start(&fixture->collector, argv, NULL,
                              temporary_path(&fixture->folder, log, path)));
}

// Returns when the collector has said on the bus that it is there.
static void start(struct fixture *fixture)
{
    bus_publish(&fixture->bus, "_collector", "", 0, true); // not the last one's word
    bus_flush(&fixture->bus);
    bus_forget(&fixture->bus);
    launch(fixture);
    bus_wait(&fixture->bus, "_collector", "\"online\":true");
}

static void stop(struct fixture *fixture)
{
    bool stopped = process_stop(&fixture->collector);
    assert_true(stopped && process_exit_code(&fixture->collector) == 0);
}

static const char *get(struct fixture *fixture, const char *path, long code)
{
    assert_int_equal(http_get(fixture->port, path, fixture->answer, ANSWER_SIZE), code);
    return fixture->answer;
}

static uint64_t metric(struct fixture *fixture, const char *name)
{
    char start_of_line[200];
    snprintf(start_of_line, sizeof start_of_line, "\nstationwatch_%s ", name);
    const char *line = strstr(get(fixture, "/metrics", 200), start_of_line);
    assert_non_null(line);
    return strtoull(line + strlen(start_of_line), NULL, 10);
}

static int64_t number(struct fixture *fixture, const char *sql)
{
    sqlite3 *database;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open(fixture->database, &database), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(database, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return value;
}

static const char *log_text(struct fixture *fixture, int start_number)
{
    char name[64];
    snprintf(name, sizeof name, "collector-%d.log", start_number);
    assert_non_null(temporary_read(&fixture->folder, name, fixture->answer, ANSWER_SIZE));
    return fixture->answer;
}

// ---- what nodes say ---------------------------------------------------------------------------

static void say_birth(struct fixture *fixture, const char *node, enum role role)
{
    struct message message = {.kind = MESSAGE_BIRTH};
    message.birth.online = true;
    message.birth.role = role;
    message.birth.incarnation = 7;
    message.birth.session = 1;
    message.birth.boot_at_ms = 1;
    message.birth.outbox_oldest_seq = 1;
    message.birth.heartbeat_interval_ms = 3600000; // nobody goes silent in these tests
    text_set(message.birth.boot_id, "boot");
    text_set(message.birth.outbox_id, "box");
    bus_say(&fixture->bus, node, &message);
}

static void say_heartbeat(struct fixture *fixture, const char *node)
{
    struct message message = {.kind = MESSAGE_HEARTBEAT};
    message.heartbeat.incarnation = 7;
    message.heartbeat.seq = ++fixture->heartbeat;
    message.heartbeat.interval_ms = 3600000;
    message.heartbeat.outbox_oldest_seq = 1;
    message.heartbeat.share_probe_age_ms = -1;
    text_set(message.heartbeat.outbox_id, "box");
    bus_say(&fixture->bus, node, &message);
}

static void say_order(struct fixture *fixture, const char *node, uint64_t seq)
{
    struct message message = {.kind = MESSAGE_ORDER};
    text_set(message.order.key.outbox_id, "box");
    message.order.key.seq = seq;
    message.order.key.at_ms = 1730869200000;
    message.order.outcome = OUTCOME_OK;
    message.order.latency_ms = -1;
    message.order.source = SOURCE_LOG;
    snprintf(message.order.order, sizeof message.order.order, "O-%d", (int)seq);
    bus_say(&fixture->bus, node, &message);
}

static void say_service(struct fixture *fixture, enum service_state service_state)
{
    struct message message = {.kind = MESSAGE_SERVICE};
    text_set(message.service.key.outbox_id, "box");
    message.service.key.seq = ++fixture->seq;
    message.service.key.at_ms = 1730869200000;
    message.service.state = service_state;
    message.service.start_mode = START_AUTO;
    text_set(message.service.service, "OrderGen");
    bus_say(&fixture->bus, "SRV1", &message);
}

static void stop_the_service(struct fixture *fixture)
{
    say_birth(fixture, "SRV1", ROLE_SERVER);
    say_heartbeat(fixture, "SRV1");
    say_service(fixture, SERVICE_RUNNING);
    say_service(fixture, SERVICE_STOPPED);
}

// The id in an incident's topic or document.
static void copy_id(const char *json, char out[100])
{
    const char *id = strstr(json, "\"id\":\"");
    assert_non_null(id);
    assert_int_equal(sscanf(id, "\"id\":\"%99[^\"]", out), 1);
}

// ---- set up and tear down ---------------------------------------------------------------------

static void write_config(struct fixture *fixture)
{
    char yaml[1000];
    snprintf(yaml, sizeof yaml,
             "site: plant\nannunciate_after: 0s\nservices: [{server: SRV1, name: OrderGen}]\n"
             "broker: {url: '%s'}\nstore: {path: collector.db}\n"
             "http: {listen: '127.0.0.1:%u'}\nrecord: trace.jsonl\n",
             broker_url(fixture->broker), fixture->port);
    temporary_write(&fixture->folder, "collector.yaml", yaml, fixture->config);
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    const char *binaries = getenv("STATIONWATCH_BIN");
    assert_non_null(fixture);
    snprintf(fixture->binary, sizeof fixture->binary, "%s/stationwatch-collector",
             binaries != NULL ? binaries : ".");
    fixture->collector = PROCESS_NONE;
    temporary_init(&fixture->folder);
    temporary_path(&fixture->folder, "collector.db", fixture->database);
    fixture->broker = broker_start(&(struct broker_options){
        .config = "max_inflight_messages 1000\nsys_interval 1\nmax_queued_messages 100000\n",
        .keep_state = true});
    assert_non_null(fixture->broker);
    fixture->port = free_port();
    write_config(fixture);
    assert_int_equal(uv_loop_init(&fixture->loop), 0);
    bus_init(&fixture->bus, &fixture->loop, broker_url(fixture->broker));
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    process_fini(&fixture->collector);
    bus_fini(&fixture->bus);
    assert_true(loop_finish(&fixture->loop));
    broker_free(fixture->broker);
    temporary_fini(&fixture->folder);
    free(fixture);
    return 0;
}

// ---- the tests --------------------------------------------------------------------------------

// Publishes `count` messages of random bytes on every kind of topic.
static void throw_garbage(struct fixture *fixture, int count, struct random_state *random)
{
    static const char *const topics[] = {"ETS-1/birth",   "ETS-1/heartbeat", "ETS-1/order",
                                         "ETS-1/service", "ETS-1/host",      "_x/order",
                                         "E.1/order",     "_incident/x"};
    for (int i = 0; i < count; i++) {
        uint8_t bytes[2000];
        size_t size = 1 + random_below(random, random_below(random, 10) == 0 ? 2000 : 40);
        for (size_t k = 0; k < size; k++)
            bytes[k] = (uint8_t)random_next(random);
        bus_publish(&fixture->bus, topics[random_below(random, 8)], bytes, size, false);
        if (i % 100 == 0)
            bus_flush(&fixture->bus);
    }
}

static void garbage_on_every_topic_is_counted_and_nothing_falls_over(void **state)
{
    struct fixture *fixture = *state;
    static uint8_t large[20000];
    const char *given = getenv("STATIONWATCH_SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : 20241106;
    struct random_state random;
    print_message("seed %llu\n", (unsigned long long)seed);
    random_seed(&random, seed);
    start(fixture);
    bus_publish(&fixture->bus, "ETS-1/order", large, sizeof large, false);
    throw_garbage(fixture, 3000, &random);
    say_birth(fixture, "ETS-2", ROLE_STATION);
    say_order(fixture, "ETS-2", 1);
    bus_wait_ack(&fixture->bus, 1); // so everything before it has been taken in
    assert_true(metric(fixture, "rejects_total{reason=\"malformed\"}") > 500);
    assert_int_equal(metric(fixture, "rejects_total{reason=\"too_large\"}"), 1);
    assert_true(metric(fixture, "rejects_total{reason=\"bad_topic\"}") > 100);
    get(fixture, "/healthz", 200);
    stop(fixture);
    // One line per reason a minute, however much came.
    const char *log = log_text(fixture, 1);
    int lines = 0;
    for (const char *at = log; (at = strstr(at, "refused a message")) != NULL; at++)
        lines++;
    assert_in_range(lines, 2, 20);
    assert_null(strstr(log, "ERROR: "));
}

static void an_acked_event_is_in_the_store_whatever_happens(void **state)
{
    struct fixture *fixture = *state;
    start(fixture);
    say_birth(fixture, "ETS-1", ROLE_STATION);
    for (uint64_t seq = 1; seq <= ORDERS; seq++)
        say_order(fixture, "ETS-1", seq);
    bus_wait_ack(&fixture->bus, ORDERS);
    process_kill(&fixture->collector);
    assert_int_equal(number(fixture, "SELECT count(*) FROM events"), ORDERS);
    assert_int_equal(number(fixture, "SELECT high_water FROM outbox_marks"), ORDERS);

    // What the agent repeats after that is acked and not stored twice.
    start(fixture);
    for (uint64_t seq = ORDERS - 10; seq <= ORDERS + 1; seq++)
        say_order(fixture, "ETS-1", seq);
    bus_wait_ack(&fixture->bus, ORDERS + 1);
    assert_int_equal(metric(fixture, "duplicates_total"), 11);
    stop(fixture);
    assert_int_equal(number(fixture, "SELECT count(*) FROM events"), ORDERS + 1);
}

static void kills_at_any_moment_lose_and_double_nothing(void **state)
{
    struct fixture *fixture = *state;
    uint64_t acked = 0;
    for (int round = 0; round < 4; round++) {
        start(fixture);
        fixture->bus.acked = acked;
        if (round == 0)
            say_birth(fixture, "ETS-1", ROLE_STATION);
        for (uint64_t seq = acked + 1; seq <= acked + ORDERS; seq++)
            say_order(fixture, "ETS-1", seq);
        bus_wait_ack(&fixture->bus, acked + 1 + (uint64_t)round * 30); // somewhere on the way
        process_kill(&fixture->collector);
        bus_flush(&fixture->bus);
        acked = fixture->bus.acked;
        assert_true(number(fixture, "SELECT count(*) FROM events") >= (int64_t)acked);
        assert_int_equal(number(fixture, "SELECT count(*) - max(seq) FROM events"), 0);
    }
}

static void a_restart_neither_repeats_an_alert_nor_loses_the_incident(void **state)
{
    struct fixture *fixture = *state;
    char id[100], again[100], topic[150];
    start(fixture);
    stop_the_service(fixture);
    const struct bus_message *heard =
        bus_wait(&fixture->bus, "_incident/", "ORDER_SERVICE_STOPPED");
    copy_id(heard->text, id);
    snprintf(topic, sizeof topic, "_incident/%s", id);
    bus_wait(&fixture->bus, topic, "\"told_at\":\"");
    assert_int_equal(metric(fixture, "incidents_open"), 1);
    stop(fixture);
    assert_non_null(strstr(log_text(fixture, 1), "warning alert:"));

    start(fixture);
    heard = bus_wait(&fixture->bus, "_incident/", "ORDER_SERVICE_STOPPED");
    copy_id(heard->text, again);
    assert_string_equal(again, id);
    bus_wait(&fixture->bus, "_status", id);
    assert_non_null(strstr(get(fixture, "/api/v1/incidents", 200), id));
    assert_non_null(strstr(get(fixture, "/api/v1/stations", 200), "\"SRV1\""));
    snprintf(topic, sizeof topic, "/api/v1/incidents/%s/report", id);
    assert_non_null(strstr(get(fixture, topic, 200), "OrderGen"));
    assert_int_equal(metric(fixture, "alerts_total"), 0);
    assert_int_equal(metric(fixture, "incidents_open"), 1);
    stop(fixture);
    assert_null(strstr(log_text(fixture, 2), "warning alert:"));
}

static void incidents_that_nobody_knows_are_cleared_from_the_bus(void **state)
{
    struct fixture *fixture = *state;
    bus_publish(&fixture->bus, "_incident/plant-1-1", "{\"id\":\"plant-1-1\"}", 18, true);
    bus_flush(&fixture->bus);
    start(fixture);
    bus_wait(&fixture->bus, "_incident/plant-1-1", NULL);
    stop(fixture);
}

static void the_live_feed_tells_of_an_incident_at_once(void **state)
{
    struct fixture *fixture = *state;
    static char heard[ANSWER_SIZE];
    start(fixture);
    int stream = http_stream(fixture->port, "/api/v1/events");
    assert_true(stream >= 0);
    heard[0] = '\0';
    assert_true(http_stream_until(stream, "retry:", heard, sizeof heard));
    stop_the_service(fixture);
    bus_flush(&fixture->bus);
    assert_true(http_stream_until(stream, "event: incident\ndata: {\"t\":", heard, sizeof heard));
    assert_true(http_stream_until(stream, "ORDER_SERVICE_STOPPED", heard, sizeof heard));
    assert_true(http_stream_until(stream, "event: stations", heard, sizeof heard));
    assert_true(http_stream_until(stream, "event: status", heard, sizeof heard));
    stop(fixture); // with the stream open
    close(stream);
}

static void its_own_life_is_on_the_bus(void **state)
{
    struct fixture *fixture = *state;
    start(fixture);
    bus_wait(&fixture->bus, "_status", "\"incidents\":[]");
    bus_wait(&fixture->bus, "_andon", "green");
    bus_forget(&fixture->bus);
    stop(fixture);
    bus_wait(&fixture->bus, "_collector", "\"online\":false");
    start(fixture);
    bus_forget(&fixture->bus);
    process_kill(&fixture->collector);
    bus_wait(&fixture->bus, "_collector", "\"online\":false"); // the will
}

struct health {
    struct fixture *fixture;
    long code;
};

static bool has_health(void *context)
{
    struct health *health = context;
    struct fixture *fixture = health->fixture;
    assert_true(process_running(&fixture->collector));
    return http_get(fixture->port, "/healthz", fixture->answer, ANSWER_SIZE) == health->code;
}

static void on_tick(uv_timer_t *timer)
{
    (void)timer; // its only use is to have the loop turn, and the condition asked
}

static void wait_for_health(struct fixture *fixture, long code, const char *text)
{
    struct health health = {fixture, code};
    uv_timer_t tick;
    assert_int_equal(uv_timer_init(&fixture->loop, &tick), 0);
    assert_int_equal(uv_timer_start(&tick, on_tick, 5, 5), 0);
    assert_true(loop_until(&fixture->loop, has_health, &health, LOOP_PATIENCE_MS));
    assert_non_null(strstr(fixture->answer, text));
    uv_close((uv_handle_t *)&tick, NULL);
    uv_run(&fixture->loop, UV_RUN_NOWAIT); // closes it while its memory is there
}

static void a_broker_that_is_down_is_said_and_waited_for(void **state)
{
    struct fixture *fixture = *state;
    assert_true(broker_stop(fixture->broker));
    launch(fixture);
    wait_for_health(fixture, 503, "no link to the broker since");
    assert_non_null(strstr(get(fixture, "/api/v1/status", 200), "\"link\":{\"up\":false"));
    assert_true(broker_resume(fixture->broker));
    bus_wait(&fixture->bus, "_collector", "\"online\":true");
    get(fixture, "/healthz", 200);
    stop(fixture);
}

static void what_it_heard_is_recorded_as_a_trace(void **state)
{
    struct fixture *fixture = *state;
    static char trace[ANSWER_SIZE];
    char problem[TEXT_SIZE];
    struct trace_line *line = calloc(1, sizeof *line);
    assert_non_null(line);
    start(fixture);
    say_birth(fixture, "ETS-1", ROLE_STATION);
    bus_publish(&fixture->bus, "ETS-1/order", "\xff", 1, false);
    for (uint64_t seq = 1; seq <= 20; seq++)
        say_order(fixture, "ETS-1", seq);
    bus_wait_ack(&fixture->bus, 20);
    stop(fixture);
    assert_non_null(temporary_read(&fixture->folder, "trace.jsonl", trace, sizeof trace));
    int orders = 0, undecoded = 0, links = 0;
    for (char *from = trace, *end; (end = strchr(from, '\n')) != NULL; from = end + 1) {
        assert_int_equal(trace_read_line(from, (size_t)(end - from), line, problem), STATUS_OK);
        orders += line->kind == TRACE_MESSAGE && line->message.kind == MESSAGE_ORDER;
        undecoded += line->kind == TRACE_UNDECODED;
        links += line->kind == TRACE_LINK;
    }
    assert_int_equal(orders, 20);
    assert_int_equal(undecoded, 1);
    assert_true(links >= 1);
    free(line);
}

static void a_store_of_a_newer_version_ends_the_start_with_a_sentence(void **state)
{
    struct fixture *fixture = *state;
    start(fixture);
    stop(fixture);
    sqlite3 *database;
    assert_int_equal(sqlite3_open(fixture->database, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, "PRAGMA user_version=99", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
    launch(fixture);
    assert_true(process_wait(&fixture->collector, LOOP_PATIENCE_MS));
    assert_int_equal(process_exit_code(&fixture->collector), 69);
    assert_non_null(strstr(log_text(fixture, 2), "newer version"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    if (!broker_available())
        return 77;
    const struct CMUnitTest tests[] = {
        TEST(garbage_on_every_topic_is_counted_and_nothing_falls_over),
        TEST(an_acked_event_is_in_the_store_whatever_happens),
        TEST(kills_at_any_moment_lose_and_double_nothing),
        TEST(a_restart_neither_repeats_an_alert_nor_loses_the_incident),
        TEST(incidents_that_nobody_knows_are_cleared_from_the_bus),
        TEST(the_live_feed_tells_of_an_incident_at_once),
        TEST(its_own_life_is_on_the_bus),
        TEST(a_broker_that_is_down_is_said_and_waited_for),
        TEST(what_it_heard_is_recorded_as_a_trace),
        TEST(a_store_of_a_newer_version_ends_the_start_with_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
