// SPDX-License-Identifier: Apache-2.0
// What the core wants done: the shell performs the effects of a step, in their order.
//
// Ownership: effects belong to the engine and are valid until its next step.
// Thread: any. Failure: none here.
#ifndef COLLECTOR_CORE_EFFECT_H
#define COLLECTOR_CORE_EFFECT_H

#include "domain/incident.h"
#include "domain/observation.h"

#include <stddef.h>

enum effect_kind {
    EFFECT_TRANSITION, // an incident was opened, updated, resolved or closed: publish, store, show;
                       // sinks too when `annunciated`
    EFFECT_RECORD,  // commit `message` (NULL: a repeat, only the ack is owed), then ack to `node`
                    // `outbox_id` up to `seq`. Acks follow commits, in order.
    EFFECT_COMMAND, // send `command` to `node`
    EFFECT_STATUS,  // the site's status changed: republish _status and _andon
    EFFECT_GAP,     // `node`'s outbox lost seqs `gap_from`..`seq`: count and report
    EFFECT_NOTE,    // something worth a line in the log and the store: `text` about `node`
    EFFECT_REMEMBER // keep `memory` under `key`, for EVENT_RESTORE_MEMORY after the next start
};

struct effect {
    enum effect_kind kind;
    enum transition transition;
    bool annunciated;
    const struct incident *incident; // TRANSITION: as it was at this transition
    struct incident *kept;           // the engine's own, not for the shell
    const char *node;
    const struct message *message;
    const char *outbox_id;
    uint64_t seq, gap_from;
    struct command command;   // COMMAND: id made by the engine; expires_at_ms set
    char text[TEXT_SIZE];     // NOTE
    const char *key, *memory; // REMEMBER
};

struct effects {
    const struct effect *items;
    size_t count;
};

#endif
