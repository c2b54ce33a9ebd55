// SPDX-License-Identifier: Apache-2.0
// Commands that are obeyed and commands that are refused; garbage that changes nothing.
#include "base/random.h"
#include "base/text.h"
#include "runtime/clock.h"
#include "tests/system/agent/station.h"

#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

// A service that a plain `sleep` plays; "guarded" may be started, "watched" may not. The long delay
// keeps the guardian from starting it by itself.
static struct station *a_server(void)
{
    struct station *station = station_new(
        "role: server\nservices:\n"
        "  - {name: guarded, command: /stationwatch/no/such/program, policy: ensure_running,"
        " delay: 1h, start_command: /bin/true}\n"
        "  - {name: watched, command: /stationwatch/no/such/program}\n");
    station_start_agent(station);
    station_next_heartbeat(station);
    return station;
}

static struct message a_command(const char *id, const char *action, const char *argument)
{
    struct message message = {.kind = MESSAGE_COMMAND};
    text_set(message.command.id, id);
    text_set(message.command.action, action);
    text_set(message.command.argument, argument);
    message.command.expires_at_ms = clock_now().wall.ms + 30000;
    return message;
}

static bool is_start(const struct message *message, const void *argument)
{
    return message->service.state == SERVICE_START_PENDING &&
           text_equal(message->service.service, argument);
}

static void assert_logged(struct station *station, const char *words)
{
    static char log[65536];
    temporary_read(station_folder(station), "agent.log", log, sizeof log);
    if (strstr(log, words) == NULL)
        fail_msg("'%s' is not in the log:\n%s", words, log);
}

static void start_service_is_obeyed_where_the_policy_allows_it(void **state)
{
    (void)state;
    struct station *station = a_server();
    struct message command = a_command("c1", "start_service", "guarded");
    station_send(station, &command, false);
    const struct message *start = station_expect(station, MESSAGE_SERVICE, is_start, "guarded");
    assert_string_equal(start->service.reason, "started by stationwatch-agent, attempt 1 of 5");
    assert_true(start->service.key.age_ms >= 0);
    station_free(station);
}

static void start_service_is_refused_where_it_is_only_watched(void **state)
{
    (void)state;
    struct station *station = a_server();
    struct message command = a_command("c1", "start_service", "watched");
    station_send(station, &command, false);
    command = a_command("c2", "start_service", "nobody");
    station_send(station, &command, false);
    station_next_heartbeat(station);
    station_next_heartbeat(station);
    assert_logged(station, "start_service watched refused: the service is only watched");
    assert_logged(station, "start_service nobody refused: the service is not watched here");
    assert_int_equal(station_count(station, MESSAGE_SERVICE, is_start, "watched"), 0);
    station_free(station);
}

static bool is_newer(const struct message *message, const void *argument)
{
    return message->service.key.seq > *(const uint64_t *)argument;
}

static uint64_t highest_service_seq(struct station *station)
{
    uint64_t seq = 0;
    while (station_count(station, MESSAGE_SERVICE, is_newer, &seq) > 0)
        seq++;
    return seq;
}

static void resync_tells_every_service_anew(void **state)
{
    (void)state;
    struct station *station = a_server();
    station_expect(station, MESSAGE_SERVICE, NULL, NULL);
    station_next_heartbeat(station);
    uint64_t before = highest_service_seq(station);
    struct message command = a_command("c1", "resync", "");
    station_send(station, &command, false);
    before++;
    station_expect(station, MESSAGE_SERVICE, is_newer, &before); // both services
    station_free(station);
}

static void retained_expired_repeated_and_unknown_commands_are_refused(void **state)
{
    (void)state;
    struct station *station = a_server();
    // Retained by a foolish or hostile sender before the agent connects.
    assert_true(process_stop(station_agent(station)));
    struct message command = a_command("kept", "start_service", "guarded");
    station_send(station, &command, true);
    station_forget(station);
    station_start_agent(station);
    station_next_heartbeat(station);
    command = a_command("old", "start_service", "guarded");
    command.command.expires_at_ms -= 3600000;
    station_send(station, &command, false);
    command = a_command("twice", "probe", "");
    station_send(station, &command, false);
    station_send(station, &command, false);
    command = a_command("odd", "format_disk", "");
    station_send(station, &command, false);
    station_next_heartbeat(station);
    station_next_heartbeat(station);
    assert_logged(station, "start_service (id kept) refused: it was retained");
    assert_logged(station, "start_service (id old) refused: it has expired");
    assert_logged(station, "probe (id twice) refused: its id was used before");
    assert_logged(station, "format_disk (id odd) refused: its action is not one of");
    assert_int_equal(station_count(station, MESSAGE_SERVICE, is_start, "guarded"), 0);
    station_free(station);
}

static void garbage_on_its_topics_is_harmless(void **state)
{
    (void)state;
    static const enum message_kind heard[] = {MESSAGE_ACK, MESSAGE_COMMAND, MESSAGE_BIRTH};
    const char *given = getenv("STATIONWATCH_SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 0) : 20241106;
    printf("seed %" PRIu64 " (STATIONWATCH_SEED)\n", seed);
    struct random_state random;
    random_seed(&random, seed);
    struct station *station = a_server();
    uint64_t incarnation = station_next_heartbeat(station)->heartbeat.incarnation;
    for (int round = 0; round < 20; round++) {
        station_forget(station);
        for (int i = 0; i < 30; i++) {
            uint8_t bytes[600];
            size_t size = random_below(&random, sizeof bytes);
            for (size_t k = 0; k < size; k++)
                bytes[k] = (uint8_t)random_next(&random);
            station_send_bytes(station, heard[random_below(&random, 3)], bytes, size, false);
        }
        const struct message *beat = station_next_heartbeat(station);
        assert_int_equal(beat->heartbeat.incarnation, incarnation);
    }
    static const uint8_t large[40000];
    station_send_bytes(station, MESSAGE_COMMAND, large, sizeof large, false);
    station_send_bytes(station, MESSAGE_BIRTH, "", 0, true);
    assert_int_equal(station_next_heartbeat(station)->heartbeat.incarnation, incarnation);
    assert_true(process_stop(station_agent(station)));
    assert_int_equal(process_exit_code(station_agent(station)), 0);
    station_free(station);
}

int main(void)
{
    if (!broker_available())
        return 77;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(start_service_is_obeyed_where_the_policy_allows_it),
        cmocka_unit_test(start_service_is_refused_where_it_is_only_watched),
        cmocka_unit_test(resync_tells_every_service_anew),
        cmocka_unit_test(retained_expired_repeated_and_unknown_commands_are_refused),
        cmocka_unit_test(garbage_on_its_topics_is_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
