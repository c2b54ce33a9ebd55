// SPDX-License-Identifier: Apache-2.0
// Packets of a foreign client: they mean what Protocol Buffers says they mean.
#include "packet.h"
#include "wire/codec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static struct packet packet;
static struct message message;

static int decode(enum message_kind kind)
{
    memset(&message, 0x5A, sizeof message);
    return (int)wire_decode(kind, packet.bytes, packet.size, &message);
}

static void a_birth_with_every_field_is_read(void **state)
{
    (void)state;
    packet.size = 0;
    packet_uint(&packet, 1, 1);
    packet_uint(&packet, 2, 5);
    packet_uint(&packet, 3, 2);
    packet_label(&packet, "line", "L1");
    packet_label(&packet, "area", "");
    packet_text(&packet, 5, "host");
    packet_text(&packet, 6, "windows x86_64");
    packet_text(&packet, 7, "1.2.3");
    packet_uint(&packet, 8, (UINT64_C(1) << 53) - 1);
    packet_uint(&packet, 9, 3);
    packet_text(&packet, 10, "0f5c9d52-7a4e-4f58-9d6b-1c7e0a4b2c3d");
    packet_uint(&packet, 11, 1730869000000);
    packet_text(&packet, 12, "{6F9619FF-8B86-D011-B42D-00CF4FC964FF}");
    packet_uint(&packet, 13, 42);
    packet_uint(&packet, 14, 1000);
    packet_text(&packet, 15, "OrderService");
    packet_text(&packet, 15, "Spooler");
    packet_uint(&packet, 16, 1730869200120);
    assert_int_equal(decode(MESSAGE_BIRTH), WIRE_ACCEPTED);
    const struct birth *birth = &message.birth;
    assert_true(birth->online);
    assert_int_equal(birth->offline_reason, OFFLINE_UPGRADE);
    assert_int_equal(birth->role, ROLE_SERVER);
    assert_int_equal(birth->label_count, 2);
    assert_string_equal(birth->labels[0].key, "line");
    assert_string_equal(birth->labels[0].value, "L1");
    assert_string_equal(birth->labels[1].key, "area");
    assert_string_equal(birth->labels[1].value, "");
    assert_string_equal(birth->hostname, "host");
    assert_string_equal(birth->platform, "windows x86_64");
    assert_string_equal(birth->version, "1.2.3");
    assert_true(birth->incarnation == 9007199254740991);
    assert_int_equal(birth->session, 3);
    assert_string_equal(birth->boot_id, "0f5c9d52-7a4e-4f58-9d6b-1c7e0a4b2c3d");
    assert_true(birth->boot_at_ms == 1730869000000);
    assert_string_equal(birth->outbox_id, "{6F9619FF-8B86-D011-B42D-00CF4FC964FF}");
    assert_int_equal(birth->outbox_oldest_seq, 42);
    assert_int_equal(birth->heartbeat_interval_ms, 1000);
    assert_int_equal(birth->service_count, 2);
    assert_string_equal(birth->services[1], "Spooler");
    assert_true(birth->sent_at_ms == 1730869200120);
}

static void a_heartbeat_is_read_in_any_field_order(void **state)
{
    (void)state;
    packet.size = 0;
    packet_uint(&packet, 13, 1);
    packet_sint(&packet, 12, -1);
    packet_uint(&packet, 11, 3);
    packet_uint(&packet, 10, 7);
    packet_uint(&packet, 9, 42);
    packet_text(&packet, 8, "a1b2");
    packet_uint(&packet, 7, 1);
    packet_uint(&packet, 6, UINT64_MAX);
    packet_uint(&packet, 5, (uint64_t)-5);
    packet_uint(&packet, 4, 3600000);
    packet_uint(&packet, 3, 1000);
    packet_uint(&packet, 2, 12);
    packet_uint(&packet, 1, 99);
    assert_int_equal(decode(MESSAGE_HEARTBEAT), WIRE_ACCEPTED);
    const struct heartbeat *heartbeat = &message.heartbeat;
    assert_int_equal(heartbeat->incarnation, 99);
    assert_int_equal(heartbeat->seq, 12);
    assert_int_equal(heartbeat->interval_ms, 1000);
    assert_int_equal(heartbeat->uptime_ms, 3600000);
    assert_true(heartbeat->sent_at_ms == -5);
    assert_true(heartbeat->fetch_ok == UINT64_MAX);
    assert_int_equal(heartbeat->fetch_failed, 1);
    assert_string_equal(heartbeat->outbox_id, "a1b2");
    assert_int_equal(heartbeat->outbox_oldest_seq, 42);
    assert_int_equal(heartbeat->outbox_depth, 7);
    assert_int_equal(heartbeat->share_outcome, OUTCOME_UNREACHABLE);
    assert_true(heartbeat->share_probe_age_ms == -1);
    assert_true(heartbeat->software_running);
}

static void events_are_read_with_their_keys(void **state)
{
    (void)state;
    packet_order(&packet);
    packet_uint(&packet, 3, 1730869200120);
    packet_sint(&packet, 4, 1500);
    packet_text(&packet, 5, "4711");
    packet_text(&packet, 6, "P-200");
    packet_sint(&packet, 8, -1);
    packet_uint(&packet, 9, 1);
    packet_text(&packet, 10, "Auftrag fehlt: ü");
    assert_int_equal(decode(MESSAGE_ORDER), WIRE_ACCEPTED);
    assert_string_equal(message.order.key.outbox_id, "a1b2");
    assert_int_equal(message.order.key.seq, 1);
    assert_true(message.order.key.at_ms == 1730869200120);
    assert_int_equal(message.order.key.age_ms, 1500);
    assert_string_equal(message.order.order, "4711");
    assert_string_equal(message.order.product, "P-200");
    assert_int_equal(message.order.outcome, OUTCOME_MISSING);
    assert_true(message.order.latency_ms == -1);
    assert_int_equal(message.order.source, SOURCE_LOG);
    assert_string_equal(message.order.detail, "Auftrag fehlt: ü");

    packet.size = 0;
    packet_text(&packet, 1, "a1b2");
    packet_uint(&packet, 2, 2);
    packet_sint(&packet, 4, -1);
    packet_text(&packet, 5, "OrderService");
    packet_uint(&packet, 6, 2);
    packet_uint(&packet, 7, 3);
    packet_uint(&packet, 8, 1730869100000);
    packet_uint(&packet, 9, (uint64_t)(int64_t)-1073741819);
    packet_uint(&packet, 10, 4242);
    packet_text(&packet, 11, "crashed");
    assert_int_equal(decode(MESSAGE_SERVICE), WIRE_ACCEPTED);
    assert_string_equal(message.service.service, "OrderService");
    assert_int_equal(message.service.state, SERVICE_STOPPED);
    assert_int_equal(message.service.start_mode, START_MANUAL);
    assert_true(message.service.since_ms == 1730869100000);
    assert_int_equal(message.service.exit_code, -1073741819);
    assert_int_equal(message.service.pid, 4242);
    assert_string_equal(message.service.reason, "crashed");

    packet.size = 0;
    packet_text(&packet, 1, "a1b2");
    packet_uint(&packet, 2, 3);
    packet_uint(&packet, 5, 6);
    packet_sint(&packet, 7, 4000);
    packet_uint(&packet, 8, 120);
    packet_sint(&packet, 9, -1);
    packet_uint(&packet, 10, 1000000000000);
    packet_uint(&packet, 11, UINT64_MAX);
    assert_int_equal(decode(MESSAGE_HOST), WIRE_ACCEPTED);
    assert_int_equal(message.host.event, HOST_ORDER_OUTPUT);
    assert_int_equal(message.host.newest_order_age_ms, 4000);
    assert_int_equal(message.host.order_files, 120);
    assert_true(message.host.backlog == -1);
    assert_true(message.host.disk_free_bytes == 1000000000000);
    assert_true(message.host.disk_total_bytes == UINT64_MAX);
}

static void acks_and_commands_are_read(void **state)
{
    (void)state;
    packet.size = 0;
    packet_text(&packet, 1, "a1b2");
    packet_uint(&packet, 2, 42);
    assert_int_equal(decode(MESSAGE_ACK), WIRE_ACCEPTED);
    assert_string_equal(message.ack.outbox_id, "a1b2");
    assert_int_equal(message.ack.seq, 42);
    packet.size = 0;
    packet_text(&packet, 1, "c-1");
    packet_text(&packet, 2, "start_service");
    packet_text(&packet, 3, "OrderService");
    packet_uint(&packet, 4, 1730869260000);
    assert_int_equal(decode(MESSAGE_COMMAND), WIRE_ACCEPTED);
    assert_string_equal(message.command.id, "c-1");
    assert_string_equal(message.command.action, "start_service");
    assert_string_equal(message.command.argument, "OrderService");
    assert_true(message.command.expires_at_ms == 1730869260000);
}

static void absent_fields_are_proto3_defaults(void **state)
{
    (void)state;
    packet_order(&packet);
    assert_int_equal(decode(MESSAGE_ORDER), WIRE_ACCEPTED);
    struct order_fetch expected = {.key = {.outbox_id = "a1b2", .seq = 1},
                                   .outcome = OUTCOME_MISSING};
    assert_memory_equal(&message.order, &expected, sizeof expected);
}

static void a_will_may_say_next_to_nothing(void **state)
{
    (void)state;
    packet.size = 0;
    assert_int_equal(decode(MESSAGE_BIRTH), WIRE_ACCEPTED);
    assert_false(message.birth.online);
    packet_uint(&packet, 2, 1);
    assert_int_equal(decode(MESSAGE_BIRTH), WIRE_ACCEPTED);
    assert_int_equal(message.birth.offline_reason, OFFLINE_WILL);
}

static void a_heartbeat_needs_only_its_seq_and_interval(void **state)
{
    (void)state;
    packet.size = 0;
    packet_uint(&packet, 2, 1);
    packet_uint(&packet, 3, 1000);
    assert_int_equal(decode(MESSAGE_HEARTBEAT), WIRE_ACCEPTED);
}

static void unknown_fields_of_every_wire_type_are_passed_over(void **state)
{
    (void)state;
    packet_order(&packet);
    packet_uint(&packet, 100, 7);
    packet_text(&packet, 101, "of a version to come");
    packet_tag(&packet, 102, 1);
    memset(packet.bytes + packet.size, 0xAB, 8), packet.size += 8;
    packet_tag(&packet, 103, 5);
    memset(packet.bytes + packet.size, 0xCD, 4), packet.size += 4;
    packet_uint(&packet, 536870911, 1);
    assert_int_equal(decode(MESSAGE_ORDER), WIRE_ACCEPTED);
    assert_int_equal(message.order.outcome, OUTCOME_MISSING);
}

static void of_a_repeated_scalar_the_last_one_counts(void **state)
{
    (void)state;
    packet_order(&packet);
    packet_uint(&packet, 2, 77);
    packet_text(&packet, 5, "first");
    packet_text(&packet, 5, "last");
    packet_uint(&packet, 7, 1);
    assert_int_equal(decode(MESSAGE_ORDER), WIRE_ACCEPTED);
    assert_int_equal(message.order.key.seq, 77);
    assert_string_equal(message.order.order, "last");
    assert_int_equal(message.order.outcome, OUTCOME_OK);
}

static void an_overlong_varint_means_the_same(void **state)
{
    (void)state;
    packet_order(&packet);
    static const uint8_t five[] = {0x10, 0x85, 0x80, 0x80, 0x00}; // field 2 = 5
    memcpy(packet.bytes + packet.size, five, sizeof five);
    packet.size += sizeof five;
    assert_int_equal(decode(MESSAGE_ORDER), WIRE_ACCEPTED);
    assert_int_equal(message.order.key.seq, 5);
}

static void our_bytes_are_those_of_any_other_encoder(void **state)
{
    (void)state;
    struct message ours = {.kind = MESSAGE_ORDER,
                           .order = {.key = {"a1b2", 300, 1730869200120, -1},
                                     .order = "4711",
                                     .outcome = OUTCOME_MISSING,
                                     .latency_ms = 12,
                                     .source = SOURCE_LOG}};
    packet.size = 0;
    packet_text(&packet, 1, "a1b2");
    packet_uint(&packet, 2, 300);
    packet_uint(&packet, 3, 1730869200120);
    packet_sint(&packet, 4, -1);
    packet_text(&packet, 5, "4711");
    packet_uint(&packet, 7, 2);
    packet_sint(&packet, 8, 12);
    packet_uint(&packet, 9, 1);
    uint8_t bytes[WIRE_MESSAGE_MAX];
    size_t size;
    assert_int_equal(wire_encode(&ours, bytes, sizeof bytes, &size), STATUS_OK);
    assert_int_equal(size, packet.size);
    assert_memory_equal(bytes, packet.bytes, size);
}

static void the_key_of_a_refused_event_is_still_known(void **state)
{
    (void)state;
    packet_order(&packet);
    packet_uint(&packet, 2, 5);
    packet_sint(&packet, 4, 20);
    packet_uint(&packet, 7, 9); // an outcome of a version to come
    assert_int_equal(decode(MESSAGE_ORDER), WIRE_BAD_ENUM);
    struct event_key key;
    assert_int_equal(wire_decode_event_key(MESSAGE_ORDER, packet.bytes, packet.size, &key),
                     WIRE_ACCEPTED);
    assert_string_equal(key.outbox_id, "a1b2");
    assert_int_equal(key.seq, 5);
    assert_int_equal(key.age_ms, 20);
    assert_int_equal(wire_decode_event_key(MESSAGE_BIRTH, packet.bytes, packet.size, &key),
                     WIRE_BAD_TOPIC);
    packet_uint(&packet, 2, 0);
    key.seq = 123;
    assert_int_equal(wire_decode_event_key(MESSAGE_ORDER, packet.bytes, packet.size, &key),
                     WIRE_BAD_NUMBER);
    assert_int_equal(key.seq, 123);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_birth_with_every_field_is_read),
        cmocka_unit_test(a_heartbeat_is_read_in_any_field_order),
        cmocka_unit_test(events_are_read_with_their_keys),
        cmocka_unit_test(acks_and_commands_are_read),
        cmocka_unit_test(absent_fields_are_proto3_defaults),
        cmocka_unit_test(a_will_may_say_next_to_nothing),
        cmocka_unit_test(a_heartbeat_needs_only_its_seq_and_interval),
        cmocka_unit_test(unknown_fields_of_every_wire_type_are_passed_over),
        cmocka_unit_test(of_a_repeated_scalar_the_last_one_counts),
        cmocka_unit_test(an_overlong_varint_means_the_same),
        cmocka_unit_test(our_bytes_are_those_of_any_other_encoder),
        cmocka_unit_test(the_key_of_a_refused_event_is_still_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
