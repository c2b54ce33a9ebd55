// SPDX-License-Identifier: Apache-2.0
// State topics by a small walk over everything that is retained; it stops when the window is full
// and goes on where it stopped.
#include "collector/shell/publisher.h"

#include "collector/shell/limits.h"
#include "wire/codec.h"
#include "wire/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CLEARS_MAX = 256, LIFE_SIZE = 256, STATE_TOKEN = 1 };
enum { STEP_LIFE, STEP_STATUS, STEP_ANDON, STEP_FIRST_INCIDENT };

struct publisher {
    const char *site, *version;
    struct wall_time started_at;
    const struct engine *engine;
    struct mqtt_client *client;
    struct publisher_counters counters;
    bool gone;
    // The walk: active while something of the state is unsaid.
    bool walking, again;
    uint32_t step;
    char clears[CLEARS_MAX][INCIDENT_ID_SIZE];
    size_t clear_count;
    char life[LIFE_SIZE];
    char life_topic[TOPIC_SIZE];
    struct site_status status;
    char status_json[SITE_STATUS_JSON_MAX];
    char incident_json[INCIDENT_JSON_MAX];
};

enum status publisher_new(const char *site, const char *version, struct wall_time started_at,
                          const struct engine *engine, struct publisher **ret_publisher)
{
    struct publisher *publisher = calloc(1, sizeof *publisher);
    if (publisher == NULL)
        return STATUS_NO_MEMORY;
    publisher->site = site;
    publisher->version = version;
    publisher->started_at = started_at;
    publisher->engine = engine;
    *ret_publisher = publisher;
    return STATUS_OK;
}

void publisher_free(struct publisher *publisher)
{
    free(publisher);
}

void publisher_attach(struct publisher *publisher, struct mqtt_client *client)
{
    publisher->client = client;
}

static enum status publish(struct publisher *publisher, const struct mqtt_message *message)
{
    if (publisher->client == NULL || publisher->gone)
        return STATUS_UNAVAILABLE;
    enum status status = mqtt_publish(publisher->client, message, STATE_TOKEN);
    if (status == STATUS_OK)
        publisher->counters.published++;
    else
        publisher->counters.refused++;
    return status;
}

static enum status publish_state(struct publisher *publisher, const char *name, const char *payload,
                                 size_t size)
{
    char topic[TOPIC_SIZE];
    struct mqtt_message message = {.topic = topic_site(topic, publisher->site, name),
                                   .payload = payload,
                                   .size = size,
                                   .qos = 1,
                                   .retained = true};
    return publish(publisher, &message);
}

static enum status publish_incident(struct publisher *publisher, const char *id, const char *json,
                                    size_t size)
{
    char name[SITE_WIDE_SIZE];
    snprintf(name, sizeof name, "_incident/%s", id);
    return publish_state(publisher, name, json, size);
}

// ---- the collector's own life -----------------------------------------------------------------

static size_t write_life(struct publisher *publisher, bool online)
{
    char started[WALL_TEXT_SIZE];
    struct text text;
    text_init(&text, publisher->life, sizeof publisher->life);
    text_printf(&text, "{\"online\":%s,\"version\":", online ? "true" : "false");
    json_write_string(&text, publisher->version);
    text_printf(&text, ",\"started_at\":\"%s\"}", wall_format(publisher->started_at, started));
    return text.length;
}

void publisher_will(struct publisher *publisher, struct mqtt_message *ret_will)
{
    size_t size = write_life(publisher, false);
    *ret_will = (struct mqtt_message){
        .topic = topic_site(publisher->life_topic, publisher->site, "_collector"),
        .payload = publisher->life,
        .size = size,
        .qos = 1,
        .retained = true};
}

static enum status publish_life(struct publisher *publisher, bool online)
{
    return publish_state(publisher, "_collector", publisher->life, write_life(publisher, online));
}

void publisher_goodbye(struct publisher *publisher)
{
    // Refused without a link: the will has said it then.
    (void)publish_life(publisher, false);
    publisher->gone = true;
}

// ---- the walk ---------------------------------------------------------------------------------

static size_t write_status(struct publisher *publisher, struct instant now)
{
    struct text text;
    text_init(&text, publisher->status_json, sizeof publisher->status_json);
    engine_site_status(publisher->engine, now, &publisher->status);
    json_write_site_status(&text, &publisher->status);
    return text.length;
}

static enum status publish_andon(struct publisher *publisher)
{
    const char *word = engine_andon(publisher->engine);
    return publish_state(publisher, "_andon", word, strlen(word));
}

static enum status publish_open_incident(struct publisher *publisher, uint32_t index)
{
    const struct incident *incident = engine_incident(publisher->engine, index);
    struct text text;
    text_init(&text, publisher->incident_json, sizeof publisher->incident_json);
    json_write_incident(&text, incident);
    return publish_incident(publisher, incident->id, text.data, text.length);
}

static enum status publish_step(struct publisher *publisher, struct instant now)
{
    switch (publisher->step) {
    case STEP_LIFE:
        return publish_life(publisher, true);
    case STEP_STATUS:
        return publish_state(publisher, "_status", publisher->status_json,
                             write_status(publisher, now));
    case STEP_ANDON:
        return publish_andon(publisher);
    default:
        return publish_open_incident(publisher, publisher->step - STEP_FIRST_INCIDENT);
    }
}

static enum status publish_clears(struct publisher *publisher)
{
    while (publisher->clear_count > 0) {
        const char *id = publisher->clears[publisher->clear_count - 1];
        enum status status = publish_incident(publisher, id, "", 0);
        if (status != STATUS_OK)
            return status;
        publisher->clear_count--;
    }
    return STATUS_OK;
}

// Ends the walk without a link (the next connection begins one), pauses it with the window full.
static void walk(struct publisher *publisher, struct instant now)
{
    enum status status = publish_clears(publisher);
    while (publisher->walking && status != STATUS_FULL && status != STATUS_UNAVAILABLE) {
        uint32_t end = STEP_FIRST_INCIDENT + engine_incident_count(publisher->engine);
        if (publisher->step >= end) {
            publisher->walking = publisher->again;
            publisher->again = false;
            publisher->step = 0;
            continue;
        }
        status = publish_step(publisher, now);
        if (status != STATUS_FULL)
            publisher->step++; // too large for the bus: the next one may fit
    }
    if (status == STATUS_UNAVAILABLE)
        publisher->walking = false;
}

// Something of the state was refused for want of room: say everything again when there is some.
static void note_refusal(struct publisher *publisher, enum status status)
{
    if (status != STATUS_FULL)
        return;
    publisher->again = publisher->walking;
    if (!publisher->walking)
        publisher->step = 0;
    publisher->walking = true;
}

void publisher_connected(struct publisher *publisher, struct instant now)
{
    publisher->walking = true;
    publisher->again = false;
    publisher->step = 0;
    walk(publisher, now);
}

void publisher_room(struct publisher *publisher, struct instant now)
{
    if (publisher->walking || publisher->clear_count > 0)
        walk(publisher, now);
}

// ---- what changed -----------------------------------------------------------------------------

void publisher_clear_incident(struct publisher *publisher, const char *id)
{
    if (publish_incident(publisher, id, "", 0) == STATUS_FULL &&
        publisher->clear_count < CLEARS_MAX)
        text_set(publisher->clears[publisher->clear_count++], id);
}

void publisher_incident(struct publisher *publisher, const struct incident *incident,
                        const char *json, size_t size)
{
    enum status status = publish_incident(publisher, incident->id, json, size);
    if (incident->state == INCIDENT_CLOSED)
        publisher_clear_incident(publisher, incident->id);
    else
        note_refusal(publisher, status);
}

void publisher_status(struct publisher *publisher, struct instant now)
{
    size_t size = write_status(publisher, now);
    enum status status = publish_state(publisher, "_status", publisher->status_json, size);
    if (status == STATUS_OK)
        status = publish_andon(publisher);
    note_refusal(publisher, status);
}

static void publish_to_node(struct publisher *publisher, const char *node,
                            const struct message *message, bool is_ack)
{
    uint8_t bytes[WIRE_MESSAGE_MAX / 16]; // an ack or a command, both small
    char topic[TOPIC_SIZE];
    size_t size;
    if (wire_encode(message, bytes, sizeof bytes, &size) != STATUS_OK)
        return;
    struct mqtt_message out = {.topic = topic_node(topic, publisher->site, node, message->kind),
                               .payload = bytes,
                               .size = size,
                               .qos = 1};
    if (publish(publisher, &out) == STATUS_OK && is_ack)
        publisher->counters.acks++;
}

void publisher_ack(struct publisher *publisher, const char *node, const char *outbox_id,
                   uint64_t seq)
{
    struct message message;
    message.kind = MESSAGE_ACK;
    message.ack.seq = seq;
    text_set(message.ack.outbox_id, outbox_id);
    publish_to_node(publisher, node, &message, true);
}

void publisher_command(struct publisher *publisher, const char *node, const struct command *command)
{
    struct message message;
    message.kind = MESSAGE_COMMAND;
    message.command = *command;
    publish_to_node(publisher, node, &message, false);
}

struct publisher_counters publisher_counters(const struct publisher *publisher)
{
    return publisher->counters;
}
