// SPDX-License-Identifier: Apache-2.0
// The way in. Nothing here allocates: the hot path is one topic, one decode, one call.
#include "collector/shell/ingest.h"

#include "base/text.h"
#include "runtime/log.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define INCIDENT_PREFIX "_incident/"

void ingest_init(struct ingest *ingest, const char *site, const struct ingest_handlers *handlers)
{
    *ingest = (struct ingest){.site = site, .handlers = handlers};
    static const enum message_kind kinds[] = {MESSAGE_BIRTH, MESSAGE_HEARTBEAT, MESSAGE_ORDER,
                                              MESSAGE_SERVICE, MESSAGE_HOST};
    for (size_t i = 0; i < INGEST_FILTERS; i++) {
        struct text filter;
        text_init(&filter, ingest->filters[i], sizeof ingest->filters[i]);
        if (i < sizeof kinds / sizeof kinds[0])
            text_printf(&filter, "stationwatch/v1/%s/+/%s", site, message_kind_name(kinds[i]));
        else
            text_printf(&filter, "stationwatch/v1/%s/" INCIDENT_PREFIX "+", site);
    }
}

void ingest_subscribe(struct ingest *ingest, struct mqtt_settings *settings)
{
    for (size_t i = 0; i < INGEST_FILTERS; i++) {
        settings->subscriptions[i].topic_filter = ingest->filters[i];
        // Heartbeats are QoS 0 anyway; everything else must not be thinned out by the broker.
        settings->subscriptions[i].qos = 1;
    }
    settings->subscriptions[INGEST_FILTERS].topic_filter = INGEST_DROPPED_TOPIC;
    settings->subscriptions[INGEST_FILTERS].qos = 0;
    settings->subscription_count = INGEST_FILTERS + 1;
}

// The broker's counter restarts with the broker.
static void take_broker_dropped(struct ingest *ingest, const struct mqtt_message *message)
{
    char digits[24];
    size_t size = message->size < sizeof digits - 1 ? message->size : sizeof digits - 1;
    memcpy(digits, message->payload, size);
    digits[size] = '\0';
    char *end;
    uint64_t dropped = strtoull(digits, &end, 10);
    if (end == digits)
        return;
    if (ingest->broker_dropped_known && dropped > ingest->broker_dropped)
        log_warning("ingest",
                    "the broker dropped %" PRIu64 " messages for slow subscribers; raise its "
                    "max_queued_messages",
                    dropped - ingest->broker_dropped);
    ingest->broker_dropped = dropped;
    ingest->broker_dropped_known = true;
}

static void take_site_wide(struct ingest *ingest, const struct mqtt_message *message)
{
    const char *name = ingest->topic.site_wide;
    size_t prefix = sizeof INCIDENT_PREFIX - 1;
    // Our own publishes come back without the flag.
    if (message->retained && message->size > 0 && strncmp(name, INCIDENT_PREFIX, prefix) == 0)
        ingest->handlers->retained_incident(ingest->handlers->context, name + prefix);
}

static bool is_from_node(enum message_kind kind)
{
    return kind != MESSAGE_ACK && kind != MESSAGE_COMMAND;
}

static void take_node_message(struct ingest *ingest, struct instant now,
                              const struct mqtt_message *message)
{
    const struct topic *topic = &ingest->topic;
    // Nobody speaks here: a retained message was cleared by an empty one.
    if (message->size == 0 && topic->kind == MESSAGE_BIRTH)
        return;
    enum wire_reject reason =
        wire_decode(topic->kind, message->payload, message->size, &ingest->message);
    if (reason != WIRE_ACCEPTED) {
        rejects_add(&ingest->rejects, reason, message->topic, now.mono);
        ingest->handlers->undecoded(ingest->handlers->context, now, topic, message);
        return;
    }
    ingest->accepted[topic->kind]++;
    struct event event = {.kind = EVENT_MESSAGE,
                          .node = topic->node,
                          .retained = message->retained,
                          .message = &ingest->message};
    ingest->handlers->event(ingest->handlers->context, now, &event, message);
}

void ingest_message(struct ingest *ingest, struct instant now, const struct mqtt_message *message)
{
    if (message->topic[0] == '$') {
        take_broker_dropped(ingest, message);
        return;
    }
    bool ours = topic_parse(message->topic, &ingest->topic) == STATUS_OK &&
                text_equal(ingest->topic.site, ingest->site);
    if (ours && ingest->topic.node[0] == '\0')
        take_site_wide(ingest, message);
    else if (ours && is_from_node(ingest->topic.kind))
        take_node_message(ingest, now, message);
    else
        rejects_add(&ingest->rejects, WIRE_BAD_TOPIC, message->topic, now.mono);
}
