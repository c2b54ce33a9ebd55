// SPDX-License-Identifier: Apache-2.0
// What the collector says on the bus: incidents, _status, _andon, its own life, acks, commands.
//
// State topics are retained and always made from the engine's present state: what could not be sent
// (no link, send window full) is not queued but said anew, in its then state. Acks and commands are
// not kept: the agent repeats, the engine asks again.
// Ownership: publisher_free; engine and client are the caller's and outlive it. Thread: the loop's.
// Failure: counted.
#ifndef COLLECTOR_SHELL_PUBLISHER_H
#define COLLECTOR_SHELL_PUBLISHER_H

#include "collector/core/engine.h"
#include "runtime/mqtt/mqtt.h"

struct publisher;

struct publisher_counters {
    uint64_t published, refused, acks;
};

MUST_CHECK enum status publisher_new(const char *site, const char *version,
                                     struct wall_time started_at, const struct engine *engine,
                                     struct publisher **ret_publisher);
void publisher_free(struct publisher *publisher); // takes NULL
// Before the first use; the client needs the publisher's will to be opened.
void publisher_attach(struct publisher *publisher, struct mqtt_client *client);

void publisher_will(struct publisher *publisher, struct mqtt_message *ret_will);
void publisher_connected(struct publisher *publisher, struct instant now);
// The network took something (mqtt_events.published): room for what was refused.
void publisher_room(struct publisher *publisher, struct instant now);

// `json` as it is shown and stored; closed ones are published and then cleared.
void publisher_incident(struct publisher *publisher, const struct incident *incident,
                        const char *json, size_t size);
// The broker holds an incident that is none.
void publisher_clear_incident(struct publisher *publisher, const char *id);
// _status and _andon.
void publisher_status(struct publisher *publisher, struct instant now);
void publisher_ack(struct publisher *publisher, const char *node, const char *outbox_id,
                   uint64_t seq);
void publisher_command(struct publisher *publisher, const char *node,
                       const struct command *command);
// Says goodbye; nothing else is published afterwards.
void publisher_goodbye(struct publisher *publisher);

struct publisher_counters publisher_counters(const struct publisher *publisher);

#endif
