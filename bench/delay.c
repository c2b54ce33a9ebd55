// SPDX-License-Identifier: Apache-2.0
// 200 stations, a fetch each per 90 s, nothing else but heartbeats; then orders are missing.
#include "bench/delay.h"

#include "bench/fleet_config.h"
#include "bench/samples.h"
#include "sim/trace/draw.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { STATIONS = 200, INTERVAL_S = 90, WARM_UP_MS = 60000, GIVE_UP_MS = 120000 };

// What is observed: independent draws, so that the bound applies.
static const double MISSING_BEFORE = 0.0006, OTHER_BEFORE = 0.0014, OK_AFTER = 0.25;

struct delay_run {
    struct engine *engine;
    const struct fleet_config *config;
    struct random_state random;
    uint64_t seqs[STATIONS];
    int64_t now_ms, told_ms;
    struct message message;
};

static void take(struct delay_run *run, struct effects effects)
{
    for (size_t i = 0; i < effects.count; i++)
        if (effects.items[i].kind == EFFECT_TRANSITION && run->told_ms < 0 &&
            effects.items[i].transition == TRANSITION_OPENED)
            run->told_ms = run->now_ms;
}

static void step(struct delay_run *run, uint32_t station)
{
    struct instant now = {{run->now_ms * 1000}, {INT64_C(1730876400000) + run->now_ms}};
    struct event event = {.kind = EVENT_MESSAGE,
                          .node = run->config->stations[station].node,
                          .message = &run->message};
    take(run, engine_step(run->engine, now, &event));
}

static void beat_all(struct delay_run *run)
{
    run->message.kind = MESSAGE_HEARTBEAT;
    run->message.heartbeat = (struct heartbeat){.incarnation = 1,
                                                .seq = (uint64_t)run->now_ms / 1000 + 1,
                                                .interval_ms = 1000,
                                                .share_probe_age_ms = -1};
    for (uint32_t i = 0; i < STATIONS; i++)
        step(run, i);
}

static enum outcome outcome_of(struct delay_run *run, bool after)
{
    double u = random_unit(&run->random);
    if (after)
        return u < OK_AFTER ? OUTCOME_OK : OUTCOME_MISSING;
    if (u < MISSING_BEFORE)
        return OUTCOME_MISSING;
    return u < MISSING_BEFORE + OTHER_BEFORE ? OUTCOME_TIMEOUT : OUTCOME_OK;
}

static void fetch(struct delay_run *run, bool after)
{
    uint32_t station = (uint32_t)random_below(&run->random, STATIONS);
    run->message.kind = MESSAGE_ORDER;
    run->message.order =
        (struct order_fetch){.key = {.outbox_id = "box", .seq = ++run->seqs[station], .age_ms = 5},
                             .product = "W213",
                             .outcome = outcome_of(run, after),
                             .latency_ms = 40};
    snprintf(run->message.order.order, sizeof run->message.order.order, "K%" PRIu32 "-%" PRIu64,
             station, run->seqs[station]);
    step(run, station);
}

// Milliseconds from the change to the incident; -1: none within GIVE_UP_MS.
static int64_t one_delay(struct delay_run *run)
{
    double mean_ms = 1000.0 * INTERVAL_S / STATIONS;
    int64_t next_beat = 0;
    int64_t change = WARM_UP_MS + draw_range(&run->random, 0, 1000);
    double next_fetch = draw_exponential(&run->random, mean_ms);
    run->told_ms = -1;
    while (run->now_ms < change + GIVE_UP_MS && (run->told_ms < change)) {
        if ((double)next_beat <= next_fetch) {
            run->now_ms = next_beat;
            beat_all(run);
            next_beat += 1000;
        } else {
            run->now_ms = (int64_t)next_fetch;
            fetch(run, run->now_ms >= change);
            next_fetch += draw_exponential(&run->random, mean_ms);
        }
        if (run->now_ms < change)
            run->told_ms = -1;
    }
    return run->told_ms < 0 ? -1 : run->told_ms - change;
}

static double divergence(void)
{
    double ok_before = 1 - MISSING_BEFORE - OTHER_BEFORE;
    return OK_AFTER * log(OK_AFTER / ok_before) +
           (1 - OK_AFTER) * log((1 - OK_AFTER) / MISSING_BEFORE);
}

static enum status collect(const struct fleet_config *config, uint64_t seed, uint32_t runs,
                           struct samples *delays, double *ret_threshold)
{
    struct delay_run *run = calloc(1, sizeof *run);
    enum status status = run != NULL ? STATUS_OK : STATUS_NO_MEMORY;
    for (uint32_t i = 0; status == STATUS_OK && i < runs; i++) {
        struct instant start = {{0}, {INT64_C(1730876400000)}};
        *run = (struct delay_run){.config = config};
        random_seed(&run->random, seed + i);
        status = engine_new(&config->engine, start, &run->engine);
        if (status != STATUS_OK)
            break;
        int64_t delay = one_delay(run);
        samples_add(delays, delay < 0 ? (double)GIVE_UP_MS / 1000 : (double)delay / 1000);
        *ret_threshold = engine_counters(run->engine).threshold;
        engine_free(run->engine);
    }
    free(run);
    return status;
}

enum status delay_table(uint64_t seed, bool quick)
{
    struct fleet_config config;
    struct samples delays;
    double threshold = 0;
    samples_init(&delays);
    enum status status = fleet_config_init(&config, STATIONS, false);
    config.engine.false_alarms_per_year = 1;
    if (status == STATUS_OK)
        status = collect(&config, seed, quick ? 100 : 400, &delays, &threshold);
    if (status == STATUS_OK) {
        double bound = threshold / (divergence() * STATIONS / INTERVAL_S);
        printf("\ndelay from the stations' fetches alone, 200 stations, one false alarm a year\n"
               "h %.1f nats, divergence %.2f nats a fetch, Lorden's bound %.2f s\n"
               "from the change to the incident: mean %.2f s, %.2f of the bound; p50 %.2f p90 %.2f "
               "max %.2f\n",
               threshold, divergence(), bound, samples_mean(&delays), samples_mean(&delays) / bound,
               samples_quantile(&delays, 0.5), samples_quantile(&delays, 0.9),
               samples_quantile(&delays, 1));
    }
    samples_fini(&delays);
    fleet_config_fini(&config);
    return status;
}
