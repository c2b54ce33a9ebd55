// SPDX-License-Identifier: Apache-2.0
// Delivery marks: first contact, holes, repeats, lost seqs, restarts, limits.
#include "base/random.h"
#include "base/text.h"
#include "collector/core/delivery.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct delivery *new_table(uint32_t limit)
{
    struct delivery *delivery = NULL;
    assert_int_equal(delivery_new(limit, &delivery), STATUS_OK);
    return delivery;
}

static struct delivery_result accept_of(struct delivery *delivery, const char *outbox, uint64_t seq)
{
    struct event_key key = {.seq = seq};
    text_set(key.outbox_id, outbox);
    struct delivery_result result;
    assert_int_equal(delivery_accept(delivery, "ETS-001", &key, &result), STATUS_OK);
    return result;
}

static struct delivery_result accept_seq(struct delivery *delivery, uint64_t seq)
{
    return accept_of(delivery, "box", seq);
}

static struct delivery_result oldest_is(struct delivery *delivery, uint64_t seq)
{
    struct delivery_result result;
    assert_int_equal(delivery_oldest(delivery, "ETS-001", "box", seq, &result), STATUS_OK);
    return result;
}

static void assert_new_and_acked(struct delivery_result result, uint64_t ack_seq)
{
    assert_true(result.is_new);
    assert_true(result.ack_owed);
    assert_int_equal(result.ack_seq, ack_seq);
}

static void assert_repeat_and_acked(struct delivery_result result, uint64_t ack_seq)
{
    assert_false(result.is_new);
    assert_true(result.ack_owed);
    assert_int_equal(result.ack_seq, ack_seq);
}

static void in_order_each_event_is_new_and_acked(void **state)
{
    (void)state;
    struct delivery *delivery = new_table(2);
    assert_false(oldest_is(delivery, 1).ack_owed);
    for (uint64_t seq = 1; seq <= 5000; seq++)
        assert_new_and_acked(accept_seq(delivery, seq), seq);
    delivery_free(delivery);
}

static void a_repeat_is_not_new_and_owes_the_current_ack(void **state)
{
    (void)state;
    struct delivery *delivery = new_table(2);
    oldest_is(delivery, 1);
    for (uint64_t seq = 1; seq <= 10; seq++)
        accept_seq(delivery, seq);
    assert_repeat_and_acked(accept_seq(delivery, 3), 10);
    assert_repeat_and_acked(accept_seq(delivery, 10), 10);
    delivery_free(delivery);
}

static void a_hole_holds_the_ack_until_it_is_filled(void **state)
{
    (void)state;
    struct delivery *delivery = new_table(2);
    oldest_is(delivery, 1);
    accept_seq(delivery, 1);
    assert_new_and_acked(accept_seq(delivery, 3), 1);
    assert_new_and_acked(accept_seq(delivery, 4), 1);
    assert_repeat_and_acked(accept_seq(delivery, 4), 1);
    assert_new_and_acked(accept_seq(delivery, 2), 4);
    assert_repeat_and_acked(accept_seq(delivery, 3), 4);
    delivery_free(delivery);
}

static void before_the_oldest_is_known_events_are_new_and_no_ack_is_owed(void **state)
{
    (void)state;
    struct delivery *delivery = new_table(2);
    struct delivery_result first = accept_seq(delivery, 4242);
    assert_true(first.is_new);
    assert_false(first.ack_owed);
    assert_true(accept_seq(delivery, 4240).is_new);
    assert_false(accept_seq(delivery, 4240).is_new);
    assert_false(accept_seq(delivery, 4240).ack_owed);
    // 4241 is still under way: the mark starts at 4239 and joins 4240.
    struct delivery_result begun = oldest_is(delivery, 4240);
    assert_true(begun.ack_owed);
    assert_int_equal(begun.ack_seq, 4240);
    assert_int_equal(begun.gap_from, 0);
    assert_new_and_acked(accept_seq(delivery, 4241), 4242);
    delivery_free(delivery);
}

static void an_oldest_far_below_the_first_event_seen_still_delivers_each_once(void **state)
{
    (void)state;
    struct delivery *delivery = new_table(2);
    for (uint64_t seq = 5000; seq <= 5010; seq++)
        assert_true(accept_seq(delivery, seq).is_new);
    oldest_is(delivery, 1);
    assert_false(accept_seq(delivery, 3000).is_new); // too far from both ends: comes again later
    for (uint64_t seq = 1; seq < 5000; seq++)
        assert_new_and_acked(accept_seq(delivery, seq), seq == 4999 ? 5010 : seq);
    assert_repeat_and_acked(accept_seq(delivery, 5005), 5010);
    delivery_free(delivery);
}

static void first_contact_in_the_middle_is_no_gap(void **state)
{
    (void)state;
    struct delivery *delivery = new_table(2);
    struct delivery_result result = oldest_is(delivery, 501);
    assert_int_equal(result.gap_from, 0);
    assert_false(result.ack_owed);
    assert_new_and_acked(accept_seq(delivery, 501), 501);
    delivery_free(delivery);
}

static void what_the_outbox_dropped_is_a_gap_and_the_mark_jumps(void **state)
{
    (void)state;
    struct delivery *delivery = new_table(2);
    oldest_is(delivery, 1);
    accept_seq(delivery, 1);
    accept_seq(delivery, 5);
    accept_seq(delivery, 8);
    accept_seq(delivery, 9);
    struct delivery_result result = oldest_is(delivery, 9);
    assert_int_equal(result.gap_from, 2);
    assert_int_equal(result.gap_to, 7);
    assert_int_equal(result.gap_count, 5); // 2 3 4 6 7
    assert_true(result.ack_owed);
    assert_int_equal(result.ack_seq, 9);
    assert_int_equal(oldest_is(delivery, 9).gap_from, 0); // told once
    assert_new_and_acked(accept_seq(delivery, 10), 10);
    delivery_free(delivery);
}

static void an_older_oldest_that_comes_late_changes_nothing(void **state)
{
    (void)state;
    struct delivery *delivery = new_table(2);
    oldest_is(delivery, 1);
    for (uint64_t seq = 1; seq <= 20; seq++)
        accept_seq(delivery, seq);
    struct delivery_result result = oldest_is(delivery, 4);
    assert_int_equal(result.gap_from, 0);
    assert_false(result.ack_owed);
    assert_new_and_acked(accept_seq(delivery, 21), 21);
    delivery_free(delivery);
}

static void a_store_from_a_backup_reports_the_gap_and_goes_on(void **state)
{
    (void)state;
    struct delivery *delivery = new_table(2);
    assert_int_equal(delivery_restore(delivery, "ETS-001", "box", 100), STATUS_OK);
    // The agent is at 9000 already: too far ahead to keep before it says where its outbox begins.
    struct delivery_result early = accept_seq(delivery, 9000);
    assert_false(early.is_new);
    assert_false(early.ack_owed);
    struct delivery_result result = oldest_is(delivery, 9000);
    assert_int_equal(result.gap_from, 101);
    assert_int_equal(result.gap_to, 8999);
    assert_int_equal(result.gap_count, 8899);
    assert_new_and_acked(accept_seq(delivery, 9000), 9000);
    delivery_free(delivery);
}

static void restored_marks_know_what_is_committed(void **state)
{
    (void)state;
    struct delivery *delivery = new_table(2);
    assert_int_equal(delivery_restore(delivery, "ETS-001", "box", 100), STATUS_OK);
    assert_int_equal(delivery_restore(delivery, "ETS-001", "box", 70), STATUS_OK); // never back
    assert_repeat_and_acked(accept_seq(delivery, 100), 100);
    assert_new_and_acked(accept_seq(delivery, 101), 101);
    delivery_free(delivery);
}

static void a_new_outbox_of_the_same_node_starts_afresh(void **state)
{
    (void)state;
    struct delivery *delivery = new_table(2);
    oldest_is(delivery, 1);
    for (uint64_t seq = 1; seq <= 50; seq++)
        accept_seq(delivery, seq);
    assert_true(accept_of(delivery, "other", 1).is_new);
    assert_new_and_acked(accept_seq(delivery, 51), 51);
    delivery_free(delivery);
}

static void too_far_ahead_is_refused_and_accepted_once_the_hole_is_filled(void **state)
{
    (void)state;
    struct delivery *delivery = new_table(2);
    oldest_is(delivery, 1);
    uint64_t edge = DELIVERY_AHEAD_MAX;
    assert_true(accept_seq(delivery, edge).is_new);
    struct delivery_result beyond = accept_seq(delivery, edge + 1);
    assert_false(beyond.is_new);
    assert_false(beyond.ack_owed);
    assert_new_and_acked(accept_seq(delivery, 1), 1);
    assert_true(accept_seq(delivery, edge + 1).is_new);
    for (uint64_t seq = 2; seq < edge; seq++)
        assert_true(accept_seq(delivery, seq).is_new);
    assert_repeat_and_acked(accept_seq(delivery, 7), edge + 1);
    delivery_free(delivery);
}

static void the_limit_of_outboxes_says_full_and_known_ones_go_on(void **state)
{
    (void)state;
    struct delivery *delivery = new_table(2);
    oldest_is(delivery, 1);
    accept_of(delivery, "second", 1);
    struct event_key key = {.outbox_id = "third", .seq = 1};
    struct delivery_result result = {.gap_from = 77};
    assert_int_equal(delivery_accept(delivery, "ETS-001", &key, &result), STATUS_FULL);
    assert_int_equal(delivery_oldest(delivery, "ETS-001", "third", 1, &result), STATUS_FULL);
    assert_int_equal(delivery_restore(delivery, "ETS-001", "third", 1), STATUS_FULL);
    assert_int_equal(result.gap_from, 77); // untouched
    assert_new_and_acked(accept_seq(delivery, 1), 1);
    delivery_free(delivery);
}

static void seq_zero_is_refused(void **state)
{
    (void)state;
    struct delivery *delivery = new_table(2);
    struct event_key key = {.outbox_id = "box"};
    struct delivery_result result;
    assert_int_equal(delivery_accept(delivery, "ETS-001", &key, &result), STATUS_INVALID);
    assert_int_equal(delivery_oldest(delivery, "ETS-001", "box", 0, &result), STATUS_INVALID);
    delivery_free(delivery);
}

static void the_largest_numbers_overflow_nothing(void **state)
{
    (void)state;
    struct delivery *delivery = new_table(2);
    oldest_is(delivery, 1);
    assert_false(accept_seq(delivery, UINT64_MAX).is_new);
    struct delivery_result result = oldest_is(delivery, UINT64_MAX);
    assert_int_equal(result.gap_to, UINT64_MAX - 1);
    assert_new_and_acked(accept_seq(delivery, UINT64_MAX), UINT64_MAX);
    assert_repeat_and_acked(accept_seq(delivery, UINT64_MAX), UINT64_MAX);
    delivery_free(delivery);
}

// ---- the property: an agent, a lossy bus, a collector that restarts
// --------------------------------

enum { EVENTS = 3000, OUTBOX_LIMIT = 300, SEND_WINDOW = 64, FLIGHT_MAX = 256 };

struct flight { // an event (seq > 0) or a heartbeat's word about the oldest (seq 0) on its way
    uint64_t seq, oldest;
};

struct world {
    struct random_state random;
    struct delivery *delivery;
    uint64_t oldest, next; // the agent's outbox: oldest..next-1
    struct flight flights[FLIGHT_MAX];
    uint32_t flight_count;
    uint8_t taken[EVENTS + 1]; // how often the engine took it as new in this life of the table
    bool stored[EVENTS + 1];   // committed by its key, whatever the life
    bool lost[EVENTS + 1];     // reported as a gap
    uint64_t committed_mark, last_ack;
};

static void send_flight(struct world *world, struct flight flight)
{
    if (world->flight_count < FLIGHT_MAX && random_unit(&world->random) > 0.2)
        world->flights[world->flight_count++] = flight;
    if (world->flight_count < FLIGHT_MAX && random_unit(&world->random) < 0.1)
        world->flights[world->flight_count++] = flight;
}

static void agent_appends(struct world *world)
{
    if (world->next > EVENTS)
        return;
    world->next++;
    if (world->next - world->oldest > OUTBOX_LIMIT)
        world->oldest++; // full: the oldest is dropped
}

static void agent_sends(struct world *world)
{
    for (uint64_t seq = world->oldest; seq < world->next && seq < world->oldest + SEND_WINDOW;
         seq++)
        send_flight(world, (struct flight){.seq = seq});
    send_flight(world, (struct flight){.oldest = world->oldest});
}

static void ack_arrives(struct world *world, uint64_t ack_seq)
{
    assert_true(ack_seq >= world->last_ack);
    world->last_ack = ack_seq;
    world->committed_mark = ack_seq;
    for (uint64_t seq = 1; seq <= ack_seq && seq <= EVENTS; seq++)
        assert_true(world->stored[seq] || world->lost[seq]); // never above a hole
    if (random_unit(&world->random) > 0.2 && ack_seq < world->next && ack_seq + 1 > world->oldest)
        world->oldest = ack_seq + 1;
}

static void collector_takes(struct world *world, struct flight flight)
{
    struct delivery_result result;
    if (flight.seq == 0) {
        result = oldest_is(world->delivery, flight.oldest);
        // After a restart a gap may name what the store has from the life before.
        for (uint64_t seq = result.gap_from; seq != 0 && seq <= result.gap_to; seq++)
            world->lost[seq] = !world->stored[seq];
    } else {
        result = accept_seq(world->delivery, flight.seq);
        if (result.is_new) {
            assert_int_equal(world->taken[flight.seq]++, 0);
            assert_false(world->lost[flight.seq]);
            world->stored[flight.seq] = true;
        }
    }
    if (result.ack_owed)
        ack_arrives(world, result.ack_seq);
}

static void one_flight_lands(struct world *world)
{
    uint32_t index = (uint32_t)random_below(&world->random, world->flight_count);
    struct flight flight = world->flights[index];
    world->flights[index] = world->flights[--world->flight_count];
    collector_takes(world, flight);
}

static void collector_restarts(struct world *world)
{
    delivery_free(world->delivery);
    world->delivery = new_table(4);
    if (world->committed_mark > 0)
        assert_int_equal(delivery_restore(world->delivery, "ETS-001", "box", world->committed_mark),
                         STATUS_OK);
    memset(world->taken, 0, sizeof world->taken);
    for (uint64_t seq = 1; seq <= world->committed_mark; seq++)
        world->taken[seq] = world->stored[seq] ? 1 : 0;
    world->flight_count = 0;
}

static void run_world(uint64_t seed)
{
    struct world *world = calloc(1, sizeof *world);
    assert_non_null(world);
    random_seed(&world->random, seed);
    world->delivery = new_table(4);
    world->oldest = world->next = 1;
    // The first life begins with the outbox known, so that nothing is lost without being told.
    oldest_is(world->delivery, 1);
    bool restarts = random_unit(&world->random) < 0.5;
    uint32_t rounds = 0;
    while (world->next <= EVENTS || world->oldest <= EVENTS) {
        assert_true(++rounds < 100000); // never stuck
        uint64_t burst = random_below(&world->random, 40);
        for (uint64_t i = 0; i < burst; i++)
            agent_appends(world);
        agent_sends(world);
        uint64_t landings = random_below(&world->random, 80);
        for (uint64_t i = 0; i < landings && world->flight_count > 0; i++)
            one_flight_lands(world);
        if (restarts && world->committed_mark > 0 && random_unit(&world->random) < 0.01)
            collector_restarts(world);
    }
    uint64_t stored = 0;
    for (uint64_t seq = 1; seq <= EVENTS; seq++) {
        assert_true(world->stored[seq] != world->lost[seq]);
        stored += world->stored[seq];
    }
    assert_true(stored > EVENTS / 4);
    delivery_free(world->delivery);
    free(world);
}

static void every_event_is_new_once_whatever_the_bus_does(void **state)
{
    (void)state;
    const char *text = getenv("STATIONWATCH_SEED");
    uint64_t seed = text != NULL ? strtoull(text, NULL, 10) : 20241106;
    for (uint64_t i = 0; i < 40; i++) {
        printf("seed %" PRIu64 "\n", seed + i);
        run_world(seed + i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_order_each_event_is_new_and_acked),
        cmocka_unit_test(a_repeat_is_not_new_and_owes_the_current_ack),
        cmocka_unit_test(a_hole_holds_the_ack_until_it_is_filled),
        cmocka_unit_test(before_the_oldest_is_known_events_are_new_and_no_ack_is_owed),
        cmocka_unit_test(an_oldest_far_below_the_first_event_seen_still_delivers_each_once),
        cmocka_unit_test(first_contact_in_the_middle_is_no_gap),
        cmocka_unit_test(what_the_outbox_dropped_is_a_gap_and_the_mark_jumps),
        cmocka_unit_test(an_older_oldest_that_comes_late_changes_nothing),
        cmocka_unit_test(a_store_from_a_backup_reports_the_gap_and_goes_on),
        cmocka_unit_test(restored_marks_know_what_is_committed),
        cmocka_unit_test(a_new_outbox_of_the_same_node_starts_afresh),
        cmocka_unit_test(too_far_ahead_is_refused_and_accepted_once_the_hole_is_filled),
        cmocka_unit_test(the_limit_of_outboxes_says_full_and_known_ones_go_on),
        cmocka_unit_test(seq_zero_is_refused),
        cmocka_unit_test(the_largest_numbers_overflow_nothing),
        cmocka_unit_test(every_event_is_new_once_whatever_the_bus_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
