// SPDX-License-Identifier: Apache-2.0
// The validity rules of the contract, the same for protobuf, JSON and what we send ourselves.
#include "wire/fields.h"

#include "base/text.h"

#include <stdbool.h>
#include <string.h>

// Exact in a double, so in every JSON reader.
#define EXACT_LIMIT (INT64_C(1) << 53)
#define HOUR_MS     3600000U

const char *wire_reject_name(enum wire_reject reason)
{
    static const char *const names[] = {
#define WIRE_REJECT_WORD(name, word) [name] = (word),
        WIRE_REJECT_MAP(WIRE_REJECT_WORD)
#undef WIRE_REJECT_WORD
    };
    return (size_t)reason < WIRE_REJECT_COUNT ? names[reason] : "unknown";
}

// Any string a client may choose for its outbox, as long as it can stand in a log line, a URL and
// "NODE/OUTBOX_ID/SEQ": uuid, hexadecimal, base64, {GUID}, host:number.
static bool is_outbox_id(const char *text)
{
    for (; *text != '\0'; text++)
        if (*text <= ' ' || *text > '~')
            return false;
    return true;
}

static enum wire_reject check_text(enum field_rule rule, const char *text, size_t size)
{
    size_t length = strnlen(text, size);
    if (length == size || !text_is_utf8(text, length))
        return WIRE_BAD_TEXT;
    bool required = rule == RULE_REQUIRED || rule == RULE_OUTBOX_ID;
    if (required && length == 0)
        return WIRE_MISSING_FIELD;
    bool outbox = rule == RULE_OUTBOX_ID || rule == RULE_MAYBE_OUTBOX_ID;
    return outbox && !is_outbox_id(text) ? WIRE_BAD_TEXT : WIRE_ACCEPTED;
}

static enum wire_reject check_enum(const struct field *field, uint32_t value)
{
    if (value >= field->names->count)
        return WIRE_BAD_ENUM;
    return value == 0 && field->rule == RULE_REQUIRED ? WIRE_MISSING_FIELD : WIRE_ACCEPTED;
}

static enum wire_reject check_unsigned(enum field_rule rule, uint64_t value)
{
    bool bad = (rule == RULE_POSITIVE && value == 0) ||
               (rule == RULE_INTERVAL && value > HOUR_MS) ||
               (rule == RULE_EXACT && value >= EXACT_LIMIT);
    return bad ? WIRE_BAD_NUMBER : WIRE_ACCEPTED;
}

static enum wire_reject check_signed(enum field_rule rule, int64_t value)
{
    bool bad = (rule == RULE_AGE && value < -1) ||
               (rule == RULE_EXACT && (value >= EXACT_LIMIT || value <= -EXACT_LIMIT));
    return bad ? WIRE_BAD_NUMBER : WIRE_ACCEPTED;
}

static enum wire_reject check_array(const struct field *field, const char *base)
{
    uint32_t count = field_get_u32(base, field->count_offset);
    if (count > field->limit)
        return WIRE_TOO_MANY;
    const char *element = base + field->offset;
    for (uint32_t i = 0; i < count; i++, element += field->size) {
        const char *name;
        enum wire_reject reason = field->type == FIELD_TEXTS
                                      ? check_text(field->rule, element, field->size)
                                      : fields_check(field->members, element, &name);
        if (reason != WIRE_ACCEPTED)
            return reason;
    }
    return WIRE_ACCEPTED;
}

static enum wire_reject check_field(const struct field *field, const char *base)
{
    const char *name;
    switch (field->type) {
    case FIELD_ENUM:
        return check_enum(field, field_get_u32(base, field->offset));
    case FIELD_U32:
        return check_unsigned(field->rule, field_get_u32(base, field->offset));
    case FIELD_U64:
        return check_unsigned(field->rule, field_get_u64(base, field->offset));
    case FIELD_I64:
        return check_signed(field->rule, (int64_t)field_get_u64(base, field->offset));
    case FIELD_TEXT:
        return check_text(field->rule, base + field->offset, field->size);
    case FIELD_TEXTS:
    case FIELD_RECORDS:
    case FIELD_MAP:
        return check_array(field, base);
    case FIELD_RECORD:
    case FIELD_RECORD_OR_NULL:
        return fields_check(field->members, base + field->offset, &name);
    default:
        return WIRE_ACCEPTED; // every value of a bool, int32, time or ratio is one
    }
}

enum wire_reject fields_check(const struct field_set *set, const void *base, const char **ret_name)
{
    for (uint32_t i = 0; i < set->count; i++) {
        enum wire_reject reason = check_field(&set->fields[i], base);
        if (reason != WIRE_ACCEPTED) {
            *ret_name = set->fields[i].name;
            return reason;
        }
    }
    return WIRE_ACCEPTED;
}

enum wire_reject message_check(const struct message *message, const char **ret_name)
{
    const struct field_set *set = message_fields(message->kind);
    if (set == NULL) {
        *ret_name = "kind";
        return WIRE_BAD_ENUM;
    }
    return fields_check(set, message_body_const(message), ret_name);
}
