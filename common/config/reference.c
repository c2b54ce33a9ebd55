// SPDX-License-Identifier: Apache-2.0
// The reference page: one row a setting, the settings of a list's entries below the list.
#include "config/apply.h"
#include "config/describe.h"

#include <stdio.h>

static void append_cell(struct text *out, const char *cell)
{
    for (; *cell != '\0'; cell++) {
        if (*cell == '|')
            text_append(out, "\\|");
        else
            text_append_bytes(out, *cell == '\n' ? " " : cell, 1);
    }
}

static void append_preset(const struct setting *setting, struct text *out)
{
    if (setting->required) {
        text_append(out, "required");
    } else if (setting->preset != NULL) {
        text_append(out, "`");
        append_cell(out, setting->preset[0] != '\0' ? setting->preset : "\"\"");
        text_append(out, "`");
    } else {
        text_append(out, "unset");
    }
}

static void append_allowed(const struct setting *setting, struct text *out)
{
    char allowed[300];
    struct text text;
    text_init(&text, allowed, sizeof allowed);
    if (setting->type != SETTING_TYPE_CHOICE)
        text_append(&text, describe_type(setting->type));
    size_t named = text.length;
    if (named > 0)
        text_append(&text, ", ");
    size_t start = text.length;
    describe_range(setting, &text);
    if (setting->type == SETTING_TYPE_LIST || setting->type == SETTING_TYPE_TEXT_LIST)
        text_printf(&text, "up to %zu", setting->capacity);
    else if (setting->type == SETTING_TYPE_TEXT || setting->type == SETTING_TYPE_SECRET)
        text_printf(&text, "up to %zu bytes", setting->size - 1);
    if (text.length == start && named > 0)
        text.data[text.length = named] = '\0';
    if (setting->unit != NULL)
        text_printf(&text, " (%s)", setting->unit);
    append_cell(out, allowed);
}

static void append_rows(const struct setting *settings, size_t count, const char *prefix,
                        struct text *out)
{
    for (size_t i = 0; i < count; i++) {
        const struct setting *setting = &settings[i];
        text_printf(out, "| `%s%s` | ", prefix, setting->key);
        append_allowed(setting, out);
        text_append(out, " | ");
        append_preset(setting, out);
        text_append(out, " | ");
        append_cell(out, setting->help != NULL ? setting->help : "");
        text_append(out, " |\n");
        if (setting->type == SETTING_TYPE_LIST) {
            char below[CONFIG_KEY_MAX * 2];
            (void)snprintf(below, sizeof below, "%s%s[].", prefix, setting->key);
            append_rows(setting->elements, setting->element_settings, below, out);
        }
    }
}

void config_reference(const struct setting *settings, size_t count, struct text *out)
{
    text_append(out, "| Setting | Takes | Preset | What it does |\n");
    text_append(out, "| --- | --- | --- | --- |\n");
    append_rows(settings, count, "", out);
}
