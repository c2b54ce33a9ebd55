// SPDX-License-Identifier: Apache-2.0
// One line of a trace: its keys are collected in any order, then judged together.
#include "wire/base64.h"
#include "wire/json_fields.h"
#include "wire/trace.h"

#include <string.h>

// What a line has said, before it is judged.
struct parts {
    bool has_t, has_topic, has_message, has_payload, has_link, has_operator, has_end;
    bool retained, link_up;
    struct wall_time t;
    struct topic topic;
    struct json_slice message, payload;
    struct trace_operator operation;
};

#define OPERATOR(word, kind, check)                                                                \
    FIELD_NAME(#word), FIELD_PLACE(trace_operator, word), .type = FIELD_##kind, .rule = RULE_##check
static const struct field operator_rows[] = {
    {OPERATOR(action, TEXT, REQUIRED)}, {OPERATOR(id, TEXT, ANY)},     {OPERATOR(by, TEXT, ANY)},
    {OPERATOR(comment, TEXT, CUT)},     {OPERATOR(for_s, I64, EXACT)},
};
static const struct field_set operator_fields = {FIELD_SET(operator_rows, trace_operator)};

const struct field_set *trace_operator_fields(void)
{
    return &operator_fields;
}

static bool read_t(struct json_reader *reader, struct parts *parts)
{
    struct json_number number;
    int64_t ms;
    if (!json_read_number(reader, &number))
        return false;
    if (!json_number_thousandths(number, &ms) || ms < 0 || ms >= INT64_C(1) << 53)
        return json_fail_value(reader, "must be Unix seconds, such as 1730869200.125");
    parts->t = (struct wall_time){ms};
    parts->has_t = true;
    return true;
}

static bool read_topic(struct json_reader *reader, struct parts *parts)
{
    char text[TOPIC_SIZE];
    if (!json_read_text(reader, text, sizeof text, false))
        return false;
    if (topic_parse(text, &parts->topic) != STATUS_OK)
        return json_fail_value(reader, "must be stationwatch/v1/SITE/NODE/KIND or "
                                       "stationwatch/v1/SITE/_NAME");
    parts->has_topic = true;
    return true;
}

static bool read_payload(struct json_reader *reader, struct parts *parts)
{
    struct json_slice quoted;
    size_t size;
    if (json_peek(reader) != '"')
        return json_fail_value(reader, "must be a text");
    if (!json_skip(reader, &quoted))
        return false;
    parts->payload = (struct json_slice){quoted.bytes + 1, quoted.size - 2};
    if (!base64_check(parts->payload.bytes, parts->payload.size, &size))
        return json_fail_value(reader, "must be base64 with its padding");
    parts->payload.size = size;
    parts->has_payload = true;
    return true;
}

static bool read_link(struct json_reader *reader, struct parts *parts)
{
    char word[ID_SIZE];
    if (!json_read_text(reader, word, sizeof word, true))
        return false;
    parts->link_up = text_equal(word, "up");
    parts->has_link = parts->link_up || text_equal(word, "down");
    return parts->has_link || json_fail_value(reader, "must be \"up\" or \"down\"");
}

static bool read_operator(struct json_reader *reader, struct parts *parts)
{
    const char *name;
    memset(&parts->operation, 0, sizeof parts->operation);
    if (!json_read_object(reader, &operator_fields, &parts->operation))
        return false;
    enum wire_reject reason = fields_check(&operator_fields, &parts->operation, &name);
    if (reason != WIRE_ACCEPTED)
        return json_fail_rule(reader, reason, name);
    parts->has_operator = true;
    return true;
}

static bool read_end(struct json_reader *reader, struct parts *parts)
{
    if (!json_read_bool(reader, &parts->has_end))
        return false;
    return parts->has_end || json_fail_value(reader, "must be true");
}

static bool read_message(struct json_reader *reader, struct parts *parts)
{
    parts->has_message = json_skip(reader, &parts->message);
    return parts->has_message;
}

static bool read_retained(struct json_reader *reader, struct parts *parts)
{
    return json_read_bool(reader, &parts->retained);
}

static bool read_key(struct json_reader *reader, struct parts *parts)
{
    static const struct {
        const char *name;
        bool (*read)(struct json_reader *reader, struct parts *parts);
    } keys[] = {
        {"t", read_t},       {"topic", read_topic},       {"message", read_message},
        {"link", read_link}, {"operator", read_operator}, {"payload_base64", read_payload},
        {"end", read_end},   {"retained", read_retained},
    };
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (json_key_is(reader, keys[i].name, strlen(keys[i].name)))
            return keys[i].read(reader, parts);
    return json_skip(reader, NULL);
}

static bool read_parts(struct json_reader *reader, struct parts *parts)
{
    if (!json_open_object(reader))
        return false;
    while (json_next_key(reader))
        if (!read_key(reader, parts))
            return false;
    return json_end(reader);
}

static bool judge_kind(struct json_reader *reader, const struct parts *parts)
{
    int kinds = parts->has_topic + parts->has_link + parts->has_operator + parts->has_end;
    if (!parts->has_t)
        return json_fail(reader, "\"t\" is missing");
    if (kinds != 1)
        return json_fail(reader, kinds == 0 ? "one of \"topic\", \"link\", \"operator\" and "
                                              "\"end\" is needed"
                                            : "only one of \"topic\", \"link\", \"operator\" and "
                                              "\"end\" may stand in a line");
    if (parts->has_topic && parts->has_message == parts->has_payload)
        return json_fail(reader, parts->has_message
                                     ? "\"message\" and \"payload_base64\" exclude each other"
                                     : "\"message\" or \"payload_base64\" is missing");
    return true;
}

static bool judge_message(struct json_reader *reader, const struct parts *parts,
                          struct message *ret)
{
    struct json_reader message;
    json_reader_of_part(&message, reader, parts->message);
    if (json_peek(&message) != '{')
        return json_fail(reader, "\"message\" must be an object");
    return json_read_message_object(&message, parts->topic.kind, ret);
}

static enum trace_kind kind_of(const struct parts *parts)
{
    if (parts->has_end)
        return TRACE_END;
    if (parts->has_link)
        return TRACE_LINK;
    if (parts->has_operator)
        return TRACE_OPERATOR;
    if (parts->topic.site_wide[0] != '\0')
        return TRACE_SITE_WIDE;
    return parts->has_payload ? TRACE_UNDECODED : TRACE_MESSAGE;
}

enum status trace_read_line(const char *line, size_t size, struct trace_line *ret,
                            char problem[TEXT_SIZE])
{
    struct json_reader reader;
    json_reader_init(&reader, line, size, problem);
    if (size > TRACE_LINE_MAX) {
        json_fail(&reader, "the line is longer than %d bytes", TRACE_LINE_MAX);
        return STATUS_INVALID;
    }
    struct parts parts = {0};
    if (!read_parts(&reader, &parts) || !judge_kind(&reader, &parts))
        return STATUS_INVALID;
    enum trace_kind kind = kind_of(&parts);
    // The message is the last that can fail: it goes straight to its place.
    if (kind == TRACE_MESSAGE && !judge_message(&reader, &parts, &ret->message))
        return STATUS_INVALID;
    ret->kind = kind;
    ret->t = parts.t;
    ret->retained = parts.retained;
    ret->topic = parts.topic;
    ret->link_up = parts.link_up;
    ret->operation = parts.operation;
    ret->payload = NULL;
    ret->payload_size = parts.has_payload ? parts.payload.size : 0;
    return STATUS_OK;
}
