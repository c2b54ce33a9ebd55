// SPDX-License-Identifier: Apache-2.0
// The JSON writer over field tables: every field, in the table's order, digit for digit the same
// each time.
#include "wire/json.h"
#include "wire/json_fields.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const char *short_escape(char c)
{
    switch (c) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    default:
        return NULL;
    }
}

void json_write_string(struct text *out, const char *s)
{
    text_append_bytes(out, "\"", 1);
    while (*s != '\0') {
        const char *run = s;
        while ((unsigned char)*s >= 0x20 && *s != '"' && *s != '\\')
            s++;
        text_append_bytes(out, run, (size_t)(s - run));
        if (*s == '\0')
            break;
        const char *known = short_escape(*s);
        if (known != NULL)
            text_append(out, known);
        else
            text_printf(out, "\\u%04x", (unsigned)(unsigned char)*s);
        s++;
    }
    text_append_bytes(out, "\"", 1);
}

void json_write_seconds(struct text *out, struct wall_time t)
{
    int64_t ms = t.ms < 0 ? 0 : t.ms;
    text_printf(out, "%" PRId64 ".%03d", ms / 1000, (int)(ms % 1000));
}

// Ten-thousandths without printf's %f, whose decimal point depends on the locale.
static void write_ratio(struct text *out, double value)
{
    bool inside = value > 0 && value < 1; // false for a NaN too
    int parts = inside ? (int)lround(value * 10000) : value >= 1 ? 10000 : 0;
    if (parts % 10000 == 0) {
        text_printf(out, "%d", parts / 10000);
        return;
    }
    int digits = 4;
    for (; parts % 10 == 0; parts /= 10)
        digits--;
    text_printf(out, "0.%0*d", digits, parts);
}

static void write_time(struct text *out, struct wall_time t)
{
    char buffer[WALL_TEXT_SIZE];
    if (wall_known(t))
        json_write_string(out, wall_format(t, buffer));
    else
        text_append(out, "null");
}

static void write_array(struct text *out, const struct field *field, const char *base)
{
    uint32_t count = field_get_u32(base, field->count_offset);
    const char *element = base + field->offset;
    text_append_bytes(out, "[", 1);
    for (uint32_t i = 0; i < count && i < field->limit; i++, element += field->size) {
        if (i > 0)
            text_append_bytes(out, ",", 1);
        if (field->type == FIELD_TEXTS)
            json_write_string(out, element);
        else
            json_write_object(out, field->members, element);
    }
    text_append_bytes(out, "]", 1);
}

static void write_map(struct text *out, const struct field *field, const char *base)
{
    const struct field *columns = field->members->fields;
    uint32_t count = field_get_u32(base, field->count_offset);
    const char *element = base + field->offset;
    text_append_bytes(out, "{", 1);
    for (uint32_t i = 0; i < count && i < field->limit; i++, element += field->size) {
        if (i > 0)
            text_append_bytes(out, ",", 1);
        json_write_string(out, element + columns[0].offset);
        text_printf(out, ":%" PRIu32, field_get_u32(element, columns[1].offset));
    }
    text_append_bytes(out, "}", 1);
}

static void write_number(struct text *out, const struct field *field, const char *base)
{
    switch (field->type) {
    case FIELD_U32:
        text_printf(out, "%" PRIu32, field_get_u32(base, field->offset));
        break;
    case FIELD_I32:
        text_printf(out, "%" PRId32, (int32_t)field_get_u32(base, field->offset));
        break;
    case FIELD_U64:
        text_printf(out, "%" PRIu64, field_get_u64(base, field->offset));
        break;
    default:
        text_printf(out, "%" PRId64, (int64_t)field_get_u64(base, field->offset));
    }
}

static void write_record_or_null(struct text *out, const struct field *field, const char *base)
{
    const char *record = base + field->offset;
    if (record[field->members->fields[0].offset] == '\0')
        text_append(out, "null");
    else
        json_write_object(out, field->members, record);
}

static void write_value(struct text *out, const struct field *field, const char *base)
{
    const char *member = base + field->offset;
    switch (field->type) {
    case FIELD_BOOL:
        text_append(out, *(const bool *)member ? "true" : "false");
        break;
    case FIELD_ENUM:
        json_write_string(out, field->names->name((int)field_get_u32(base, field->offset)));
        break;
    case FIELD_TEXT:
        json_write_string(out, member);
        break;
    case FIELD_TEXTS:
    case FIELD_RECORDS:
        write_array(out, field, base);
        break;
    case FIELD_MAP:
        write_map(out, field, base);
        break;
    case FIELD_RATIO:
        write_ratio(out, *(const double *)(const void *)member);
        break;
    case FIELD_TIME:
        write_time(out, *(const struct wall_time *)(const void *)member);
        break;
    case FIELD_TIME_IF:
        write_time(out, *(const bool *)(base + field->count_offset)
                            ? *(const struct wall_time *)(const void *)member
                            : WALL_UNKNOWN);
        break;
    case FIELD_RECORD:
        json_write_object(out, field->members, member);
        break;
    case FIELD_RECORD_OR_NULL:
        write_record_or_null(out, field, base);
        break;
    default:
        write_number(out, field, base);
    }
}

void json_write_members(struct text *out, const struct field_set *set, const void *base)
{
    for (uint32_t i = 0; i < set->count; i++) {
        const struct field *field = &set->fields[i];
        text_append(out, i == 0 ? "\"" : ",\"");
        text_append_bytes(out, field->name, field->name_length);
        text_append_bytes(out, "\":", 2);
        write_value(out, field, base);
    }
}

void json_write_object(struct text *out, const struct field_set *set, const void *base)
{
    text_append_bytes(out, "{", 1);
    json_write_members(out, set, base);
    text_append_bytes(out, "}", 1);
}
