// SPDX-License-Identifier: Apache-2.0
// What is expected of the present: no incident open, the stack light, a node's presence, a counter.
#include "tests/scenario/directive.h"
#include "tests/scenario/field.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool say(struct stage *stage, const char *wanted, const char *found)
{
    struct text text;
    text_init(&text, stage->problem, sizeof stage->problem);
    text_printf(&text, "%s was expected, there is %s", wanted, found);
    return false;
}

static bool look_open(struct stage *stage, double wanted)
{
    const struct engine *engine = stage->world->engine;
    uint32_t open = 0;
    char found[PROBLEM_SIZE];
    struct text text;
    text_init(&text, found, sizeof found);
    for (uint32_t i = 0; i < engine_incident_count(engine); i++) {
        const struct incident *incident = engine_incident(engine, i);
        if (incident->state == INCIDENT_CLOSED)
            continue;
        open++;
        text_printf(&text, "%s %s, ", incident->code, incident->component);
    }
    if (open == wanted)
        return true;
    text_printf(&text, "%u in all", open);
    return say(stage, "another number of open incidents", found);
}

static bool look_andon(struct stage *stage, const char *wanted)
{
    const char *found = engine_andon(stage->world->engine);
    return text_equal(found, wanted) || say(stage, wanted, found);
}

static bool find_node(const struct engine *engine, const char *name, struct node_view *ret)
{
    for (uint32_t i = 0; i < engine_node_count(engine); i++) {
        engine_node(engine, i, ret);
        if (text_equal(ret->node, name))
            return true;
    }
    return false;
}

static bool look_presence(struct stage *stage, const struct statement *statement)
{
    const struct plant *plant = &stage->world->plant;
    uint32_t *nodes = plant_allocate(plant->node_count + 1, sizeof *nodes);
    uint32_t count = 0;
    uint32_t used =
        plant_select(plant, statement->words + 2, statement->word_count - 2, nodes, &count);
    bool good = used != 0 && used + 3 == statement->word_count;
    for (uint32_t i = 0; good && i < count; i++) {
        struct node_view view;
        const char *name = plant->nodes[nodes[i]].name;
        const char *wanted = statement->words[statement->word_count - 1];
        const char *found = find_node(stage->world->engine, name, &view)
                                ? presence_name(view.presence)
                                : "no such node";
        char what[ID_SIZE * 2];
        snprintf(what, sizeof what, "%s %s", name, wanted);
        good = text_equal(found, wanted) || say(stage, what, found);
    }
    free(nodes);
    return good;
}

// `NAME OP N` in one word.
static bool look_counter(struct stage *stage, const char *condition)
{
    struct engine_counters c = engine_counters(stage->world->engine);
    const struct {
        const char *name;
        double value;
    } counters[] = {{"events", (double)c.events},
                    {"duplicates", (double)c.duplicates},
                    {"gaps", (double)c.gaps},
                    {"late", (double)c.late},
                    {"unauthorized", (double)c.unauthorized},
                    {"nodes_refused", (double)c.nodes_refused},
                    {"candidates", (double)c.candidates},
                    {"threshold", c.threshold}};
    size_t length = strcspn(condition, "><=!");
    size_t op_length = strspn(condition + length, "><=!");
    char op[3] = "";
    if (op_length == 0 || op_length >= sizeof op)
        return false;
    memcpy(op, condition + length, op_length);
    for (size_t i = 0; i < sizeof counters / sizeof counters[0]; i++) {
        char found[64];
        if (strlen(counters[i].name) != length || memcmp(counters[i].name, condition, length) != 0)
            continue;
        snprintf(found, sizeof found, "%g", counters[i].value);
        return field_compare(counters[i].value, op, condition + length + op_length) ||
               say(stage, condition, found);
    }
    return false;
}

bool directive_look(struct stage *stage, const struct statement *statement)
{
    const char *what = statement->word_count >= 2 ? statement->words[1] : "";
    const char *value = statement->word_count >= 3 ? statement->words[2] : "";
    double number;
    if (stage->world->engine == NULL)
        return say(stage, "a collector", "none");
    if (text_equal(what, "quiet"))
        return look_open(stage, 0) && look_andon(stage, "green");
    if (text_equal(what, "open") && script_number(value, &number, NULL))
        return look_open(stage, number);
    if (text_equal(what, "andon"))
        return look_andon(stage, value);
    if (text_equal(what, "presence") && statement->word_count >= 4)
        return look_presence(stage, statement);
    return text_equal(what, "counter") && look_counter(stage, value);
}
