// SPDX-License-Identifier: Apache-2.0
// The agent repairs: a service that ends is started again, one that can't be is given up; and it
// looks at the share at once when a fetch failed.
#include "base/text.h"
#include "tests/system/agent/station.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sys/stat.h>

struct want {
    enum service_state state;
    const char *reason; // begins with it; NULL = any
    uint64_t after;     // seq above this
};

static bool is_wanted(const struct message *message, const void *argument)
{
    const struct want *want = argument;
    const struct service_report *report = &message->service;
    return report->state == want->state && report->key.seq > want->after &&
           (want->reason == NULL ||
            strncmp(report->reason, want->reason, strlen(want->reason)) == 0);
}

static struct service_report expect(struct station *station, enum service_state state,
                                    const char *reason, uint64_t after)
{
    struct want want = {state, reason, after};
    return station_expect(station, MESSAGE_SERVICE, is_wanted, &want)->service;
}

// The configuration of a service: a shell that writes its pid and then becomes `sleep`.
static const char *write_service(const struct temporary *folder)
{
    static char config[2048];
    char script[TEMPORARY_PATH_SIZE], pid_file[TEMPORARY_PATH_SIZE], text[1024];
    temporary_path(folder, "service.pid", pid_file);
    snprintf(text, sizeof text, "#!/bin/sh\necho $$ >%s\nexec sleep 3600\n", pid_file);
    temporary_write(folder, "service.sh", text, script);
    assert_int_equal(chmod(script, 0700), 0);
    snprintf(config, sizeof config,
             "role: server\nservices:\n  - {name: generator, pid_file: %s, start_command: %s,"
             " policy: ensure_running, stable_after: 1s}\n",
             pid_file, script);
    return config;
}

static void a_service_that_ends_is_started_again_and_verified(void **state)
{
    (void)state;
    struct temporary folder;
    temporary_init(&folder);
    struct station *station = station_new(write_service(&folder));
    station_start_agent(station);
    struct service_report start =
        expect(station, SERVICE_START_PENDING, "started by stationwatch-agent, attempt 1 of 5", 0);
    struct service_report first = expect(station, SERVICE_RUNNING, NULL, start.key.seq);
    assert_true(first.pid > 1);
    struct service_report verified =
        expect(station, SERVICE_RUNNING, "verified by stationwatch-agent", first.key.seq);
    assert_int_equal(kill((pid_t)first.pid, SIGKILL), 0);
    struct want failed = {SERVICE_FAILED, NULL, verified.key.seq};
    const struct message *end = station_expect(station, MESSAGE_SERVICE, is_wanted, &failed);
    start = expect(station, SERVICE_START_PENDING, "started by stationwatch-agent, attempt 1 of 5",
                   end->service.key.seq);
    struct service_report second = expect(station, SERVICE_RUNNING, NULL, start.key.seq);
    assert_int_not_equal(second.pid, first.pid);
    // The service outlives the agent: it is not the agent's, only watched over by it.
    assert_true(process_stop(station_agent(station)));
    assert_int_equal(kill((pid_t)second.pid, 0), 0);
    assert_int_equal(kill((pid_t)second.pid, SIGKILL), 0);
    station_free(station);
    temporary_fini(&folder);
}

static void a_service_that_cannot_be_started_is_given_up(void **state)
{
    (void)state;
    struct station *station =
        station_new("role: server\nservices:\n  - {name: generator, command: /no/such/program,"
                    " start_command: /bin/false, policy: ensure_running, attempts: 2,"
                    " backoff: 100ms}\n");
    station_start_agent(station);
    struct want second = {SERVICE_START_PENDING, "started by stationwatch-agent, attempt 2 of 2",
                          0};
    uint64_t seq = station_expect(station, MESSAGE_SERVICE, is_wanted, &second)->service.key.seq;
    expect(station, SERVICE_FAILED, "stationwatch-agent gave up after 2 attempts", seq);
    station_free(station);
}

static bool is_long_since_probed(const struct message *message, const void *argument)
{
    (void)argument;
    return message->heartbeat.share_probe_age_ms >= 1500;
}

static bool failed_and_was_probed(const struct message *message, const void *argument)
{
    (void)argument;
    return message->heartbeat.fetch_failed > 0 && message->heartbeat.share_probe_age_ms < 1500;
}

static void a_failed_fetch_makes_it_look_at_the_share(void **state)
{
    (void)state;
    struct station *station = station_new("share: {path: /tmp, interval: 1h}\n");
    station_start_agent(station);
    station_expect(station, MESSAGE_HEARTBEAT, is_long_since_probed, NULL);
    assert_true(station_report(station, "4711"));
    const struct message *beat =
        station_expect(station, MESSAGE_HEARTBEAT, failed_and_was_probed, NULL);
    assert_int_equal(beat->heartbeat.share_outcome, OUTCOME_OK);
    station_free(station);
}

int main(void)
{
    if (!broker_available())
        return 77;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_service_that_ends_is_started_again_and_verified),
        cmocka_unit_test(a_service_that_cannot_be_started_is_given_up),
        cmocka_unit_test(a_failed_fetch_makes_it_look_at_the_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
