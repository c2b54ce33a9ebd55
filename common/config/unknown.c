// SPDX-License-Identifier: Apache-2.0
// Finding what an unknown key was meant to be.
#include "config/unknown.h"

#include "config/apply.h"
#include "config/error.h"
#include "config/suggest.h"

#include <string.h>

// First component of setting i below the prefix into `out`; false: not below, or listed before.
static bool component(const struct setting *settings, size_t i, const char *prefix,
                      char out[CONFIG_KEY_MAX])
{
    const char *rest = key_below(settings[i].key, prefix);
    if (rest == NULL)
        return false;
    size_t length = strcspn(rest, ".");
    for (size_t j = 0; j < i; j++) {
        const char *other = key_below(settings[j].key, prefix);
        if (other != NULL && strcspn(other, ".") == length && strncmp(other, rest, length) == 0)
            return false;
    }
    struct text text;
    text_init(&text, out, CONFIG_KEY_MAX);
    text_append_bytes(&text, rest, length);
    return true;
}

void unknown_list_keys(const struct setting *settings, size_t count, const char *prefix,
                       struct text *out)
{
    char name[CONFIG_KEY_MAX];
    const char *separator = "";
    for (size_t i = 0; i < count; i++) {
        if (!component(settings, i, prefix, name))
            continue;
        text_printf(out, "%s%s", separator, name);
        separator = ", ";
    }
}

// The nearest key at this place into `out`; false if none is near.
static bool nearest(const struct setting *settings, size_t count, const char *prefix,
                    const char *key, char out[CONFIG_KEY_MAX])
{
    bool found = false;
    char name[CONFIG_KEY_MAX];
    for (size_t i = 0; i < count; i++) {
        if (!component(settings, i, prefix, name))
            continue;
        if (suggest_closer(key, found ? out : NULL, name) == name) {
            memcpy(out, name, CONFIG_KEY_MAX);
            found = true;
        }
    }
    return found;
}

// A setting elsewhere in the table whose last component is `key`: the line is at the wrong depth.
static const struct setting *elsewhere(const struct setting *settings, size_t count,
                                       const char *key)
{
    for (size_t i = 0; i < count; i++) {
        const char *dot = strrchr(settings[i].key, '.');
        if (text_equal(dot != NULL ? dot + 1 : settings[i].key, key))
            return &settings[i];
    }
    return NULL;
}

static bool is_dotted_setting(const struct setting *settings, size_t count, const char *prefix,
                              const char *key)
{
    for (size_t i = 0; i < count; i++) {
        const char *rest = key_below(settings[i].key, prefix);
        if (rest != NULL && text_equal(rest, key) && strchr(key, '.') != NULL)
            return true;
    }
    return false;
}

enum status unknown_key(const struct setting *settings, size_t count, const char *prefix,
                        const char *path, const char *key, uint32_t line, uint32_t column,
                        struct config_error *error)
{
    char quoted[CONFIG_QUOTE_SIZE];
    char closest[CONFIG_KEY_MAX];
    (void)config_quote(key, quoted);
    if (is_dotted_setting(settings, count, prefix, key))
        return config_fail(error, line, column,
                           "unknown key '%s%s'; write each part before a dot as a line of its own, "
                           "and the next part indented below it",
                           path, quoted);
    if (nearest(settings, count, prefix, key, closest))
        return config_fail(error, line, column, "unknown key '%s%s'; did you mean '%s'?", path,
                           quoted, closest);
    const struct setting *other = elsewhere(settings, count, key);
    if (other != NULL)
        return config_fail(error, line, column,
                           "unknown key '%s%s'; did you mean '%s'? Check the indentation", path,
                           quoted, other->key);
    char known[300];
    struct text text;
    text_init(&text, known, sizeof known);
    unknown_list_keys(settings, count, prefix, &text);
    return config_fail(error, line, column, "unknown key '%s%s'; known here: %s", path, quoted,
                       known);
}
