// SPDX-License-Identifier: Apache-2.0
// The agent's MQTT side: its topics, its will, its birth and goodbye.
//
// Each attempt to connect gets a session number and a will of its own. On each connection the
// retained birth goes out before anything else. An agent that reads on its birth topic that it is
// gone says again that it is here.
// Ownership: the caller's to free by session_close; identity and settings outlive it. Thread: the
// loop's. Failure: what can't be sent now is refused with a status, nothing is queued here; a birth
// that was refused is tried again by session_tick. Bad bytes from the bus are counted and dropped.
#ifndef AGENT_SHELL_SESSION_H
#define AGENT_SHELL_SESSION_H

#include "agent/core/identity.h"
#include "base/status.h"
#include "runtime/mqtt/mqtt.h"

struct session_settings {
    const struct mqtt_backend *backend;
    const char *site, *node;
    struct mqtt_settings mqtt; // without client id and subscriptions
};

struct session_events { // all on the loop's thread
    void (*connected)(void *context);
    void (*disconnected)(void *context, const char *reason);
    void (*ack)(void *context, const struct ack *ack);
    void (*command)(void *context, const struct command *command, bool retained);
    void (*room)(void *context); // an event was delivered or lost: the send window has room
    // What births and wills say of the outbox.
    struct outbox_view (*outbox)(void *context);
    void *context;
};

struct session_counters {
    uint64_t bad_messages; // bytes on our topics that are no message of the contract
    uint64_t births_repeated;
};

struct session;

MUST_CHECK enum status session_open(uv_loop_t *loop, const struct session_settings *settings,
                                    struct identity *identity, const struct session_events *events,
                                    struct session **ret_session);

bool session_connected(const struct session *session);
struct session_counters session_counters(const struct session *session);
struct mqtt_counters session_mqtt_counters(const struct session *session);

// Says again that we are here, with what is new in identity or outbox.
void session_birth(struct session *session);
// Once per heartbeat: repeats a birth that could not be sent.
void session_tick(struct session *session);
MUST_CHECK enum status session_heartbeat(struct session *session, const struct message *heartbeat);
// An order, service or host event: QoS 1.
MUST_CHECK enum status session_event(struct session *session, const struct message *event);

// Says goodbye with its reason, waits until the broker has it (at most a few seconds), disconnects,
// frees; then `closed`. No other callback comes after the call.
void session_close(struct session *session, enum offline_reason reason,
                   void (*closed)(void *context), void *context);

#endif
