// SPDX-License-Identifier: Apache-2.0
// The HTTP server over real connections: documents, errors, limits, live events, the end.
#include "base/text.h"
#include "collector/shell/web/web.h"
#include "tests/support/loop.h"
#include "tests/unit/collector_shell/fake_store.h"
#include "tests/unit/collector_shell/http_client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct instant now = {{1000000}, {1730869200000}};

struct fixture {
    uv_loop_t loop;
    struct fake_store fake;
    struct engine_station stations[3];
    struct engine *engine;
    struct store_writer *writer;
    struct web *web;
    bool link_up, store_failing, closed;
    size_t held;
};

static void ignore_mark(void *context, const struct store_mark *mark)
{
    (void)context;
    (void)mark;
}

static void ignore_trouble(void *context, const char *problem)
{
    (void)context;
    (void)problem;
}

static void on_store_closed(void *context)
{
    ((struct fixture *)context)->closed = true;
}

static void gather(void *context, struct facts *ret_facts)
{
    static const uint64_t accepted[MESSAGE_KIND_COUNT] = {3, 4, 5};
    static const uint64_t rejected[WIRE_REJECT_COUNT] = {[WIRE_MALFORMED] = 9};
    struct fixture *fixture = context;
    *ret_facts = (struct facts){.started_at = now.wall,
                                .link_up = fixture->link_up,
                                .link_since = now.wall,
                                .link_reason = "connection refused",
                                .accepted = accepted,
                                .rejected = rejected,
                                .store = {.failing = fixture->store_failing},
                                .store_problem = "disk full",
                                .outboxes_held = fixture->held};
}

static int set_up(void **state)
{
    static const struct store_writer_events events = {ignore_mark, ignore_trouble};
    struct fixture *fixture = calloc(1, sizeof *fixture);
    struct engine_config config;
    char problem[TEXT_SIZE];
    assert_non_null(fixture);
    engine_config_init(&config);
    config.site = "plant";
    config.stations = fixture->stations;
    config.station_count = 3;
    config.stations_listed = true;
    for (int i = 0; i < 3; i++) {
        struct engine_station *station = &fixture->stations[i];
        snprintf(station->node, sizeof station->node, "ETS-%d", i);
        station->label_count = 2;
        text_set(station->labels[0].key, "line");
        text_set(station->labels[0].value, "L1");
        text_set(station->labels[1].key, "name");
        text_set(station->labels[1].value, "</script>\"<b>");
    }
    assert_int_equal(uv_loop_init(&fixture->loop), 0);
    fake_store_init(&fixture->fake);
    fixture->link_up = true;
    assert_int_equal(engine_new(&config, now, &fixture->engine), STATUS_OK);
    assert_int_equal(store_writer_open(&fixture->loop, &fixture->fake.base, 100000, &events,
                                       fixture, &fixture->writer),
                     STATUS_OK);
    struct listen_address address = {"127.0.0.1", 0};
    struct web_source source = {"plant", "UTC", fixture->engine, fixture->writer, fixture, gather};
    assert_int_equal(web_open(&fixture->loop, &address, &source, &fixture->web, problem),
                     STATUS_OK);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    fake_store_set(&fixture->fake, false, false);
    web_close(fixture->web);
    store_writer_close(fixture->writer, on_store_closed, fixture);
    assert_true(loop_finish(&fixture->loop));
    assert_true(fixture->closed);
    engine_free(fixture->engine);
    fake_store_fini(&fixture->fake);
    free(fixture);
    return 0;
}

// The answer to a GET has this status and contains each text.
static void expect(struct fixture *fixture, const char *path, int code, const char *text)
{
    char *body;
    assert_int_equal(http_get(&fixture->loop, web_port(fixture->web), path, &body), code);
    if (strstr(body, text) == NULL)
        fail_msg("%s: '%s' is not in: %s", path, text, body);
    free(body);
}

static void the_status_has_the_site_its_stations_and_its_link(void **state)
{
    struct fixture *fixture = *state;
    expect(fixture, "/api/v1/status", 200,
           "\"site\":\"plant\",\"timezone\":\"UTC\",\"andon\":\"green\"");
    expect(fixture, "/api/v1/status", 200, "\"stations\":{\"total\":3");
    expect(fixture, "/api/v1/status", 200, "\"link\":{\"up\":true");
    expect(fixture, "/api/v1/status", 200, "\"valid_for_s\":");
}

static void stations_are_listed_with_their_labels_escaped(void **state)
{
    struct fixture *fixture = *state;
    expect(fixture, "/api/v1/stations", 200, "\"node\":\"ETS-2\"");
    expect(fixture, "/api/v1/stations", 200, "\"presence\":\"unknown\"");
    expect(fixture, "/api/v1/stations", 200, "\"line\":\"L1\"");
    expect(fixture, "/api/v1/stations", 200, "\\\"<b>\"");
    expect(fixture, "/api/v1/stations", 200, "\"last_heard\":null");
}

static void closed_incidents_come_from_the_store(void **state)
{
    struct fixture *fixture = *state;
    expect(fixture, "/api/v1/incidents", 200, "{\"incidents\":[\n{\"id\":\"known\"}]}");
    expect(fixture, "/api/v1/incidents?limit=0", 200, "{\"incidents\":[]}");
    expect(fixture, "/api/v1/incidents/known", 200, "{\"id\":\"known\"}");
    expect(fixture, "/api/v1/incidents/known/report", 200, "known");
}

static void what_does_not_exist_is_a_404_in_json(void **state)
{
    struct fixture *fixture = *state;
    static const char *const paths[] = {"/nothing",
                                        "/api/v1/",
                                        "/api/v1/statusx",
                                        "/api/v1/incidents/",
                                        "/api/v1/incidents/unknown",
                                        "/api/v1/incidents/unknown/report",
                                        "/api/v1/incidents/known/other",
                                        "/../etc/passwd"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        expect(fixture, paths[i], 404, "{\"error\":\"not_found\",\"message\":");
}

static void a_bad_limit_is_refused(void **state)
{
    struct fixture *fixture = *state;
    expect(fixture, "/api/v1/incidents?limit=many", 400, "bad_limit");
    expect(fixture, "/api/v1/incidents?limit=-1", 400, "bad_limit");
    expect(fixture, "/api/v1/incidents?limit=1001", 400, "bad_limit");
}

static void health_says_why_not(void **state)
{
    struct fixture *fixture = *state;
    expect(fixture, "/healthz", 200, "\"ok\":true");
    expect(fixture, "/readyz", 200, "\"ok\":true");
    fixture->link_up = false;
    expect(fixture, "/healthz", 503,
           "no link to the broker since 2024-11-06T05:00:00.000Z: "
           "connection refused");
    expect(fixture, "/readyz", 200, "\"ok\":true");
    fixture->held = 1;
    expect(fixture, "/readyz", 503, "agents keep their events");
    fixture->store_failing = true;
    expect(fixture, "/readyz", 503, "disk full");
}

static void metrics_count_rejects_by_reason(void **state)
{
    struct fixture *fixture = *state;
    expect(fixture, "/metrics", 200, "stationwatch_rejects_total{reason=\"malformed\"} 9\n");
    expect(fixture, "/metrics", 200, "stationwatch_messages_total{kind=\"heartbeat\"} 4\n");
    expect(fixture, "/metrics", 200, "stationwatch_link_up 1\n");
    expect(fixture, "/metrics", 200, "# TYPE stationwatch_incidents_open gauge\n");
}

static void the_page_and_its_parts_are_served(void **state)
{
    struct fixture *fixture = *state;
    expect(fixture, "/", 200, "<title>Stationwatch</title>");
    expect(fixture, "/page.js", 200, "./feed.js");
    expect(fixture, "/feed.js", 200, "EventSource");
    expect(fixture, "/page.css", 200, "--green");
}

static void expect_raw(struct fixture *fixture, const char *request, const char *text)
{
    struct http *http = http_open(&fixture->loop, web_port(fixture->web), request, false);
    if (!http_wait_for(http, text))
        fail_msg("'%s' is not in: %s", text, http->answer);
    http_free(http);
}

static void other_methods_are_refused(void **state)
{
    struct fixture *fixture = *state;
    expect_raw(fixture, "POST /api/v1/status HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\nabc",
               "405 Method Not Allowed");
    expect_raw(fixture, "DELETE / HTTP/1.1\r\nHost: t\r\n\r\n", "\r\nAllow: GET, HEAD\r\n");
    expect_raw(fixture, "HEAD /api/v1/status HTTP/1.1\r\nHost: t\r\n\r\n", "200 OK");
}

static void garbage_and_oversize_requests_are_refused(void **state)
{
    struct fixture *fixture = *state;
    static char large[60000];
    memcpy(large, "GET /", 5);
    memset(large + 5, 'a', sizeof large - 100);
    strcpy(large + sizeof large - 95, " HTTP/1.1\r\nHost: t\r\n\r\n");
    struct http *http = http_open(&fixture->loop, web_port(fixture->web), large, false);
    assert_true(http_wait_for_end(http) || strstr(http->answer, " 4") != NULL);
    assert_null(strstr(http->answer, "200 OK"));
    http_free(http);
    http = http_open(&fixture->loop, web_port(fixture->web), "\x01\x02\x03 garbage\r\n\r\n", false);
    assert_true(http_wait_for_end(http));
    http_free(http);
    expect(fixture, "/healthz", 200, "true");
}

static void answers_carry_the_headers_that_keep_browsers_safe(void **state)
{
    struct fixture *fixture = *state;
    expect_raw(fixture, "GET / HTTP/1.1\r\nHost: t\r\n\r\n",
               "Content-Security-Policy: default-src 'none'");
    expect_raw(fixture, "GET / HTTP/1.1\r\nHost: t\r\n\r\n", "X-Content-Type-Options: nosniff");
}

#define EVENTS_REQUEST "GET /api/v1/events HTTP/1.1\r\nHost: t\r\n\r\n"

static void every_reader_hears_every_event(void **state)
{
    struct fixture *fixture = *state;
    uint16_t port = web_port(fixture->web);
    struct http *first = http_open(&fixture->loop, port, EVENTS_REQUEST, false);
    struct http *second = http_open(&fixture->loop, port, EVENTS_REQUEST, false);
    assert_true(http_wait_for(first, "retry: 2000\n\n"));
    assert_true(http_wait_for(second, "retry: 2000\n\n"));
    assert_int_equal(web_readers(fixture->web), 2);
    web_event(fixture->web, "incident", "{\"id\":\"a\"}");
    web_event(fixture->web, "incident", "{\"id\":\"b\"}");
    static const char both[] = "event: incident\ndata: {\"id\":\"a\"}\n\n"
                               "event: incident\ndata: {\"id\":\"b\"}\n\n";
    assert_true(http_wait_for(first, both));
    assert_true(http_wait_for(second, both));
    web_status(fixture->web, now);
    assert_true(http_wait_for(first, "event: status\ndata: {\"as_of\":"));
    http_free(first);
    web_event(fixture->web, "incident", "{\"id\":\"c\"}");
    assert_true(http_wait_for(second, "{\"id\":\"c\"}"));
    http_free(second);
}

static void what_changes_at_the_stations_is_told(void **state)
{
    struct fixture *fixture = *state;
    struct http *http = http_open(&fixture->loop, web_port(fixture->web), EVENTS_REQUEST, false);
    assert_true(http_wait_for(http, "event: stations\ndata: {\"stations\":[{\"node\":\"ETS-0\""));
    http_free(http);
}

static bool one_reader_left(void *context)
{
    return web_readers(((struct fixture *)context)->web) == 1;
}

static void a_reader_that_never_reads_is_cut_off(void **state)
{
    struct fixture *fixture = *state;
    uint16_t port = web_port(fixture->web);
    struct http *good = http_open(&fixture->loop, port, EVENTS_REQUEST, false);
    struct http *stuck = http_open(&fixture->loop, port, EVENTS_REQUEST, true);
    static char json[60000];
    memset(json, 'x', sizeof json - 1);
    assert_true(http_wait_for(good, "retry"));
    // The kernel takes some megabytes for the stuck one; the good one has to keep up meanwhile.
    for (int i = 0; i < 1000 && !one_reader_left(fixture); i++) {
        char mark[32];
        snprintf(mark, sizeof mark, "event: m%d\n", i);
        web_event(fixture->web, "x", json);
        web_event(fixture->web, mark + 7, "{}");
        mark[strlen(mark) - 1] = '\0';
        assert_true(http_wait_for(good, mark));
        good->size = 0;
        good->answer[0] = '\0';
    }
    assert_true(loop_until(&fixture->loop, one_reader_left, fixture, LOOP_PATIENCE_MS));
    assert_false(good->ended);
    http_free(stuck);
    http_free(good);
}

static void readers_above_the_limit_are_refused(void **state)
{
    struct fixture *fixture = *state;
    struct http *readers[65];
    for (int i = 0; i < 65; i++)
        readers[i] = http_open(&fixture->loop, web_port(fixture->web), EVENTS_REQUEST, false);
    int served = 0, refused = 0;
    for (int i = 0; i < 65; i++) {
        assert_true(http_wait_for(readers[i], "\r\n\r\n"));
        served += strstr(readers[i]->answer, "200 OK") != NULL;
        refused += strstr(readers[i]->answer, "503 Service Unavailable") != NULL;
    }
    assert_int_equal(served, 64);
    assert_int_equal(refused, 1);
    for (int i = 0; i < 65; i++)
        http_free(readers[i]);
}

// A slow disk delays history and nothing else.
static void a_hung_store_delays_only_what_needs_it(void **state)
{
    struct fixture *fixture = *state;
    fake_store_set(&fixture->fake, true, false);
    struct store_item note = {.kind = STORE_NOTE, .note = {{1}, "", "x"}};
    assert_int_equal(store_writer_put(fixture->writer, &note), STATUS_OK);
    fake_store_wait(&fixture->fake);
    struct http *waiting = http_open(&fixture->loop, web_port(fixture->web),
                                     "GET /api/v1/incidents HTTP/1.1\r\nHost: t\r\n\r\n", false);
    expect(fixture, "/api/v1/status", 200, "plant");
    assert_int_equal(waiting->size, 0);
    fake_store_set(&fixture->fake, false, false);
    assert_true(http_wait_for(waiting, "known"));
    http_free(waiting);
}

// Closing with readers and with a request that waits for the store; tear_down does it.
static void the_server_ends_with_everything_open(void **state)
{
    struct fixture *fixture = *state;
    uint16_t port = web_port(fixture->web);
    fake_store_set(&fixture->fake, true, false);
    struct store_item note = {.kind = STORE_NOTE, .note = {{1}, "", "x"}};
    assert_int_equal(store_writer_put(fixture->writer, &note), STATUS_OK);
    fake_store_wait(&fixture->fake);
    struct http *waiting =
        http_open(&fixture->loop, port, "GET /api/v1/incidents HTTP/1.1\r\nHost: t\r\n\r\n", false);
    struct http *reader = http_open(&fixture->loop, port, EVENTS_REQUEST, false);
    assert_true(http_wait_for(reader, "retry"));
    http_free(waiting);
    http_free(reader);
}

static void an_address_in_use_is_said(void **state)
{
    struct fixture *fixture = *state;
    char problem[TEXT_SIZE];
    struct web *second = NULL;
    struct listen_address address = {"127.0.0.1", web_port(fixture->web)};
    struct web_source source = {"plant", "UTC", fixture->engine, fixture->writer, fixture, gather};
    assert_int_equal(web_open(&fixture->loop, &address, &source, &second, problem),
                     STATUS_UNAVAILABLE);
    assert_null(second);
    assert_non_null(strstr(problem, "http.listen"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_status_has_the_site_its_stations_and_its_link),
        TEST(stations_are_listed_with_their_labels_escaped),
        TEST(closed_incidents_come_from_the_store),
        TEST(what_does_not_exist_is_a_404_in_json),
        TEST(a_bad_limit_is_refused),
        TEST(health_says_why_not),
        TEST(metrics_count_rejects_by_reason),
        TEST(the_page_and_its_parts_are_served),
        TEST(other_methods_are_refused),
        TEST(garbage_and_oversize_requests_are_refused),
        TEST(answers_carry_the_headers_that_keep_browsers_safe),
        TEST(every_reader_hears_every_event),
        TEST(what_changes_at_the_stations_is_told),
        TEST(a_reader_that_never_reads_is_cut_off),
        TEST(readers_above_the_limit_are_refused),
        TEST(a_hung_store_delays_only_what_needs_it),
        TEST(the_server_ends_with_everything_open),
        TEST(an_address_in_use_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
