// SPDX-License-Identifier: Apache-2.0
// Encoding and decoding of each message, and the tables behind both.
#include "samples.h"
#include "wire/codec.h"
#include "wire/fields.h"

#include <protobuf-c/protobuf-c.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void every_message_comes_back_as_it_was_sent(void **state)
{
    (void)state;
    for (int kind = 0; kind < MESSAGE_KIND_COUNT; kind++) {
        struct message sent, received = {0};
        uint8_t bytes[WIRE_MESSAGE_MAX];
        size_t size;
        sample_message((enum message_kind)kind, &sent);
        assert_int_equal(wire_encode(&sent, bytes, sizeof bytes, &size), STATUS_OK);
        assert_int_equal(wire_decode(sent.kind, bytes, size, &received), WIRE_ACCEPTED);
        assert_memory_equal(&received, &sent, sizeof sent);
    }
}

static void the_tables_name_every_field_and_value_of_the_contract(void **state)
{
    (void)state;
    for (int kind = 0; kind < MESSAGE_KIND_COUNT; kind++) {
        const struct field_set *set = message_fields((enum message_kind)kind);
        const ProtobufCMessageDescriptor *contract = set->descriptor;
        assert_int_equal(set->count, contract->n_fields);
        for (unsigned i = 0; i < contract->n_fields; i++) {
            assert_string_equal(set->fields[i].name, contract->fields[i].name);
            assert_int_equal(set->fields[i].packed_offset, contract->fields[i].offset);
            if (contract->fields[i].type != PROTOBUF_C_TYPE_ENUM)
                continue;
            const ProtobufCEnumDescriptor *values = contract->fields[i].descriptor;
            assert_int_equal(set->fields[i].names->count, values->n_values);
            for (unsigned v = 0; v < values->n_values; v++)
                assert_string_equal(set->fields[i].names->name((int)values->values[v].value),
                                    values->values[v].name);
        }
    }
}

static void the_largest_birth_fits_into_a_packet(void **state)
{
    (void)state;
    struct message sent, received = {0};
    sample_message(MESSAGE_BIRTH, &sent);
    sent.birth.label_count = BIRTH_LABELS_MAX;
    sent.birth.service_count = BIRTH_SERVICES_MAX;
    for (int i = 0; i < BIRTH_LABELS_MAX; i++) {
        memset(sent.birth.labels[i].key, 'k', NAME_SIZE - 1);
        memset(sent.birth.labels[i].value, 'v', NAME_SIZE - 1);
        memset(sent.birth.services[i], 's', NAME_SIZE - 1);
    }
    uint8_t bytes[WIRE_MESSAGE_MAX];
    size_t size;
    assert_int_equal(wire_encode(&sent, bytes, sizeof bytes, &size), STATUS_OK);
    assert_int_equal(wire_decode(MESSAGE_BIRTH, bytes, size, &received), WIRE_ACCEPTED);
    assert_memory_equal(&received, &sent, sizeof sent);
}

static void a_buffer_one_byte_too_small_is_full(void **state)
{
    (void)state;
    for (int kind = 0; kind < MESSAGE_KIND_COUNT; kind++) {
        struct message message;
        uint8_t bytes[WIRE_MESSAGE_MAX];
        size_t size, untouched = 77;
        sample_message((enum message_kind)kind, &message);
        assert_int_equal(wire_encode(&message, bytes, sizeof bytes, &size), STATUS_OK);
        assert_int_equal(wire_encode(&message, bytes, size, &size), STATUS_OK);
        assert_int_equal(wire_encode(&message, bytes, size - 1, &untouched), STATUS_FULL);
        assert_int_equal(untouched, 77);
    }
}

static void what_receivers_would_refuse_is_not_encoded(void **state)
{
    (void)state;
    struct message message;
    uint8_t bytes[WIRE_MESSAGE_MAX];
    size_t size;
    sample_message(MESSAGE_ORDER, &message);
    message.order.key.seq = 0;
    assert_int_equal(wire_encode(&message, bytes, sizeof bytes, &size), STATUS_INVALID);
    sample_message(MESSAGE_ORDER, &message);
    strcpy(message.order.detail, "caf\xE9");
    assert_int_equal(wire_encode(&message, bytes, sizeof bytes, &size), STATUS_INVALID);
    sample_message(MESSAGE_BIRTH, &message);
    message.birth.label_count = BIRTH_LABELS_MAX + 1;
    assert_int_equal(wire_encode(&message, bytes, sizeof bytes, &size), STATUS_INVALID);
    message.kind = MESSAGE_KIND_COUNT;
    assert_int_equal(wire_encode(&message, bytes, sizeof bytes, &size), STATUS_INVALID);
}

static void every_reason_has_its_word(void **state)
{
    (void)state;
    assert_string_equal(wire_reject_name(WIRE_ACCEPTED), "accepted");
    assert_string_equal(wire_reject_name(WIRE_MISSING_FIELD), "missing_field");
    for (int reason = 0; reason < WIRE_REJECT_COUNT; reason++)
        assert_string_not_equal(wire_reject_name((enum wire_reject)reason), "unknown");
    assert_string_equal(wire_reject_name(WIRE_REJECT_COUNT), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_message_comes_back_as_it_was_sent),
        cmocka_unit_test(the_tables_name_every_field_and_value_of_the_contract),
        cmocka_unit_test(the_largest_birth_fits_into_a_packet),
        cmocka_unit_test(a_buffer_one_byte_too_small_is_full),
        cmocka_unit_test(what_receivers_would_refuse_is_not_encoded),
        cmocka_unit_test(every_reason_has_its_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
