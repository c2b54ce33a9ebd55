// SPDX-License-Identifier: Apache-2.0
// The order service's queue, kept in the orders themselves: each knows when it is made.
#include "sim/trace/orders.h"

bool server_works(const struct server *server)
{
    return server->up && server->running && !server->hung && !server->full;
}

struct server *server_of(struct world *world, const struct station *station)
{
    return &world->servers[station->plan->server];
}

static bool is_held_back(const struct world *world, const struct order *order)
{
    return world->held_products[order->product] != NO_BLAME;
}

// In its turn, after what is already waiting.
static void make(struct world *world, struct server *server, struct order *order)
{
    int64_t from = server->busy_until_ms > world->now_ms ? server->busy_until_ms : world->now_ms;
    double takes = 1 + draw_exponential(&world->random, server->plan->answer_ms);
    order->made_at_ms = server->busy_until_ms = from + (int64_t)takes;
    order->spoilt = false;
}

void order_ask(struct world *world, struct server *server, struct order *order)
{
    order->asked = true;
    order->made_at_ms = NEVER_MS;
    order->withheld = !server->fed || (is_held_back(world, order) && !world->waits_for_held);
    if (order->withheld || is_held_back(world, order))
        return;
    if (server_works(server)) {
        make(world, server, order);
    } else if (server->up && server->running && server->full &&
               draw_chance(&world->random, server->spoils)) {
        order->made_at_ms = world->now_ms + 200;
        order->spoilt = true;
    }
    // The agent sees a request begin to wait; one that is answered within moments it does not.
    if (order->made_at_ms == NEVER_MS && server->agent != NULL && server->last_backlog == 0)
        world_in(world, 300 + server->report_delay_ms, HAPPENS_OUTPUT,
                 (uint32_t)(server - world->servers), 1);
}

static void plan_order(struct world *world, struct station *station, struct order *order)
{
    const uint32_t *products = world->plant->line_products[station->plan->line];
    *order = (struct order){.number = ++world->orders_made,
                            .product = products[random_below(&world->random, PLANT_LINE_PRODUCTS)],
                            .made_at_ms = NEVER_MS};
}

void orders_look_ahead(struct world *world, struct station *station, bool at_start)
{
    while (station->ring_count < station->plan->lookahead + 1) {
        struct order *order = &station->ring[station->ring_count++];
        plan_order(world, station, order);
        if (at_start)
            order->asked = order->copied = true, order->made_at_ms = 0;
        else if (station->plan->lookahead > 0)
            order_ask(world, server_of(world, station), order);
    }
    if (at_start)
        for (uint32_t i = station->plan->copies + 1; i < station->ring_count; i++)
            station->ring[i].copied = false;
}

void order_done(struct world *world, struct station *station)
{
    struct server *server = server_of(world, station);
    struct order *done = &station->ring[0];
    if (done->made_at_ms <= world->now_ms && done->made_at_ms > server->newest_ms)
        server->newest_ms = done->made_at_ms;
    for (uint32_t i = 1; i < station->ring_count; i++)
        station->ring[i - 1] = station->ring[i];
    station->ring_count--;
    orders_look_ahead(world, station, false);
}

void orders_copy(struct world *world, struct station *station)
{
    for (uint32_t i = 0; i < station->ring_count && i < station->plan->copies; i++) {
        struct order *order = &station->ring[i];
        if (order->asked && order->made_at_ms <= world->now_ms && !order->spoilt)
            order->copied = true;
    }
}

static bool is_waiting(const struct order *order, int64_t now_ms)
{
    return order->asked && (order->made_at_ms > now_ms || order->spoilt) && !order->withheld;
}

void orders_stall(struct world *world, struct server *server)
{
    uint32_t number = (uint32_t)(server - world->servers);
    server->busy_until_ms = world->now_ms;
    for (uint32_t i = 0; i < world->plant->station_count; i++) {
        struct station *station = &world->stations[i];
        for (uint32_t k = 0; station->plan->server == number && k < station->ring_count; k++)
            if (station->ring[k].asked && station->ring[k].made_at_ms > world->now_ms)
                station->ring[k].made_at_ms = NEVER_MS;
    }
}

void orders_resume(struct world *world, struct server *server)
{
    uint32_t number = (uint32_t)(server - world->servers);
    if (!server_works(server))
        return;
    for (uint32_t i = 0; i < world->plant->station_count; i++) {
        struct station *station = &world->stations[i];
        for (uint32_t k = 0; station->plan->server == number && k < station->ring_count; k++) {
            struct order *order = &station->ring[k];
            if (server->fed && !is_held_back(world, order))
                order->withheld = false;
            bool unmade = order->made_at_ms == NEVER_MS || order->spoilt;
            if (unmade && is_waiting(order, world->now_ms) && !is_held_back(world, order))
                make(world, server, order);
        }
    }
}

struct order_counts orders_count(const struct world *world, const struct server *server)
{
    uint32_t number = (uint32_t)(server - world->servers);
    struct order_counts counts = {.newest_ms = server->newest_ms};
    for (uint32_t i = 0; i < world->plant->station_count; i++) {
        const struct station *station = &world->stations[i];
        for (uint32_t k = 0; station->plan->server == number && k < station->ring_count; k++) {
            const struct order *order = &station->ring[k];
            bool made = order->made_at_ms <= world->now_ms;
            counts.files += made;
            counts.backlog += is_waiting(order, world->now_ms);
            if (made && order->made_at_ms > counts.newest_ms)
                counts.newest_ms = order->made_at_ms;
        }
    }
    return counts;
}
