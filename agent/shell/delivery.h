// SPDX-License-Identifier: Apache-2.0
// Events from acceptance to ack: the outbox on disk and the policy that decides what to send.
//
// While there is no usable outbox (disk full, no permission, another agent has it) nothing is
// accepted, that is said once, and it is tried again every DELIVERY_RETRY; the rest of the agent
// goes on. A corrupt outbox is set aside and a new one begins at once.
// Ownership: the caller's storage, delivery_fini closes the outbox. Thread: the loop's. Failure:
// append tells why nothing was accepted; sending failures are the policy's to repeat.
#ifndef AGENT_SHELL_DELIVERY_H
#define AGENT_SHELL_DELIVERY_H

#include "agent/core/outbox_policy.h"
#include "agent/shell/outbox.h"

#define DELIVERY_RETRY duration_s(10)

struct delivery_settings {
    struct outbox_settings outbox;
    struct outbox_policy_settings policy;
    const char *boot_id;
};

struct delivery_events {
    // Hands one event to the network; not OK: it is offered again at the next pump.
    enum status (*publish)(void *context, const struct message *event);
    void (*begun)(void *context); // a new outbox is in use: its id is news
    void (*room)(void *context);  // appends may succeed again
    void *context;
};

struct delivery {
    struct delivery_settings settings;
    struct delivery_events events;
    struct outbox *outbox; // NULL while there is none
    struct outbox_policy policy;
    struct mono_time retry_at; // MONO_NEVER: nothing to retry
    bool told;                 // the present trouble was logged
    uint64_t refused;          // events that the contract does not allow
    uint64_t dropped_told;     // outbox_dropped at the latest log line
    uint64_t acks_ignored;
};

// Opens the outbox; that it can't be opened is no failure of init.
void delivery_init(struct delivery *delivery, const struct delivery_settings *settings,
                   const struct delivery_events *events, struct instant now);
void delivery_fini(struct delivery *delivery);

// Accepts events that happened at `at` (see struct probe_sink), and sends what the window allows.
MUST_CHECK enum status delivery_append(struct delivery *delivery, struct message *messages,
                                       size_t count, struct instant at,
                                       const struct bookmark *bookmark, struct instant now);
MUST_CHECK enum status delivery_bookmark(struct delivery *delivery, const char *name,
                                         char value[BOOKMARK_VALUE_SIZE]);

void delivery_connected(struct delivery *delivery);
void delivery_disconnected(struct delivery *delivery);
void delivery_ack(struct delivery *delivery, const struct ack *ack, struct instant now);
// Sends what may be sent now.
void delivery_pump(struct delivery *delivery, struct instant now);

struct mono_time delivery_deadline(const struct delivery *delivery);
void delivery_expire(struct delivery *delivery, struct instant now);

// For births and heartbeats; id "" while there is no outbox.
struct outbox_view delivery_look(const struct delivery *delivery);

#endif
