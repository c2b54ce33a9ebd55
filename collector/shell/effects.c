// SPDX-License-Identifier: Apache-2.0
// One function per kind of effect.
#include "collector/shell/effects.h"

#include "collector/shell/limits.h"
#include "runtime/log.h"
#include "wire/codec.h"
#include "wire/json.h"

#include <inttypes.h>
#include <stdlib.h>

struct effect_performer {
    struct effect_parts parts;
    struct holds *holds;
    struct effect_counters counters;
    bool incidents_unsaved; // the store refused one
    char json[INCIDENT_JSON_MAX];
};

enum status effects_new(const struct effect_parts *parts, size_t outboxes_max,
                        struct effect_performer **ret_performer)
{
    struct effect_performer *self = calloc(1, sizeof *self);
    if (self == NULL)
        return STATUS_NO_MEMORY;
    enum status status = holds_new(outboxes_max, &self->holds);
    if (status != STATUS_OK) {
        free(self);
        return status;
    }
    self->parts = *parts;
    *ret_performer = self;
    return STATUS_OK;
}

void effects_free(struct effect_performer *self)
{
    if (self == NULL)
        return;
    holds_free(self->holds);
    free(self);
}

// ---- transitions ------------------------------------------------------------------------------

static bool save_incident(struct effect_performer *self, const struct incident *incident,
                          const char *json, size_t size)
{
    struct store_item item = {
        .kind = STORE_INCIDENT,
        .incident = {.id = incident->id,
                     .closed = incident->state == INCIDENT_CLOSED,
                     .since = incident->since,
                     .told_at = incident->told ? incident->told_at : WALL_UNKNOWN,
                     .json = json,
                     .size = size}};
    return store_writer_put(self->parts.store, &item) == STATUS_OK;
}

static void show_transition(struct effect_performer *self, struct instant now,
                            const struct effect *effect)
{
    if (self->parts.display.incident == NULL)
        return;
    struct text text;
    text_init(&text, self->json, sizeof self->json);
    json_write_transition(&text, now.wall, effect->transition, effect->annunciated,
                          effect->incident);
    self->parts.display.incident(self->parts.display.context, self->json);
}

static void tell_people(struct effect_performer *self, const struct effect *effect)
{
    self->counters.told++;
    for (size_t i = 0; i < self->parts.sink_count; i++)
        self->parts.sinks[i]->ops->tell(self->parts.sinks[i], effect->transition, effect->incident);
}

static void perform_transition(struct effect_performer *self, struct instant now,
                               const struct effect *effect)
{
    const struct incident *incident = effect->incident;
    struct text text;
    text_init(&text, self->json, sizeof self->json);
    json_write_incident(&text, incident);
    publisher_incident(self->parts.publisher, incident, text.data, text.length);
    if (effect->annunciated)
        tell_people(self, effect);
    else
        log_info("incident", "%s %s: %s", incident->id, transition_name(effect->transition),
                 incident->headline);
    if (!save_incident(self, incident, text.data, text.length)) {
        self->counters.incidents_unsaved++;
        self->incidents_unsaved = true;
    }
    show_transition(self, now, effect); // uses the same scratch text
}

void effects_store_works(struct effect_performer *self)
{
    if (!self->incidents_unsaved)
        return;
    self->incidents_unsaved = false;
    for (uint32_t i = 0; i < engine_incident_count(self->parts.engine); i++) {
        const struct incident *incident = engine_incident(self->parts.engine, i);
        struct text text;
        text_init(&text, self->json, sizeof self->json);
        json_write_incident(&text, incident);
        if (!save_incident(self, incident, text.data, text.length))
            self->incidents_unsaved = true;
    }
}

// ---- outbox events ----------------------------------------------------------------------------

static enum status put_event(struct effect_performer *self, struct instant now, const char *node,
                             const struct message *message, const void *payload, size_t size)
{
    const struct event_key *key = message_event_key(message);
    struct store_item item = {.kind = STORE_EVENT,
                              .event = {.node = node,
                                        .outbox_id = key->outbox_id,
                                        .seq = key->seq,
                                        .kind = message->kind,
                                        .received_at = now.wall,
                                        .at = {key->at_ms},
                                        .payload = payload,
                                        .size = size}};
    return store_writer_put(self->parts.store, &item);
}

static void save_event(struct effect_performer *self, struct instant now, const char *node,
                       const struct message *message, const struct mqtt_message *origin)
{
    const struct event_key *key = message_event_key(message);
    if (key == NULL)
        return;
    uint8_t bytes[WIRE_MESSAGE_MAX / 4]; // texts of an event are at most a quarter of the limit
    const void *payload = bytes;
    size_t size = 0;
    enum status status = STATUS_OK;
    if (origin != NULL) { // as it came, with fields that only a newer version knows
        payload = origin->payload;
        size = origin->size;
    } else {
        status = wire_encode(message, bytes, sizeof bytes, &size);
    }
    if (status == STATUS_OK)
        status = put_event(self, now, node, message, payload, size);
    if (status != STATUS_OK) {
        if (holds_count(self->holds) == 0)
            log_error("store", "the store's queue is full: agents keep their events from now on");
        holds_add(self->holds, node, key->outbox_id, key->seq);
    } else if (holds_count(self->holds) > 0) {
        holds_taken(self->holds, node, key->outbox_id, key->seq);
        if (holds_count(self->holds) == 0)
            log_info("store", "the agents' events are taken again");
    }
}

static void perform_record(struct effect_performer *self, struct instant now,
                           const struct effect *effect, const struct event *event,
                           const struct mqtt_message *origin)
{
    bool is_origin = event != NULL && effect->message == event->message;
    if (effect->message != NULL)
        save_event(self, now, effect->node, effect->message, is_origin ? origin : NULL);
    uint64_t seq = effect->seq;
    if (holds_count(self->holds) > 0 || holds_blocked(self->holds))
        seq = holds_ackable(self->holds, effect->node, effect->outbox_id, seq);
    if (seq == 0)
        return;
    struct store_item item = {
        .kind = STORE_MARK,
        .mark = {.node = effect->node, .outbox_id = effect->outbox_id, .high_water = seq}};
    // Refused: no ack, so the agent repeats, and the ack is owed again.
    if (store_writer_put(self->parts.store, &item) != STATUS_OK)
        return;
}

void effects_committed(struct effect_performer *self, const struct store_mark *mark)
{
    publisher_ack(self->parts.publisher, mark->node, mark->outbox_id, mark->high_water);
}

// What the engine knows from before, but the store's queue refused then.
static void fill_holds(struct effect_performer *self, struct instant now, const struct event *event,
                       const struct mqtt_message *origin)
{
    const struct message *message = event->message;
    const struct event_key *key = message_event_key(message);
    if (key != NULL && holds_wants(self->holds, event->node, key->outbox_id, key->seq))
        save_event(self, now, event->node, message, origin);
    else if (message->kind == MESSAGE_BIRTH)
        holds_oldest(self->holds, event->node, message->birth.outbox_id,
                     message->birth.outbox_oldest_seq);
    else if (message->kind == MESSAGE_HEARTBEAT)
        holds_oldest(self->holds, event->node, message->heartbeat.outbox_id,
                     message->heartbeat.outbox_oldest_seq);
}

// ---- the rest ---------------------------------------------------------------------------------

static void save_note(struct effect_performer *self, struct instant now, const char *node,
                      const char *text)
{
    struct store_item item = {.kind = STORE_NOTE,
                              .note = {now.wall, node != NULL ? node : "", text}};
    if (store_writer_put(self->parts.store, &item) != STATUS_OK)
        return; // counted by the writer; the log has it
}

static void save_memory(struct effect_performer *self, const struct effect *effect)
{
    struct store_item item = {.kind = STORE_MEMORY, .memory = {effect->key, effect->memory}};
    if (store_writer_put(self->parts.store, &item) != STATUS_OK)
        return; // counted by the writer; the next change of it is put anew
}

static void perform_gap(struct effect_performer *self, struct instant now,
                        const struct effect *effect)
{
    char note[TEXT_SIZE];
    struct text text;
    text_init(&text, note, sizeof note);
    text_printf(&text, "events %" PRIu64 " to %" PRIu64 " of outbox %s were lost at the node",
                effect->gap_from, effect->seq, effect->outbox_id);
    self->counters.gaps++;
    log_warning("delivery", "%s: %s", effect->node, note);
    save_note(self, now, effect->node, note);
}

static void perform_note(struct effect_performer *self, struct instant now,
                         const struct effect *effect)
{
    bool about = effect->node != NULL && effect->node[0] != '\0';
    self->counters.notes++;
    log_info("engine", "%s%s%s", about ? effect->node : "", about ? ": " : "", effect->text);
    save_note(self, now, effect->node, effect->text);
}

void effects_status(struct effect_performer *self, struct instant now)
{
    publisher_status(self->parts.publisher, now);
    if (self->parts.display.status != NULL)
        self->parts.display.status(self->parts.display.context, now);
}

void effects_perform(struct effect_performer *self, struct instant now, struct effects effects,
                     const struct event *event, const struct mqtt_message *origin)
{
    bool status_changed = false;
    if (event != NULL && event->kind == EVENT_MESSAGE && holds_count(self->holds) > 0)
        fill_holds(self, now, event, origin);
    for (size_t i = 0; i < effects.count; i++) {
        const struct effect *effect = &effects.items[i];
        switch (effect->kind) {
        case EFFECT_TRANSITION:
            perform_transition(self, now, effect);
            break;
        case EFFECT_RECORD:
            perform_record(self, now, effect, event, origin);
            break;
        case EFFECT_COMMAND:
            publisher_command(self->parts.publisher, effect->node, &effect->command);
            break;
        case EFFECT_STATUS:
            status_changed = true; // once a step is enough
            break;
        case EFFECT_GAP:
            perform_gap(self, now, effect);
            break;
        case EFFECT_NOTE:
            perform_note(self, now, effect);
            break;
        case EFFECT_REMEMBER:
            save_memory(self, effect);
            break;
        }
    }
    if (status_changed)
        effects_status(self, now);
}

const struct holds *effects_holds(const struct effect_performer *self)
{
    return self->holds;
}

struct effect_counters effects_counters(const struct effect_performer *self)
{
    return self->counters;
}
