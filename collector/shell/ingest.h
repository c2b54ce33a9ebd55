// SPDX-License-Identifier: Apache-2.0
// From a message of the bus to an event for the core: topic, codec, counted rejects.
//
// Ownership: the caller's struct; the event handed on lives for the call. Thread: the loop's.
// Failure: what cannot be understood is counted by reason and goes no further.
#ifndef COLLECTOR_SHELL_INGEST_H
#define COLLECTOR_SHELL_INGEST_H

#include "collector/core/engine.h"
#include "collector/shell/rejects.h"
#include "runtime/mqtt/mqtt.h"
#include "wire/topic.h"

#define INGEST_DROPPED_TOPIC "$SYS/broker/publish/messages/dropped"

enum { INGEST_FILTERS = 6, INGEST_FILTER_SIZE = 160 };

struct ingest_handlers {
    void *context;
    // A node spoke; `origin` is the message as it came.
    void (*event)(void *context, struct instant now, const struct event *event,
                  const struct mqtt_message *origin);
    // The broker holds an incident under this id.
    void (*retained_incident)(void *context, const char *id);
    // Something of our site that no decoder understood; for the recording.
    void (*undecoded)(void *context, struct instant now, const struct topic *topic,
                      const struct mqtt_message *origin);
};

struct ingest {
    const char *site;
    const struct ingest_handlers *handlers;
    struct rejects rejects;
    uint64_t accepted[MESSAGE_KIND_COUNT];
    uint64_t broker_dropped; // the broker's own counter
    bool broker_dropped_known;
    char filters[INGEST_FILTERS][INGEST_FILTER_SIZE];
    // Scratch: too large for a stack, one message at a time.
    struct topic topic;
    struct message message;
};

void ingest_init(struct ingest *ingest, const char *site, const struct ingest_handlers *handlers);
// Fills in what the collector subscribes to; the filters live in `ingest`.
void ingest_subscribe(struct ingest *ingest, struct mqtt_settings *settings);
void ingest_message(struct ingest *ingest, struct instant now, const struct mqtt_message *message);

#endif
