// SPDX-License-Identifier: Apache-2.0
// The tables of the bus messages, row for row proto/stationwatch.proto.
#include "wire/fields.h"

#include "stationwatch.pb-c.h"

#include <assert.h>
#include <string.h>

static_assert(sizeof(enum outcome) == sizeof(uint32_t), "enums travel as 32 bits");
static_assert(sizeof(Stationwatch__V1__Outcome) == sizeof(uint32_t), "enums travel as 32 bits");
static_assert(offsetof(struct order_fetch, key) == 0 && offsetof(struct service_report, key) == 0 &&
                  offsetof(struct host_event, key) == 0,
              "an event begins with its key");
#define SAME_PLACE(member)                                                                         \
    (offsetof(Stationwatch__V1__OrderFetch, member) ==                                             \
         offsetof(Stationwatch__V1__ServiceState, member) &&                                       \
     offsetof(Stationwatch__V1__OrderFetch, member) ==                                             \
         offsetof(Stationwatch__V1__HostEvent, member))
static_assert(SAME_PLACE(outbox_id) && SAME_PLACE(seq) && SAME_PLACE(at_ms) && SAME_PLACE(age_ms),
              "and so does its packed form");

// NOLINTBEGIN(bugprone-macro-parentheses): an enum's tag cannot stand in parentheses
#define ENUM_NAMES(table, function, type, values)                                                  \
    static const char *table##_name(int value)                                                     \
    {                                                                                              \
        return function((enum type)value);                                                         \
    }                                                                                              \
    static const struct enum_names table = {table##_name, values};
// NOLINTEND(bugprone-macro-parentheses)

ENUM_NAMES(offline_reasons, offline_reason_name, offline_reason, OFFLINE_REASON_COUNT)
ENUM_NAMES(roles, role_name, role, ROLE_COUNT)
ENUM_NAMES(outcomes, outcome_name, outcome, OUTCOME_COUNT)
ENUM_NAMES(sources, source_name, source, SOURCE_COUNT)
ENUM_NAMES(service_states, service_state_name, service_state, SERVICE_STATE_COUNT)
ENUM_NAMES(start_modes, start_mode_name, start_mode, START_MODE_COUNT)
ENUM_NAMES(host_events, host_event_name, host_event_kind, HOST_EVENT_COUNT)

// A row: our struct, protobuf's struct, the member here, the name on the wire, type, rule.
#define ROW(ours, packed, member, word, kind, check)                                               \
    FIELD_NAME(#word), FIELD_PLACE(ours, member),                                                  \
        .type = FIELD_##kind, .rule = RULE_##check,                                                \
        .packed_offset = offsetof(Stationwatch__V1__##packed, word)
#define ROWS(ours, packed, member, word, counter, packed_counter, kind, check)                     \
    FIELD_NAME(#word), FIELD_ARRAY(ours, member, counter),                                         \
        .type = FIELD_##kind, .rule = RULE_##check,                                                \
        .packed_offset = offsetof(Stationwatch__V1__##packed, word),                               \
        .packed_count_offset = offsetof(Stationwatch__V1__##packed, packed_counter)

#define LABEL(word, check) ROW(label, Label, word, word, TEXT, check)
static const struct field label_rows[] = {
    {LABEL(key, REQUIRED)},
    {LABEL(value, ANY)},
};
static const struct field_set label_fields = {FIELD_SET(label_rows, label),
                                              .descriptor = &stationwatch__v1__label__descriptor};

#define BIRTH(word, kind, check) ROW(birth, Birth, word, word, kind, check)
static const struct field birth_rows[] = {
    {BIRTH(online, BOOL, ANY)},
    {BIRTH(offline_reason, ENUM, ANY), .names = &offline_reasons},
    {BIRTH(role, ENUM, ANY), .names = &roles},
    {ROWS(birth, Birth, labels, labels, label_count, n_labels, RECORDS, ANY),
     .members = &label_fields},
    {BIRTH(hostname, TEXT, CUT)},
    {BIRTH(platform, TEXT, CUT)},
    {BIRTH(version, TEXT, CUT)},
    {BIRTH(incarnation, U64, EXACT)},
    {BIRTH(session, U32, ANY)},
    {BIRTH(boot_id, TEXT, ANY)},
    {BIRTH(boot_at_ms, I64, EXACT)},
    {BIRTH(outbox_id, TEXT, MAYBE_OUTBOX_ID)},
    {BIRTH(outbox_oldest_seq, U64, ANY)},
    {BIRTH(heartbeat_interval_ms, U32, INTERVAL)},
    {ROWS(birth, Birth, services, services, service_count, n_services, TEXTS, REQUIRED)},
    {BIRTH(sent_at_ms, I64, ANY)},
    {BIRTH(certificate_expires_at_ms, I64, ANY)},
};

#define HEARTBEAT(word, kind, check) ROW(heartbeat, Heartbeat, word, word, kind, check)
static const struct field heartbeat_rows[] = {
    {HEARTBEAT(incarnation, U64, EXACT)},
    {HEARTBEAT(seq, U64, POSITIVE)},
    {HEARTBEAT(interval_ms, U32, INTERVAL)},
    {HEARTBEAT(uptime_ms, I64, ANY)},
    {HEARTBEAT(sent_at_ms, I64, ANY)},
    {HEARTBEAT(fetch_ok, U64, ANY)},
    {HEARTBEAT(fetch_failed, U64, ANY)},
    {HEARTBEAT(outbox_id, TEXT, MAYBE_OUTBOX_ID)},
    {HEARTBEAT(outbox_oldest_seq, U64, ANY)},
    {HEARTBEAT(outbox_depth, U64, ANY)},
    {HEARTBEAT(share_outcome, ENUM, ANY), .names = &outcomes},
    {HEARTBEAT(share_probe_age_ms, I64, AGE)},
    {HEARTBEAT(software_running, BOOL, ANY)},
};

#define EVENT_KEY(ours, packed)                                                                    \
    {ROW(ours, packed, key.outbox_id, outbox_id, TEXT, OUTBOX_ID)},                                \
        {ROW(ours, packed, key.seq, seq, U64, POSITIVE)},                                          \
        {ROW(ours, packed, key.at_ms, at_ms, I64, ANY)},                                           \
    {                                                                                              \
        ROW(ours, packed, key.age_ms, age_ms, I64, AGE)                                            \
    }

#define ORDER(word, kind, check) ROW(order_fetch, OrderFetch, word, word, kind, check)
static const struct field order_rows[] = {
    EVENT_KEY(order_fetch, OrderFetch), {ORDER(order, TEXT, ANY)},
    {ORDER(product, TEXT, ANY)},        {ORDER(outcome, ENUM, REQUIRED), .names = &outcomes},
    {ORDER(latency_ms, I64, AGE)},      {ORDER(source, ENUM, ANY), .names = &sources},
    {ORDER(detail, TEXT, CUT)},
};

#define SERVICE(word, kind, check) ROW(service_report, ServiceState, word, word, kind, check)
static const struct field service_rows[] = {
    EVENT_KEY(service_report, ServiceState),
    {SERVICE(service, TEXT, REQUIRED)},
    {SERVICE(state, ENUM, REQUIRED), .names = &service_states},
    {SERVICE(start_mode, ENUM, ANY), .names = &start_modes},
    {SERVICE(since_ms, I64, ANY)},
    {SERVICE(exit_code, I32, ANY)},
    {SERVICE(pid, U32, ANY)},
    {SERVICE(reason, TEXT, CUT)},
};

#define HOST(word, kind, check) ROW(host_event, HostEvent, word, word, kind, check)
static const struct field host_rows[] = {
    EVENT_KEY(host_event, HostEvent),  {HOST(event, ENUM, REQUIRED), .names = &host_events},
    {HOST(reason, TEXT, CUT)},         {HOST(newest_order_age_ms, I64, AGE)},
    {HOST(order_files, U64, ANY)},     {HOST(backlog, I64, AGE)},
    {HOST(disk_free_bytes, U64, ANY)}, {HOST(disk_total_bytes, U64, ANY)},
};

// An ack of seq 0 says that nothing is committed yet.
static const struct field ack_rows[] = {
    {ROW(ack, Ack, outbox_id, outbox_id, TEXT, OUTBOX_ID)},
    {ROW(ack, Ack, seq, seq, U64, ANY)},
};

#define COMMAND(word, kind, check) ROW(command, Command, word, word, kind, check)
static const struct field command_rows[] = {
    {COMMAND(id, TEXT, REQUIRED)},
    {COMMAND(action, TEXT, REQUIRED)},
    {COMMAND(argument, TEXT, ANY)},
    {COMMAND(expires_at_ms, I64, ANY)},
};

static const struct field_set messages[MESSAGE_KIND_COUNT] = {
    [MESSAGE_BIRTH] = {FIELD_SET(birth_rows, birth), &stationwatch__v1__birth__descriptor},
    [MESSAGE_HEARTBEAT] = {FIELD_SET(heartbeat_rows, heartbeat),
                           &stationwatch__v1__heartbeat__descriptor},
    [MESSAGE_ORDER] = {FIELD_SET(order_rows, order_fetch),
                       &stationwatch__v1__order_fetch__descriptor},
    [MESSAGE_SERVICE] = {FIELD_SET(service_rows, service_report),
                         &stationwatch__v1__service_state__descriptor},
    [MESSAGE_HOST] = {FIELD_SET(host_rows, host_event), &stationwatch__v1__host_event__descriptor},
    [MESSAGE_ACK] = {FIELD_SET(ack_rows, ack), &stationwatch__v1__ack__descriptor},
    [MESSAGE_COMMAND] = {FIELD_SET(command_rows, command), &stationwatch__v1__command__descriptor},
};

const struct field_set *message_fields(enum message_kind kind)
{
    return (size_t)kind < MESSAGE_KIND_COUNT ? &messages[kind] : NULL;
}

const struct field_set *event_key_fields(void)
{
    // The offsets are those of any of the three: their keys come first, in the same order.
    static const struct field_set set = {order_rows, 4, sizeof(struct event_key), NULL};
    return &set;
}

void *message_body(struct message *message)
{
    return &message->birth;
}

const void *message_body_const(const struct message *message)
{
    return &message->birth;
}

uint32_t field_get_u32(const void *base, uint32_t offset)
{
    uint32_t value;
    memcpy(&value, (const char *)base + offset, sizeof value);
    return value;
}

void field_set_u32(void *base, uint32_t offset, uint32_t value)
{
    memcpy((char *)base + offset, &value, sizeof value);
}

uint64_t field_get_u64(const void *base, uint32_t offset)
{
    uint64_t value;
    memcpy(&value, (const char *)base + offset, sizeof value);
    return value;
}

void field_set_u64(void *base, uint32_t offset, uint64_t value)
{
    memcpy((char *)base + offset, &value, sizeof value);
}
