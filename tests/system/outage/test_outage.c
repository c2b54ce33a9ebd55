// SPDX-License-Identifier: Apache-2.0
// The outage with real programs: one alert for one cause, whoever is there to tell of it.
#include "plant.h"
#include "plant_files.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { BROKER_OUTAGE_MS = 8000 };

static int set_up(void **state)
{
    *state = plant_new();
    return 0;
}

static int tear_down(void **state)
{
    plant_free(*state);
    return 0;
}

static bool is_told_and_confirmed(struct plant *plant)
{
    const struct incident *incident = &plant->incidents[0].incident;
    return plant->incident_count > 0 && incident->told && incident->scope.confirmed >= 3;
}

static bool is_told(struct plant *plant)
{
    return plant->incident_count > 0 && plant->incidents[0].incident.told;
}

static bool has_incident(struct plant *plant)
{
    return plant->incident_count > 0;
}

static bool nothing_is_open(struct plant *plant)
{
    return !plant_has_open_incident(plant);
}

static void a_stopped_order_service_is_one_incident_that_names_it(void **state)
{
    struct plant *plant = *state;
    assert_int_equal(plant->incident_count, 0);
    assert_true(process_stop(&plant->order_service));
    plant_wait(plant, is_told_and_confirmed, "the incident, told and confirmed by stations");
    const struct incident *incident = plant_only_incident(plant);
    assert_string_equal(incident->code, "ORDER_SERVICE_STOPPED");
    assert_string_equal(incident->component, "service:" PLANT_SERVER "/" PLANT_SERVICE);
    assert_string_equal(incident->owner, "Test Technology");
    assert_int_equal(incident->scope.affected, PLANT_STATIONS);
    assert_int_equal(incident->scope.total, PLANT_STATIONS);
    assert_true(incident->ruled_out_count > 0);
    plant_start_order_service(plant);
    plant_wait(plant, nothing_is_open, "the incident closed by fetches");
    assert_true(wall_known(plant_only_incident(plant)->resolved_at));
}

static bool is_told_with_alternatives(struct plant *plant)
{
    return is_told(plant) && plant->incidents[0].incident.alternative_count > 0;
}

static bool rules_out_the_network_by_the_share(const struct incident *incident)
{
    for (uint32_t i = 0; i < incident->ruled_out_count; i++)
        if (strncmp(incident->ruled_out[i].code, "ORDER_SHARE_", 12) == 0 &&
            strstr(incident->ruled_out[i].because, "answers came from the share") != NULL)
            return true;
    return false;
}

static void without_the_servers_agent_one_incident_lists_what_cannot_be_told_apart(void **state)
{
    struct plant *plant = *state;
    assert_true(process_stop(&plant->server_agent));
    assert_true(process_stop(&plant->order_service));
    plant_wait(plant, is_told_with_alternatives, "the incident, told, with its alternatives");
    const struct incident *incident = plant_only_incident(plant);
    assert_string_equal(incident->component, "service:" PLANT_SERVER "/" PLANT_SERVICE);
    assert_int_equal(incident->scope.affected, PLANT_STATIONS);
    assert_true(rules_out_the_network_by_the_share(incident));
    plant_start_order_service(plant);
    plant_wait(plant, nothing_is_open, "the incident closed by fetches");
    assert_string_equal(plant_only_incident(plant)->component,
                        "service:" PLANT_SERVER "/" PLANT_SERVICE);
}

static void a_segment_that_falls_silent_is_one_incident_and_no_station_alert(void **state)
{
    struct plant *plant = *state;
    plant_signal_segment(plant, SIGSTOP);
    plant_wait(plant, is_told, "the incident, told");
    const struct incident *incident = plant_only_incident(plant);
    assert_string_equal(incident->code, "SEGMENT_DOWN");
    assert_string_equal(incident->component, "label:segment=S1");
    assert_int_equal(incident->scope.affected, PLANT_SEGMENT);
    plant_signal_segment(plant, SIGCONT);
    plant_wait(plant, nothing_is_open, "the incident closed by heartbeats");
    assert_true(wall_known(plant_only_incident(plant)->resolved_at));
}

// Each agent has told of every line of its log, and the collector has acked all of it.
static bool every_fetch_is_delivered(struct plant *plant)
{
    for (int i = 0; i < PLANT_STATIONS; i++) {
        const struct heartbeat *heartbeat = &plant->heartbeats[i];
        if (heartbeat->fetch_ok + heartbeat->fetch_failed < plant_fetches_logged(plant, i) ||
            heartbeat->outbox_depth > 0)
            return false;
    }
    return true;
}

static void expect_no_station_alert(const struct plant *plant)
{
    for (size_t i = 0; i < plant->incident_count; i++) {
        if (strncmp(plant->incidents[i].incident.component, "station:", 8) != 0)
            continue;
        plant_print(plant);
        fail_msg("a station incident");
    }
}

static bool viewer_is_back(struct plant *plant)
{
    return plant->viewer_connected;
}

static bool every_station_has_fetched_again(struct plant *plant)
{
    for (int i = 0; i < PLANT_STATIONS; i++)
        if (plant->orders_seen[i] == 0)
            return false;
    return true;
}

static void no_fetch_is_lost_and_no_station_alarms_while_the_broker_is_away(void **state)
{
    struct plant *plant = *state;
    assert_true(broker_stop(plant->broker));
    plant_let_pass(plant, BROKER_OUTAGE_MS);
    assert_true(broker_resume(plant->broker));
    plant_wait(plant, viewer_is_back, "the viewer's connection");
    memset(plant->orders_seen, 0, sizeof plant->orders_seen);
    plant_wait(plant, every_station_has_fetched_again, "an order at every station");
    plant_stop_testers(plant);
    plant_wait(plant, every_fetch_is_delivered, "every fetch acked");
    plant_wait(plant, nothing_is_open, "what was told of the broker to be closed");
    uint64_t logged = 0;
    for (int i = 0; i < PLANT_STATIONS; i++)
        logged += plant_fetches_logged(plant, i);
    assert_int_equal(plant_fetches_stored(plant), logged);
    expect_no_station_alert(plant);
}

static bool is_confirmed(struct plant *plant)
{
    return has_incident(plant) && plant->incidents[0].incident.scope.confirmed > 0;
}

static void an_outage_outlives_the_brokers_and_ends_by_fetches_alone(void **state)
{
    struct plant *plant = *state;
    assert_true(process_stop(&plant->order_service));
    plant_wait(plant, is_confirmed, "the incident, confirmed by a station");
    assert_true(broker_stop(plant->broker));
    plant_let_pass(plant, BROKER_OUTAGE_MS);
    assert_true(broker_resume(plant->broker));
    plant_wait(plant, viewer_is_back, "the viewer's connection");
    assert_true(plant_has_open_incident(plant));
    memset(plant->orders_seen, 0, sizeof plant->orders_seen);
    plant_start_order_service(plant);
    plant_wait(plant, nothing_is_open, "the incident closed by fetches");
    uint64_t fetched = 0;
    for (int i = 0; i < PLANT_STATIONS; i++)
        fetched += plant->orders_seen[i] > 0;
    assert_true(fetched >= 3);
    expect_no_station_alert(plant);
}

#define WITH_PLANT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    if (!plant_available())
        return 77;
    const struct CMUnitTest tests[] = {
        WITH_PLANT(a_stopped_order_service_is_one_incident_that_names_it),
        WITH_PLANT(without_the_servers_agent_one_incident_lists_what_cannot_be_told_apart),
        WITH_PLANT(a_segment_that_falls_silent_is_one_incident_and_no_station_alert),
        WITH_PLANT(no_fetch_is_lost_and_no_station_alarms_while_the_broker_is_away),
        WITH_PLANT(an_outage_outlives_the_brokers_and_ends_by_fetches_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
