// SPDX-License-Identifier: Apache-2.0
// An agent's life as the bus sees it: birth, heartbeats, will, goodbye.
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

static bool is_online(const struct message *message, const void *argument)
{
    (void)argument;
    return message->birth.online;
}

static bool is_offline(const struct message *message, const void *argument)
{
    (void)argument;
    return !message->birth.online;
}

static void birth_comes_first_and_heartbeats_follow(void **state)
{
    (void)state;
    struct station *station =
        station_new("role: server\nlabels: [{key: line, value: L1}]\n"
                    "services: [{name: order-generator, command: no-such-program}]\n");
    station_start_agent(station);
    const struct message *birth = station_expect(station, MESSAGE_BIRTH, is_online, NULL);
    assert_int_equal(birth->birth.role, ROLE_SERVER);
    assert_int_equal(birth->birth.session, 1);
    assert_string_equal(birth->birth.labels[0].value, "L1");
    assert_string_equal(birth->birth.services[0], "order-generator");
    assert_int_equal(birth->birth.heartbeat_interval_ms, 200);
    assert_int_equal(strlen(birth->birth.boot_id), 36);
    uint64_t incarnation = birth->birth.incarnation;
    char outbox_id[ID_SIZE];
    text_set(outbox_id, birth->birth.outbox_id);
    const struct message *beat = station_next_heartbeat(station);
    assert_int_equal(beat->heartbeat.incarnation, incarnation);
    assert_int_equal(beat->heartbeat.interval_ms, 200);
    assert_string_equal(beat->heartbeat.outbox_id, outbox_id);
    assert_int_equal(beat->heartbeat.share_probe_age_ms, -1);
    // Every watched service's state is an event at birth.
    station_expect(station, MESSAGE_SERVICE, NULL, NULL);
    const struct message *host = station_expect(station, MESSAGE_HOST, NULL, NULL);
    assert_int_equal(host->host.event, HOST_BOOTED);
    assert_true(host->host.key.age_ms > 0);
    station_free(station);
}

static void kill_9_is_told_by_the_will(void **state)
{
    (void)state;
    struct station *station = station_new("");
    station_start_agent(station);
    const struct message *birth = station_expect(station, MESSAGE_BIRTH, is_online, NULL);
    struct birth alive = birth->birth;
    process_kill(station_agent(station));
    const struct message *will = station_expect(station, MESSAGE_BIRTH, is_offline, NULL);
    assert_int_equal(will->birth.offline_reason, OFFLINE_WILL);
    assert_int_equal(will->birth.incarnation, alive.incarnation);
    assert_int_equal(will->birth.session, alive.session);
    assert_string_equal(will->birth.outbox_id, alive.outbox_id);
    station_free(station);
}

static void sigterm_is_a_goodbye_and_no_will(void **state)
{
    (void)state;
    struct station *station = station_new("");
    station_start_agent(station);
    station_next_heartbeat(station);
    assert_true(process_stop(station_agent(station)));
    assert_int_equal(process_exit_code(station_agent(station)), 0);
    const struct message *bye = station_expect(station, MESSAGE_BIRTH, is_offline, NULL);
    assert_int_equal(bye->birth.offline_reason, OFFLINE_AGENT_STOP);
    station_forget(station);
    station_start_agent(station); // whatever the broker had still to say has come before this
    station_expect(station, MESSAGE_BIRTH, is_online, NULL);
    assert_int_equal(station_count(station, MESSAGE_BIRTH, is_offline, NULL), 0);
    station_free(station);
}

static void sigterm_without_a_broker_ends_as_well(void **state)
{
    (void)state;
    struct station *station = station_new("");
    station_start_agent(station);
    station_next_heartbeat(station);
    broker_kill(station_broker(station));
    assert_true(process_stop(station_agent(station)));
    assert_int_equal(process_exit_code(station_agent(station)), 0);
    station_free(station);
}

static void an_agent_that_is_declared_gone_says_that_it_is_here(void **state)
{
    (void)state;
    struct station *station = station_new("");
    station_start_agent(station);
    station_next_heartbeat(station);
    struct message lie = *station_expect(station, MESSAGE_BIRTH, is_online, NULL);
    lie.birth.online = false;
    lie.birth.offline_reason = OFFLINE_WILL;
    station_forget(station);
    station_send(station, &lie, true);
    station_expect(station, MESSAGE_BIRTH, is_offline, NULL);
    const struct message *again = station_expect(station, MESSAGE_BIRTH, is_online, NULL);
    assert_int_equal(again->birth.session, lie.birth.session);
    station_free(station);
}

static bool is_session(const struct message *message, const void *argument)
{
    return message->birth.online && message->birth.session >= *(const uint32_t *)argument;
}

static void a_broker_that_lost_its_memory_gets_a_new_birth(void **state)
{
    (void)state;
    struct station *station = station_new("");
    station_start_agent(station);
    station_next_heartbeat(station);
    station_forget(station);
    broker_kill(station_broker(station));
    assert_true(broker_resume(station_broker(station)));
    const uint32_t second = 2;
    station_expect(station, MESSAGE_BIRTH, is_session, &second);
    station_next_heartbeat(station);
    station_free(station);
}

static bool has_no_outbox(const struct message *message, const void *argument)
{
    (void)argument;
    return message->heartbeat.outbox_id[0] == '\0';
}

static void without_an_outbox_it_still_beats(void **state)
{
    (void)state;
    struct station *station = station_new("");
    char path[TEMPORARY_PATH_SIZE], log[8192];
    assert_int_equal(mkdir(temporary_path(station_folder(station), "outbox.db", path), 0700), 0);
    station_start_agent(station);
    station_expect(station, MESSAGE_HEARTBEAT, has_no_outbox, NULL);
    station_next_heartbeat(station);
    assert_false(station_report(station, "4711"));
    temporary_read(station_folder(station), "agent.log", log, sizeof log);
    assert_non_null(strstr(log, "no events are accepted"));
    assert_true(process_stop(station_agent(station)));
    station_free(station);
}

static void a_wrong_configuration_is_exit_code_78(void **state)
{
    (void)state;
    struct station *station = station_new("heartbeet: {interval: 1s}\n");
    char log[8192];
    station_start_agent(station);
    assert_true(process_wait(station_agent(station), 30000));
    assert_int_equal(process_exit_code(station_agent(station)), 78);
    temporary_read(station_folder(station), "agent.log", log, sizeof log);
    assert_non_null(strstr(log, "agent.yaml:7:1: "));
    assert_non_null(strstr(log, "heartbeet"));
    station_free(station);
}

int main(void)
{
    if (!broker_available())
        return 77;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(birth_comes_first_and_heartbeats_follow),
        cmocka_unit_test(kill_9_is_told_by_the_will),
        cmocka_unit_test(sigterm_is_a_goodbye_and_no_will),
        cmocka_unit_test(sigterm_without_a_broker_ends_as_well),
        cmocka_unit_test(an_agent_that_is_declared_gone_says_that_it_is_here),
        cmocka_unit_test(a_broker_that_lost_its_memory_gets_a_new_birth),
        cmocka_unit_test(without_an_outbox_it_still_beats),
        cmocka_unit_test(a_wrong_configuration_is_exit_code_78),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
