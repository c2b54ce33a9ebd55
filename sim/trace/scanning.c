// SPDX-License-Identifier: Apache-2.0
// Scans, retries and probes.
#include "sim/trace/scanning.h"

#include "sim/trace/agents.h"
#include "sim/trace/orders.h"
#include "sim/trace/reading.h"

enum { WAIT_MS = 2000, PROBE_EVERY_MS = 10000, PROBE_DEADLINE_MS = 3000 };

static uint64_t pack(enum outcome outcome, int16_t blame, int64_t latency_ms)
{
    return (uint64_t)outcome | (uint64_t)(blame + 1) << 8 | (uint64_t)latency_ms << 32;
}

static void scan_in(struct world *world, uint32_t index, double seconds)
{
    world_in(world, (int64_t)(seconds * 1000) + 1, HAPPENS_SCAN, index, 0);
}

// Long and short ones mix: a harness may take five times the mean.
static double next_interval(struct world *world, const struct station *station)
{
    return 2 + station->plan->interval_s * draw_gamma(&world->random, 2.0) / 2.0;
}

void scanning_on_scan(struct world *world, uint32_t index)
{
    struct station *station = &world->stations[index];
    if (station->reading)
        return;
    if (station->idle || !station->agent->software_running) {
        scan_in(world, index, next_interval(world, station));
        return;
    }
    struct order *order = &station->ring[0];
    if (!order->asked)
        order_ask(world, server_of(world, station), order);
    int64_t wait = draw_range(&world->random, 5, 60);
    if (!order->copied && order->made_at_ms > world->now_ms)
        wait = order->made_at_ms - world->now_ms < WAIT_MS ? order->made_at_ms - world->now_ms + 5
                                                           : WAIT_MS;
    station->reading = true;
    world_in(world, wait, HAPPENS_READ, index, 0);
}

static int64_t latency_of(struct world *world, enum outcome outcome)
{
    if (outcome == OUTCOME_TIMEOUT)
        return draw_range(&world->random, 3000, 8000);
    if (outcome == OUTCOME_UNREACHABLE)
        return draw_range(&world->random, 50, 3000);
    return draw_range(&world->random, 20, 200);
}

void scanning_on_read(struct world *world, uint32_t index)
{
    int16_t blame;
    enum outcome outcome = reading_order(world, &world->stations[index], &blame);
    int64_t latency = latency_of(world, outcome);
    world_in(world, latency, HAPPENS_RESULT, index, pack(outcome, blame, latency));
}

void scanning_tell(struct world *world, uint32_t index, uint64_t order, uint32_t product,
                   enum outcome outcome, int16_t blame, int64_t latency_ms)
{
    struct agent *agent = world->stations[index].agent;
    if (outcome == OUTCOME_OK)
        agent->fetch_ok++;
    else
        agent->fetch_failed++;
    agent_tell(world, agent,
               (struct told){.kind = MESSAGE_ORDER,
                             .at_ms = world->now_ms,
                             .order = order,
                             .product = product,
                             .outcome = outcome,
                             .latency_ms = latency_ms,
                             .blame = blame});
    if (outcome != OUTCOME_OK && world->plant->probes) // suspicious: look at the share at once
        world_in(world, draw_range(&world->random, 100, 600), HAPPENS_PROBE, index, 1);
}

static void take_failure(struct world *world, uint32_t index)
{
    struct station *station = &world->stations[index];
    if (++station->tries < FAILED_TRIES_MAX && draw_chance(&world->random, 0.7)) {
        world_in(world, draw_range(&world->random, 3000, 20000), HAPPENS_SCAN, index, 0);
        return;
    }
    station->tries = 0;
    if (draw_chance(&world->random, 0.7)) // set aside, another harness is tried
        order_done(world, station);
    scan_in(world, index, next_interval(world, station) * draw_between(&world->random, 0.3, 1));
}

void scanning_on_result(struct world *world, uint32_t index, uint64_t detail)
{
    struct station *station = &world->stations[index];
    const struct order *order = &station->ring[0];
    enum outcome outcome = (enum outcome)(detail & 0xFF);
    station->reading = false;
    scanning_tell(world, index, order->number, order->product, outcome,
                  (int16_t)((int)(detail >> 8 & 0xFFFF) - 1), (int64_t)(detail >> 32));
    if (outcome != OUTCOME_OK) {
        take_failure(world, index);
        return;
    }
    station->tries = 0;
    order_done(world, station);
    scan_in(world, index, next_interval(world, station));
}

void scanning_on_slip(struct world *world, uint32_t index, uint64_t detail)
{
    struct station *station = &world->stations[index];
    if (!station->idle && station->agent->software_running)
        scanning_tell(world, index, ++world->orders_made, station->ring[0].product,
                      (enum outcome)detail, NO_BLAME, 100);
}

// ---- probes ----------------------------------------------------------------------------------

static enum outcome look_at_share(struct world *world, uint32_t number, int16_t *ret_blame)
{
    if (number < world->plant->station_count)
        return reading_share(world, &world->stations[number], ret_blame);
    const struct server *server = &world->servers[number - world->plant->station_count];
    bool gone = server->share == SHARE_GONE;
    *ret_blame = gone ? server->share_blame : NO_BLAME;
    return gone ? OUTCOME_UNREACHABLE : OUTCOME_OK;
}

void probing_on_probe(struct world *world, uint32_t number, uint64_t extra)
{
    struct agent *agent = &world->agents[number];
    if (extra == 0) {
        int64_t next = PROBE_EVERY_MS + draw_range(&world->random, -2000, 2000);
        world_in(world, next, HAPPENS_PROBE, number, 0);
    }
    if (!agent->up)
        return;
    int16_t blame;
    enum outcome outcome = look_at_share(world, number, &blame);
    bool is_station = number < world->plant->station_count;
    if (is_station && outcome == OUTCOME_OK)
        orders_copy(world, &world->stations[number]);
    if (is_station && !world->plant->probes)
        return;
    int64_t takes = outcome == OUTCOME_TIMEOUT ? PROBE_DEADLINE_MS : 30;
    world_in(world, takes, HAPPENS_PROBED, number, pack(outcome, blame, 0));
}

void probing_on_probed(struct world *world, uint32_t number, uint64_t detail)
{
    struct agent *agent = &world->agents[number];
    agent->share = (enum outcome)(detail & 0xFF);
    agent->share_blame = (int16_t)((int)(detail >> 8 & 0xFFFF) - 1);
    agent->probed_at_ms = world->now_ms;
}
