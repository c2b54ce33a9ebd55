// SPDX-License-Identifier: Apache-2.0
// Faults of the network, of orders and versions, and of single stations.
#include "sim/trace/fault_deeds.h"

#include "sim/trace/agents.h"
#include "sim/trace/orders.h"
#include "sim/trace/scanning.h"
#include "sim/trace/serving.h"

#include <string.h>

enum { BACK_WITHIN_MS = 12000 };

// ---- network, broker, collector --------------------------------------------------------------

void cut_segment(struct world *world, struct fault *fault)
{
    for (uint32_t i = 0; i < world->plant->station_count; i++)
        if (world->plant->stations[i].segment == fault->target)
            agent_cut(world, world->stations[i].agent);
}

void mend_segment(struct world *world, struct fault *fault)
{
    for (uint32_t i = 0; i < world->plant->station_count; i++)
        if (world->plant->stations[i].segment == fault->target)
            agent_mend(world, world->stations[i].agent, BACK_WITHIN_MS + fault->linger_ms);
}

static uint32_t cut_off(const struct world *world, const struct fault *fault)
{
    return strcmp(fault->row->manner, "servers too") == 0 ? world->agent_count
                                                          : world->plant->station_count;
}

void cut_site(struct world *world, struct fault *fault)
{
    for (uint32_t i = 0; i < cut_off(world, fault); i++)
        agent_cut(world, &world->agents[i]);
}

void mend_site(struct world *world, struct fault *fault)
{
    for (uint32_t i = 0; i < cut_off(world, fault); i++)
        agent_mend(world, &world->agents[i], BACK_WITHIN_MS + fault->linger_ms);
}

static void tell_link(struct world *world, bool up)
{
    struct emission emission = {.t_ms = world->now_ms, .is_link = true, .link_up = up};
    world->emit(world->context, &emission);
}

static void everyone_returns(struct world *world)
{
    agents_retained(world);
    for (uint32_t i = 0; i < world->agent_count; i++) {
        struct agent *agent = &world->agents[i];
        agent_drop(world, agent);
        if (agent->up)
            world_in(world, draw_range(&world->random, 500, 15000), HAPPENS_CONNECT, i,
                     agent->generation);
    }
}

void broker_dies(struct world *world, struct fault *fault)
{
    (void)fault;
    world->broker_up = world->link_up = false;
    tell_link(world, false);
    for (uint32_t i = 0; i < world->agent_count; i++)
        agent_drop(world, &world->agents[i]);
}

void broker_returns(struct world *world, struct fault *fault)
{
    (void)fault;
    world->broker_up = world->link_up = true;
    tell_link(world, true);
    everyone_returns(world);
}

void broker_hangs(struct world *world, struct fault *fault)
{
    (void)fault;
    world->muted = true;
}

void broker_wakes(struct world *world, struct fault *fault)
{
    (void)fault;
    world->muted = false;
    everyone_returns(world);
}

void collector_goes_blind(struct world *world, struct fault *fault)
{
    (void)fault;
    world->link_up = false;
    tell_link(world, false);
}

void collector_sees(struct world *world, struct fault *fault)
{
    (void)fault;
    world->link_up = true;
    tell_link(world, true);
    agents_retained(world);
    for (uint32_t i = 0; i < world->agent_count; i++)
        if (world->agents[i].held > 0)
            agent_repeat(world, &world->agents[i]);
}

// ---- orders, products, versions --------------------------------------------------------------

void hold_product(struct world *world, struct fault *fault)
{
    world->held_products[fault->target] = fault->number;
    world->waits_for_held = strcmp(fault->row->manner, "requests wait") == 0;
}

void release_product(struct world *world, struct fault *fault)
{
    world->held_products[fault->target] = NO_BLAME;
    for (uint32_t i = 0; i < world->plant->server_count; i++)
        orders_resume(world, &world->servers[i]);
}

// A harness whose order is broken is carried from station to station.
void carry_order(struct world *world, struct fault *fault)
{
    fault->steps = (uint32_t)draw_range(&world->random, 6, 10);
    world_in(world, 0, HAPPENS_FAULT_STEP, (uint32_t)fault->number, 0);
}

void carry_on(struct world *world, struct fault *fault)
{
    uint32_t index = (fault->target + fault->steps) % world->plant->station_count;
    if (fault->steps-- == 0 || world->now_ms >= fault->ends_ms)
        return;
    scanning_tell(world, index, fault->detail, world->stations[index].ring[0].product, fault->shows,
                  fault->number, draw_range(&world->random, 30, 300));
    world_in(world, draw_range(&world->random, 8000, 40000), HAPPENS_FAULT_STEP,
             (uint32_t)fault->number, 0);
}

void break_version(struct world *world, struct fault *fault)
{
    world->bad_version = draw_between(&world->random, 0.7, 1.0);
    world->bad_outcome = fault->shows;
    world->version_blame = fault->number;
}

// Stations are updated in this moment, a few seconds apart.
void roll_out(struct world *world, struct fault *fault)
{
    for (uint32_t i = 0; i < world->plant->station_count; i++) {
        struct agent *agent = &world->agents[i];
        agent->new_version = world->plant->stations[i].new_version;
        if (agent->new_version)
            agent_publish_birth(world, agent);
    }
    break_version(world, fault);
}

void mend_version(struct world *world, struct fault *fault)
{
    (void)fault;
    world->bad_version = 0;
    world->version_blame = NO_BLAME;
}

// ---- one station -----------------------------------------------------------------------------

void unplug(struct world *world, struct fault *fault)
{
    static const struct {
        const char *manner;
        enum outcome shows;
    } manners[] = {{"logon lost", OUTCOME_DENIED},
                   {"no way to the share", OUTCOME_UNREACHABLE},
                   {"reads garbage", OUTCOME_INVALID},
                   {"files locked", OUTCOME_LOCKED}};
    struct station *station = &world->stations[fault->target];
    station->unplugged = true;
    station->own_blame = fault->number;
    for (size_t i = 0; i < sizeof manners / sizeof manners[0]; i++)
        if (strcmp(manners[i].manner, fault->row->manner) == 0)
            station->own_outcome = manners[i].shows;
}

void plug(struct world *world, struct fault *fault)
{
    world->stations[fault->target].unplugged = false;
}

void software_ends(struct world *world, struct fault *fault)
{
    world->agents[fault->target].software_running = false;
    world->agents[fault->target].software_blame = fault->number;
}

void software_starts(struct world *world, struct fault *fault)
{
    world->agents[fault->target].software_running = true;
    world->agents[fault->target].software_blame = NO_BLAME;
}

void agent_crashes(struct world *world, struct fault *fault)
{
    agent_die(world, &world->agents[fault->target], true);
}

void power_fails(struct world *world, struct fault *fault)
{
    agent_die(world, &world->agents[fault->target], false);
    world->stations[fault->target].idle = true;
}

void agent_returns(struct world *world, struct fault *fault)
{
    struct agent *agent = &world->agents[fault->target];
    world->stations[fault->target].idle = false;
    agent_start(world, agent, agent->boot, agent->boot_at_ms, 500);
}

void clone_appears(struct world *world, struct fault *fault)
{
    struct agent *agent = &world->agents[fault->target];
    agent->twin = (struct session){.boot = random_next(&world->random),
                                   .incarnation = random_next(&world->random) >> 12 | 1,
                                   .boot_at_ms = world->now_ms - 60000};
    agent->identity_blame = fault->number;
    world_in(world, 0, HAPPENS_FAULT_STEP, (uint32_t)fault->number, 0);
}

// Each takes the connection from the other.
void clones_fight(struct world *world, struct fault *fault)
{
    struct agent *agent = &world->agents[fault->target];
    if (world->now_ms >= fault->ends_ms || !agent->up || agent->cut > 0)
        return;
    struct session other = agent->twin;
    agent->twin = (struct session){.boot = agent->boot,
                                   .incarnation = agent->incarnation,
                                   .number = agent->session,
                                   .boot_at_ms = agent->boot_at_ms};
    agent_die(world, agent, true);
    agent_start(world, agent, other.boot, other.boot_at_ms, 60);
    agent->incarnation = other.incarnation;
    agent->session = other.number;
    world_in(world, draw_range(&world->random, 1500, 9000), HAPPENS_FAULT_STEP,
             (uint32_t)fault->number, 0);
}

void clone_leaves(struct world *world, struct fault *fault)
{
    world->agents[fault->target].identity_blame = NO_BLAME;
}

void clock_jumps(struct world *world, struct fault *fault)
{
    struct agent *agent = &world->agents[fault->target];
    int64_t minutes = draw_range(&world->random, 7, 600);
    agent->skew_ms = draw_chance(&world->random, 0.5) ? minutes * 60000 : -minutes * 60000;
    agent->identity_blame = fault->number;
}

void clock_is_set(struct world *world, struct fault *fault)
{
    world->agents[fault->target].skew_ms = 0;
    world->agents[fault->target].identity_blame = NO_BLAME;
}

void certificate_ages(struct world *world, struct fault *fault)
{
    struct agent *agent = &world->agents[fault->target];
    agent->certificate_expires_ms =
        world->wall_ms + draw_range(&world->random, 20, 12 * 24) * 3600000;
    agent->identity_blame = fault->number;
    agent_publish_birth(world, agent);
}

void certificate_is_renewed(struct world *world, struct fault *fault)
{
    struct agent *agent = &world->agents[fault->target];
    agent->certificate_expires_ms = world->wall_ms + INT64_C(365) * 86400000;
    agent->identity_blame = NO_BLAME;
    agent_publish_birth(world, agent);
}
