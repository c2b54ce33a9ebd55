// SPDX-License-Identifier: Apache-2.0
// What simulated agents send, and what the broker sends for them.
#include "sim/trace/agents.h"

#include "base/text.h"
#include "sim/trace/message_of.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

enum { BACK_AT_ONCE_MS = 300, SPIKE_MIN_MS = 200, SPIKE_MEAN_MS = 250 };

static const double LOST_HEARTBEATS = 0.0002, REPEATED_AFTER_ACK = 0.3;

static bool heard(const struct world *world)
{
    return world->broker_up && !world->muted && world->link_up;
}

static void emit(struct world *world, const struct agent *agent, bool retained)
{
    if (!heard(world))
        return;
    struct emission emission = {.t_ms = world->now_ms,
                                .agent = agent->index,
                                .node = agent->node,
                                .retained = retained,
                                .message = &world->message};
    world->emit(world->context, &emission);
}

static int64_t delay(struct world *world)
{
    double ms = draw_lognormal(&world->random, 4, 0.7);
    if (draw_chance(&world->random, world->plant->spikes))
        ms += SPIKE_MIN_MS + draw_exponential(&world->random, SPIKE_MEAN_MS);
    return (int64_t)lround(ms);
}

// One after the other on a connection, a retransmission holding up what follows.
static int64_t arrival(struct world *world, struct agent *agent)
{
    int64_t at = world->now_ms + delay(world);
    if (at < agent->last_arrival_ms)
        at = agent->last_arrival_ms;
    return agent->last_arrival_ms = at;
}

// ---- births and wills ------------------------------------------------------------------------

static void publish(struct world *world, struct agent *agent, bool online,
                    enum offline_reason reason, bool retained)
{
    agent->told = (struct session){.published = true,
                                   .online = online,
                                   .reason = reason,
                                   .incarnation = agent->incarnation,
                                   .boot = agent->boot,
                                   .number = agent->session,
                                   .boot_at_ms = agent->boot_at_ms,
                                   .sent_at_ms = world->now_ms};
    message_of_birth(world, agent, &agent->told, &world->message);
    emit(world, agent, retained);
    world_blame(world, agent->identity_blame);
}

void agent_publish_birth(struct world *world, struct agent *agent)
{
    if (agent->connected && agent->cut == 0)
        publish(world, agent, true, OFFLINE_UNSPECIFIED, false);
}

static void send_will(struct world *world, struct agent *agent)
{
    agent->doomed = false;
    if (!world->broker_up)
        return;
    struct session will = agent->broken;
    will.online = false;
    will.reason = OFFLINE_WILL;
    agent->told = will;
    message_of_birth(world, agent, &will, &world->message);
    emit(world, agent, false);
}

void agents_retained(struct world *world)
{
    for (uint32_t i = 0; i < world->agent_count; i++) {
        struct agent *agent = &world->agents[i];
        if (!agent->told.published)
            continue;
        message_of_birth(world, agent, &agent->told, &world->message);
        emit(world, agent, true);
    }
}

// ---- sessions --------------------------------------------------------------------------------

static void break_session(struct world *world, struct agent *agent, int64_t will_in_ms)
{
    if (!agent->connected)
        return;
    agent->broken = agent->told;
    agent->doomed = true;
    agent->generation++;
    agent->connected = false;
    world_in(world, will_in_ms, HAPPENS_WILL, agent->index, agent->session);
}

static int64_t keepalive_ends_in(struct world *world)
{
    return world->plant->keepalive_ms * 3 / 2 + draw_range(&world->random, 0, 1000);
}

void agent_start(struct world *world, struct agent *agent, uint64_t boot, int64_t boot_at_ms,
                 int64_t delay_ms)
{
    agent->up = true;
    agent->boot = boot;
    agent->boot_at_ms = boot_at_ms;
    agent->incarnation = random_next(&world->random) >> 12 | 1;
    agent->session = 0;
    agent->beats = 0;
    agent->started_at_ms = world->now_ms;
    agent->fetch_ok = agent->fetch_failed = 0;
    world_in(world, delay_ms, HAPPENS_CONNECT, agent->index, ++agent->generation);
}

void agent_die(struct world *world, struct agent *agent, bool seen_at_once)
{
    agent->up = false;
    break_session(world, agent, seen_at_once ? 20 : keepalive_ends_in(world));
}

void agent_say_goodbye(struct world *world, struct agent *agent, enum offline_reason reason)
{
    if (agent->connected && agent->cut == 0)
        publish(world, agent, false, reason, false);
    agent->connected = agent->up = agent->doomed = false;
    agent->generation++;
}

void agent_cut(struct world *world, struct agent *agent)
{
    if (agent->cut++ == 0)
        break_session(world, agent, keepalive_ends_in(world));
}

void agent_mend(struct world *world, struct agent *agent, int64_t back_within_ms)
{
    if (agent->cut == 0 || --agent->cut > 0 || !agent->up)
        return;
    bool lives_on = agent->doomed && world->broker_up; // nobody gave the connection up yet
    world_in(world, draw_range(&world->random, BACK_AT_ONCE_MS, back_within_ms), HAPPENS_CONNECT,
             agent->index, ++agent->generation);
    if (lives_on && draw_chance(&world->random, 0.5)) {
        agent->doomed = false;
        agent->connected = true;
    }
}

void agent_drop(struct world *world, struct agent *agent)
{
    (void)world;
    agent->connected = agent->doomed = false;
    agent->generation++;
}

void agent_begin_beats(struct world *world, struct agent *agent)
{
    int64_t first = draw_range(&world->random, 1, world->plant->heartbeat_ms);
    agent->next_tick_ms = world->now_ms + first;
    world_in(world, first, HAPPENS_BEAT, agent->index, agent->generation);
}

void agent_on_connect(struct world *world, struct agent *agent, uint64_t generation)
{
    if (generation != agent->generation || !agent->up || agent->cut > 0 || !world->broker_up)
        return;
    if (agent->doomed) // the broker gives up the old connection in favour of the new one
        send_will(world, agent);
    if (!agent->connected) {
        agent->session++;
        agent->connected = true;
        publish(world, agent, true, OFFLINE_UNSPECIFIED, false);
    }
    agent->last_arrival_ms = world->now_ms;
    agent_repeat(world, agent);
    agent_begin_beats(world, agent);
    if (agent->is_server)
        world_in(world, 150, HAPPENS_RESYNC, agent->index, 0);
}

void agent_on_will(struct world *world, struct agent *agent, uint64_t session)
{
    if (agent->doomed && agent->broken.number == session)
        send_will(world, agent);
}

// ---- heartbeats ------------------------------------------------------------------------------

void agent_on_beat(struct world *world, struct agent *agent, uint64_t generation)
{
    if (generation != agent->generation || !agent->connected || agent->cut > 0)
        return;
    agent->beats++;
    if (!draw_chance(&world->random, LOST_HEARTBEATS)) {
        message_of_heartbeat(world, agent, &world->message);
        emit(world, agent, false);
        if (heard(world)) {
            world_blame(world, agent->share_blame);
            world_blame(world, agent->software_blame);
            world_blame(world, agent->skew_ms != 0 ? agent->identity_blame : NO_BLAME);
        }
    }
    // The next one comes an interval after this one was sent, after its own delay.
    agent->next_tick_ms += world->plant->heartbeat_ms;
    if (agent->next_tick_ms < world->now_ms - world->plant->heartbeat_ms)
        agent->next_tick_ms = world->now_ms;
    world_in(world, agent->next_tick_ms + delay(world) - world->now_ms, HAPPENS_BEAT, agent->index,
             agent->generation);
}

// ---- the outbox ------------------------------------------------------------------------------

static void send(struct world *world, struct agent *agent, uint64_t seq)
{
    if (!agent->connected || agent->cut > 0)
        return;
    // The connection's number goes with it: what was under way on a broken one is gone.
    uint64_t detail = (uint64_t)(agent->generation & 0xFFFFFF) << 40 | seq;
    world_in(world, arrival(world, agent) - world->now_ms, HAPPENS_ARRIVAL, agent->index, detail);
}

void agent_tell(struct world *world, struct agent *agent, struct told told)
{
    if (agent->held == OUTBOX_MAX) { // the oldest gives way
        for (uint32_t i = 1; i < agent->held; i++)
            agent->outbox[i - 1] = agent->outbox[i];
        agent->held--;
    }
    told.seq = ++agent->next_seq;
    agent->outbox[agent->held++] = told;
    send(world, agent, told.seq);
}

void agent_repeat(struct world *world, struct agent *agent)
{
    // The ack of the last one may have got lost with the connection.
    if (agent->last_acked.seq != 0 && agent->held + 1 < OUTBOX_MAX &&
        draw_chance(&world->random, REPEATED_AFTER_ACK)) {
        for (uint32_t i = agent->held++; i > 0; i--)
            agent->outbox[i] = agent->outbox[i - 1];
        agent->outbox[0] = agent->last_acked;
        agent->last_acked.seq = 0;
    }
    for (uint32_t i = 0; i < agent->held; i++)
        send(world, agent, agent->outbox[i].seq);
}

static void take_out(struct agent *agent, uint32_t at)
{
    agent->last_acked = agent->outbox[at];
    for (uint32_t i = at + 1; i < agent->held; i++)
        agent->outbox[i - 1] = agent->outbox[i];
    agent->held--;
}

void agent_on_arrival(struct world *world, struct agent *agent, uint64_t detail)
{
    uint64_t seq = detail & 0xFFFFFFFFFF;
    if (detail >> 40 != (agent->generation & 0xFFFFFF) || !heard(world))
        return;
    for (uint32_t i = 0; i < agent->held; i++) {
        if (agent->outbox[i].seq != seq)
            continue;
        message_of_told(world, agent, &agent->outbox[i], &world->message);
        emit(world, agent, false);
        world_blame(world, agent->outbox[i].blame);
        take_out(agent, i);
        return;
    }
}
