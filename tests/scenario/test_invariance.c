// SPDX-License-Identifier: Apache-2.0
// What must not matter: how long a plant has been healthy, how many healthy stations are beside a
// bad one and how they are labelled, whether something is told twice, in which order stations
// arrive; and what a single station can give to a wider cause, whatever it sees. The seed is
// printed; STATIONWATCH_SEED sets it.
#include "base/name_table.h"
#include "base/text.h"
#include "collector/core/diagnosis_state.h"
#include "collector/core/engine_state.h"
#include "tests/scenario/outage.h"
#include "tests/scenario/play.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum {
    HOUR_MS = 3600000,
    DAY_HOURS = 24,
    CROWDS = 60,
    OUTAGES = 60,
    TOLD_AGAIN_MS = 180000, // after the outage began
    VERDICTS_SIZE = 8192
};

static struct small_plant plant;
static struct small_run run, again;

static uint64_t base_seed(void)
{
    uint64_t seed = outage_base_seed(20241106);
    printf("seed %" PRIu64 "\n", seed);
    return seed;
}

// ---- a healthy day ---------------------------------------------------------------------------

static void assert_calm(const struct small_run *of, int hour)
{
    const struct diagnosis *diagnosis = of->engine->diagnosis;
    for (uint32_t i = 0; i < diagnosis->candidate_count; i++) {
        const struct candidate *candidate = &diagnosis->candidates[i];
        if (candidate->score >= candidate_threshold(diagnosis, candidate->row) / 2)
            fail_msg("hour %d: %s at %s stands at %.1f of %.1f", hour,
                     codebook[candidate->row].code,
                     components_spelled(fleet_components(of->engine->fleet), candidate->component),
                     candidate->score, candidate_threshold(diagnosis, candidate->row));
    }
}

static void scores_do_not_drift_over_a_healthy_day(void **state)
{
    (void)state;
    small_plant_init(&plant, true);
    small_run_init(&run, &plant, base_seed());
    run.probes = run.unlogged = true;
    for (int hour = 1; hour <= DAY_HOURS; hour++) {
        small_run_play(&run, (int64_t)hour * HOUR_MS);
        assert_calm(&run, hour);
    }
    assert_int_equal(run.opened_count, 0);
    small_run_fini(&run);
}

// ---- healthy stations beside a bad one -------------------------------------------------------

enum { CROWD_MAX = 400, CROWD_MIN = 8, CROWD_FETCH_MS = 90000, CROWD_TIME_MS = 1200000 };

struct crowd {
    struct random_state random;
    uint32_t count, bad;
    enum outcome outcome;
    struct engine_station stations[CROWD_MAX];
    struct engine_service service;
    struct engine_server server;
    struct engine_config config;
    struct engine *engine;
    int64_t fetch_at[CROWD_MAX];
    uint64_t seq[CROWD_MAX];
    uint32_t own, others; // incidents opened: of the bad station, of anything else
    char blamed[COMPONENT_SIZE];
};

static void label_at_random(struct crowd *crowd, struct engine_station *station)
{
    static const char *const keys[] = {"segment", "line", "area", "version"};
    station->label_count = 0;
    for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
        uint64_t value = random_below(&crowd->random, 1 + crowd->count / 4);
        if (random_below(&crowd->random, 10) == 0) // some have none
            continue;
        struct label *label = &station->labels[station->label_count++];
        text_set(label->key, keys[k]);
        snprintf(label->value, sizeof label->value, "V%" PRIu64, value);
    }
}

static void crowd_step(struct crowd *crowd, int64_t at_ms, const struct event *event)
{
    struct instant now = {{at_ms * 1000}, {INT64_C(1730869200000) + at_ms}};
    struct effects effects = engine_step(crowd->engine, now, event);
    for (size_t i = 0; i < effects.count; i++) {
        const struct effect *effect = &effects.items[i];
        char own[COMPONENT_SIZE];
        if (effect->kind != EFFECT_TRANSITION || effect->transition != TRANSITION_OPENED)
            continue;
        snprintf(own, sizeof own, "station:%s", crowd->stations[crowd->bad].node);
        bool is_own = text_equal(effect->incident->component, own);
        crowd->own += is_own;
        crowd->others += !is_own;
        if (!is_own)
            text_set(crowd->blamed, effect->incident->component);
    }
}

// Its heartbeats will come on time to the end.
static void crowd_beats(struct crowd *crowd, uint32_t station, int64_t at_ms)
{
    crowd_step(crowd, at_ms,
               &(struct event){.kind = EVENT_STEADY,
                               .node = crowd->stations[station].node,
                               .until = {(int64_t)2 * CROWD_TIME_MS * 1000}});
}

static void crowd_fetch(struct crowd *crowd, uint32_t station, int64_t at_ms)
{
    static struct message message;
    message = (struct message){.kind = MESSAGE_ORDER};
    struct order_fetch *fetch = &message.order;
    fetch->key = (struct event_key){.seq = ++crowd->seq[station]};
    snprintf(fetch->key.outbox_id, sizeof fetch->key.outbox_id, "box-%u", station);
    snprintf(fetch->order, sizeof fetch->order, "O-%u-%" PRIu64, station, fetch->key.seq);
    snprintf(fetch->product, sizeof fetch->product, "P%" PRIu64, random_below(&crowd->random, 4));
    fetch->outcome = station == crowd->bad ? crowd->outcome : OUTCOME_OK;
    fetch->source = SOURCE_LOG;
    crowd_step(crowd, at_ms,
               &(struct event){.kind = EVENT_MESSAGE,
                               .node = crowd->stations[station].node,
                               .message = &message});
    crowd_beats(crowd, station, at_ms);
    crowd->fetch_at[station] = at_ms + CROWD_FETCH_MS * 4 / 5 +
                               (int64_t)random_below(&crowd->random, CROWD_FETCH_MS * 2 / 5);
}

static void crowd_init(struct crowd *crowd, uint64_t seed)
{
    *crowd = (struct crowd){.outcome = OUTCOME_OK};
    random_seed(&crowd->random, seed);
    crowd->count = CROWD_MIN + (uint32_t)random_below(&crowd->random, CROWD_MAX - CROWD_MIN + 1);
    if (random_below(&crowd->random, 2) == 0) // small ones as often as large ones
        crowd->count = CROWD_MIN + crowd->count % 24;
    crowd->bad = (uint32_t)random_below(&crowd->random, crowd->count);
    crowd->outcome = (enum outcome)(OUTCOME_MISSING +
                                    (int)random_below(&crowd->random, OUTCOME_STALE - OUTCOME_OK));
    engine_config_init(&crowd->config);
    for (uint32_t i = 0; i < crowd->count; i++) {
        snprintf(crowd->stations[i].node, sizeof crowd->stations[i].node, "ST-%03u", i + 1);
        label_at_random(crowd, &crowd->stations[i]);
        crowd->fetch_at[i] = 1 + (int64_t)random_below(&crowd->random, CROWD_FETCH_MS);
    }
    text_set(crowd->service.server, "SRV");
    text_set(crowd->service.name, "Orders");
    text_set(crowd->service.share, "orders");
    text_set(crowd->server.name, "SRV");
    crowd->config.site = "crowd";
    crowd->config.nodes_max = CROWD_MAX + 4;
    crowd->config.stations_listed = true;
    crowd->config.stations = crowd->stations;
    crowd->config.station_count = crowd->count;
    crowd->config.services = &crowd->service;
    crowd->config.service_count = 1;
    crowd->config.servers = &crowd->server;
    crowd->config.server_count = 1;
    struct instant start = {{0}, {INT64_C(1730869200000)}};
    assert_int_equal(engine_new(&crowd->config, start, &crowd->engine), STATUS_OK);
    static struct message beat;
    beat = (struct message){.kind = MESSAGE_HEARTBEAT};
    beat.heartbeat = (struct heartbeat){
        .incarnation = 1, .interval_ms = 1000, .share_probe_age_ms = -1, .software_running = true};
    for (uint32_t i = 0; i < crowd->count; i++) {
        const char *node = crowd->stations[i].node;
        crowd_step(crowd, 0,
                   &(struct event){.kind = EVENT_MESSAGE, .node = node, .message = &beat});
        crowd_beats(crowd, i, 0);
    }
}

static void crowd_play(struct crowd *crowd)
{
    for (;;) {
        uint32_t next = 0;
        for (uint32_t i = 1; i < crowd->count; i++)
            if (crowd->fetch_at[i] < crowd->fetch_at[next])
                next = i;
        if (crowd->fetch_at[next] > CROWD_TIME_MS)
            break;
        crowd_fetch(crowd, next, crowd->fetch_at[next]);
    }
    crowd_step(crowd, CROWD_TIME_MS, &(struct event){.kind = EVENT_TIMER});
}

static void healthy_stations_beside_a_bad_one_make_it_nobody_elses_fault(void **state)
{
    (void)state;
    static struct crowd crowd;
    uint64_t first = base_seed();
    for (uint64_t seed = first; seed < first + CROWDS; seed++) {
        crowd_init(&crowd, seed);
        crowd_play(&crowd);
        if (crowd.others > 0)
            fail_msg("seed %" PRIu64 ", %u stations, %s: %s is blamed", seed, crowd.count,
                     outcome_text(crowd.outcome), crowd.blamed);
        if (crowd.own != 1)
            fail_msg("seed %" PRIu64 ", %u stations, %s: %u incidents of its own", seed,
                     crowd.count, outcome_text(crowd.outcome), crowd.own);
        engine_free(crowd.engine);
    }
}

// ---- told twice ------------------------------------------------------------------------------

static void assert_same_verdicts(uint64_t seed)
{
    if (run.opened_count != again.opened_count)
        fail_msg("seed %" PRIu64 ": %u incidents, told twice %u", seed, run.opened_count,
                 again.opened_count);
    for (uint32_t i = 0; i < run.opened_count; i++) {
        const struct incident *once = &run.opened[i].latest, *twice = &again.opened[i].latest;
        bool same = text_equal(once->code, twice->code) &&
                    text_equal(once->component, twice->component) &&
                    once->confidence == twice->confidence && once->state == twice->state &&
                    run.opened[i].at_ms == again.opened[i].at_ms;
        if (!same)
            fail_msg("seed %" PRIu64 ": %s %s %.3f at %.1f s, told twice %s %s %.3f at %.1f s",
                     seed, once->code, once->component, once->confidence,
                     (double)run.opened[i].at_ms / 1000, twice->code, twice->component,
                     twice->confidence, (double)again.opened[i].at_ms / 1000);
    }
}

static void play_outage(struct small_run *of, uint64_t seed, bool twice)
{
    struct random_state random;
    random_seed(&random, seed);
    small_run_init(of, &plant, seed);
    of->twice = twice;
    small_run_strike(of, outage_draw(&plant, &random), OUTAGE_BEGINS_MS);
    small_run_play(of, OUTAGE_BEGINS_MS + TOLD_AGAIN_MS);
}

static void what_is_told_twice_counts_once(void **state)
{
    (void)state;
    uint32_t opened = 0;
    uint64_t first = base_seed();
    for (uint64_t seed = first; seed < first + OUTAGES; seed++) {
        small_plant_init(&plant, seed % 2 == 0);
        play_outage(&run, seed, false);
        play_outage(&again, seed, true);
        assert_same_verdicts(seed);
        opened += run.opened_count;
        small_run_fini(&run);
        small_run_fini(&again);
    }
    assert_true(opened >= OUTAGES / 2); // the comparison was about something
}

// ---- one station's credit --------------------------------------------------------------------

static double credit_limit(const struct diagnosis *diagnosis, const struct component *component,
                           const struct candidate *candidate)
{
    uint32_t sharers = component->stations < 5 ? component->stations : 5;
    return candidate_threshold(diagnosis, candidate->row) / (sharers < 3 ? 3 : sharers);
}

static uint32_t assert_credits(const struct small_run *of, uint64_t seed, uint32_t station)
{
    const struct diagnosis *diagnosis = of->engine->diagnosis;
    const struct fleet *fleet = of->engine->fleet;
    const struct node *node = fleet_node(fleet, station);
    const struct credit *credit = diagnosis->credits[station].slots;
    uint32_t full = 0;
    for (uint32_t c = 0; credit != NULL && c < node->component_count; c++) {
        const struct component_candidates *own = &diagnosis->by_component[node->components[c]];
        const struct component *component =
            components_get(fleet_components(fleet), node->components[c]);
        for (uint32_t i = own->first; i < own->first + own->count; i++, credit++) {
            const struct candidate *candidate = &diagnosis->candidates[i];
            double limit = credit_limit(diagnosis, component, candidate);
            if (component->kind == COMPONENT_STATION || credit->epoch != candidate->epoch)
                continue;
            full += (double)credit->given > 0.99 * limit;
            if ((double)credit->given > limit * 1.0001)
                fail_msg("seed %" PRIu64 ": station %u gave %.2f to %s at %s, of %.2f", seed,
                         station + 1, (double)credit->given, codebook[candidate->row].code,
                         components_spelled(fleet_components(fleet), node->components[c]), limit);
        }
    }
    return full;
}

static void a_station_gives_a_wider_cause_its_part_of_the_threshold_at_most(void **state)
{
    (void)state;
    uint32_t full = 0;
    uint64_t first = base_seed();
    for (uint64_t seed = first; seed < first + OUTAGES; seed++) {
        struct random_state random;
        random_seed(&random, seed);
        small_plant_init(&plant, seed % 2 == 0);
        small_run_init(&run, &plant, seed);
        small_run_strike(&run, outage_draw(&plant, &random), OUTAGE_BEGINS_MS);
        for (int64_t at = OUTAGE_BEGINS_MS; at < OUTAGE_BEGINS_MS + TOLD_AGAIN_MS; at += 500) {
            small_run_play(&run, at);
            for (uint32_t i = 0; i < SMALL_STATIONS; i++)
                full += assert_credits(&run, seed, i);
        }
        small_run_fini(&run);
    }
    assert_true(full > 0); // some station reached its limit
}

// ---- order of arrival ------------------------------------------------------------------------

struct verdicts { // what was opened, resolved and closed, a line each
    char buffer[VERDICTS_SIZE];
    struct text text;
};

static void see(void *context, struct duration at, const struct effect *effect)
{
    struct verdicts *verdicts = context;
    (void)at;
    if (effect->kind != EFFECT_TRANSITION || effect->transition == TRANSITION_UPDATED)
        return;
    text_printf(&verdicts->text, "%s %s %s\n", transition_name(effect->transition),
                effect->incident->code, effect->incident->component);
}

static void play_file(const char *path, struct duration delay, uint64_t seed,
                      struct verdicts *verdicts)
{
    struct play play;
    text_init(&verdicts->text, verdicts->buffer, sizeof verdicts->buffer);
    assert_true(play_init(&play, path, delay, seed));
    play.heedless = true;
    play.see = see;
    play.context = verdicts;
    if (!play_run(&play))
        fail_msg("%s, seed %" PRIu64 ": %s", path, seed, play.problem);
    play_fini(&play);
}

static void arrival_within_a_tenth_of_a_second_changes_no_verdict(void **state)
{
    (void)state;
    static const char *const names[] = {"station_fault",
                                        "station_silent",
                                        "station_probe_fails",
                                        "line_silent",
                                        "segment_silent_unlisted",
                                        "service_hung",
                                        "feed_stopped",
                                        "all_silent",
                                        "cause_shows_late",
                                        "mixed_outcomes",
                                        "staged_recovery",
                                        "second_fault_inside_the_first"};
    uint64_t first = base_seed();
    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
        char path[1024];
        static struct verdicts in_order, delayed;
        const char *source = getenv("STATIONWATCH_SOURCE");
        snprintf(path, sizeof path, "%s/tests/scenario/%s.scn", source != NULL ? source : ".",
                 names[n]);
        play_file(path, (struct duration){0}, 0, &in_order);
        assert_string_not_equal(in_order.buffer, "");
        for (uint64_t seed = first; seed < first + 2; seed++) {
            play_file(path, duration_ms(100), seed, &delayed);
            if (!text_equal(delayed.buffer, in_order.buffer))
                fail_msg("%s, seed %" PRIu64 ":\n%s-- in order:\n%s", names[n], seed,
                         delayed.buffer, in_order.buffer);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scores_do_not_drift_over_a_healthy_day),
        cmocka_unit_test(healthy_stations_beside_a_bad_one_make_it_nobody_elses_fault),
        cmocka_unit_test(what_is_told_twice_counts_once),
        cmocka_unit_test(a_station_gives_a_wider_cause_its_part_of_the_threshold_at_most),
        cmocka_unit_test(arrival_within_a_tenth_of_a_second_changes_no_verdict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
