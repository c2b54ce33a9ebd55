// SPDX-License-Identifier: Apache-2.0
// The outcomes of reads, in the order in which a read fails.
#include "sim/trace/reading.h"

#include "sim/trace/orders.h"

enum { NEGATIVE_CACHE_MS = 5000 };

static bool is_of_the_way(enum outcome outcome)
{
    return outcome == OUTCOME_UNREACHABLE || outcome == OUTCOME_TIMEOUT ||
           outcome == OUTCOME_DENIED;
}

// A dead peer refuses or keeps silent, by the station's system and what was left of a connection.
static enum outcome no_answer(struct world *world, const struct station *station, double hangs)
{
    double refused = station->plan->refused * (1 - hangs);
    return draw_chance(&world->random, refused) ? OUTCOME_UNREACHABLE : OUTCOME_TIMEOUT;
}

enum outcome reading_share(struct world *world, struct station *station, int16_t *ret_blame)
{
    struct server *server = server_of(world, station);
    *ret_blame = NO_BLAME;
    if (station->unplugged && is_of_the_way(station->own_outcome)) {
        *ret_blame = station->own_blame;
        return station->own_outcome;
    }
    if (station->agent->cut > 0)
        return no_answer(world, station, 0);
    if (!server->up || server->share == SHARE_GONE) {
        *ret_blame = server->up ? server->share_blame : server->up_blame;
        return no_answer(world, station, server->up ? server->hangs : 0.2);
    }
    if (server->share == SHARE_REFUSES && world->now_ms >= station->session_until_ms) {
        *ret_blame = server->share_blame;
        return OUTCOME_DENIED;
    }
    if (world->now_ms < station->lingers_until_ms && is_of_the_way(station->lingering)) {
        *ret_blame = station->lingering_blame;
        return station->lingering;
    }
    return OUTCOME_OK;
}

static bool is_missing(struct world *world, struct station *station, const struct order *order)
{
    int64_t now = world->now_ms;
    if (station->negative_order == order->number && now < station->negative_until_ms)
        return true;
    if (order->made_at_ms <= now)
        return false;
    station->negative_order = order->number;
    station->negative_until_ms = now + NEGATIVE_CACHE_MS;
    return true;
}

static int16_t who_holds_back(const struct world *world, const struct server *server,
                              const struct order *order)
{
    int16_t held = world->held_products[order->product];
    return held != NO_BLAME ? held : server->orders_blame;
}

// What the share itself gives, once reached.
static enum outcome read_file(struct world *world, struct station *station,
                              const struct order *order, int16_t *ret_blame)
{
    struct server *server = server_of(world, station);
    if (is_missing(world, station, order)) {
        *ret_blame = who_holds_back(world, server, order);
        return OUTCOME_MISSING;
    }
    if (world->now_ms < station->lingers_until_ms) {
        *ret_blame = station->lingering_blame;
        return station->lingering;
    }
    if (order->spoilt) {
        *ret_blame = server->disk_blame;
        return OUTCOME_INVALID;
    }
    if (draw_chance(&world->random, server->odd)) {
        *ret_blame = server->odd_blame;
        return server->odd_outcomes[random_below(&world->random, 3)];
    }
    return OUTCOME_OK;
}

// Scanned the wrong label, a scanner of viruses, a hiccup: nobody's outage.
static enum outcome mishap(struct world *world, uint32_t index)
{
    static const enum outcome kinds[] = {
        OUTCOME_MISSING, OUTCOME_MISSING,     OUTCOME_MISSING, OUTCOME_TIMEOUT, OUTCOME_TIMEOUT,
        OUTCOME_LOCKED,  OUTCOME_UNREACHABLE, OUTCOME_INVALID, OUTCOME_DENIED,  OUTCOME_STALE};
    enum outcome kind = kinds[random_below(&world->random, sizeof kinds / sizeof kinds[0])];
    // Some come in bursts: a neighbour meets the same in these seconds.
    while (draw_chance(&world->random, 0.15)) {
        uint32_t neighbour = index + (uint32_t)random_below(&world->random, 6);
        if (neighbour < world->plant->station_count && neighbour != index)
            world_in(world, draw_range(&world->random, 100, 10000), HAPPENS_SLIP, neighbour, kind);
    }
    return kind;
}

enum outcome reading_order(struct world *world, struct station *station, int16_t *ret_blame)
{
    const struct order *order = &station->ring[0];
    enum outcome outcome = OUTCOME_OK;
    *ret_blame = NO_BLAME;
    if (!order->copied) {
        outcome = reading_share(world, station, ret_blame);
        if (outcome == OUTCOME_OK)
            outcome = read_file(world, station, order, ret_blame);
    }
    if (outcome != OUTCOME_OK)
        return outcome;
    if (station->unplugged && !is_of_the_way(station->own_outcome)) {
        *ret_blame = station->own_blame;
        return station->own_outcome;
    }
    if (station->agent->new_version && draw_chance(&world->random, world->bad_version)) {
        *ret_blame = world->version_blame;
        return world->bad_outcome;
    }
    if (draw_chance(&world->random, world->plant->mishaps * station->plan->clumsiness))
        return mishap(world, station->agent->index);
    return OUTCOME_OK;
}
