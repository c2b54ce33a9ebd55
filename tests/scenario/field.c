// SPDX-License-Identifier: Apache-2.0
// The fields of an incident by name, single ones and lists.
#include "tests/scenario/field.h"

#include <stdio.h>
#include <string.h>

enum { VALUES_MAX = INCIDENT_LABELS_MAX };

struct values { // what an incident has under a name: one text, one number, or a list of texts
    bool known, is_number;
    double number;
    uint32_t count;
    char texts[VALUES_MAX][PARAGRAPH_SIZE];
};

static void add(struct values *values, const char *text)
{
    if (values->count < VALUES_MAX)
        text_set(values->texts[values->count++], text);
    values->known = true;
}

static void set_number(struct values *values, double number)
{
    values->number = number;
    values->is_number = values->known = true;
}

static void get_texts(const struct incident *i, const char *name, struct values *values)
{
    const struct {
        const char *name, *text;
    } texts[] = {
        {"code", i->code},
        {"component", i->component},
        {"state", incident_state_name(i->state)},
        {"priority", priority_name(i->priority)},
        {"owner", i->owner},
        {"headline", i->headline},
        {"cause", i->cause},
        {"why", i->why_code},
        {"action", i->action},
    };
    for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++)
        if (text_equal(texts[t].name, name))
            add(values, texts[t].text);
}

static void get_lists(const struct incident *i, const char *name, struct values *values)
{
    values->known |= text_equal(name, "alternative") || text_equal(name, "ruled_out") ||
                     text_equal(name, "path") || text_equal(name, "evidence") ||
                     text_equal(name, "label");
    for (uint32_t n = 0; n < i->alternative_count && text_equal(name, "alternative"); n++)
        add(values, i->alternatives[n].code);
    for (uint32_t n = 0; n < i->ruled_out_count && text_equal(name, "ruled_out"); n++)
        add(values, i->ruled_out[n].code);
    for (uint32_t n = 0; n < i->ruled_out_count && text_equal(name, "path"); n++)
        add(values, i->ruled_out[n].path);
    for (uint32_t n = 0; n < i->evidence_count && text_equal(name, "evidence"); n++)
        add(values, i->evidence[n].kind);
    for (uint32_t n = 0; n < i->scope.label_count && text_equal(name, "label"); n++) {
        char label[PARAGRAPH_SIZE];
        snprintf(label, sizeof label, "%s:%u", i->scope.by_label[n].label,
                 i->scope.by_label[n].affected);
        add(values, label);
    }
}

static void get(const struct incident *i, const char *name, struct values *values)
{
    values->known = values->is_number = false;
    values->count = 0;
    get_texts(i, name, values);
    get_lists(i, name, values);
    if (text_equal(name, "affected"))
        set_number(values, i->scope.affected);
    else if (text_equal(name, "confirmed"))
        set_number(values, i->scope.confirmed);
    else if (text_equal(name, "total"))
        set_number(values, i->scope.total);
    else if (text_equal(name, "confidence"))
        set_number(values, i->confidence);
}

bool field_read(char *word, struct expected_field *ret)
{
    static const char *const ops[] = {">=", "<=", "!=", "=", "~"};
    size_t length = strcspn(word, "><!=~");
    const char *op = NULL;
    for (size_t o = 0; o < sizeof ops / sizeof ops[0] && op == NULL; o++)
        if (strncmp(word + length, ops[o], strlen(ops[o])) == 0)
            op = ops[o];
    if (op == NULL || length >= sizeof ret->name)
        return false;
    memcpy(ret->name, word, length);
    ret->name[length] = '\0';
    text_set(ret->op, op);
    ret->value = word + length + strlen(op);
    static const struct incident nothing;
    struct values values;
    get(&nothing, ret->name, &values);
    return values.known;
}

bool field_compare(double number, const char *op, const char *value)
{
    double wanted;
    if (!script_number(value, &wanted, NULL))
        return false;
    return text_equal(op, "=")    ? number == wanted
           : text_equal(op, "!=") ? number != wanted
           : text_equal(op, ">=") ? number >= wanted
           : text_equal(op, "<=") ? number <= wanted
                                  : false;
}

// `text` is one of the words that `|` separates.
static bool is_either(const char *text, const char *choices)
{
    size_t length = strlen(text);
    for (const char *c = choices;; c++) {
        size_t choice = strcspn(c, "|");
        if (choice == length && memcmp(c, text, length) == 0)
            return true;
        c += choice;
        if (*c == '\0')
            return false;
    }
}

static bool texts_hold(const struct expected_field *field, const struct values *values)
{
    bool negated = text_equal(field->op, "!=");
    for (uint32_t v = 0; v < values->count; v++) {
        bool same = text_equal(field->op, "~") ? strstr(values->texts[v], field->value) != NULL
                                               : is_either(values->texts[v], field->value);
        if (same)
            return !negated;
    }
    return negated;
}

bool field_holds(const struct expected_field *field, const struct incident *incident,
                 struct text *why)
{
    struct values values;
    get(incident, field->name, &values);
    bool holds = values.is_number ? field_compare(values.number, field->op, field->value)
                                  : texts_hold(field, &values);
    if (holds)
        return true;
    text_printf(why, "%s%s%s was expected, there is", field->name, field->op, field->value);
    if (values.is_number)
        text_printf(why, " %g", values.number);
    for (uint32_t v = 0; v < values.count; v++)
        text_printf(why, " '%s'", values.texts[v]);
    if (!values.is_number && values.count == 0)
        text_append(why, " none");
    return false;
}
