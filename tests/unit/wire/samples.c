// SPDX-License-Identifier: Apache-2.0
// The sample messages; the random ones are drawn from the field tables, row by row.
#include "samples.h"

#include "base/text.h"
#include "wire/fields.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void sample_birth(struct birth *birth)
{
    *birth = (struct birth){.online = true,
                            .offline_reason = OFFLINE_UPGRADE,
                            .role = ROLE_SERVER,
                            .label_count = 2,
                            .incarnation = (UINT64_C(1) << 53) - 1,
                            .session = UINT32_MAX,
                            .boot_at_ms = 1730869000000,
                            .outbox_oldest_seq = UINT64_MAX,
                            .heartbeat_interval_ms = 3600000,
                            .service_count = 2,
                            .sent_at_ms = INT64_MIN,
                            .certificate_expires_at_ms = 1762405200000};
    text_set(birth->labels[0].key, "line");
    text_set(birth->labels[0].value, "L1");
    text_set(birth->labels[1].key, "name");
    text_set(birth->labels[1].value, "Prüfplatz \"3\"");
    text_set(birth->hostname, "srv-01");
    text_set(birth->platform, "linux x86_64");
    text_set(birth->version, "0.1.0");
    text_set(birth->boot_id, "0f5c9d52-7a4e-4f58-9d6b-1c7e0a4b2c3d");
    text_set(birth->outbox_id, "a1b2");
    text_set(birth->services[0], "OrderService");
    text_set(birth->services[1], "order-feed.service");
}

static void sample_heartbeat(struct heartbeat *heartbeat)
{
    *heartbeat = (struct heartbeat){.incarnation = 9007199254740991,
                                    .seq = 18446744073709551615U,
                                    .interval_ms = 1000,
                                    .uptime_ms = 9223372036854775807,
                                    .sent_at_ms = 1730869200120,
                                    .fetch_ok = 9007199254740993,
                                    .fetch_failed = 2,
                                    .outbox_id = "a1b2",
                                    .outbox_oldest_seq = 42,
                                    .outbox_depth = 7,
                                    .share_outcome = OUTCOME_STALE,
                                    .share_probe_age_ms = -1,
                                    .software_running = true};
}

static const struct event_key sample_key = {
    .outbox_id = "a1b2", .seq = 43, .at_ms = 1730869200120, .age_ms = -1};

void sample_message(enum message_kind kind, struct message *ret)
{
    memset(ret, 0, sizeof *ret);
    ret->kind = kind;
    switch (kind) {
    case MESSAGE_BIRTH:
        sample_birth(&ret->birth);
        break;
    case MESSAGE_HEARTBEAT:
        sample_heartbeat(&ret->heartbeat);
        break;
    case MESSAGE_ORDER:
        ret->order = (struct order_fetch){sample_key, "4711",     "P-200",      OUTCOME_MISSING,
                                          12,         SOURCE_API, "tab\tand \\"};
        break;
    case MESSAGE_SERVICE:
        ret->service = (struct service_report){
            sample_key,    "OrderService", SERVICE_NOT_INSTALLED, START_DISABLED,
            1730869100000, -1073741819,    4294967295U,           "logon failed"};
        break;
    case MESSAGE_HOST:
        ret->host = (struct host_event){sample_key, HOST_ORDER_OUTPUT, "every 10 s",  4000, 120,
                                        -1,         1000000000000U,    2000000000000U};
        break;
    case MESSAGE_ACK:
        ret->ack = (struct ack){"a1b2", 42};
        break;
    default:
        ret->command = (struct command){"c-1", "start_service", "OrderService", 1730869260000};
    }
}

void sample_incident(struct incident *ret)
{
    *ret = (struct incident){.id = "plant-20241106T055200-1",
                             .code = "ORDER_SERVICE_STOPPED",
                             .component = "service:SRV/OrderService",
                             .state = INCIDENT_ACKNOWLEDGED,
                             .priority = PRIORITY_CRITICAL,
                             .owner = "IT",
                             .headline = "OrderService is stopped",
                             .cause = "The service did not start after the boot.",
                             .why_code = "NOT_TRIED_SINCE_BOOT",
                             .why_text = "delayed start never ran",
                             .consequence = "No new orders.",
                             .action = "Start it.",
                             .respond_within_s = 300,
                             .scope = {200, 3, 200, 2, {{"line=L1", 120}, {"line=L2", 80}}},
                             .since = {1730872320000},
                             .detected_at = {1730872320125},
                             .confidence = 0.98765,
                             .alternative_count = 1,
                             .ruled_out_count = 1,
                             .evidence_count = 1,
                             .timeline_count = 1,
                             .acknowledged_by = "mk",
                             .acknowledged_at = {1730872400000},
                             .acknowledged_comment = "on it",
                             .told = true,
                             .told_at = {1730872325125},
                             .resolved_at = {1730872500000},
                             .closed_at = {1730872500001}};
    ret->alternatives[0] =
        (struct incident_alternative){"ORDER_SERVICE_HUNG", "service:SRV/OrderService", 0.0123};
    ret->ruled_out[0] = (struct incident_ruled_out){"ORDER_SHARE_DOWN", "share:orders",
                                                    "share:orders", "41 of 41 answers came"};
    ret->evidence[0] = (struct incident_evidence){"SRV", "service", 1, "stopped"};
    ret->timeline[0] =
        (struct incident_timeline_entry){{1730872320000}, "service stopped", "SRV/a1b2/43"};
}

void sample_site_status(struct site_status *ret)
{
    memset(ret, 0, sizeof *ret);
    ret->as_of = (struct wall_time){1730872320125};
    ret->valid_for_s = 30;
    ret->incident_count = 1;
    ret->incidents[0] = (struct site_status_incident){
        "plant-20241106T055200-1",           "ORDER_SERVICE_STOPPED", "service:SRV/OrderService",
        "OrderService is stopped",           {1730872320000},         "IT",
        {200, 3, 200, 1, {{"line=L1", 120}}}};
    ret->maintenance_count = 1;
    ret->maintenance[0] = (struct site_status_maintenance){"label:line=L2", {1730876400000}};
}

uint64_t sample_seed(void)
{
    const char *wanted = getenv("STATIONWATCH_SEED");
    uint64_t seed = wanted != NULL ? strtoull(wanted, NULL, 0) : 20241106;
    printf("STATIONWATCH_SEED=%" PRIu64 "\n", seed);
    return seed;
}

// Characters of one to four bytes, control characters and quotes among them.
static void random_text(struct random_state *random, char *out, size_t size, bool outbox)
{
    static const char *const pieces[] = {"a",    "Z",    "0", " ", "\"", "\\", "\n",
                                         "\x01", "\x7f", "/", "ü", "€",  "𝄞",  "\xEF\xBB\xBF"};
    struct text text;
    text_init(&text, out, size);
    uint64_t wanted = random_below(random, 4) == 0 ? size : random_below(random, 12);
    for (uint64_t i = 0; i < wanted && !text.truncated; i++)
        text_append(&text, pieces[outbox ? random_below(random, 3)
                                         : random_below(random, sizeof pieces / sizeof *pieces)]);
}

static uint64_t random_number(struct random_state *random, uint64_t lowest, uint64_t highest)
{
    uint64_t choice = random_below(random, 4);
    if (choice == 0)
        return lowest;
    if (choice == 1)
        return highest;
    uint64_t span = highest - lowest;
    return lowest + random_below(random, choice == 2 && span > 1000 ? 1000 : span);
}

static uint64_t random_whole(struct random_state *random, const struct field *field)
{
    uint64_t exact = (UINT64_C(1) << 53) - 1;
    switch (field->rule) {
    case RULE_POSITIVE:
        return random_number(random, 1, UINT64_MAX);
    case RULE_AGE:
        return random_number(random, 0, UINT64_C(1) << 63) - 1;
    case RULE_EXACT:
        return random_number(random, 0, exact);
    case RULE_INTERVAL:
        return random_number(random, 1, 3600000);
    default:
        return random_number(random, 0, UINT64_MAX);
    }
}

static void random_fields(struct random_state *random, const struct field_set *set, char *base);

static void random_array(struct random_state *random, const struct field *field, char *base)
{
    uint64_t count = random_number(random, 0, field->limit);
    field_set_u32(base, field->count_offset, (uint32_t)count);
    for (uint64_t i = 0; i < count; i++) {
        char *element = base + field->offset + i * field->size;
        if (field->type == FIELD_RECORDS)
            random_fields(random, field->members, element);
        else
            do
                random_text(random, element, field->size, false);
            while (element[0] == '\0');
    }
}

static void random_field(struct random_state *random, const struct field *field, char *base)
{
    bool outbox = field->rule == RULE_OUTBOX_ID || field->rule == RULE_MAYBE_OUTBOX_ID;
    bool required = field->rule == RULE_OUTBOX_ID || field->rule == RULE_REQUIRED;
    uint64_t whole = random_whole(random, field);
    switch (field->type) {
    case FIELD_BOOL:
        *(bool *)(base + field->offset) = (whole & 1) != 0;
        break;
    case FIELD_ENUM:
        field_set_u32(base, field->offset,
                      (uint32_t)random_number(random, required, field->names->count - 1));
        break;
    case FIELD_U32:
    case FIELD_I32:
        field_set_u32(base, field->offset, (uint32_t)whole);
        break;
    case FIELD_U64:
    case FIELD_I64:
        field_set_u64(base, field->offset, whole);
        break;
    case FIELD_TEXT:
        do
            random_text(random, base + field->offset, field->size, outbox);
        while (required && base[field->offset] == '\0');
        break;
    default:
        random_array(random, field, base);
    }
}

static void random_fields(struct random_state *random, const struct field_set *set, char *base)
{
    for (uint32_t i = 0; i < set->count; i++)
        random_field(random, &set->fields[i], base);
}

void random_message(struct random_state *random, enum message_kind kind, struct message *ret)
{
    memset(ret, 0, sizeof *ret);
    ret->kind = kind;
    random_fields(random, message_fields(kind), message_body(ret));
}

#define RANDOM_TEXT(random, array) random_text(random, array, sizeof(array), false)

static void random_lists(struct random_state *random, struct incident *ret)
{
    ret->alternative_count = (uint32_t)random_number(random, 0, INCIDENT_ALTERNATIVES_MAX);
    for (uint32_t i = 0; i < ret->alternative_count; i++) {
        RANDOM_TEXT(random, ret->alternatives[i].component);
        ret->alternatives[i].probability = (double)random_below(random, 10001) / 10000;
    }
    ret->ruled_out_count = (uint32_t)random_number(random, 0, INCIDENT_RULED_OUT_MAX);
    for (uint32_t i = 0; i < ret->ruled_out_count; i++)
        RANDOM_TEXT(random, ret->ruled_out[i].because);
    ret->evidence_count = (uint32_t)random_number(random, 0, INCIDENT_EVIDENCE_MAX);
    for (uint32_t i = 0; i < ret->evidence_count; i++)
        ret->evidence[i].count = random_number(random, 0, UINT64_MAX);
    ret->timeline_count = (uint32_t)random_number(random, 0, INCIDENT_TIMELINE_MAX);
    for (uint32_t i = 0; i < ret->timeline_count; i++) {
        ret->timeline[i].at.ms = (int64_t)random_number(random, 1, 4102444800000);
        RANDOM_TEXT(random, ret->timeline[i].text);
    }
    ret->scope.label_count = (uint32_t)random_number(random, 0, INCIDENT_LABELS_MAX);
    for (uint32_t i = 0; i < ret->scope.label_count; i++) {
        RANDOM_TEXT(random, ret->scope.by_label[i].label);
        ret->scope.by_label[i].affected = (uint32_t)random_next(random);
    }
}

void random_incident(struct random_state *random, struct incident *ret)
{
    memset(ret, 0, sizeof *ret);
    do
        RANDOM_TEXT(random, ret->id);
    while (ret->id[0] == '\0');
    RANDOM_TEXT(random, ret->headline);
    RANDOM_TEXT(random, ret->cause);
    RANDOM_TEXT(random, ret->why_code);
    if (ret->why_code[0] != '\0')
        RANDOM_TEXT(random, ret->why_text);
    RANDOM_TEXT(random, ret->acknowledged_by);
    if (ret->acknowledged_by[0] != '\0')
        ret->acknowledged_at.ms = (int64_t)random_number(random, 1, 4102444800000);
    ret->state = (enum incident_state)random_below(random, INCIDENT_STATE_COUNT);
    ret->priority = (enum priority)random_below(random, PRIORITY_COUNT);
    ret->respond_within_s = (uint32_t)random_next(random);
    ret->confidence = (double)random_below(random, 10001) / 10000;
    ret->told = random_below(random, 2) == 1;
    if (ret->told)
        ret->told_at.ms = (int64_t)random_number(random, 1, 4102444800000);
    ret->since.ms = (int64_t)random_number(random, 0, 4102444800000);
    random_lists(random, ret);
}
