// SPDX-License-Identifier: Apache-2.0
// Delivery as a property: an agent, a lossy bus and a collector in virtual time, thousands of
// random runs. Whatever is lost, everything accepted arrives; the window is never exceeded; acks
// that belong elsewhere change nothing.
#include "agent/core/outbox_policy.h"
#include "base/random.h"
#include "base/text.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { EVENTS_MAX = 400, WIRE_MAX = 4096 };

struct flying { // one message on the bus, either way
    int64_t arrives_us;
    bool is_ack;
    uint64_t seq;
    char outbox_id[8];
};

struct world {
    struct random_state random;
    int64_t now_us;
    double loss;
    // The agent's disk: it survives restarts.
    uint64_t oldest, next;
    struct outbox_policy policy;
    uint64_t window;
    // The bus.
    struct flying wire[WIRE_MAX];
    size_t wire_count;
    // The collector's store: it survives too.
    bool stored[EVENTS_MAX + 4];
    uint64_t mark; // everything up to here is committed
};

static struct instant now_of(const struct world *world)
{
    return (struct instant){.mono = {world->now_us}, .wall = {1}};
}

static bool chance(struct world *world, double p)
{
    return random_unit(&world->random) < p;
}

static void put(struct world *world, struct flying message)
{
    if (world->wire_count == WIRE_MAX || chance(world, world->loss))
        return;
    message.arrives_us = world->now_us + (int64_t)random_below(&world->random, 300000);
    world->wire[world->wire_count++] = message;
}

static void agent_starts(struct world *world)
{
    struct outbox_policy_settings settings = {.window = world->window,
                                              .backoff_min = duration_s(1),
                                              .backoff_max = duration_s(30),
                                              .jitter_seed = random_next(&world->random)};
    outbox_policy_init(&world->policy, &settings);
    outbox_policy_attach(&world->policy, "box", world->oldest, world->next);
    outbox_policy_connected(&world->policy);
}

static void agent_sends(struct world *world)
{
    uint64_t seq;
    outbox_policy_expire(&world->policy, now_of(world));
    while (outbox_policy_next(&world->policy, &seq)) {
        assert_true(seq >= world->oldest && seq < world->next);
        assert_true(seq - world->policy.oldest < world->window);
        put(world, (struct flying){.seq = seq});
        outbox_policy_sent(&world->policy, now_of(world));
    }
    assert_true(world->policy.cursor - world->policy.oldest <= world->window);
}

static void agent_hears(struct world *world, const struct flying *message)
{
    struct ack ack = {.seq = message->seq};
    text_set(ack.outbox_id, message->outbox_id);
    enum ack_verdict verdict = outbox_policy_ack(&world->policy, &ack, now_of(world));
    if (!text_equal(ack.outbox_id, "box"))
        assert_int_equal(verdict, ACK_FOREIGN);
    else if (ack.seq >= world->next)
        assert_int_equal(verdict, ACK_BEYOND);
    if (verdict == ACK_ADVANCED) {
        assert_true(ack.seq <= world->mark); // nothing uncommitted is ever forgotten
        world->oldest = ack.seq + 1;
    }
}

static void collector_hears(struct world *world, const struct flying *message)
{
    world->stored[message->seq] = true;
    while (world->mark + 1 < world->next && world->stored[world->mark + 1])
        world->mark++;
    put(world, (struct flying){.is_ack = true, .seq = world->mark, .outbox_id = "box"});
}

static void bus_delivers(struct world *world)
{
    for (size_t i = 0; i < world->wire_count;) {
        struct flying message = world->wire[i];
        if (message.arrives_us > world->now_us) {
            i++;
            continue;
        }
        world->wire[i] = world->wire[--world->wire_count];
        if (message.is_ack)
            agent_hears(world, &message);
        else
            collector_hears(world, &message);
    }
}

static void trouble_strikes(struct world *world)
{
    if (chance(world, 0.01))
        agent_starts(world); // kill -9 and start: only the disk is left
    if (chance(world, 0.02)) {
        outbox_policy_disconnected(&world->policy);
        world->wire_count = 0;
        outbox_policy_connected(&world->policy);
    }
    if (chance(world, 0.02))
        put(world, (struct flying){.is_ack = true, .seq = world->next - 1, .outbox_id = "evil"});
    if (chance(world, 0.02))
        put(world, (struct flying){.is_ack = true, .seq = UINT64_MAX, .outbox_id = "box"});
}

static void run(uint64_t seed)
{
    static struct world world;
    world = (struct world){.oldest = 1, .next = 1};
    random_seed(&world.random, seed);
    world.loss = random_unit(&world.random) * 0.7;
    world.window = 1 + random_below(&world.random, 64);
    agent_starts(&world);
    for (int step = 0; step < 4000; step++) {
        world.now_us += (int64_t)random_below(&world.random, 500000);
        if (world.next <= EVENTS_MAX && chance(&world, 0.3)) {
            world.next += 1 + random_below(&world.random, 3);
            outbox_policy_changed(&world.policy, world.oldest, world.next);
        }
        trouble_strikes(&world);
        agent_sends(&world);
        bus_delivers(&world);
    }
    world.loss = 0; // the storm is over: the rest has to arrive
    for (int step = 0; step < 4000 && world.oldest < world.next; step++) {
        world.now_us += 100000;
        agent_sends(&world);
        bus_delivers(&world);
    }
    assert_int_equal(world.oldest, world.next);
    assert_int_equal(world.mark, world.next - 1);
}

static void everything_accepted_arrives_whatever_is_lost(void **state)
{
    (void)state;
    const char *given = getenv("STATIONWATCH_SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 0) : 20241106;
    printf("seed %" PRIu64 " (STATIONWATCH_SEED)\n", seed);
    for (uint64_t i = 0; i < 300; i++)
        run(seed + i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_accepted_arrives_whatever_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
