// SPDX-License-Identifier: Apache-2.0
// Replay: lines become engine events, effects become transitions.
#include "ctl/trace/replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct replay {
    const struct engine_config *config;
    struct replay_events events;
    struct replay_counters counters;
    struct engine *engine; // made at the first line
    struct wall_time now;
    struct trace_line line; // large: kept here instead of on the stack of each call
};

enum status replay_new(const struct engine_config *config, const struct replay_events *events,
                       struct replay **ret_replay)
{
    struct replay *replay = calloc(1, sizeof *replay);
    if (replay == NULL)
        return STATUS_NO_MEMORY;
    replay->config = config;
    replay->events = *events;
    *ret_replay = replay;
    return STATUS_OK;
}

void replay_free(struct replay *replay)
{
    if (replay == NULL)
        return;
    engine_free(replay->engine);
    free(replay);
}

static struct instant instant_of(struct wall_time t)
{
    return (struct instant){.mono = {t.ms * 1000}, .wall = t};
}

static void step(struct replay *replay, struct instant now, const struct event *event)
{
    struct effects effects = engine_step(replay->engine, now, event);
    for (size_t i = 0; i < effects.count; i++) {
        if (effects.items[i].kind != EFFECT_TRANSITION)
            continue;
        replay->counters.transitions++;
        replay->events.transition(replay->events.context, now.wall, &effects.items[i]);
    }
}

// Every deadline up to `t`, in order, each at its own time.
static void run_deadlines(struct replay *replay, struct wall_time t)
{
    static const struct event timer = {.kind = EVENT_TIMER};
    struct mono_time limit = instant_of(t).mono;
    for (;;) {
        struct mono_time due = engine_next_deadline(replay->engine);
        if (mono_is_never(due) || mono_before(limit, due))
            return;
        step(replay, (struct instant){due, {due.us / 1000}}, &timer);
    }
}

static bool is_news(const struct trace_line *line)
{
    return line->message.kind != MESSAGE_ACK && line->message.kind != MESSAGE_COMMAND;
}

static void play_message(struct replay *replay)
{
    const struct trace_line *line = &replay->line;
    struct event event = {
        .kind = EVENT_MESSAGE,
        .node = line->topic.node,
        .retained = line->retained,
        .message = &line->message,
    };
    replay->counters.events++;
    step(replay, instant_of(line->t), &event);
}

static void play_operator(struct replay *replay)
{
    const struct trace_operator *said = &replay->line.operation;
    struct operator_action action = {.for_s = said->for_s};
    text_set(action.action, said->action);
    text_set(action.id, said->id);
    text_set(action.by, said->by);
    text_set(action.comment, said->comment);
    struct event event = {.kind = EVENT_OPERATOR, .operation = &action};
    replay->counters.events++;
    step(replay, instant_of(replay->line.t), &event);
}

static void play_link(struct replay *replay)
{
    struct event event = {.kind = EVENT_LINK, .link_up = replay->line.link_up};
    replay->counters.events++;
    step(replay, instant_of(replay->line.t), &event);
}

static bool is_other_site(const struct replay *replay)
{
    const struct trace_line *line = &replay->line;
    bool has_topic = line->kind == TRACE_MESSAGE || line->kind == TRACE_UNDECODED ||
                     line->kind == TRACE_SITE_WIDE;
    return has_topic && strcmp(line->topic.site, replay->config->site) != 0;
}

static void play(struct replay *replay)
{
    if (is_other_site(replay)) {
        replay->counters.other_sites++;
        return;
    }
    switch (replay->line.kind) {
    case TRACE_MESSAGE:
        if (is_news(&replay->line))
            play_message(replay);
        else
            replay->counters.passed_over++;
        break;
    case TRACE_UNDECODED:
        replay->counters.undecoded++;
        break;
    case TRACE_SITE_WIDE:
        replay->counters.passed_over++;
        break;
    case TRACE_LINK:
        play_link(replay);
        break;
    case TRACE_OPERATOR:
        play_operator(replay);
        break;
    case TRACE_END:
        break;
    }
}

// Time goes on to the line's t; the first line makes the engine.
static enum status advance(struct replay *replay, char problem[TEXT_SIZE])
{
    struct wall_time t = replay->line.t;
    if (replay->engine == NULL) {
        enum status status = engine_new(replay->config, instant_of(t), &replay->engine);
        if (status != STATUS_OK) {
            snprintf(problem, TEXT_SIZE, "cannot start the engine: %s", status_text(status));
            return status;
        }
    } else if (t.ms < replay->now.ms) {
        char now[WALL_TEXT_SIZE], then[WALL_TEXT_SIZE];
        snprintf(problem, TEXT_SIZE, "t goes back from %s to %s; sort the trace by t",
                 wall_format(replay->now, then), wall_format(t, now));
        return STATUS_INVALID;
    }
    replay->now = t;
    run_deadlines(replay, t);
    return STATUS_OK;
}

static bool is_blank(const char *line, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r')
            return false;
    return true;
}

enum status replay_line(struct replay *replay, const char *line, size_t size,
                        char problem[TEXT_SIZE])
{
    replay->counters.lines++;
    if (is_blank(line, size))
        return STATUS_OK;
    enum status status = trace_read_line(line, size, &replay->line, problem);
    if (status == STATUS_OK)
        status = advance(replay, problem);
    if (status == STATUS_OK)
        play(replay);
    return status;
}

void replay_finish(struct replay *replay)
{
    if (replay->engine != NULL)
        run_deadlines(replay, replay->now);
}

struct replay_counters replay_counters(const struct replay *replay)
{
    return replay->counters;
}

struct wall_time replay_now(const struct replay *replay)
{
    return replay->now;
}
