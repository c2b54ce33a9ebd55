// SPDX-License-Identifier: Apache-2.0
// Tests of the crossing between the MQTT library's threads and the loop's.
#include "runtime/mqtt/crossing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
    uv_loop_t loop;
    struct crossing *crossing;
    int wakes;
    uint64_t taken, last;
    uint64_t expected;
};

static void count_wake(void *context)
{
    ((struct fixture *)context)->wakes++;
}

static void mark_closed(void *context)
{
    ((struct fixture *)context)->crossing = NULL;
}

static void begin(struct fixture *fixture, size_t messages, size_t receipts,
                  void (*wake)(void *context))
{
    *fixture = (struct fixture){0};
    assert_int_equal(uv_loop_init(&fixture->loop), 0);
    assert_int_equal(
        crossing_new(&fixture->loop,
                     (struct crossing_limits){.messages = messages, .receipts = receipts}, wake,
                     fixture, &fixture->crossing),
        STATUS_OK);
}

static void finish(struct fixture *fixture)
{
    crossing_free(fixture->crossing, mark_closed);
    uv_run(&fixture->loop, UV_RUN_DEFAULT);
    assert_null(fixture->crossing);
    assert_int_equal(uv_loop_close(&fixture->loop), 0);
}

static void post_text(struct crossing *crossing, const char *topic, const char *payload)
{
    struct mqtt_message message = {
        .topic = topic, .payload = payload, .size = strlen(payload), .qos = 1};
    crossing_post_message(crossing, &message, strlen(topic));
}

static void a_message_crosses_as_a_copy(void **state)
{
    (void)state;
    struct fixture fixture;
    begin(&fixture, 4, 1, count_wake);
    char topic[] = "a/b", payload[] = "hello";
    post_text(fixture.crossing, topic, payload);
    memset(topic, 'x', 3);
    memset(payload, 'x', 5);
    struct crossing_message *message[2];
    assert_int_equal(crossing_take_messages(fixture.crossing, message, 2), 1);
    assert_string_equal(message[0]->message.topic, "a/b");
    assert_memory_equal(message[0]->message.payload, "hello", 5);
    assert_int_equal(message[0]->message.size, 5);
    assert_int_equal(message[0]->message.qos, 1);
    free(message[0]);
    uv_run(&fixture.loop, UV_RUN_NOWAIT);
    assert_int_equal(fixture.wakes, 1);
    finish(&fixture);
}

static void a_full_queue_drops_messages_and_counts_them(void **state)
{
    (void)state;
    struct fixture fixture;
    begin(&fixture, 2, 1, count_wake);
    post_text(fixture.crossing, "1", "a");
    post_text(fixture.crossing, "2", "b");
    post_text(fixture.crossing, "3", "c");
    crossing_post_dropped(fixture.crossing);
    assert_int_equal(crossing_dropped(fixture.crossing), 2);
    struct crossing_message *message[4];
    assert_int_equal(crossing_take_messages(fixture.crossing, message, 4), 2);
    assert_string_equal(message[0]->message.topic, "1");
    assert_string_equal(message[1]->message.topic, "2");
    free(message[0]);
    free(message[1]);
    post_text(fixture.crossing, "4", "d"); // freed with the crossing
    assert_int_equal(crossing_dropped(fixture.crossing), 2);
    finish(&fixture);
}

static void a_full_message_queue_never_holds_back_events_and_receipts(void **state)
{
    (void)state;
    struct fixture fixture;
    begin(&fixture, 1, 2, count_wake);
    post_text(fixture.crossing, "1", "a");
    post_text(fixture.crossing, "2", "b");
    crossing_post_event(fixture.crossing,
                        &(struct crossing_event){.kind = CROSSING_LOST, .generation = 7});
    crossing_post_receipt(fixture.crossing, (struct crossing_receipt){.slot = 1});
    crossing_post_receipt(fixture.crossing, (struct crossing_receipt){.slot = 0});
    struct crossing_event event;
    struct crossing_receipt receipt;
    assert_true(crossing_take_event(fixture.crossing, &event));
    assert_int_equal(event.kind, CROSSING_LOST);
    assert_int_equal(event.generation, 7);
    assert_false(crossing_take_event(fixture.crossing, &event));
    assert_true(crossing_take_receipt(fixture.crossing, &receipt));
    assert_int_equal(receipt.slot, 1);
    assert_true(crossing_take_receipt(fixture.crossing, &receipt));
    assert_int_equal(receipt.slot, 0);
    assert_false(crossing_take_receipt(fixture.crossing, &receipt));
    finish(&fixture);
}

static void take_numbers(void *context)
{
    struct fixture *fixture = context;
    struct crossing_message *batch[8];
    size_t count;
    while ((count = crossing_take_messages(fixture->crossing, batch, 8)) > 0) {
        for (size_t i = 0; i < count; i++) {
            uint64_t number;
            memcpy(&number, batch[i]->message.payload, sizeof number);
            assert_true(number > fixture->last); // in order, none twice
            fixture->last = number;
            fixture->taken++;
            free(batch[i]);
        }
    }
    struct crossing_event event;
    while (crossing_take_event(fixture->crossing, &event))
        fixture->expected = event.generation;
}

enum { NUMBERS = 20000 };

static void post_numbers(void *argument)
{
    struct crossing *crossing = argument;
    for (uint64_t i = 1; i <= NUMBERS; i++) {
        struct mqtt_message message = {.topic = "n", .payload = &i, .size = sizeof i};
        crossing_post_message(crossing, &message, 1);
    }
    crossing_post_event(crossing,
                        &(struct crossing_event){.kind = CROSSING_LOST, .generation = NUMBERS});
}

static void every_message_of_another_thread_is_taken_in_order_or_counted(void **state)
{
    (void)state;
    struct fixture fixture;
    begin(&fixture, 64, 1, take_numbers);
    uv_thread_t thread;
    assert_int_equal(uv_thread_create(&thread, post_numbers, fixture.crossing), 0);
    while (fixture.expected == 0)
        uv_run(&fixture.loop, UV_RUN_ONCE);
    uv_thread_join(&thread);
    take_numbers(&fixture);
    assert_true(fixture.taken > 0);
    assert_int_equal(fixture.taken + crossing_dropped(fixture.crossing), NUMBERS);
    finish(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_crosses_as_a_copy),
        cmocka_unit_test(a_full_queue_drops_messages_and_counts_them),
        cmocka_unit_test(a_full_message_queue_never_holds_back_events_and_receipts),
        cmocka_unit_test(every_message_of_another_thread_is_taken_in_order_or_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
