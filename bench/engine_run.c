// SPDX-License-Identifier: Apache-2.0
// The engine's deadlines run in order, each at its time, between the emissions.
#include "bench/engine_run.h"

#include "base/text.h"

#include <string.h>

struct player {
    struct scenario *scenario;
    struct engine *engine;
    struct engine_run *run;
    int64_t wall_ms;
    const struct listener *listeners;
    size_t listener_count;
};

static struct instant at(const struct player *player, int64_t t_ms)
{
    return (struct instant){{t_ms * 1000}, {player->wall_ms + t_ms}};
}

static void take_names(const struct incident *incident, struct named *out)
{
    out->count = 1;
    text_set(out->items[0].code, incident->code);
    text_set(out->items[0].component, incident->component);
    out->items[0].probability = incident->confidence;
    for (uint32_t i = 0; i < incident->alternative_count && out->count < NAMED_MAX; i++) {
        const struct incident_alternative *other = &incident->alternatives[i];
        if (strcmp(other->code, incident->code) == 0 &&
            strcmp(other->component, incident->component) == 0)
            continue;
        text_set(out->items[out->count].code, other->code);
        text_set(out->items[out->count].component, other->component);
        out->items[out->count++].probability = other->probability;
    }
}

static struct incident_record *record_of(struct engine_run *run, const struct incident *incident,
                                         int64_t t_ms)
{
    for (uint32_t i = 0; i < run->count; i++)
        if (strcmp(run->records[i].id, incident->id) == 0)
            return &run->records[i];
    if (run->count == RUN_RECORDS_MAX) {
        run->refused++;
        return NULL;
    }
    struct incident_record *record = &run->records[run->count++];
    *record = (struct incident_record){.opened_ms = t_ms, .told_ms = -1, .resolved_ms = -1};
    text_set(record->id, incident->id);
    take_names(incident, &record->when_opened);
    return record;
}

static void take_transition(struct player *player, int64_t t_ms, const struct effect *effect)
{
    struct incident_record *record = record_of(player->run, effect->incident, t_ms);
    if (record == NULL)
        return;
    bool is_open =
        effect->transition == TRANSITION_OPENED || effect->transition == TRANSITION_UPDATED;
    if (effect->transition == TRANSITION_RESOLVED)
        record->resolved_ms = t_ms;
    if (!is_open)
        return;
    take_names(effect->incident, &record->at_last);
    if (!effect->annunciated)
        return;
    record->told++;
    if (record->told_ms < 0) {
        record->told_ms = t_ms;
        take_names(effect->incident, &record->when_told);
    }
}

static void step(struct player *player, struct instant now, const struct event *event)
{
    struct effects effects = engine_step(player->engine, now, event);
    player->run->events++;
    for (size_t i = 0; i < effects.count; i++) {
        const struct effect *effect = &effects.items[i];
        if (effect->kind == EFFECT_TRANSITION)
            take_transition(player, now.mono.us / 1000, effect);
        else if (effect->kind == EFFECT_COMMAND)
            scenario_command(player->scenario, effect->node, effect->command.action);
    }
}

static void run_deadlines(struct player *player, int64_t t_ms)
{
    static const struct event timer = {.kind = EVENT_TIMER};
    struct mono_time limit = {t_ms * 1000};
    for (;;) {
        struct mono_time due = engine_next_deadline(player->engine);
        if (mono_is_never(due) || mono_before(limit, due))
            return;
        struct instant now = {due, {player->wall_ms + due.us / 1000}};
        step(player, now, &timer);
    }
}

static void hear(void *context, const struct emission *emission)
{
    struct player *player = context;
    run_deadlines(player, emission->t_ms);
    struct event event = {.kind = emission->is_link ? EVENT_LINK : EVENT_MESSAGE,
                          .node = emission->node,
                          .retained = emission->retained,
                          .message = emission->message,
                          .link_up = emission->link_up};
    step(player, at(player, emission->t_ms), &event);
    for (size_t i = 0; i < player->listener_count; i++)
        player->listeners[i].hear(player->listeners[i].context, emission);
}

enum status engine_run_scenario(struct scenario *scenario, const struct engine_config *config,
                                const struct listener *listeners, size_t listener_count,
                                struct engine_run *run)
{
    struct player player = {.scenario = scenario,
                            .run = run,
                            .wall_ms = scenario_wall_ms(scenario),
                            .listeners = listeners,
                            .listener_count = listener_count};
    run->count = run->refused = 0;
    run->events = 0;
    enum status status = engine_new(config, at(&player, 0), &player.engine);
    if (status != STATUS_OK)
        return status;
    status = scenario_run(scenario, hear, &player);
    run_deadlines(&player, scenario_truth(scenario)->length_ms);
    run->threshold = engine_counters(player.engine).threshold;
    engine_free(player.engine);
    return status;
}
