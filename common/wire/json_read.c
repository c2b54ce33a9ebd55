// SPDX-License-Identifier: Apache-2.0
// The JSON reader over field tables.
#include "wire/json.h"
#include "wire/json_fields.h"

#include <stdlib.h>
#include <string.h>

static bool read_whole(struct json_reader *reader, const struct field *field, char *base)
{
    struct json_number number;
    if (!json_read_number(reader, &number))
        return false;
    uint64_t whole = 0;
    int64_t with_sign = 0;
    bool fits;
    switch (field->type) {
    case FIELD_U32:
        fits = json_number_u64(number, &whole) && whole <= UINT32_MAX;
        break;
    case FIELD_U64:
        fits = json_number_u64(number, &whole);
        break;
    case FIELD_I32:
        fits =
            json_number_i64(number, &with_sign) && with_sign >= INT32_MIN && with_sign <= INT32_MAX;
        whole = (uint64_t)with_sign;
        break;
    default:
        fits = json_number_i64(number, &with_sign);
        whole = (uint64_t)with_sign;
    }
    if (!fits)
        return json_fail_value(reader, "must be a whole number in the range of its type");
    if (field->size == sizeof(uint32_t))
        field_set_u32(base, field->offset, (uint32_t)whole);
    else
        field_set_u64(base, field->offset, whole);
    return true;
}

static bool read_enum(struct json_reader *reader, const struct field *field, char *base)
{
    char word[ID_SIZE];
    if (!json_read_text(reader, word, sizeof word, false))
        return false;
    for (uint32_t value = 0; value < field->names->count; value++)
        if (strcmp(word, field->names->name((int)value)) == 0) {
            field_set_u32(base, field->offset, value);
            return true;
        }
    return json_fail_value(reader, "has a value that the contract does not know");
}

static bool read_ratio(struct json_reader *reader, char *member)
{
    struct json_number number;
    if (!json_read_number(reader, &number))
        return false;
    double value = json_number_double(number);
    if (!(value >= 0 && value <= 1))
        return json_fail_value(reader, "must be between 0 and 1");
    memcpy(member, &value, sizeof value);
    return true;
}

// null is WALL_UNKNOWN.
static bool read_time(struct json_reader *reader, char *member)
{
    struct wall_time t = WALL_UNKNOWN;
    char word[WALL_TEXT_SIZE];
    if (json_peek(reader) == 'n') {
        if (!json_read_null(reader))
            return false;
    } else if (!json_read_text(reader, word, sizeof word, false)) {
        return false;
    } else if (!wall_parse(word, &t)) {
        return json_fail_value(reader, "must be a time such as 2024-11-06T05:52:00.125Z");
    }
    memcpy(member, &t, sizeof t);
    return true;
}

static bool read_time_if(struct json_reader *reader, const struct field *field, char *base)
{
    *(bool *)(base + field->count_offset) = json_peek(reader) != 'n';
    return read_time(reader, base + field->offset);
}

// The next free element of an array, cleared; NULL when the array is full.
static char *next_element(const struct field *field, char *base)
{
    uint32_t count = field_get_u32(base, field->count_offset);
    if (count == field->limit)
        return NULL;
    field_set_u32(base, field->count_offset, count + 1);
    return base + field->offset + (size_t)count * field->size;
}

static bool fail_full(struct json_reader *reader, const struct field *field)
{
    return json_fail(reader, "\"%s\" has more than %u entries", field->name, field->limit);
}

// A repeated key starts again.
static void clear_array(const struct field *field, char *base)
{
    field_set_u32(base, field->count_offset, 0);
    memset(base + field->offset, 0, (size_t)field->limit * field->size);
}

static bool read_array(struct json_reader *reader, const struct field *field, char *base)
{
    if (!json_open_array(reader))
        return false;
    clear_array(field, base);
    while (json_next_item(reader)) {
        char *element = next_element(field, base);
        if (element == NULL)
            return fail_full(reader, field);
        bool read = field->type == FIELD_TEXTS ? json_read_text(reader, element, field->size, false)
                                               : json_read_object(reader, field->members, element);
        if (!read)
            return false;
    }
    return !reader->failed;
}

static bool read_map(struct json_reader *reader, const struct field *field, char *base)
{
    const struct field *columns = field->members->fields;
    if (!json_open_object(reader))
        return false;
    clear_array(field, base);
    while (json_next_key(reader)) {
        char *element = next_element(field, base);
        if (element == NULL)
            return fail_full(reader, field);
        if (reader->key_length >= columns[0].size)
            return json_fail_value(reader, "is too long for a key");
        memcpy(element + columns[0].offset, reader->key, reader->key_length);
        if (!read_whole(reader, &columns[1], element))
            return false;
    }
    return !reader->failed;
}

static bool read_record(struct json_reader *reader, const struct field *field, char *base)
{
    if (field->type == FIELD_RECORD_OR_NULL && json_peek(reader) == 'n')
        return json_read_null(reader);
    return json_read_object(reader, field->members, base + field->offset);
}

static bool read_value(struct json_reader *reader, const struct field *field, char *base)
{
    char *member = base + field->offset;
    switch (field->type) {
    case FIELD_BOOL:
        return json_read_bool(reader, (bool *)member);
    case FIELD_ENUM:
        return read_enum(reader, field, base);
    case FIELD_TEXT:
        return json_read_text(reader, member, field->size, field->rule == RULE_CUT);
    case FIELD_TEXTS:
    case FIELD_RECORDS:
        return read_array(reader, field, base);
    case FIELD_MAP:
        return read_map(reader, field, base);
    case FIELD_RATIO:
        return read_ratio(reader, member);
    case FIELD_TIME:
        return read_time(reader, member);
    case FIELD_TIME_IF:
        return read_time_if(reader, field, base);
    case FIELD_RECORD:
    case FIELD_RECORD_OR_NULL:
        return read_record(reader, field, base);
    default:
        return read_whole(reader, field, base);
    }
}

// Writers keep the table's order, so the row after the last one found is nearly always the one.
static const struct field *find_field(const struct json_reader *reader, const struct field_set *set,
                                      uint32_t *hint)
{
    for (uint32_t i = 0; i < set->count; i++) {
        uint32_t row = *hint + i < set->count ? *hint + i : *hint + i - set->count;
        if (json_key_is(reader, set->fields[row].name, set->fields[row].name_length)) {
            *hint = row + 1 < set->count ? row + 1 : 0;
            return &set->fields[row];
        }
    }
    return NULL;
}

bool json_read_object(struct json_reader *reader, const struct field_set *set, void *base)
{
    uint32_t hint = 0;
    if (!json_open_object(reader))
        return false;
    while (json_next_key(reader)) {
        const struct field *field = find_field(reader, set, &hint);
        if (field == NULL ? !json_skip(reader, NULL) : !read_value(reader, field, base))
            return false;
    }
    return !reader->failed;
}

bool json_fail_rule(struct json_reader *reader, enum wire_reject reason, const char *name)
{
    static const char *const words[WIRE_REJECT_COUNT] = {
        [WIRE_BAD_ENUM] = "has a value that the contract does not know",
        [WIRE_BAD_TEXT] = "has a text that does not fit this field",
        [WIRE_BAD_NUMBER] = "is out of range",
        [WIRE_MISSING_FIELD] = "is missing or empty",
        [WIRE_TOO_MANY] = "has too many entries",
    };
    return json_fail(reader, "\"%s\" %s", name,
                     words[reason] != NULL ? words[reason] : wire_reject_name(reason));
}

bool json_read_message_object(struct json_reader *reader, enum message_kind kind,
                              struct message *ret)
{
    const struct field_set *set = message_fields(kind);
    struct message message;
    message.kind = kind;
    memset(message_body(&message), 0, set->size);
    if (!json_read_object(reader, set, message_body(&message)))
        return false;
    const char *name;
    enum wire_reject reason = message_check(&message, &name);
    if (reason != WIRE_ACCEPTED)
        return json_fail_rule(reader, reason, name);
    ret->kind = kind;
    memcpy(message_body(ret), message_body(&message), set->size);
    return true;
}

static bool read_checked(struct json_reader *reader, const struct field_set *set, void *base)
{
    const char *name;
    if (!json_read_object(reader, set, base) || !json_end(reader))
        return false;
    enum wire_reject reason = fields_check(set, base, &name);
    return reason == WIRE_ACCEPTED || json_fail_rule(reader, reason, name);
}

enum status json_read_document(const struct field_set *set, const char *json, size_t size,
                               void *ret, char problem[TEXT_SIZE])
{
    struct json_reader reader;
    json_reader_init(&reader, json, size, problem);
    if (size > JSON_DOCUMENT_MAX) {
        json_fail(&reader, "the document is longer than %d bytes", JSON_DOCUMENT_MAX);
        return STATUS_INVALID;
    }
    void *base = calloc(1, set->size); // an incident or a site's status is large for a stack
    if (base == NULL) {
        json_fail(&reader, "out of memory");
        return STATUS_NO_MEMORY;
    }
    bool read = read_checked(&reader, set, base);
    if (read)
        memcpy(ret, base, set->size);
    free(base);
    return read ? STATUS_OK : STATUS_INVALID;
}
