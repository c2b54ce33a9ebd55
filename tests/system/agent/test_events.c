// SPDX-License-Identifier: Apache-2.0
// Events until they are acked, over restarts and reconnects; acks that do not count.
#include "base/text.h"
#include "tests/system/agent/station.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool is_order(const struct message *message, const void *argument)
{
    return text_equal(message->order.order, argument);
}

static bool is_older_order(const struct message *message, const void *argument)
{
    const struct order_fetch *first = argument;
    return text_equal(message->order.order, first->order) &&
           message->order.key.age_ms > first->key.age_ms + 500;
}

static bool has_empty_outbox(const struct message *message, const void *argument)
{
    (void)argument;
    return message->heartbeat.outbox_depth == 0;
}

static void ack(struct station *station, const struct event_key *key, uint64_t seq)
{
    struct message message = {.kind = MESSAGE_ACK, .ack = {.seq = seq}};
    text_set(message.ack.outbox_id, key->outbox_id);
    station_send(station, &message, false);
}

static void an_order_is_repeated_until_it_is_acked(void **state)
{
    (void)state;
    struct station *station = station_new("");
    station_start_agent(station);
    station_next_heartbeat(station);
    assert_true(station_report(station, "4711"));
    struct order_fetch first = station_expect(station, MESSAGE_ORDER, is_order, "4711")->order;
    assert_int_equal(first.outcome, OUTCOME_MISSING);
    assert_int_equal(first.source, SOURCE_API);
    const struct message *again = station_expect(station, MESSAGE_ORDER, is_older_order, &first);
    assert_int_equal(again->order.key.seq, first.key.seq);
    assert_string_equal(again->order.key.outbox_id, first.key.outbox_id);
    assert_int_equal(again->order.key.at_ms, first.key.at_ms);
    ack(station, &first.key, first.key.seq);
    station_forget(station);
    const struct message *beat = station_expect(station, MESSAGE_HEARTBEAT, has_empty_outbox, NULL);
    assert_int_equal(beat->heartbeat.outbox_oldest_seq, first.key.seq + 1);
    assert_int_equal(beat->heartbeat.fetch_failed, 1);
    station_free(station);
}

static void acks_of_others_and_of_the_future_do_not_count(void **state)
{
    (void)state;
    struct station *station = station_new("");
    station_start_agent(station);
    station_next_heartbeat(station);
    assert_true(station_report(station, "4711"));
    struct order_fetch first = station_expect(station, MESSAGE_ORDER, is_order, "4711")->order;
    struct event_key foreign = first.key;
    text_set(foreign.outbox_id, "somebody-else");
    ack(station, &foreign, first.key.seq);
    ack(station, &first.key, first.key.seq + 1);
    ack(station, &first.key, UINT64_MAX);
    station_forget(station);
    station_expect(station, MESSAGE_ORDER, is_older_order, &first);
    assert_int_equal(station_count(station, MESSAGE_HEARTBEAT, has_empty_outbox, NULL), 0);
    station_free(station);
}

static void what_was_accepted_survives_kill_9_of_the_agent(void **state)
{
    (void)state;
    struct station *station = station_new("");
    station_start_agent(station);
    station_next_heartbeat(station);
    assert_true(station_report(station, "4711"));
    struct order_fetch first = station_expect(station, MESSAGE_ORDER, is_order, "4711")->order;
    process_kill(station_agent(station));
    station_forget(station);
    station_start_agent(station);
    const struct message *again = station_expect(station, MESSAGE_ORDER, is_order, "4711");
    assert_string_equal(again->order.key.outbox_id, first.key.outbox_id);
    assert_int_equal(again->order.key.seq, first.key.seq);
    assert_true(again->order.key.age_ms >= first.key.age_ms); // the same boot: the age is known
    station_forget(station);
    assert_true(station_report(station, "4712"));
    const struct message *next = station_expect(station, MESSAGE_ORDER, is_order, "4712");
    assert_true(next->order.key.seq > first.key.seq);
    station_free(station);
}

static void the_boot_is_told_once(void **state)
{
    (void)state;
    struct station *station = station_new("");
    station_start_agent(station);
    struct event_key key = station_expect(station, MESSAGE_HOST, NULL, NULL)->host.key;
    assert_int_equal(key.seq, 1);
    ack(station, &key, 1);
    station_expect(station, MESSAGE_HEARTBEAT, has_empty_outbox, NULL);
    assert_true(process_stop(station_agent(station)));
    station_forget(station);
    station_start_agent(station);
    station_next_heartbeat(station);
    assert_int_equal(station_count(station, MESSAGE_HOST, NULL, NULL), 0);
    station_free(station);
}

static void what_happens_without_a_broker_is_told_when_it_is_back(void **state)
{
    (void)state;
    struct station *station = station_new("");
    station_start_agent(station);
    station_next_heartbeat(station);
    broker_kill(station_broker(station));
    assert_true(station_report(station, "4711"));
    assert_true(station_report(station, "4712"));
    station_forget(station);
    assert_true(broker_resume(station_broker(station)));
    const struct message *first = station_expect(station, MESSAGE_ORDER, is_order, "4711");
    uint64_t seq = first->order.key.seq;
    const struct message *second = station_expect(station, MESSAGE_ORDER, is_order, "4712");
    assert_int_equal(second->order.key.seq, seq + 1);
    station_free(station);
}

static void only_a_window_is_sent_ahead_of_the_acks(void **state)
{
    (void)state;
    enum { WINDOW = 64, REPORTS = 70 };
    struct station *station = station_new("");
    char name[8];
    station_start_agent(station);
    struct event_key boot = station_expect(station, MESSAGE_HOST, NULL, NULL)->host.key;
    ack(station, &boot, boot.seq);
    station_expect(station, MESSAGE_HEARTBEAT, has_empty_outbox, NULL);
    broker_kill(station_broker(station));
    for (int i = 1; i <= REPORTS; i++) {
        snprintf(name, sizeof name, "%d", i);
        assert_true(station_report(station, name));
    }
    station_forget(station);
    assert_true(broker_resume(station_broker(station)));
    struct event_key last = station_expect(station, MESSAGE_ORDER, is_order, "64")->order.key;
    station_next_heartbeat(station);
    assert_int_equal(station_count(station, MESSAGE_ORDER, is_order, "65"), 0);
    ack(station, &last, last.seq);
    struct event_key end = station_expect(station, MESSAGE_ORDER, is_order, "70")->order.key;
    assert_int_equal(end.seq, last.seq + REPORTS - WINDOW);
    station_free(station);
}

int main(void)
{
    if (!broker_available())
        return 77;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_is_repeated_until_it_is_acked),
        cmocka_unit_test(acks_of_others_and_of_the_future_do_not_count),
        cmocka_unit_test(what_was_accepted_survives_kill_9_of_the_agent),
        cmocka_unit_test(the_boot_is_told_once),
        cmocka_unit_test(what_happens_without_a_broker_is_told_when_it_is_back),
        cmocka_unit_test(only_a_window_is_sent_ahead_of_the_acks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
