// SPDX-License-Identifier: Apache-2.0
// What can happen to the collector's core: messages, time, the link, people, and its own past.
//
// Ownership: what an event points to belongs to the caller and lives through the step.
// Thread: any. Failure: none here.
#ifndef COLLECTOR_CORE_EVENT_H
#define COLLECTOR_CORE_EVENT_H

#include "domain/incident.h"
#include "domain/observation.h"

enum event_kind {
    EVENT_TIMER,           // a deadline of engine_next_deadline has come; also fine any time
    EVENT_MESSAGE,         // a node spoke
    EVENT_STEADY,          // a node's heartbeats came on time up to `until`, told at once: for long
                           // simulations, which so need not play every heartbeat
    EVENT_LINK,            // the collector's own link to the broker went up or down
    EVENT_OPERATOR,        // a person acts
    EVENT_RESTORE_OUTBOX,  // at start: a high-water mark from the store
    EVENT_RESTORE_NODE,    // at start: a node that the store knows, so that its silence is seen
    EVENT_RESTORE_MEMORY,  // at start, after the nodes: what EFFECT_REMEMBER kept
    EVENT_RESTORE_INCIDENT // at start: an incident that was open when the collector ended
};

struct operator_action {
    char action[ID_SIZE];    // ack | shelve | unshelve | close | maintenance | maintenance_end
    char id[COMPONENT_SIZE]; // incident id; for maintenance a component
    char by[NAME_SIZE];
    char comment[TEXT_SIZE];
    int64_t for_s;
};

struct event {
    enum event_kind kind;
    const char *node;              // MESSAGE, STEADY, RESTORE_OUTBOX, RESTORE_NODE
    bool retained;                 // MESSAGE: a retained copy, so neutral to life
    const struct message *message; // MESSAGE: of kind birth, heartbeat, order, service or host
    struct mono_time until;        // STEADY: not before now
    bool link_up;                  // LINK
    const struct operator_action *operation; // OPERATOR
    const char *outbox_id;                   // RESTORE_OUTBOX
    uint64_t high_water;                     // RESTORE_OUTBOX: all up to here is committed
    enum role role;                          // RESTORE_NODE
    const struct incident *incident;         // RESTORE_INCIDENT
    const char *key, *memory;                // RESTORE_MEMORY
};

#endif
