// SPDX-License-Identifier: Apache-2.0
// The strict readers of the scalar types.
#include "config/scalar.h"

#include "config/describe.h"
#include "config/error.h"
#include "config/suggest.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    const struct setting *setting;
    const char *path;
    const struct scalar *scalar;
    struct config_error *error;
};

// "'path' … 'value': advice" at the scalar's place.
static enum status fail(const struct reader *reader, const char *problem, const char *advice)
{
    char quoted[CONFIG_QUOTE_SIZE];
    return config_fail(reader->error, reader->scalar->line, reader->scalar->column,
                       "'%s' %s, not '%s'; %s", reader->path, problem,
                       config_quote(reader->scalar->text, quoted), advice);
}

static enum status fail_range(const struct reader *reader)
{
    char quoted[CONFIG_QUOTE_SIZE];
    char range[160];
    struct text text;
    text_init(&text, range, sizeof range);
    describe_range(reader->setting, &text);
    return config_fail(reader->error, reader->scalar->line, reader->scalar->column,
                       "'%s' is out of range: %s; allowed is %s", reader->path,
                       config_quote(reader->scalar->text, quoted),
                       range[0] != '\0' ? range : "what fits 64 bits");
}

static bool in_range(const struct setting *setting, double value)
{
    return (!setting_has_min(setting) || value >= setting->min) &&
           (!setting_has_max(setting) || value <= setting->max);
}

// Characters of `at` that are decimal digits.
static size_t digits(const char *at)
{
    return strspn(at, "0123456789");
}

// Digits without a leading zero; their count, 0 when not so.
static size_t whole_number(const char *at)
{
    size_t count = digits(at);
    return at[0] == '0' && count > 1 ? 0 : count;
}

static enum status read_integer(const struct reader *reader, void *field)
{
    const char *text = reader->scalar->text;
    const char *at = text[0] == '-' ? text + 1 : text;
    size_t count = whole_number(at);
    if (!reader->scalar->plain || count == 0 || at[count] != '\0')
        return fail(reader, "takes an integer",
                    reader->scalar->plain ? "write decimal digits only" : "remove the quotes");
    errno = 0;
    long long value = strtoll(text, NULL, 10);
    if (errno == ERANGE || !in_range(reader->setting, (double)value))
        return fail_range(reader);
    *(int64_t *)field = value;
    return STATUS_OK;
}

// The grammar of a decimal number; strtod alone would take hex, "nan" and "inf".
static bool is_real(const char *at)
{
    at += *at == '-';
    size_t count = whole_number(at);
    if (count == 0)
        return false;
    at += count;
    if (*at == '.') {
        count = digits(at + 1);
        if (count == 0)
            return false;
        at += 1 + count;
    }
    if (*at == 'e' || *at == 'E') {
        at++;
        at += *at == '-' || *at == '+';
        count = digits(at);
        if (count == 0)
            return false;
        at += count;
    }
    return *at == '\0';
}

static enum status read_real(const struct reader *reader, void *field)
{
    if (!reader->scalar->plain || !is_real(reader->scalar->text))
        return fail(reader, "takes a number",
                    reader->scalar->plain ? "write it like 0.25 or 3" : "remove the quotes");
    double value = strtod(reader->scalar->text, NULL);
    if (!isfinite(value) || !in_range(reader->setting, value))
        return fail_range(reader);
    *(double *)field = value;
    return STATUS_OK;
}

static enum status read_bool(const struct reader *reader, void *field)
{
    const char *text = reader->scalar->text;
    bool yes = text_equal(text, "true");
    if (!reader->scalar->plain)
        return fail(reader, "takes true or false", "remove the quotes");
    if (!yes && !text_equal(text, "false"))
        return fail(reader, "takes true or false", "write it exactly so");
    *(bool *)field = yes;
    return STATUS_OK;
}

static enum status read_duration(const struct reader *reader, void *field)
{
    const char *text = reader->scalar->text;
    size_t count = digits(text);
    struct duration value;
    if (count > 0 && text[count] == '\0')
        return fail(reader, "takes a duration", "add the unit: ms, s, min, h or d");
    if (!config_parse_duration(text, &value))
        return fail(reader, "takes a duration",
                    "write a whole number and ms, s, min, h or d, like 250ms or 5s");
    if (!in_range(reader->setting, duration_to_s(value)))
        return fail_range(reader);
    *(struct duration *)field = value;
    return STATUS_OK;
}

static enum status read_choice(const struct reader *reader, void *field)
{
    const char *const *choices = reader->setting->choices;
    const char *closest = NULL;
    for (int i = 0; choices[i] != NULL; i++) {
        if (text_equal(choices[i], reader->scalar->text)) {
            *(int *)field = i;
            return STATUS_OK;
        }
        closest = suggest_closer(reader->scalar->text, closest, choices[i]);
    }
    char list[320];
    struct text text;
    text_init(&text, list, sizeof list);
    describe_range(reader->setting, &text);
    if (closest != NULL)
        text_printf(&text, "; did you mean '%s'?", closest);
    char quoted[CONFIG_QUOTE_SIZE];
    return config_fail(reader->error, reader->scalar->line, reader->scalar->column,
                       "'%s' cannot be '%s'; it is %s", reader->path,
                       config_quote(reader->scalar->text, quoted), list);
}

static enum status read_text(const struct reader *reader, void *field)
{
    const struct setting *setting = reader->setting;
    const struct scalar *scalar = reader->scalar;
    if (scalar->plain && (text_equal_nocase(scalar->text, "null") || text_equal(scalar->text, "~")))
        return fail(reader, "takes a text", "quote it, or remove the line to leave it unset");
    if (strlen(scalar->text) != scalar->length)
        return config_fail(reader->error, scalar->line, scalar->column,
                           "'%s' contains a NUL character; remove it", reader->path);
    if (scalar->length >= setting->size)
        return config_fail(reader->error, scalar->line, scalar->column,
                           "'%s' is too long: %zu bytes, at most %zu fit", reader->path,
                           scalar->length, setting->size - 1);
    const char *problem = setting->check != NULL ? setting->check(scalar->text) : NULL;
    if (problem != NULL) {
        char quoted[CONFIG_QUOTE_SIZE];
        return config_fail(reader->error, scalar->line, scalar->column, "'%s' is '%s': %s",
                           reader->path, config_quote(scalar->text, quoted), problem);
    }
    memset(field, 0, setting->size); // nothing of a longer preset stays behind
    memcpy(field, scalar->text, scalar->length);
    return STATUS_OK;
}

enum status scalar_read(const struct setting *setting, const char *path,
                        const struct scalar *scalar, void *field, struct config_error *error)
{
    struct reader reader = {setting, path, scalar, error};
    if (scalar->plain && scalar->length == 0)
        return config_fail(error, scalar->line, scalar->column,
                           "'%s' has no value; it takes %s; remove the line to leave it unset",
                           path, describe_type(setting->type));
    switch (setting->type) {
    case SETTING_TYPE_BOOL:
        return read_bool(&reader, field);
    case SETTING_TYPE_INTEGER:
        return read_integer(&reader, field);
    case SETTING_TYPE_REAL:
        return read_real(&reader, field);
    case SETTING_TYPE_DURATION:
        return read_duration(&reader, field);
    case SETTING_TYPE_CHOICE:
        return read_choice(&reader, field);
    case SETTING_TYPE_TEXT:
    case SETTING_TYPE_SECRET:
    case SETTING_TYPE_TEXT_LIST: // one element of it
        return read_text(&reader, field);
    case SETTING_TYPE_LIST:
        break;
    }
    return config_fail(error, scalar->line, scalar->column,
                       "'%s' takes %s; begin each with '- ' on lines below it", path,
                       describe_type(setting->type));
}
