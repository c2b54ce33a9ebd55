// SPDX-License-Identifier: Apache-2.0
// Replay: virtual time from the trace alone, the same output for the same input, errors with words.
#include "ctl/trace/replay.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define T0 1730869200 // 2024-11-06T05:00:00Z

struct seen {
    struct wall_time t;
    enum transition transition;
    bool annunciated;
    char code[CODE_SIZE];
};

struct fixture {
    struct engine_service service;
    struct engine_config config;
    struct replay *replay;
    size_t seen_count;
    struct seen seen[64];
    char problem[TEXT_SIZE];
};

static void on_transition(void *context, struct wall_time t, const struct effect *effect)
{
    struct fixture *fixture = context;
    assert_in_range(fixture->seen_count, 0, 63);
    struct seen *seen = &fixture->seen[fixture->seen_count++];
    *seen = (struct seen){t, effect->transition, effect->annunciated, ""};
    memcpy(seen->code, effect->incident->code, sizeof seen->code);
}

static int set_up(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){.service = {"SRV-01", "OrderGeneration", "orders", ""}};
    engine_config_init(&fixture.config);
    fixture.config.site = "plant";
    fixture.config.services = &fixture.service;
    fixture.config.service_count = 1;
    struct replay_events events = {on_transition, &fixture};
    assert_int_equal(replay_new(&fixture.config, &events, &fixture.replay), STATUS_OK);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    replay_free(fixture->replay);
    return 0;
}

static enum status play(struct fixture *fixture, const char *line)
{
    return replay_line(fixture->replay, line, strlen(line), fixture->problem);
}

static void play_well(struct fixture *fixture, const char *line)
{
    if (play(fixture, line) != STATUS_OK)
        fail_msg("%s: %s", line, fixture->problem);
}

// A message of the server at `ms` after T0.
static void play_server(struct fixture *fixture, int64_t ms, const char *kind, const char *fields)
{
    char line[2048];
    snprintf(line, sizeof line,
             "{\"t\":%" PRId64 ".%03d,\"topic\":\"stationwatch/v1/plant/SRV-01/%s\","
             "\"message\":{%s}}",
             T0 + ms / 1000, (int)(ms % 1000), kind, fields);
    play_well(fixture, line);
}

// A server that lives, whose service stops after 2 s; then the trace ends after `end_ms`.
static void play_stop(struct fixture *fixture, int64_t end_ms)
{
    char fields[512], line[128];
    play_server(fixture, 0, "birth",
                "\"online\":true,\"role\":\"ROLE_SERVER\",\"incarnation\":1,\"session\":1,"
                "\"boot_id\":\"b1\",\"outbox_id\":\"o1\",\"outbox_oldest_seq\":1,"
                "\"heartbeat_interval_ms\":1000,\"services\":[\"OrderGeneration\"]");
    for (int i = 0; i <= end_ms / 1000; i++) {
        snprintf(fields, sizeof fields,
                 "\"incarnation\":1,\"seq\":%d,\"interval_ms\":1000,\"outbox_id\":\"o1\","
                 "\"outbox_oldest_seq\":1,\"share_probe_age_ms\":-1",
                 i + 1);
        play_server(fixture, i * 1000 + 1, "heartbeat", fields);
        if (i == 2)
            play_server(fixture, 2500, "service",
                        "\"outbox_id\":\"o1\",\"seq\":1,\"at_ms\":1730869202499,\"age_ms\":1,"
                        "\"service\":\"OrderGeneration\",\"state\":\"SERVICE_STOPPED\"");
    }
    snprintf(line, sizeof line, "{\"t\":%" PRId64 ".%03d,\"end\":true}", T0 + end_ms / 1000,
             (int)(end_ms % 1000));
    play_well(fixture, line);
    replay_finish(fixture->replay);
}

static void a_stop_opens_an_incident_at_the_time_of_its_line(void **state)
{
    struct fixture *fixture = *state;
    play_stop(fixture, 4500);
    assert_int_equal(fixture->seen_count, 1);
    assert_int_equal(fixture->seen[0].transition, TRANSITION_OPENED);
    assert_false(fixture->seen[0].annunciated);
    assert_string_equal(fixture->seen[0].code, "ORDER_SERVICE_STOPPED");
    assert_int_equal(fixture->seen[0].t.ms, T0 * INT64_C(1000) + 2500);
}

static void a_deadline_runs_at_its_own_time_up_to_the_last_t(void **state)
{
    struct fixture *fixture = *state;
    play_stop(fixture, 7900);
    assert_int_equal(fixture->seen_count, 2);
    assert_int_equal(fixture->seen[1].transition, TRANSITION_UPDATED);
    assert_true(fixture->seen[1].annunciated);
    assert_int_equal(fixture->seen[1].t.ms, T0 * INT64_C(1000) + 7500);
}

static void no_deadline_after_the_last_t_runs(void **state)
{
    struct fixture *fixture = *state;
    play_stop(fixture, 7499);
    assert_int_equal(fixture->seen_count, 1);
}

static void time_that_goes_back_is_refused(void **state)
{
    struct fixture *fixture = *state;
    play_well(fixture, "{\"t\":1730869200.500,\"link\":\"up\"}");
    play_well(fixture, "{\"t\":1730869200.500,\"link\":\"up\"}");
    assert_int_equal(play(fixture, "{\"t\":1730869200.499,\"end\":true}"), STATUS_INVALID);
    assert_non_null(strstr(fixture->problem, "goes back"));
}

static void a_line_that_is_none_is_refused(void **state)
{
    struct fixture *fixture = *state;
    static const char *const wrong[] = {"{", "[]", "{\"t\":1}", "{\"t\":\"now\",\"end\":true}",
                                        "{\"t\":1,\"link\":\"sideways\"}"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        fixture->problem[0] = '\0';
        assert_int_equal(play(fixture, wrong[i]), STATUS_INVALID);
        assert_true(strlen(fixture->problem) > 0);
    }
}

static void what_is_not_for_the_engine_is_counted(void **state)
{
    struct fixture *fixture = *state;
    static const char *const lines[] = {
        "{\"t\":1730869200,\"topic\":\"stationwatch/v1/other/SRV-01/service\",\"message\":"
        "{\"outbox_id\":\"o1\",\"seq\":1,\"service\":\"OrderGeneration\","
        "\"state\":\"SERVICE_STOPPED\"}}",
        "{\"t\":1730869200,\"topic\":\"stationwatch/v1/plant/_andon\",\"payload_base64\":\"cmVk\"}",
        "{\"t\":1730869200,\"topic\":\"stationwatch/v1/plant/SRV-01/ack\",\"message\":"
        "{\"outbox_id\":\"o1\",\"seq\":1}}",
        "{\"t\":1730869200,\"topic\":\"stationwatch/v1/plant/SRV-01/heartbeat\","
        "\"payload_base64\":\"/////w==\"}",
        "",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        play_well(fixture, lines[i]);
    replay_finish(fixture->replay);
    struct replay_counters counters = replay_counters(fixture->replay);
    assert_int_equal(counters.lines, 5);
    assert_int_equal(counters.events, 0);
    assert_int_equal(counters.other_sites, 1);
    assert_int_equal(counters.passed_over, 2);
    assert_int_equal(counters.undecoded, 1);
    assert_int_equal(fixture->seen_count, 0);
}

static void an_empty_trace_is_no_error(void **state)
{
    struct fixture *fixture = *state;
    replay_finish(fixture->replay);
    assert_int_equal(fixture->seen_count, 0);
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(a_stop_opens_an_incident_at_the_time_of_its_line),
        WITH_FIXTURE(a_deadline_runs_at_its_own_time_up_to_the_last_t),
        WITH_FIXTURE(no_deadline_after_the_last_t_runs),
        WITH_FIXTURE(time_that_goes_back_is_refused),
        WITH_FIXTURE(a_line_that_is_none_is_refused),
        WITH_FIXTURE(what_is_not_for_the_engine_is_counted),
        WITH_FIXTURE(an_empty_trace_is_no_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
