// SPDX-License-Identifier: Apache-2.0
// The engine: one event through delivery, fleet, diagnosis and incidents, and the deadlines before
// it.
#include "collector/core/engine_state.h"

#include "base/text.h"
#include "collector/core/asking.h"
#include "collector/core/signs.h"

#include <inttypes.h>
#include <stdlib.h>

enum { DEFAULT_NODES_MAX = 4096, OUTBOXES_PER_NODE = 4, DEADLINES_PER_STEP = 1 << 22 };

void engine_config_init(struct engine_config *config)
{
    *config = (struct engine_config){.site = "",
                                     .false_alarms_per_year = 0.1,
                                     .annunciate_after = duration_s(5),
                                     .reopen_within = duration_s(300),
                                     .auto_close_after = duration_s(0),
                                     .restart_limit = duration_s(600),
                                     .silent_after_start = duration_s(30),
                                     .fetches_per_station_hour = 40,
                                     .status_valid_for_s = 60,
                                     .nodes_max = DEFAULT_NODES_MAX};
}

enum status engine_new(const struct engine_config *config, struct instant start,
                       struct engine **ret_engine)
{
    struct engine *engine = calloc(1, sizeof *engine);
    if (engine == NULL)
        return STATUS_NO_MEMORY;
    engine->config = *config;
    engine->now = start;
    effect_list_init(&engine->effects);
    enum status status = fleet_new(&engine->config, start, &engine->fleet);
    if (status == STATUS_OK)
        status = diagnosis_new(&engine->config, &engine->diagnosis);
    if (status == STATUS_OK)
        status = incident_book_new(&engine->config, &engine->book);
    if (status == STATUS_OK)
        status = delivery_new(config->nodes_max * OUTBOXES_PER_NODE, &engine->delivery);
    if (status != STATUS_OK) {
        engine_free(engine);
        return status;
    }
    *ret_engine = engine;
    return STATUS_OK;
}

void engine_free(struct engine *engine)
{
    if (engine == NULL)
        return;
    delivery_free(engine->delivery);
    incident_book_free(engine->book);
    diagnosis_free(engine->diagnosis);
    fleet_free(engine->fleet);
    effect_list_fini(&engine->effects);
    free(engine);
}

static struct book_context context_of(struct engine *engine)
{
    return (struct book_context){.config = &engine->config,
                                 .fleet = engine->fleet,
                                 .diagnosis = engine->diagnosis,
                                 .effects = &engine->effects};
}

static void note(struct engine *engine, const char *node, const char *text)
{
    struct effect effect = {.kind = EFFECT_NOTE, .node = node};
    text_set(effect.text, text);
    effect_list_add(&engine->effects, &effect);
}

// ---- sightings -------------------------------------------------------------------------------

// Silences that ended in this step: who did not come back has to show by itself.
static void recount_silent(struct engine *engine, struct instant now, size_t from)
{
    for (size_t i = from; i < engine->effects.count; i++) {
        const struct effect *effect = &engine->effects.items[i];
        if (effect->kind != EFFECT_TRANSITION || effect->transition != TRANSITION_RESOLVED)
            continue;
        uint32_t component =
            components_find(fleet_components(engine->fleet), effect->incident->component);
        if (component != NAME_NONE)
            fleet_recount_silent(engine->fleet, now, component);
    }
}

static void retell_signs(struct engine *engine, struct instant now, size_t from);

static void judge(struct engine *engine, struct instant now, const struct sightings *sightings,
                  const char *event)
{
    struct book_context with = context_of(engine);
    size_t before = engine->effects.count;
    bool alarm = false;
    for (uint32_t i = 0; i < sightings->count; i++) {
        alarm |= diagnosis_sight(engine->diagnosis, engine->fleet, now.mono, &sightings->items[i]);
        incident_book_sight(engine->book, &with, now, &sightings->items[i], event);
    }
    if (alarm)
        incident_book_consider(engine->book, &with, now);
    retell_signs(engine, now, before);
}

// A fault that is over may leave what foretold it: signs that stand at its component count anew.
static void retell_signs(struct engine *engine, struct instant now, size_t from)
{
    size_t end = engine->effects.count;
    for (size_t i = from; i < end; i++) {
        const struct effect *effect = &engine->effects.items[i];
        struct components *components = fleet_components(engine->fleet);
        struct sightings sightings = {.count = 0};
        if (effect->kind != EFFECT_TRANSITION || effect->transition != TRANSITION_RESOLVED)
            continue;
        uint32_t component = components_find(components, effect->incident->component);
        if (component != NAME_NONE)
            signs_retell(components, component, now.mono, &sightings);
        if (sightings.count > 0)
            judge(engine, now, &sightings, "");
    }
}

// ---- deadlines -------------------------------------------------------------------------------

static struct instant at_its_time(struct instant now, struct mono_time deadline)
{
    struct duration late = mono_sub(now.mono, deadline);
    return (struct instant){deadline, wall_add(now.wall, (struct duration){-late.us})};
}

// Everything that is due up to `now`, each at its own time and in that order, so that a late call
// gives what a timely one would have given.
static void work_off_deadlines(struct engine *engine, struct instant now)
{
    struct book_context with = context_of(engine);
    for (uint32_t i = 0; i < DEADLINES_PER_STEP; i++) {
        struct mono_time fleet_at = fleet_next_deadline(engine->fleet);
        struct mono_time book_at = incident_book_next_deadline(engine->book);
        struct mono_time first = mono_min(fleet_at, book_at);
        if (mono_is_never(first) || mono_before(now.mono, first))
            return;
        struct instant then = at_its_time(now, first);
        if (!mono_before(book_at, fleet_at)) { // the fleet first: silence before its consequences
            struct sightings sightings = {.count = 0};
            struct mono_time at;
            if (fleet_due(engine->fleet, then, &at, &sightings))
                judge(engine, at_its_time(now, at), &sightings, "");
        } else {
            size_t before = engine->effects.count;
            incident_book_due(engine->book, &with, then);
            recount_silent(engine, then, before);
            retell_signs(engine, then, before);
        }
    }
}

// ---- messages --------------------------------------------------------------------------------

static void own_up(struct engine *engine, const char *node, const char *outbox_id,
                   const struct message *message, const struct delivery_result *result)
{
    if (result->gap_from != 0) {
        engine->counters.gaps += result->gap_count;
        effect_list_add(&engine->effects, &(struct effect){.kind = EFFECT_GAP,
                                                           .node = node,
                                                           .outbox_id = outbox_id,
                                                           .gap_from = result->gap_from,
                                                           .seq = result->gap_to});
    }
    if (message != NULL || result->ack_owed)
        effect_list_add(&engine->effects,
                        &(struct effect){.kind = EFFECT_RECORD,
                                         .node = node,
                                         .message = message,
                                         .outbox_id = outbox_id,
                                         .seq = result->ack_owed ? result->ack_seq : 0});
}

static void hear_oldest(struct engine *engine, const char *node, const struct message *message)
{
    bool birth = message->kind == MESSAGE_BIRTH;
    const char *outbox_id = birth ? message->birth.outbox_id : message->heartbeat.outbox_id;
    uint64_t oldest =
        birth ? message->birth.outbox_oldest_seq : message->heartbeat.outbox_oldest_seq;
    struct delivery_result result = {0};
    if (outbox_id[0] == '\0' || oldest == 0 || (birth && !message->birth.online))
        return;
    if (delivery_oldest(engine->delivery, node, outbox_id, oldest, &result) == STATUS_OK)
        own_up(engine, node, outbox_id, NULL, &result);
}

// True when the message is news; a repeat owes its ack and nothing else.
static bool accept(struct engine *engine, const char *node, const struct message *message)
{
    const struct event_key *key = message_event_key(message);
    struct delivery_result result = {0};
    if (key == NULL)
        return true;
    enum status status = delivery_accept(engine->delivery, node, key, &result);
    if (status != STATUS_OK) {
        note(engine, node,
             "too many outboxes: its event was judged, not stored; it will repeat it");
        return true;
    }
    if (!result.is_new)
        engine->counters.duplicates++;
    own_up(engine, node, key->outbox_id, result.is_new ? message : NULL, &result);
    if (result.is_new && fleet_is_late(key))
        engine->counters.late++;
    return result.is_new;
}

static void name_event(char out[EVENT_NAME_SIZE], const char *node, const struct message *message)
{
    struct text text;
    text_init(&text, out, EVENT_NAME_SIZE);
    const struct event_key *key = message_event_key(message);
    if (key != NULL)
        text_printf(&text, "%s/%s/%" PRIu64, node, key->outbox_id, key->seq);
}

static void hear_message(struct engine *engine, struct instant now, const struct event *event)
{
    const struct message *message = event->message;
    if (message->kind == MESSAGE_ACK || message->kind == MESSAGE_COMMAND)
        return; // ours, not a node's
    if (!event->retained && (message->kind == MESSAGE_BIRTH || message->kind == MESSAGE_HEARTBEAT))
        hear_oldest(engine, event->node, message);
    if (!accept(engine, event->node, message))
        return;
    struct sightings sightings = {.count = 0};
    char said[TEXT_SIZE], event_name[EVENT_NAME_SIZE];
    enum status status =
        fleet_hear(engine->fleet, now, event->node, event->retained, message, &sightings, said);
    if (status != STATUS_OK) {
        if (engine->counters.nodes_refused++ == 0)
            note(engine, event->node,
                 status == STATUS_EXISTS ? "a node's id equals another's but for case: refused"
                                         : "too many nodes or components: a node was refused");
        return;
    }
    if (said[0] != '\0')
        note(engine, event->node, said);
    if (fleet_wants_resync(engine->fleet, event->node))
        ask_resync(&engine->effects, event->node, now);
    name_event(event_name, event->node, message);
    judge(engine, now, &sightings, event_name);
}

static void restore_outbox(struct engine *engine, const struct event *event)
{
    if (delivery_restore(engine->delivery, event->node, event->outbox_id, event->high_water) !=
        STATUS_OK)
        note(engine, event->node, "too many outboxes in the store: a mark was not restored");
}

static void restore_memory(struct engine *engine, const struct event *event)
{
    enum status status = fleet_restore_memory(engine->fleet, event->key, event->memory);
    if (status == STATUS_INVALID || status == STATUS_NO_MEMORY) {
        char said[TEXT_SIZE];
        struct text text;
        text_init(&text, said, sizeof said);
        text_printf(&text, "what was remembered as %s cannot be used and is learned anew: %s",
                    event->key, status_text(status));
        note(engine, "", said);
    }
}

// Last of a step: by then nobody adds to the list that the effects point into.
static void remember(struct engine *engine)
{
    const struct memory *memory = fleet_memory(engine->fleet);
    for (size_t i = 0; i < memory->count; i++)
        effect_list_add(&engine->effects, &(struct effect){.kind = EFFECT_REMEMBER,
                                                           .key = memory->items[i].key,
                                                           .memory = memory->items[i].text});
}

static void dispatch(struct engine *engine, struct instant now, const struct event *event)
{
    struct book_context with = context_of(engine);
    struct sightings sightings = {.count = 0};
    switch (event->kind) {
    case EVENT_TIMER:
        break;
    case EVENT_MESSAGE:
        hear_message(engine, now, event);
        break;
    case EVENT_STEADY:
        fleet_hear_steady(engine->fleet, now, event->node, event->until, &sightings);
        judge(engine, now, &sightings, "");
        break;
    case EVENT_LINK:
        fleet_link(engine->fleet, now, event->link_up, &sightings);
        judge(engine, now, &sightings, "");
        break;
    case EVENT_OPERATOR:
        incident_book_operate(engine->book, &with, now, event->operation);
        break;
    case EVENT_RESTORE_OUTBOX:
        restore_outbox(engine, event);
        break;
    case EVENT_RESTORE_NODE:
        if (fleet_expect(engine->fleet, now, event->node, event->role) != STATUS_OK)
            note(engine, event->node, "too many nodes in the store: one was not restored");
        break;
    case EVENT_RESTORE_MEMORY:
        restore_memory(engine, event);
        break;
    case EVENT_RESTORE_INCIDENT:
        incident_book_restore(engine->book, &with, now, event->incident);
        fleet_restore_restart(engine->fleet, now, event->incident);
        break;
    }
}

struct effects engine_step(struct engine *engine, struct instant now, const struct event *event)
{
    effect_list_clear(&engine->effects);
    memory_clear(fleet_memory(engine->fleet));
    if (mono_before(now.mono, engine->now.mono)) // time never goes back; the wall clock may
        now.mono = engine->now.mono;
    engine->now = now;
    engine->counters.events++;
    work_off_deadlines(engine, now);
    dispatch(engine, now, event);
    work_off_deadlines(engine, now);
    bool changed = false;
    for (size_t i = 0; i < engine->effects.count; i++)
        changed |= engine->effects.items[i].kind == EFFECT_TRANSITION;
    if (changed)
        effect_list_add(&engine->effects, &(struct effect){.kind = EFFECT_STATUS});
    remember(engine);
    return (struct effects){engine->effects.items, engine->effects.count};
}

struct mono_time engine_next_deadline(const struct engine *engine)
{
    return mono_min(fleet_next_deadline(engine->fleet), incident_book_next_deadline(engine->book));
}
