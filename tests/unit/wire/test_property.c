// SPDX-License-Identifier: Apache-2.0
// Properties over random messages and random damage, from a printed seed.
#include "samples.h"
#include "wire/codec.h"
#include "wire/trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 3000 };

static char json[JSON_INCIDENT_SIZE];

static void encoding_then_decoding_changes_nothing(void **state)
{
    (void)state;
    struct random_state random;
    random_seed(&random, sample_seed());
    for (int round = 0; round < ROUNDS; round++) {
        struct message sent, received;
        uint8_t bytes[WIRE_MESSAGE_MAX];
        size_t size;
        memset(&received, 0, sizeof received);
        random_message(&random, (enum message_kind)(round % MESSAGE_KIND_COUNT), &sent);
        assert_int_equal(wire_encode(&sent, bytes, sizeof bytes, &size), STATUS_OK);
        assert_int_equal(wire_decode(sent.kind, bytes, size, &received), WIRE_ACCEPTED);
        assert_memory_equal(&received, &sent, sizeof sent);
    }
}

static void printing_then_reading_changes_nothing(void **state)
{
    (void)state;
    struct random_state random;
    random_seed(&random, sample_seed() + 1);
    for (int round = 0; round < ROUNDS; round++) {
        struct message sent, received;
        struct text out;
        char problem[TEXT_SIZE] = "";
        memset(&received, 0, sizeof received);
        random_message(&random, (enum message_kind)(round % MESSAGE_KIND_COUNT), &sent);
        text_init(&out, json, sizeof json);
        json_write_message(&out, &sent);
        if (json_read_message(sent.kind, json, out.length, &received, problem) != STATUS_OK)
            fail_msg("%s in %s", problem, json);
        assert_memory_equal(&received, &sent, sizeof sent);
    }
}

static void incidents_survive_print_and_read(void **state)
{
    (void)state;
    static struct incident sent, received;
    struct random_state random;
    random_seed(&random, sample_seed() + 2);
    for (int round = 0; round < ROUNDS / 3; round++) {
        struct text out;
        char problem[TEXT_SIZE] = "";
        random_incident(&random, &sent);
        text_init(&out, json, sizeof json);
        json_write_incident(&out, &sent);
        if (json_read_incident(json, out.length, &received, problem) != STATUS_OK)
            fail_msg("%s in %s", problem, json);
        assert_memory_equal(&received, &sent, sizeof sent);
    }
}

// Accepted bytes stand for a message that can be sent on and means the same then.
static void check_packet(enum message_kind kind, const uint8_t *bytes, size_t size)
{
    struct message first, second;
    uint8_t again[WIRE_MESSAGE_MAX];
    size_t again_size;
    memset(&first, 0, sizeof first);
    memset(&second, 0, sizeof second);
    if (wire_decode(kind, bytes, size, &first) != WIRE_ACCEPTED)
        return;
    assert_int_equal(wire_encode(&first, again, sizeof again, &again_size), STATUS_OK);
    assert_int_equal(wire_decode(kind, again, again_size, &second), WIRE_ACCEPTED);
    assert_memory_equal(&first, &second, sizeof first);
}

static void random_bytes_are_refused_or_mean_something(void **state)
{
    (void)state;
    struct random_state random;
    random_seed(&random, sample_seed() + 3);
    for (int round = 0; round < ROUNDS * 7; round++) {
        uint8_t bytes[96];
        size_t size = random_below(&random, sizeof bytes);
        for (size_t i = 0; i < size; i++)
            bytes[i] = (uint8_t)random_next(&random);
        check_packet((enum message_kind)(round % MESSAGE_KIND_COUNT), bytes, size);
    }
}

static void flipped_and_cut_packets_are_refused_or_mean_something(void **state)
{
    (void)state;
    struct random_state random;
    random_seed(&random, sample_seed() + 4);
    for (int round = 0; round < ROUNDS; round++) {
        struct message message;
        uint8_t bytes[WIRE_MESSAGE_MAX];
        size_t size;
        enum message_kind kind = (enum message_kind)(round % MESSAGE_KIND_COUNT);
        random_message(&random, kind, &message);
        assert_int_equal(wire_encode(&message, bytes, sizeof bytes, &size), STATUS_OK);
        for (uint64_t flips = random_below(&random, 4); flips > 0 && size > 0; flips--)
            bytes[random_below(&random, size)] ^= (uint8_t)(1U << random_below(&random, 8));
        if (random_below(&random, 3) == 0)
            size = random_below(&random, size + 1);
        // In a block of its own size, so that the address sanitizer sees one byte too many.
        uint8_t *exact = malloc(size + (size == 0));
        assert_non_null(exact);
        memcpy(exact, bytes, size);
        check_packet(kind, exact, size);
        check_packet((enum message_kind)random_below(&random, MESSAGE_KIND_COUNT), exact, size);
        free(exact);
    }
}

static void damaged_trace_lines_are_refused_or_mean_something(void **state)
{
    (void)state;
    static const char interesting[] = "{}[]\",:\\0123456789-+.eEtfnu \n\x80\xFF";
    static struct trace_line line, first, second;
    struct random_state random;
    random_seed(&random, sample_seed() + 5);
    for (int round = 0; round < ROUNDS; round++) {
        struct text out;
        char problem[TEXT_SIZE] = "";
        memset(&line, 0, sizeof line);
        line.t.ms = (int64_t)random_below(&random, 4102444800000);
        enum message_kind kind = (enum message_kind)(round % MESSAGE_KIND_COUNT);
        line.topic = (struct topic){.site = "plant", .node = "N1", .kind = kind};
        random_message(&random, kind, &line.message);
        text_init(&out, json, sizeof json);
        trace_write_line(&out, &line);
        size_t size = out.length;
        for (uint64_t hits = random_below(&random, 3); hits > 0; hits--)
            json[random_below(&random, size)] =
                interesting[random_below(&random, sizeof interesting - 1)];
        if (random_below(&random, 4) == 0)
            size = random_below(&random, size);
        char *exact = malloc(size + (size == 0));
        assert_non_null(exact);
        memcpy(exact, json, size);
        memset(&first, 0, sizeof first);
        memset(&second, 0, sizeof second);
        if (trace_read_line(exact, size, &first, problem) == STATUS_OK &&
            first.kind == TRACE_MESSAGE) {
            text_init(&out, json, sizeof json);
            trace_write_line(&out, &first);
            assert_int_equal(trace_read_line(json, out.length, &second, problem), STATUS_OK);
            assert_memory_equal(&first, &second, sizeof first);
        }
        free(exact);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encoding_then_decoding_changes_nothing),
        cmocka_unit_test(printing_then_reading_changes_nothing),
        cmocka_unit_test(incidents_survive_print_and_read),
        cmocka_unit_test(random_bytes_are_refused_or_mean_something),
        cmocka_unit_test(flipped_and_cut_packets_are_refused_or_mean_something),
        cmocka_unit_test(damaged_trace_lines_are_refused_or_mean_something),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
