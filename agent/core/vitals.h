// SPDX-License-Identifier: Apache-2.0
// What a heartbeat tells: counters since the start, the order share, the tester's software.
//
// Ownership: plain value. Thread: one at a time. Failure: none.
#ifndef AGENT_CORE_VITALS_H
#define AGENT_CORE_VITALS_H

#include "agent/core/identity.h"

struct vitals {
    struct mono_time started_at;
    uint64_t beats; // heartbeats built, the latest one's seq
    uint64_t fetch_ok, fetch_failed;
    enum outcome share_outcome;
    struct mono_time share_at; // MONO_NEVER = never probed
    bool software_running;
    struct mono_time suspected_at; // MONO_NEVER = not yet
};

void vitals_init(struct vitals *vitals, struct instant now);

// Counts an accepted event; only order fetches matter.
void vitals_count(struct vitals *vitals, const struct message *event);
// True when this event gives reason to look at the share now instead of at the probe's next turn: a
// failed fetch that did not come from the probe itself; at most once a second.
bool vitals_suspect(struct vitals *vitals, const struct message *event, struct instant now);
void vitals_share(struct vitals *vitals, enum outcome outcome, struct instant at);

// The next heartbeat.
void vitals_heartbeat(struct vitals *vitals, const struct identity *identity,
                      const struct outbox_view *outbox, struct instant now,
                      struct message *ret_heartbeat);

#endif
