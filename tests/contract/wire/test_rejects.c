// SPDX-License-Identifier: Apache-2.0
// Packets that break the contract: each is refused for its own reason, and nothing is written.
#include "packet.h"
#include "wire/codec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static struct packet packet;

static const char *reason_for(enum message_kind kind)
{
    struct message message, before;
    memset(&message, 0x5A, sizeof message);
    before = message;
    enum wire_reject reason = wire_decode(kind, packet.bytes, packet.size, &message);
    if (reason != WIRE_ACCEPTED)
        assert_memory_equal(&message, &before, sizeof message);
    return wire_reject_name(reason);
}

#define assert_reason(kind, word) assert_string_equal(reason_for(kind), word)

static void start(const char *outbox_id, uint64_t seq)
{
    packet.size = 0;
    packet_text(&packet, 1, outbox_id);
    packet_uint(&packet, 2, seq);
}

static void start_heartbeat(uint64_t seq, uint64_t interval_ms)
{
    packet.size = 0;
    packet_uint(&packet, 2, seq);
    packet_uint(&packet, 3, interval_ms);
}

static const char *text_of(size_t length, char c)
{
    static char text[1024];
    memset(text, c, length);
    text[length] = '\0';
    return text;
}

static void a_packet_above_the_cap_is_too_large(void **state)
{
    (void)state;
    static uint8_t filler[WIRE_MESSAGE_MAX];
    packet_order(&packet);
    packet_bytes(&packet, 100, filler, WIRE_MESSAGE_MAX - packet.size - 4);
    assert_int_equal(packet.size, WIRE_MESSAGE_MAX);
    assert_reason(MESSAGE_ORDER, "accepted");
    packet_order(&packet);
    packet_bytes(&packet, 100, filler, WIRE_MESSAGE_MAX - packet.size - 3);
    assert_int_equal(packet.size, WIRE_MESSAGE_MAX + 1);
    assert_reason(MESSAGE_ORDER, "too_large");
}

static void broken_bytes_are_malformed(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
    } rows[] = {
        {"\x08", 1}, // a tag and no value
        {"\x0A\x05"
         "ab",
         4},                                                      // a text that ends early
        {"\x0A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", 11},     // a length beyond it all
        {"\x0A\x80\x80\x80\x80\x08", 6},                          // 2 GB to come
        {"\x10\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", 12}, // a varint of 11 bytes
        {"\x00\x00", 2},                                          // field number 0
        {"\x0B\x0C", 2},                                          // a group
        {"\x0B\x0B\x0B\x0B\x0B\x0B", 6},                          // groups in groups
        {"\x0F", 1},                                              // no such wire type
        {"\x0D\x01\x02\x03\x04", 5},                              // a text as fixed32
        {"\x12\x01\x61", 3},                                      // a number as text
        {"hello, world", 12},
        {"{\"seq\":1}", 9},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        packet.size = rows[i].size;
        memcpy(packet.bytes, rows[i].bytes, rows[i].size);
        assert_reason(MESSAGE_ORDER, "malformed");
    }
}

static void a_broken_label_is_malformed(void **state)
{
    (void)state;
    packet.size = 0;
    packet_bytes(&packet, 4, "\x0A\x09x", 3);
    assert_reason(MESSAGE_BIRTH, "malformed");
}

static void depth_does_not_reach_the_stack(void **state)
{
    (void)state;
    // A length-delimited field in itself, a thousand deep, where a label and where a text stands.
    static struct packet inner;
    inner.size = 0;
    for (int depth = 0; depth < 1000; depth++) {
        packet.size = 0;
        packet_bytes(&packet, 4, inner.bytes, inner.size);
        inner = packet;
    }
    assert_reason(MESSAGE_BIRTH, "missing_field"); // a label whose only field is unknown
    packet_bytes(&packet, 10, inner.bytes, inner.size);
    assert_reason(MESSAGE_ORDER, "malformed"); // field 4 is a number there
}

static void enum_values_outside_the_contract_are_refused(void **state)
{
    (void)state;
    static const struct {
        enum message_kind kind;
        uint32_t field, highest;
    } rows[] = {{MESSAGE_BIRTH, 2, 5}, {MESSAGE_BIRTH, 3, 2},     {MESSAGE_ORDER, 7, 8},
                {MESSAGE_ORDER, 9, 3}, {MESSAGE_SERVICE, 6, 6},   {MESSAGE_SERVICE, 7, 4},
                {MESSAGE_HOST, 5, 6},  {MESSAGE_HEARTBEAT, 11, 8}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int beyond = 0; beyond <= 2; beyond++) {
            start("a1b2", 1);
            if (rows[i].kind == MESSAGE_BIRTH)
                packet.size = 0;
            else if (rows[i].kind == MESSAGE_HEARTBEAT)
                start_heartbeat(1, 1000);
            else if (rows[i].kind == MESSAGE_SERVICE)
                packet_text(&packet, 5, "S"), packet_uint(&packet, 6, 1);
            else if (rows[i].kind == MESSAGE_ORDER)
                packet_uint(&packet, 7, 1);
            packet_uint(&packet, rows[i].field,
                        beyond == 2 ? (uint64_t)-1 : rows[i].highest + (uint64_t)beyond);
            assert_reason(rows[i].kind, beyond == 0 ? "accepted" : "bad_enum");
        }
}

static void texts_that_are_not_utf8_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
    } rows[] = {{"caf\xE9", 4},
                {"a\0b", 3},
                {"\0", 1},
                {"\xC3", 1},
                {"\xED\xA0\x80", 3},
                {"\xC0\xAF", 2},
                {"\xF5\x80\x80\x80", 4}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        packet_order(&packet);
        packet_bytes(&packet, 5, rows[i].bytes, rows[i].size);
        assert_reason(MESSAGE_ORDER, "bad_text");
        packet_order(&packet);
        packet_bytes(&packet, 10, rows[i].bytes, rows[i].size);
        assert_reason(MESSAGE_ORDER, "bad_text");
        packet.size = 0;
        packet_bytes(&packet, 15, rows[i].bytes, rows[i].size);
        assert_reason(MESSAGE_BIRTH, "bad_text");
    }
}

static void names_one_byte_too_long_are_refused(void **state)
{
    (void)state;
    packet_order(&packet);
    packet_text(&packet, 5, text_of(NAME_SIZE - 1, 'x'));
    assert_reason(MESSAGE_ORDER, "accepted");
    packet_order(&packet);
    packet_text(&packet, 5, text_of(NAME_SIZE, 'x'));
    assert_reason(MESSAGE_ORDER, "bad_text");
    packet.size = 0;
    packet_label(&packet, text_of(NAME_SIZE, 'k'), "v");
    assert_reason(MESSAGE_BIRTH, "bad_text");
    packet.size = 0;
    packet_text(&packet, 10, text_of(ID_SIZE, 'b'));
    assert_reason(MESSAGE_BIRTH, "bad_text");
}

static void long_texts_for_people_are_cut_at_a_character(void **state)
{
    (void)state;
    struct message message;
    char detail[TEXT_SIZE + 4];
    memset(detail, 'x', TEXT_SIZE - 2);
    strcpy(detail + TEXT_SIZE - 2, "ü…");
    packet_order(&packet);
    packet_text(&packet, 10, detail);
    assert_int_equal(wire_decode(MESSAGE_ORDER, packet.bytes, packet.size, &message),
                     WIRE_ACCEPTED);
    assert_int_equal(strlen(message.order.detail), TEXT_SIZE - 2);
}

static void outbox_ids_are_printable_and_fit(void **state)
{
    (void)state;
    static const char *const good[] = {
        "1", "0f5c9d52-7a4e-4f58-9d6b-1c7e0a4b2c3d", "{GUID}", "a+b/c==", "host:1883", "~!"};
    static const char *const bad[] = {"a b", " ", "a\tb", "\x7F", "ü", "a\n"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        start(good[i], 1);
        assert_reason(MESSAGE_ACK, "accepted");
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        start(bad[i], 1);
        assert_reason(MESSAGE_ACK, "bad_text");
        start_heartbeat(1, 1000);
        packet_text(&packet, 8, bad[i]);
        assert_reason(MESSAGE_HEARTBEAT, "bad_text");
    }
    start(text_of(64, 'a'), 1);
    assert_reason(MESSAGE_ACK, "accepted");
    start(text_of(65, 'a'), 1);
    assert_reason(MESSAGE_ACK, "bad_text");
}

static void numbers_out_of_range_are_refused(void **state)
{
    (void)state;
    packet_order(&packet);
    packet_uint(&packet, 2, 0);
    assert_reason(MESSAGE_ORDER, "bad_number");
    start_heartbeat(0, 1000);
    assert_reason(MESSAGE_HEARTBEAT, "bad_number");
    start_heartbeat(1, 0);
    assert_reason(MESSAGE_HEARTBEAT, "accepted"); // not said
    start_heartbeat(1, 1);
    assert_reason(MESSAGE_HEARTBEAT, "accepted");
    start_heartbeat(1, 3600000);
    assert_reason(MESSAGE_HEARTBEAT, "accepted");
    start_heartbeat(1, 3600001);
    assert_reason(MESSAGE_HEARTBEAT, "bad_number");
    start_heartbeat(1, 1000);
    packet_uint(&packet, 1, UINT64_C(1) << 53);
    assert_reason(MESSAGE_HEARTBEAT, "bad_number");
    packet_uint(&packet, 1, (UINT64_C(1) << 53) - 1);
    assert_reason(MESSAGE_HEARTBEAT, "accepted");
    packet.size = 0;
    packet_uint(&packet, 11, UINT64_C(1) << 53);
    assert_reason(MESSAGE_BIRTH, "bad_number");
    packet_uint(&packet, 11, (uint64_t)INT64_MIN);
    assert_reason(MESSAGE_BIRTH, "bad_number");
}

static void ages_below_minus_one_are_refused(void **state)
{
    (void)state;
    static const struct {
        enum message_kind kind;
        uint32_t field;
    } rows[] = {{MESSAGE_ORDER, 4}, {MESSAGE_ORDER, 8}, {MESSAGE_SERVICE, 4},   {MESSAGE_HOST, 4},
                {MESSAGE_HOST, 7},  {MESSAGE_HOST, 9},  {MESSAGE_HEARTBEAT, 12}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int64_t age = -1; age >= -2; age--) {
            start("a1b2", 1);
            if (rows[i].kind == MESSAGE_HEARTBEAT)
                start_heartbeat(1, 1000);
            else if (rows[i].kind == MESSAGE_SERVICE)
                packet_text(&packet, 5, "S"), packet_uint(&packet, 6, 1);
            else
                packet_uint(&packet, rows[i].kind == MESSAGE_HOST ? 5 : 7, 1);
            packet_sint(&packet, rows[i].field, age);
            assert_reason(rows[i].kind, age == -1 ? "accepted" : "bad_number");
        }
}

static void fields_that_make_no_sense_absent_are_missed(void **state)
{
    (void)state;
    packet.size = 0;
    packet_uint(&packet, 2, 1);
    packet_uint(&packet, 7, 1);
    assert_reason(MESSAGE_ORDER, "missing_field"); // outbox_id
    start("a1b2", 1);
    assert_reason(MESSAGE_ORDER, "missing_field"); // outcome
    assert_reason(MESSAGE_HOST, "missing_field");  // event
    packet_uint(&packet, 6, 1);
    assert_reason(MESSAGE_SERVICE, "missing_field"); // service
    start("a1b2", 1);
    packet_text(&packet, 5, "S");
    assert_reason(MESSAGE_SERVICE, "missing_field"); // state
    packet.size = 0;
    packet_uint(&packet, 2, 1);
    assert_reason(MESSAGE_ACK, "missing_field"); // outbox_id
    packet.size = 0;
    packet_text(&packet, 1, "c-1");
    assert_reason(MESSAGE_COMMAND, "missing_field"); // action
    packet.size = 0;
    packet_text(&packet, 2, "resync");
    assert_reason(MESSAGE_COMMAND, "missing_field"); // id
    packet.size = 0;
    packet_label(&packet, "", "L1");
    assert_reason(MESSAGE_BIRTH, "missing_field"); // a label's key
    packet.size = 0;
    packet_text(&packet, 15, "");
    assert_reason(MESSAGE_BIRTH, "missing_field"); // a service's name
}

static void lists_end_at_their_limit(void **state)
{
    (void)state;
    packet.size = 0;
    for (int i = 0; i < BIRTH_LABELS_MAX; i++)
        packet_label(&packet, "k", "v");
    for (int i = 0; i < BIRTH_SERVICES_MAX; i++)
        packet_text(&packet, 15, "s");
    assert_reason(MESSAGE_BIRTH, "accepted");
    size_t size = packet.size;
    packet_label(&packet, "k", "v");
    assert_reason(MESSAGE_BIRTH, "too_many");
    packet.size = size;
    packet_text(&packet, 15, "s");
    assert_reason(MESSAGE_BIRTH, "too_many");
}

static void a_flood_of_fields_meets_the_memory_bound(void **state)
{
    (void)state;
    packet.size = 0;
    while (packet.size + 2 <= WIRE_MESSAGE_MAX)
        packet_bytes(&packet, 4, "", 0);
    assert_reason(MESSAGE_BIRTH, "too_many");
    packet.size = 0;
    while (packet.size + 2 <= WIRE_MESSAGE_MAX)
        packet_uint(&packet, 2, 1);
    assert_reason(MESSAGE_HEARTBEAT, "too_many");
    packet_order(&packet);
    for (int i = 0; i < 200; i++)
        packet_uint(&packet, 100, 1); // still a legitimate, if odd, message
    assert_reason(MESSAGE_ORDER, "accepted");
}

static void a_kind_outside_the_contract_is_a_bad_topic(void **state)
{
    (void)state;
    packet_order(&packet);
    assert_reason(MESSAGE_KIND_COUNT, "bad_topic");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_packet_above_the_cap_is_too_large),
        cmocka_unit_test(broken_bytes_are_malformed),
        cmocka_unit_test(a_broken_label_is_malformed),
        cmocka_unit_test(depth_does_not_reach_the_stack),
        cmocka_unit_test(enum_values_outside_the_contract_are_refused),
        cmocka_unit_test(texts_that_are_not_utf8_are_refused),
        cmocka_unit_test(names_one_byte_too_long_are_refused),
        cmocka_unit_test(long_texts_for_people_are_cut_at_a_character),
        cmocka_unit_test(outbox_ids_are_printable_and_fit),
        cmocka_unit_test(numbers_out_of_range_are_refused),
        cmocka_unit_test(ages_below_minus_one_are_refused),
        cmocka_unit_test(fields_that_make_no_sense_absent_are_missed),
        cmocka_unit_test(lists_end_at_their_limit),
        cmocka_unit_test(a_flood_of_fields_meets_the_memory_bound),
        cmocka_unit_test(a_kind_outside_the_contract_is_a_bad_topic),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
