// SPDX-License-Identifier: Apache-2.0
// Types, bounds and values as text.
#include "config/describe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *describe_type(enum setting_type type)
{
    static const char *const names[] = {
        [SETTING_TYPE_TEXT] = "a text",
        [SETTING_TYPE_SECRET] = "the path of a file that holds the secret",
        [SETTING_TYPE_BOOL] = "true or false",
        [SETTING_TYPE_INTEGER] = "an integer",
        [SETTING_TYPE_REAL] = "a number",
        [SETTING_TYPE_DURATION] = "a duration such as 5s",
        [SETTING_TYPE_CHOICE] = "one word out of a list",
        [SETTING_TYPE_LIST] = "a list of mappings",
        [SETTING_TYPE_TEXT_LIST] = "a list of texts",
    };
    return names[type];
}

bool setting_has_min(const struct setting *setting)
{
    return setting->min != 0 || setting->max != 0;
}

bool setting_has_max(const struct setting *setting)
{
    return setting_has_min(setting) && setting->max >= setting->min;
}

const char *describe_real(double value, char out[DESCRIBE_SIZE])
{
    for (int digits = 15; digits <= 17; digits++) {
        (void)snprintf(out, DESCRIBE_SIZE, "%.*g", digits, value);
        if (strtod(out, NULL) == value)
            break;
    }
    return out;
}

static const char *describe_bound(const struct setting *setting, double bound,
                                  char out[DESCRIBE_SIZE])
{
    if (setting->type == SETTING_TYPE_DURATION)
        return describe_duration((struct duration){(int64_t)(bound * 1e6)}, out);
    return describe_real(bound, out);
}

void describe_range(const struct setting *setting, struct text *out)
{
    char low[DESCRIBE_SIZE];
    char high[DESCRIBE_SIZE];
    if (setting->type == SETTING_TYPE_CHOICE) {
        for (size_t i = 0; setting->choices[i] != NULL; i++)
            text_printf(out, "%s%s", i == 0 ? "one of " : ", ", setting->choices[i]);
    } else if (setting_has_max(setting)) {
        text_printf(out, "%s to %s", describe_bound(setting, setting->min, low),
                    describe_bound(setting, setting->max, high));
    } else if (setting_has_min(setting)) {
        text_printf(out, "at least %s", describe_bound(setting, setting->min, low));
    }
}

static bool is_alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Texts that no YAML reader takes for anything else, so they need no quotes.
static bool is_plain(const char *value)
{
    if (!is_alphanumeric(value[0]) && value[0] != '/')
        return false;
    size_t length = strlen(value);
    for (size_t i = 0; i < length; i++)
        if (!is_alphanumeric(value[i]) && strchr("_./:@+-", value[i]) == NULL)
            return false;
    return value[length - 1] != ':' && !text_equal_nocase(value, "null");
}

// Length and code point of the UTF-8 sequence at `at`; a broken one counts as one byte of 0.
static size_t code_point(const char *at, unsigned *ret)
{
    const unsigned char *s = (const unsigned char *)at;
    size_t length = s[0] < 0x80 ? 1 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;
    unsigned point = s[0] & (length == 1 ? 0x7FU : 0xFFU >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((s[i] & 0xC0U) != 0x80U) {
            *ret = 0;
            return 1;
        }
        point = point << 6U | (s[i] & 0x3FU);
    }
    *ret = point;
    return length;
}

// What libyaml refuses raw, or would take for a line break.
static bool needs_escape(unsigned point)
{
    return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0x2028 || point == 0x2029 ||
           point == 0xFEFF || point == 0xFFFE || point == 0xFFFF;
}

void describe_text(const char *value, struct text *out)
{
    if (is_plain(value)) {
        text_append(out, value);
        return;
    }
    text_append(out, "\"");
    for (const char *at = value; *at != '\0';) {
        unsigned point;
        size_t length = code_point(at, &point);
        if (point == '"' || point == '\\')
            text_printf(out, "\\%c", *at);
        else if (needs_escape(point))
            text_printf(out, "\\u%04X", point);
        else
            text_append_bytes(out, at, length);
        at += length;
    }
    text_append(out, "\"");
}

void describe_value(const struct setting *setting, const void *field, struct text *out)
{
    char buffer[DESCRIBE_SIZE];
    switch (setting->type) {
    case SETTING_TYPE_BOOL:
        text_append(out, *(const bool *)field ? "true" : "false");
        break;
    case SETTING_TYPE_INTEGER:
        text_printf(out, "%lld", (long long)*(const int64_t *)field);
        break;
    case SETTING_TYPE_REAL:
        text_append(out, describe_real(*(const double *)field, buffer));
        break;
    case SETTING_TYPE_DURATION:
        text_append(out, describe_duration(*(const struct duration *)field, buffer));
        break;
    case SETTING_TYPE_CHOICE:
        text_append(out, setting->choices[*(const int *)field]);
        break;
    default:
        describe_text(field, out);
        break;
    }
}

bool value_is_unset(const struct setting *setting, const void *field)
{
    if (setting->preset != NULL || setting->required)
        return false;
    switch (setting->type) {
    case SETTING_TYPE_BOOL:
        return !*(const bool *)field;
    case SETTING_TYPE_INTEGER:
        return *(const int64_t *)field == 0;
    case SETTING_TYPE_REAL:
        return *(const double *)field == 0;
    case SETTING_TYPE_DURATION:
        return ((const struct duration *)field)->us == 0;
    case SETTING_TYPE_CHOICE:
        return *(const int *)field == 0;
    default:
        return *(const char *)field == '\0';
    }
}
