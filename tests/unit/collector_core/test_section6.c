// SPDX-License-Identifier: Apache-2.0
// DESIGN section 6, sentence by sentence, where the scenario language has no word for it;
// docs/diagnosis-tests.md lists all of them with their tests.
#include "base/text.h"
#include "collector/core/diagnosis_state.h"
#include "collector/core/engine_state.h"
#include "tests/unit/collector_core/workshop.h"

#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { STATIONS = 20 };

static struct workshop workshop;

static const struct incident *found(const char *code)
{
    const struct workshop_incident *incident = workshop_find(&workshop, code);
    if (incident == NULL)
        fail_msg("there is no %s", code);
    return &incident->latest;
}

static void assert_nothing_said(void)
{
    if (workshop.incident_count > 0)
        fail_msg("%s %s is said", workshop.incidents[0].latest.code,
                 workshop.incidents[0].latest.component);
}

static void start(uint32_t stations)
{
    workshop_init(&workshop, stations, 1);
    workshop_start(&workshop);
    workshop_wait(&workshop, 60000);
}

// Every station from..to fetches once, a second apart.
static void all_fetch(uint32_t from, uint32_t to, const char *product, enum outcome outcome)
{
    for (uint32_t i = from; i < to; i++) {
        workshop_fetch(&workshop, i, NULL, product, outcome);
        workshop_wait(&workshop, 1000);
    }
}

// ---- components ------------------------------------------------------------------------------

static void stations_of_another_server_are_not_in_scope(void **state)
{
    (void)state;
    workshop_init(&workshop, STATIONS, 2);
    for (uint32_t i = 0; i < STATIONS; i++)
        text_set(workshop.stations[i].server, i < 12 ? "SRV-1" : "SRV-2");
    workshop_start(&workshop);
    for (int round = 0; round < 3; round++) {
        all_fetch(0, 12, "P1", OUTCOME_MISSING);
        all_fetch(12, STATIONS, "P1", OUTCOME_OK);
    }
    const struct incident *incident = found("ORDER_SERVICE_STOPPED");
    assert_string_equal(incident->component, "service:SRV-1/Orders");
    assert_int_equal(incident->scope.affected, 12);
    workshop_fini(&workshop);
}

static void stations_of_no_named_server_depend_on_every_service(void **state)
{
    (void)state;
    start(STATIONS);
    all_fetch(0, STATIONS, "P1", OUTCOME_MISSING);
    assert_int_equal(found("ORDER_SERVICE_STOPPED")->scope.affected, STATIONS);
    workshop_fini(&workshop);
}

static void silence_labelled(uint32_t count)
{
    workshop_init(&workshop, STATIONS, 1);
    for (uint32_t i = 0; i < count; i++)
        workshop_label(&workshop, i, "cell", "C1");
    workshop_start(&workshop);
    workshop_wait(&workshop, 60000);
    for (uint32_t i = 0; i < count; i++)
        workshop_silence(&workshop, i);
    workshop_wait(&workshop, 60000);
}

static void any_label_of_three_stations_is_a_candidate(void **state)
{
    (void)state;
    silence_labelled(3);
    assert_string_equal(found("SEGMENT_DOWN")->component, "label:cell=C1");
    assert_int_equal(workshop.incident_count, 1);
    workshop_fini(&workshop);
}

static void a_scope_under_three_alarms_as_stations(void **state)
{
    (void)state;
    silence_labelled(2);
    assert_null(workshop_find(&workshop, "SEGMENT_DOWN"));
    assert_int_equal(workshop.incident_count, 2);
    for (uint32_t i = 0; i < 2; i++)
        assert_string_equal(workshop.incidents[i].latest.code, "AGENT_LOST");
    workshop_fini(&workshop);
}

static void labels_with_the_same_stations_are_one_named_segment_before_line(void **state)
{
    (void)state;
    workshop_init(&workshop, STATIONS, 1);
    for (uint32_t i = 0; i < 6; i++) {
        workshop_label(&workshop, i, "area", "A1");
        workshop_label(&workshop, i, "line", "L1");
        workshop_label(&workshop, i, "segment", "S1");
    }
    workshop_start(&workshop);
    workshop_wait(&workshop, 60000);
    for (uint32_t i = 0; i < 6; i++)
        workshop_silence(&workshop, i);
    workshop_wait(&workshop, 60000);
    const struct incident *incident = found("SEGMENT_DOWN");
    assert_string_equal(incident->component, "label:segment=S1");
    assert_int_equal(incident->alternative_count, 0);
    assert_int_equal(workshop.incident_count, 1);
    workshop_fini(&workshop);
}

// ---- scores ----------------------------------------------------------------------------------

static double highest_part(void) // of its threshold
{
    const struct diagnosis *diagnosis = workshop.engine->diagnosis;
    double highest = 0;
    for (uint32_t i = 0; i < diagnosis->candidate_count; i++) {
        const struct candidate *candidate = &diagnosis->candidates[i];
        double threshold = candidate_threshold(diagnosis, candidate->row);
        assert_true(candidate->score >= 0);
        assert_true(candidate->score <= threshold + log(10) + 1e-6);
        highest = fmax(highest, candidate->score / threshold);
    }
    return highest;
}

static void scores_stay_between_zero_and_a_little_above_the_threshold(void **state)
{
    (void)state;
    double highest = 0;
    start(STATIONS);
    for (int round = 0; round < 6; round++)
        for (uint32_t i = 0; i < STATIONS; i++) {
            workshop_fetch(&workshop, i, NULL, "P1",
                           round % 3 == 0 ? OUTCOME_OK : OUTCOME_UNREACHABLE);
            highest = fmax(highest, highest_part());
            workshop_wait(&workshop, 1000);
            highest = fmax(highest, highest_part());
        }
    assert_true(highest > 0.5); // something was scored
    workshop_fini(&workshop);
}

static void rivals_that_an_incident_explained_restart_at_zero_when_it_is_resolved(void **state)
{
    (void)state;
    start(STATIONS);
    all_fetch(0, STATIONS, "P1", OUTCOME_MISSING);
    assert_non_null(workshop_find(&workshop, "ORDER_SERVICE_STOPPED"));
    for (int round = 0; round < 4; round++)
        all_fetch(0, STATIONS, "P1", OUTCOME_OK);
    workshop_wait(&workshop, 130000);
    assert_true(workshop_find(&workshop, "ORDER_SERVICE_STOPPED")->resolved);
    assert_true(highest_part() < 0.01);
    assert_int_equal(workshop.incident_count, 1);
    workshop_fini(&workshop);
}

static double threshold_at(double false_alarms_per_year)
{
    workshop_init(&workshop, STATIONS, 1);
    workshop.config.false_alarms_per_year = false_alarms_per_year;
    workshop_start(&workshop);
    workshop_fetch(&workshop, 0, NULL, "P1", OUTCOME_OK);
    workshop_wait(&workshop, 2000);
    double threshold = engine_counters(workshop.engine).threshold;
    workshop_fini(&workshop);
    return threshold;
}

static void a_tenth_of_the_false_alarms_costs_the_logarithm_of_ten(void **state)
{
    (void)state;
    assert_true(fabs(threshold_at(0.1) - threshold_at(1) - log(10)) < 1e-9);
    assert_true(threshold_at(1) > log(STATIONS * 40 * 8766.0)); // more than its fetches alone
}

// ---- observations ----------------------------------------------------------------------------

static void a_probe_result_told_again_is_no_new_one(void **state)
{
    (void)state;
    start(STATIONS);
    for (int64_t age = 0; age < 25000; age += 1000) { // one look, told 25 times
        workshop_heartbeat(&workshop, 3,
                           (struct heartbeat){.share_outcome = OUTCOME_UNREACHABLE,
                                              .share_probe_age_ms = age,
                                              .software_running = true});
        workshop_wait(&workshop, 1000);
    }
    assert_nothing_said();
    for (int look = 0; look < 3; look++) {
        workshop_heartbeat(&workshop, 3,
                           (struct heartbeat){.share_outcome = OUTCOME_UNREACHABLE,
                                              .share_probe_age_ms = 200 - look,
                                              .software_running = true});
        workshop_wait(&workshop, 10000);
    }
    assert_string_equal(found("STATION_FAULT")->component, "station:ST-04");
    workshop_fini(&workshop);
}

static void counters_are_no_evidence(void **state)
{
    (void)state;
    start(STATIONS);
    for (uint64_t round = 1; round <= 20; round++) {
        for (uint32_t i = 0; i < STATIONS; i++)
            workshop_heartbeat(
                &workshop, i,
                (struct heartbeat){.fetch_failed = round * 50, .software_running = true});
        workshop_wait(&workshop, 1000);
    }
    assert_nothing_said();
    workshop_fini(&workshop);
}

static void a_batch_that_is_not_released_is_order_data_missing(void **state)
{
    (void)state;
    start(STATIONS);
    for (uint32_t i = 0; i < 30; i++) { // among what all others ask for, and themselves too
        workshop_fetch(&workshop, i % 6, NULL, "P9", OUTCOME_MISSING);
        all_fetch(i % 6, i % 6 + 1, "P1", OUTCOME_OK);
        all_fetch(6 + i % 6, 8 + i % 6, "P1", OUTCOME_OK);
    }
    assert_string_equal(found("ORDER_DATA_MISSING")->component, "product:P9");
    assert_int_equal(workshop.incident_count, 1);
    workshop_fini(&workshop);
}

static void one_order_that_fails_everywhere_is_that_order(void **state)
{
    (void)state;
    start(STATIONS);
    for (uint32_t i = 0; i < 8; i++) {
        workshop_fetch(&workshop, i, "4711", "P1", OUTCOME_MISSING);
        workshop_wait(&workshop, 2000);
        workshop_fetch(&workshop, i, NULL, "P1", OUTCOME_OK);
        all_fetch(8, 12, "P1", OUTCOME_OK);
    }
    assert_string_equal(found("ORDER_DATA_MISSING")->component, "order:4711");
    assert_int_equal(workshop.incident_count, 1);
    workshop_fini(&workshop);
}

static void a_version_that_cannot_fetch_is_a_bad_rollout(void **state)
{
    (void)state;
    static const enum outcome outcomes[] = {OUTCOME_INVALID, OUTCOME_DENIED, OUTCOME_INVALID};
    workshop_init(&workshop, STATIONS, 1);
    for (uint32_t i = 0; i < STATIONS; i++)
        workshop_label(&workshop, i, "version", i % 3 == 0 ? "5.2" : "5.1");
    workshop_start(&workshop);
    workshop_wait(&workshop, 60000);
    for (int round = 0; round < 3; round++)
        for (uint32_t i = 0; i < STATIONS; i++) {
            workshop_fetch(&workshop, i, NULL, "P1", i % 3 == 0 ? outcomes[round] : OUTCOME_OK);
            workshop_wait(&workshop, 1000);
        }
    assert_string_equal(found("ROLLOUT_BAD")->component, "label:version=5.2");
    assert_int_equal(workshop.incident_count, 1);
    workshop_fini(&workshop);
}

// ---- off on purpose, conditions --------------------------------------------------------------

static void fail_three_orders(uint32_t station)
{
    for (int i = 0; i < 3; i++) {
        workshop_fetch(&workshop, station, NULL, "P1", OUTCOME_UNREACHABLE);
        workshop_wait(&workshop, 20000);
    }
}

static void the_first_two_minutes_after_a_boot_count_less(void **state)
{
    (void)state;
    start(STATIONS);
    workshop_boot(&workshop, 5);
    workshop_wait(&workshop, 10000);
    fail_three_orders(5);
    workshop_wait(&workshop, 40000);
    assert_nothing_said();
    workshop_wait(&workshop, 60000); // and later as much as anybody's
    fail_three_orders(5);
    workshop_wait(&workshop, 40000);
    assert_string_equal(found("STATION_FAULT")->component, "station:ST-06");
    workshop_fini(&workshop);
}

static void beat_with_skew(int64_t skew_ms, int seconds)
{
    for (int i = 0; i < seconds; i++) {
        workshop_heartbeat(
            &workshop, 2,
            (struct heartbeat){.sent_at_ms = INT64_C(1730869200000) + workshop.now_ms + skew_ms,
                               .software_running = true});
        workshop_wait(&workshop, 1000);
    }
}

static void a_clock_is_skewed_from_five_minutes_on_and_told_once(void **state)
{
    (void)state;
    start(STATIONS);
    beat_with_skew(290000, 60);
    assert_nothing_said();
    beat_with_skew(310000, 60);
    const struct incident *incident = found("CLOCK_SKEW");
    assert_string_equal(incident->component, "station:ST-03");
    assert_int_equal(incident->priority, PRIORITY_LOW);
    beat_with_skew(310000, 600);
    assert_int_equal(workshop_find(&workshop, "CLOCK_SKEW")->told, 1);
    beat_with_skew(100, 60);
    assert_true(workshop_find(&workshop, "CLOCK_SKEW")->resolved);
    workshop_fini(&workshop);
}

static void software_that_ran_and_ended_is_told_and_a_restart_is_not(void **state)
{
    (void)state;
    start(STATIONS);
    for (int down_s = 30; down_s <= 90; down_s += 60) {
        for (int i = 0; i < down_s; i++) {
            workshop_heartbeat(&workshop, 7, (struct heartbeat){.software_running = false});
            workshop_wait(&workshop, 1000);
        }
        if (down_s == 30)
            assert_nothing_said();
        else
            assert_string_equal(found("STATION_SOFTWARE_DOWN")->component, "station:ST-08");
        workshop_heartbeat(&workshop, 7, (struct heartbeat){.software_running = true});
        workshop_wait(&workshop, 30000);
    }
    assert_true(workshop_find(&workshop, "STATION_SOFTWARE_DOWN")->resolved);
    workshop_fini(&workshop);
}

static void two_boots_by_turns_are_a_duplicate_node(void **state)
{
    (void)state;
    start(STATIONS);
    for (int turn = 0; turn < 6; turn++) {
        workshop_birth(&workshop, 9, turn % 2 == 0 ? "one" : "other", turn % 2 == 0 ? 7001 : 7002);
        workshop_wait(&workshop, 5000);
    }
    assert_string_equal(found("DUPLICATE_NODE")->component, "station:ST-10");
    assert_int_equal(workshop.incident_count, 1);
    workshop_fini(&workshop);
}

static void a_server_without_an_agent_is_never_expected(void **state)
{
    (void)state;
    start(STATIONS);
    workshop_wait(&workshop, 600000);
    assert_nothing_said();
    workshop_fini(&workshop);
}

// ---- rows ------------------------------------------------------------------------------------

static void some_fetches_end_well_under_every_cause(void **state)
{
    (void)state;
    for (size_t r = 0; r < codebook_count; r++)
        if (codebook_speaks_of(&codebook[r], SYMPTOM_FETCH_OK))
            assert_true(codebook[r].predicts[SYMPTOM_FETCH_OK] >= 0.02);
    // Where orders are not made, stations live on those they fetched before.
    static const char *const making[] = {"ORDER_SERVICE_STOPPED", "ORDER_SERVICE_HUNG",
                                         "ORDER_FEED_STOPPED"};
    for (size_t i = 0; i < sizeof making / sizeof making[0]; i++)
        assert_true(codebook_find(making[i], COMPONENT_SERVICE)->predicts[SYMPTOM_FETCH_OK] >=
                    0.25);
}

static void every_code_of_the_design_has_its_row_at_its_component(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        enum component_kind kind;
    } rows[] = {{"ORDER_SERVICE_STOPPED", COMPONENT_SERVICE},
                {"ORDER_SERVICE_HUNG", COMPONENT_SERVICE},
                {"ORDER_FEED_STOPPED", COMPONENT_SERVICE},
                {"ORDER_SHARE_DOWN", COMPONENT_SHARE},
                {"ORDER_SHARE_DENIED", COMPONENT_SHARE},
                {"ORDER_DISK_FULL", COMPONENT_SERVER},
                {"SERVER_DOWN", COMPONENT_SERVER},
                {"SERVER_RESTARTING", COMPONENT_SERVER},
                {"SEGMENT_DOWN", COMPONENT_LABEL},
                {"SITE_NETWORK_DOWN", COMPONENT_SITE},
                {"BROKER_DOWN", COMPONENT_BROKER},
                {"COLLECTOR_BLIND", COMPONENT_COLLECTOR},
                {"ORDER_DATA_MISSING", COMPONENT_PRODUCT},
                {"ORDER_DATA_MISSING", COMPONENT_ORDER},
                {"ROLLOUT_BAD", COMPONENT_VERSION},
                {"STATION_FAULT", COMPONENT_STATION},
                {"STATION_SOFTWARE_DOWN", COMPONENT_STATION},
                {"AGENT_LOST", COMPONENT_STATION},
                {"DUPLICATE_NODE", COMPONENT_STATION},
                {"CLOCK_SKEW", COMPONENT_STATION},
                {"ORDER_FETCH_FAILING", COMPONENT_SERVICE},
                {"SERVICE_WILL_NOT_RETURN", COMPONENT_SERVICE},
                {"DISK_FILLING", COMPONENT_SERVER},
                {"CERTIFICATE_EXPIRING", COMPONENT_SITE}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (codebook_find(rows[i].code, rows[i].kind) == NULL)
            fail_msg("%s has no row for %s", rows[i].code, component_kind_name(rows[i].kind));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stations_of_another_server_are_not_in_scope),
        cmocka_unit_test(stations_of_no_named_server_depend_on_every_service),
        cmocka_unit_test(any_label_of_three_stations_is_a_candidate),
        cmocka_unit_test(a_scope_under_three_alarms_as_stations),
        cmocka_unit_test(labels_with_the_same_stations_are_one_named_segment_before_line),
        cmocka_unit_test(scores_stay_between_zero_and_a_little_above_the_threshold),
        cmocka_unit_test(rivals_that_an_incident_explained_restart_at_zero_when_it_is_resolved),
        cmocka_unit_test(a_tenth_of_the_false_alarms_costs_the_logarithm_of_ten),
        cmocka_unit_test(a_probe_result_told_again_is_no_new_one),
        cmocka_unit_test(counters_are_no_evidence),
        cmocka_unit_test(a_batch_that_is_not_released_is_order_data_missing),
        cmocka_unit_test(one_order_that_fails_everywhere_is_that_order),
        cmocka_unit_test(a_version_that_cannot_fetch_is_a_bad_rollout),
        cmocka_unit_test(the_first_two_minutes_after_a_boot_count_less),
        cmocka_unit_test(a_clock_is_skewed_from_five_minutes_on_and_told_once),
        cmocka_unit_test(software_that_ran_and_ended_is_told_and_a_restart_is_not),
        cmocka_unit_test(two_boots_by_turns_are_a_duplicate_node),
        cmocka_unit_test(a_server_without_an_agent_is_never_expected),
        cmocka_unit_test(some_fetches_end_well_under_every_cause),
        cmocka_unit_test(every_code_of_the_design_has_its_row_at_its_component),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
