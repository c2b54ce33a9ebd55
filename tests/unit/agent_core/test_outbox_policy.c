// SPDX-License-Identifier: Apache-2.0
// The send window: what is sent when, and which acks count.
#include "agent/core/outbox_policy.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct instant at_ms(int64_t ms)
{
    return (struct instant){.mono = {ms * 1000}, .wall = {1730869200000 + ms}};
}

static struct outbox_policy a_policy(uint64_t window, uint64_t oldest, uint64_t next)
{
    struct outbox_policy policy;
    struct outbox_policy_settings settings = {.window = window,
                                              .backoff_min = duration_s(1),
                                              .backoff_max = duration_s(8),
                                              .jitter_seed = 3};
    outbox_policy_init(&policy, &settings);
    outbox_policy_attach(&policy, "box", oldest, next);
    outbox_policy_connected(&policy);
    return policy;
}

static uint64_t send_all(struct outbox_policy *policy, struct instant now)
{
    uint64_t seq, count = 0;
    while (outbox_policy_next(policy, &seq)) {
        outbox_policy_sent(policy, now);
        count++;
    }
    return count;
}

static enum ack_verdict acked(struct outbox_policy *policy, uint64_t seq, int64_t ms)
{
    struct ack ack = {.outbox_id = "box", .seq = seq};
    return outbox_policy_ack(policy, &ack, at_ms(ms));
}

static void nothing_is_sent_while_disconnected(void **state)
{
    (void)state;
    struct outbox_policy policy = a_policy(64, 1, 10);
    outbox_policy_disconnected(&policy);
    uint64_t seq;
    assert_false(outbox_policy_next(&policy, &seq));
    assert_true(mono_is_never(outbox_policy_deadline(&policy)));
}

static void events_go_out_in_order_up_to_the_window(void **state)
{
    (void)state;
    struct outbox_policy policy = a_policy(2, 5, 9);
    uint64_t seq;
    assert_true(outbox_policy_next(&policy, &seq));
    assert_int_equal(seq, 5);
    assert_true(outbox_policy_next(&policy, &seq));
    assert_int_equal(seq, 5); // asking is not sending
    outbox_policy_sent(&policy, at_ms(0));
    assert_true(outbox_policy_next(&policy, &seq));
    assert_int_equal(seq, 6);
    outbox_policy_sent(&policy, at_ms(0));
    assert_false(outbox_policy_next(&policy, &seq));
}

static void an_ack_moves_the_window(void **state)
{
    (void)state;
    struct outbox_policy policy = a_policy(2, 1, 5);
    assert_int_equal(send_all(&policy, at_ms(0)), 2);
    assert_int_equal(acked(&policy, 1, 5), ACK_ADVANCED);
    uint64_t seq;
    assert_true(outbox_policy_next(&policy, &seq));
    assert_int_equal(seq, 3);
}

static void unacked_events_are_sent_again_with_growing_waits(void **state)
{
    (void)state;
    struct outbox_policy policy = a_policy(64, 1, 4);
    int64_t now_us = 0;
    const int64_t waits_s[] = {1, 2, 4, 8, 8};
    for (size_t i = 0; i < 5; i++) {
        struct instant now = {.mono = {now_us}};
        assert_int_equal(send_all(&policy, now), 3);
        int64_t wait_us = outbox_policy_deadline(&policy).us - now_us;
        assert_in_range(wait_us, waits_s[i] * 500000, waits_s[i] * 1000000);
        now_us += wait_us;
        assert_false(outbox_policy_expire(&policy, (struct instant){.mono = {now_us - 1}}));
        assert_true(outbox_policy_expire(&policy, (struct instant){.mono = {now_us}}));
    }
}

static void progress_resets_the_wait(void **state)
{
    (void)state;
    struct outbox_policy policy = a_policy(64, 1, 4);
    for (int64_t ms = 0; ms < 100000; ms += 10000) {
        send_all(&policy, at_ms(ms));
        outbox_policy_expire(&policy, at_ms(ms + 9000));
    }
    send_all(&policy, at_ms(100000));
    assert_int_equal(acked(&policy, 1, 100001), ACK_ADVANCED);
    int64_t wait_us = outbox_policy_deadline(&policy).us - 100001000;
    assert_in_range(wait_us, 500000, 1000000);
}

static void when_all_is_acked_there_is_no_deadline(void **state)
{
    (void)state;
    struct outbox_policy policy = a_policy(64, 1, 4);
    send_all(&policy, at_ms(0));
    assert_int_equal(acked(&policy, 3, 5), ACK_ADVANCED);
    assert_true(mono_is_never(outbox_policy_deadline(&policy)));
}

static void a_new_event_does_not_wait_for_the_back_off(void **state)
{
    (void)state;
    struct outbox_policy policy = a_policy(64, 1, 4);
    send_all(&policy, at_ms(0));
    outbox_policy_changed(&policy, 1, 5);
    uint64_t seq;
    assert_true(outbox_policy_next(&policy, &seq));
    assert_int_equal(seq, 4);
}

static void foreign_and_impossible_acks_are_ignored(void **state)
{
    (void)state;
    struct outbox_policy policy = a_policy(64, 1, 4);
    send_all(&policy, at_ms(0));
    struct outbox_policy before = policy;
    struct ack foreign = {.outbox_id = "other", .seq = 3};
    assert_int_equal(outbox_policy_ack(&policy, &foreign, at_ms(1)), ACK_FOREIGN);
    assert_int_equal(acked(&policy, 4, 1), ACK_BEYOND);
    assert_int_equal(acked(&policy, UINT64_MAX, 1), ACK_BEYOND);
    assert_memory_equal(&before, &policy, sizeof policy);
}

static void an_ack_without_an_outbox_is_foreign(void **state)
{
    (void)state;
    struct outbox_policy policy = a_policy(64, 1, 4);
    outbox_policy_detach(&policy);
    struct ack nameless = {.outbox_id = "", .seq = 0};
    assert_int_equal(outbox_policy_ack(&policy, &nameless, at_ms(1)), ACK_FOREIGN);
}

static void a_repeated_ack_shortens_the_wait_but_sends_nothing_at_once(void **state)
{
    (void)state;
    struct outbox_policy policy = a_policy(64, 10, 14);
    for (int64_t ms = 0; ms < 100000; ms += 10000) {
        send_all(&policy, at_ms(ms));
        outbox_policy_expire(&policy, at_ms(ms + 9000));
    }
    send_all(&policy, at_ms(100000));
    assert_int_equal(acked(&policy, 9, 100010), ACK_REPEATED);
    uint64_t seq;
    assert_false(outbox_policy_next(&policy, &seq));
    assert_int_equal(outbox_policy_deadline(&policy).us, 101010000);
    assert_int_equal(acked(&policy, 9, 100900), ACK_REPEATED);
    assert_int_equal(outbox_policy_deadline(&policy).us, 101010000); // never put off
}

static void a_reconnect_sends_everything_unacked_again(void **state)
{
    (void)state;
    struct outbox_policy policy = a_policy(64, 1, 4);
    send_all(&policy, at_ms(0));
    assert_int_equal(acked(&policy, 1, 1), ACK_ADVANCED);
    outbox_policy_disconnected(&policy);
    outbox_policy_connected(&policy);
    uint64_t seq;
    assert_true(outbox_policy_next(&policy, &seq));
    assert_int_equal(seq, 2);
}

static void dropped_oldest_events_are_passed_over(void **state)
{
    (void)state;
    struct outbox_policy policy = a_policy(2, 1, 3);
    send_all(&policy, at_ms(0));
    outbox_policy_changed(&policy, 3, 5); // an outbox of two dropped both
    uint64_t seq;
    assert_true(outbox_policy_next(&policy, &seq));
    assert_int_equal(seq, 3);
    assert_int_equal(send_all(&policy, at_ms(1)), 2);
}

static void ages_are_known_within_one_boot_only(void **state)
{
    (void)state;
    struct event_stamp stamp = {.boot_id = "b1", .at = {5000000}};
    assert_int_equal(event_stamp_age_ms(&stamp, "b1", at_ms(7500)), 2500);
    assert_int_equal(event_stamp_age_ms(&stamp, "b2", at_ms(7500)), -1);
    assert_int_equal(event_stamp_age_ms(&stamp, "b1", at_ms(4000)), 0);
    stamp.boot_id[0] = '\0';
    assert_int_equal(event_stamp_age_ms(&stamp, "", at_ms(7500)), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_sent_while_disconnected),
        cmocka_unit_test(events_go_out_in_order_up_to_the_window),
        cmocka_unit_test(an_ack_moves_the_window),
        cmocka_unit_test(unacked_events_are_sent_again_with_growing_waits),
        cmocka_unit_test(progress_resets_the_wait),
        cmocka_unit_test(when_all_is_acked_there_is_no_deadline),
        cmocka_unit_test(a_new_event_does_not_wait_for_the_back_off),
        cmocka_unit_test(foreign_and_impossible_acks_are_ignored),
        cmocka_unit_test(an_ack_without_an_outbox_is_foreign),
        cmocka_unit_test(a_repeated_ack_shortens_the_wait_but_sends_nothing_at_once),
        cmocka_unit_test(a_reconnect_sends_everything_unacked_again),
        cmocka_unit_test(dropped_oldest_events_are_passed_over),
        cmocka_unit_test(ages_are_known_within_one_boot_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
