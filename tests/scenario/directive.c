// SPDX-License-Identifier: Apache-2.0
// The verbs, one table.
#include "tests/scenario/directive.h"

#include "base/name_table.h"
#include "tests/scenario/server_directive.h"
#include "tests/scenario/setup.h"
#include "tests/scenario/words.h"
#include "wire/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef bool (*perform_function)(struct stage *stage, const struct statement *statement);

// ---- helpers
// -------------------------------------------------------------------------------------

static const char *outcome_at(int i)
{
    return outcome_name((enum outcome)i);
}

static const char *offline_at(int i)
{
    return offline_reason_name((enum offline_reason)i);
}

struct selection {
    uint32_t *nodes;
    uint32_t count, next_word;
};

static bool select_nodes(struct stage *stage, const struct statement *statement,
                         struct selection *ret)
{
    struct plant *plant = &stage->world->plant;
    ret->nodes = plant_allocate(plant->node_count + 1, sizeof *ret->nodes);
    uint32_t used = statement->word_count < 2
                        ? 0
                        : plant_select(plant, statement->words + 1, statement->word_count - 1,
                                       ret->nodes, &ret->count);
    ret->next_word = used + 1;
    if (used == 0) {
        snprintf(stage->problem, sizeof stage->problem, "'%s' is nobody", word_at(statement, 1));
        free(ret->nodes);
    }
    return used != 0;
}

// Does `act` for each of WHO.
typedef bool (*act_function)(struct stage *stage, const struct statement *statement,
                             uint32_t next_word, struct plant_node *node);

static bool for_each(struct stage *stage, const struct statement *statement, act_function act)
{
    struct selection selection;
    if (!select_nodes(stage, statement, &selection))
        return false;
    bool good = true;
    for (uint32_t i = 0; good && i < selection.count; i++)
        good = act(stage, statement, selection.next_word,
                   &stage->world->plant.nodes[selection.nodes[i]]);
    free(selection.nodes);
    return good;
}

// ---- fetches and probes
// --------------------------------------------------------------------------

static bool act_fetch(struct stage *stage, const struct statement *statement, uint32_t next,
                      struct plant_node *node)
{
    (void)stage;
    int outcome;
    bool percent = true;
    const char *keeping = word_after(statement, next, "keeping");
    node->keeping = 0;
    if (!word_enum(word_at(statement, next), OUTCOME_COUNT, outcome_at, "OUTCOME_", &outcome) ||
        (keeping != NULL && !script_number(keeping, &node->keeping, &percent)))
        return false;
    node->fetch = (enum outcome)outcome;
    return percent;
}

static bool do_fetch(struct stage *stage, const struct statement *statement)
{
    return for_each(stage, statement, act_fetch);
}

static bool act_probe(struct stage *stage, const struct statement *statement, uint32_t next,
                      struct plant_node *node)
{
    (void)stage;
    int outcome;
    if (!word_enum(word_at(statement, next), OUTCOME_COUNT, outcome_at, "OUTCOME_", &outcome))
        return false;
    node->probe = (enum outcome)outcome;
    return true;
}

static bool do_probe(struct stage *stage, const struct statement *statement)
{
    return for_each(stage, statement, act_probe);
}

static bool act_order(struct stage *stage, const struct statement *statement, uint32_t next,
                      struct plant_node *node)
{
    int outcome;
    struct duration age;
    if (!word_enum(word_at(statement, next + 1), OUTCOME_COUNT, outcome_at, "OUTCOME_", &outcome) ||
        !word_time(statement, next, "age", &age))
        return false;
    plant_say_order(&stage->world->plant, stage->world->now, node, word_at(statement, next),
                    (enum outcome)outcome, duration_to_ms(age));
    return true;
}

static bool do_order(struct stage *stage, const struct statement *statement)
{
    return for_each(stage, statement, act_order);
}

static bool act_repeat(struct stage *stage, const struct statement *statement, uint32_t next,
                       struct plant_node *node)
{
    (void)statement;
    (void)next;
    plant_repeat(&stage->world->plant, stage->world->now, node);
    return true;
}

static bool do_repeat(struct stage *stage, const struct statement *statement)
{
    return for_each(stage, statement, act_repeat);
}

static bool act_lose(struct stage *stage, const struct statement *statement, uint32_t next,
                     struct plant_node *node)
{
    (void)stage;
    double count;
    if (!script_number(word_at(statement, next), &count, NULL) || count < 1 || node->kept_count > 0)
        return false;
    node->seq += (uint64_t)count;
    node->acked = node->seq; // the next heartbeat says that the outbox begins above
    return true;
}

static bool do_lose(struct stage *stage, const struct statement *statement)
{
    return for_each(stage, statement, act_lose);
}

// ---- life
// ------------------------------------------------------------------------------------------

static bool act_silence(struct stage *stage, const struct statement *statement, uint32_t next,
                        struct plant_node *node)
{
    (void)stage;
    (void)statement;
    (void)next;
    node->alive = false;
    return true;
}

static bool do_silence(struct stage *stage, const struct statement *statement)
{
    return for_each(stage, statement, act_silence);
}

static bool act_heard(struct stage *stage, const struct statement *statement, uint32_t next,
                      struct plant_node *node)
{
    (void)statement;
    (void)next;
    node->alive = true;
    node->session++;
    plant_connect(&stage->world->plant, stage->world->now, node);
    return true;
}

static bool do_heard(struct stage *stage, const struct statement *statement)
{
    return for_each(stage, statement, act_heard);
}

static bool act_goodbye(struct stage *stage, const struct statement *statement, uint32_t next,
                        struct plant_node *node)
{
    int reason;
    if (!word_enum(word_at(statement, next), OFFLINE_REASON_COUNT, offline_at, "OFFLINE_", &reason))
        return false;
    plant_goodbye(&stage->world->plant, stage->world->now, node, (enum offline_reason)reason);
    return true;
}

static bool do_goodbye(struct stage *stage, const struct statement *statement)
{
    return for_each(stage, statement, act_goodbye);
}

static bool act_will(struct stage *stage, const struct statement *statement, uint32_t next,
                     struct plant_node *node)
{
    (void)statement;
    (void)next;
    plant_will(&stage->world->plant, stage->world->now, node);
    return true;
}

static bool do_will(struct stage *stage, const struct statement *statement)
{
    return for_each(stage, statement, act_will);
}

static bool act_boot(struct stage *stage, const struct statement *statement, uint32_t next,
                     struct plant_node *node)
{
    bool unexpected = text_equal(word_at(statement, next), "unexpected");
    plant_boot(&stage->world->plant, stage->world->now, node, !unexpected);
    return unexpected || next >= statement->word_count ||
           text_equal(word_at(statement, next), "planned");
}

static bool do_boot(struct stage *stage, const struct statement *statement)
{
    return for_each(stage, statement, act_boot);
}

static bool act_certificate(struct stage *stage, const struct statement *statement, uint32_t next,
                            struct plant_node *node)
{
    struct duration time;
    if (!word_time(statement, next, "in", &time) || time.us == 0)
        return false;
    node->certificate_expires_at_ms = wall_add(stage->world->now.wall, time).ms;
    if (node->alive) {
        node->session++;
        plant_connect(&stage->world->plant, stage->world->now, node);
    }
    return true;
}

static bool do_certificate(struct stage *stage, const struct statement *statement)
{
    return for_each(stage, statement, act_certificate);
}

// ---- the collector and its people
// ------------------------------------------------------------------

static bool do_link(struct stage *stage, const struct statement *statement)
{
    world_link(stage->world, text_equal(word_at(statement, 1), "up"));
    return text_equal(word_at(statement, 1), "up") || text_equal(word_at(statement, 1), "down");
}

static bool do_broker(struct stage *stage, const struct statement *statement)
{
    bool up = text_equal(word_at(statement, 1), "up");
    if (!up && !text_equal(word_at(statement, 1), "down"))
        return false;
    if (up)
        plant_broker_up(&stage->world->plant, stage->world->now);
    else
        plant_broker_down(&stage->world->plant);
    world_link(stage->world, up);
    return true;
}

static bool do_collector(struct stage *stage, const struct statement *statement)
{
    bool up = text_equal(word_at(statement, 1), "up");
    if (up == (stage->world->engine != NULL))
        return false;
    if (up)
        world_collector_up(stage->world);
    else
        world_collector_down(stage->world);
    return up || text_equal(word_at(statement, 1), "down");
}

static bool do_operator(struct stage *stage, const struct statement *statement)
{
    struct operator_action action = {0};
    struct duration time;
    if (statement->word_count < 3 || !word_time(statement, 3, "for", &time))
        return false;
    const char *by = word_after(statement, 3, "by");
    const char *id = expectations_id(stage->expectations, word_at(statement, 2));
    text_set(action.action, word_at(statement, 1));
    text_set(action.by, by == NULL ? "operator" : by);
    action.for_s = time.us / 1000000;
    if (strncmp(action.action, "maintenance", 11) == 0)
        id = word_at(statement, 2);
    if (id == NULL) {
        snprintf(stage->problem, sizeof stage->problem, "there is no incident '%s' so far",
                 word_at(statement, 2));
        return false;
    }
    text_set(action.id, id);
    world_step(stage->world, &(struct event){.kind = EVENT_OPERATOR, .operation = &action});
    return true;
}

static bool do_raw(struct stage *stage, const struct statement *statement)
{
    int64_t ms = stage->world->now.wall.ms;
    size_t size = strlen(statement->rest) + 64;
    char *line = plant_allocate(1, size);
    struct trace_line *trace = plant_allocate(1, sizeof *trace);
    char problem[TEXT_SIZE] = "";
    // The brace that `rest` begins with comes after the time.
    int length = snprintf(line, size, "{\"t\":%lld.%03d,%s", (long long)(ms / 1000),
                          (int)(ms % 1000), statement->rest + 1);
    enum status status = trace_read_line(line, (size_t)length, trace, problem);
    if (status == STATUS_OK && trace->kind == TRACE_MESSAGE)
        world_step(stage->world, &(struct event){.kind = EVENT_MESSAGE,
                                                 .node = trace->topic.node,
                                                 .retained = trace->retained,
                                                 .message = &trace->message});
    else
        snprintf(stage->problem, sizeof stage->problem, "not a message of a trace: %s", problem);
    bool good = status == STATUS_OK && trace->kind == TRACE_MESSAGE;
    free(trace);
    free(line);
    return good;
}

static bool do_end(struct stage *stage, const struct statement *statement)
{
    (void)stage;
    return statement->word_count == 1;
}

// ---- the table
// -------------------------------------------------------------------------------------

static const struct {
    const char *verb;
    bool setup;
    perform_function perform;
} verbs[] = {
    {"fleet", true, setup_fleet},       {"server", true, setup_server},
    {"traffic", true, setup_traffic},   {"heartbeat", true, setup_heartbeat},
    {"seed", true, setup_seed},         {"start", true, setup_start},
    {"timezone", true, setup_timezone}, {"calendar", true, setup_calendar},
    {"holiday", true, setup_holiday},   {"setting", true, setup_setting},
    {"fetch", false, do_fetch},         {"probe", false, do_probe},
    {"order", false, do_order},         {"repeat", false, do_repeat},
    {"lose", false, do_lose},           {"silence", false, do_silence},
    {"heard", false, do_heard},         {"goodbye", false, do_goodbye},
    {"will", false, do_will},           {"boot", false, do_boot},
    {"service", false, server_service}, {"host", false, server_host},
    {"output", false, server_output},   {"link", false, do_link},
    {"broker", false, do_broker},       {"collector", false, do_collector},
    {"operator", false, do_operator},   {"raw", false, do_raw},
    {"disk", false, server_disk},       {"certificate", false, do_certificate},
    {"expect", false, directive_look},  {"end", false, do_end},
};

enum { VERB_COUNT = sizeof verbs / sizeof verbs[0] };

bool directive_known(const char *verb, bool *ret_setup)
{
    for (size_t v = 0; v < VERB_COUNT; v++)
        if (text_equal(verbs[v].verb, verb)) {
            *ret_setup = verbs[v].setup;
            return true;
        }
    return false;
}

bool directive_perform(struct stage *stage, const struct statement *statement)
{
    for (size_t v = 0; v < VERB_COUNT; v++)
        if (text_equal(verbs[v].verb, statement->words[0]))
            return verbs[v].perform(stage, statement);
    return false;
}
