// SPDX-License-Identifier: Apache-2.0
// A filled struct as YAML that reads back to the same struct.
#include "config/apply.h"
#include "config/describe.h"

#include <stdio.h>
#include <string.h>

struct printer {
    struct text *out;
    unsigned indent;
    bool dash;     // the next line begins a list's element
    bool comments; // help above each setting
};

static void print_settings(struct printer *printer, const struct setting *settings, size_t count,
                           const char *prefix, const char *target);

static void begin_line(struct printer *printer)
{
    unsigned indent = printer->dash ? printer->indent - 2 : printer->indent;
    for (unsigned i = 0; i < indent; i++)
        text_append(printer->out, " ");
    if (printer->dash)
        text_append(printer->out, "- ");
    printer->dash = false;
}

static bool is_list(const struct setting *setting)
{
    return setting->type == SETTING_TYPE_LIST || setting->type == SETTING_TYPE_TEXT_LIST;
}

static size_t list_count(const struct setting *setting, const char *target)
{
    size_t count;
    memcpy(&count, target + setting->count_offset, sizeof count);
    return count;
}

// Unset settings are shown as comments: their zero need not be a value that may be written.
static bool is_unset(const struct setting *setting, const char *target)
{
    if (is_list(setting))
        return setting->preset == NULL && !setting->required && list_count(setting, target) == 0;
    return value_is_unset(setting, target + setting->offset);
}

static bool any_set(const struct setting *settings, size_t count, const char *prefix,
                    const char *target)
{
    for (size_t i = 0; i < count; i++)
        if (key_below(settings[i].key, prefix) != NULL && !is_unset(&settings[i], target))
            return true;
    return false;
}

// One line of comment; a line break in a help text must not end it.
static void print_help_text(struct printer *printer, const char *help)
{
    for (; *help != '\0'; help++)
        text_append_bytes(printer->out, *help == '\n' ? " " : help, 1);
}

static void print_details(struct printer *printer, const struct setting *setting)
{
    char range[200];
    struct text text;
    text_init(&text, range, sizeof range);
    describe_range(setting, &text);
    if (setting->type == SETTING_TYPE_SECRET)
        text_append(&text, "the path of a file; its content is never shown");
    else if (is_list(setting))
        text_printf(&text, "up to %zu entries", setting->capacity);
    if (setting->unit != NULL)
        text_printf(&text, "%s%s", text.length > 0 ? " " : "in ", setting->unit);
    if (setting->preset != NULL)
        text_printf(&text, "%spreset %s", text.length > 0 ? "; " : "",
                    setting->preset[0] != '\0' ? setting->preset : "\"\"");
    if (setting->required)
        text_printf(&text, "%srequired", text.length > 0 ? "; " : "");
    if (text.length > 0) {
        text_append(printer->out, " (");
        print_help_text(printer, range);
        text_append(printer->out, ")");
    }
}

static void print_comment(struct printer *printer, const struct setting *setting)
{
    if (!printer->comments)
        return;
    begin_line(printer);
    text_append(printer->out, "# ");
    print_help_text(printer, setting->help != NULL ? setting->help : setting->key);
    print_details(printer, setting);
    text_append(printer->out, "\n");
}

static void print_elements_help(struct printer *printer, const struct setting *setting)
{
    if (!printer->comments || setting->type != SETTING_TYPE_LIST)
        return;
    for (size_t i = 0; i < setting->element_settings; i++) {
        const struct setting *element = &setting->elements[i];
        begin_line(printer);
        text_printf(printer->out, "#   %s: ", element->key);
        print_help_text(printer, element->help != NULL ? element->help : "");
        print_details(printer, element);
        text_append(printer->out, "\n");
    }
}

static void print_element(const struct printer *printer, const struct setting *list,
                          const char *element)
{
    struct printer inner = {printer->out, printer->indent + 4, true, false};
    if (list->type == SETTING_TYPE_TEXT_LIST) {
        begin_line(&inner);
        describe_text(element, inner.out);
        text_append(inner.out, "\n");
    } else if (any_set(list->elements, list->element_settings, "", element)) {
        print_settings(&inner, list->elements, list->element_settings, "", element);
    } else {
        begin_line(&inner);
        text_append(inner.out, "{}\n");
    }
}

static void print_setting(struct printer *printer, const struct setting *setting, const char *name,
                          const char *target)
{
    bool unset = is_unset(setting, target);
    if (unset && !printer->comments)
        return;
    print_comment(printer, setting);
    print_elements_help(printer, setting);
    begin_line(printer);
    text_printf(printer->out, "%s%s:", unset ? "# " : "", name);
    if (!is_list(setting)) {
        text_append(printer->out, " ");
        describe_value(setting, target + setting->offset, printer->out);
        text_append(printer->out, "\n");
        return;
    }
    size_t count = list_count(setting, target);
    text_append(printer->out, count == 0 ? " []\n" : "\n");
    for (size_t i = 0; i < count; i++)
        print_element(printer, setting, target + setting->offset + i * setting->size);
}

// True: setting i is the first of the table below the prefix `group`.
static bool begins_group(const struct setting *settings, size_t i, const char *group)
{
    for (size_t j = 0; j < i; j++)
        if (key_below(settings[j].key, group) != NULL)
            return false;
    return true;
}

static void print_group(struct printer *printer, const struct setting *settings, size_t count,
                        const char *group, const char *name, const char *target)
{
    bool empty = !any_set(settings, count, group, target);
    if (empty && !printer->comments)
        return;
    begin_line(printer);
    text_printf(printer->out, "%s%.*s:\n", empty ? "# " : "", (int)strcspn(name, "."), name);
    printer->indent += 2;
    print_settings(printer, settings, count, group, target);
    printer->indent -= 2;
}

static void print_settings(struct printer *printer, const struct setting *settings, size_t count,
                           const char *prefix, const char *target)
{
    for (size_t i = 0; i < count; i++) {
        const char *name = key_below(settings[i].key, prefix);
        if (name == NULL)
            continue;
        if (strchr(name, '.') == NULL) {
            print_setting(printer, &settings[i], name, target);
            continue;
        }
        char group[CONFIG_KEY_MAX];
        (void)snprintf(group, sizeof group, "%s%.*s.", prefix, (int)strcspn(name, "."), name);
        if (begins_group(settings, i, group))
            print_group(printer, settings, count, group, name, target);
    }
}

void config_print(const struct setting *settings, size_t count, const void *target,
                  struct text *out)
{
    struct printer printer = {out, 0, false, true};
    print_settings(&printer, settings, count, "", target);
}
