// SPDX-License-Identifier: Apache-2.0
// Who this agent is: what a birth, and the will that is its shadow, say about it.
//
// An incarnation is one life of the process, a session one connection within it. Each attempt to
// connect takes a session number of its own, so that a will left behind by a half-open connection
// can always be told from the present one.
// Ownership: plain value. Thread: one at a time. Failure: none.
#ifndef AGENT_CORE_IDENTITY_H
#define AGENT_CORE_IDENTITY_H

#include "base/time.h"
#include "domain/observation.h"

#define INCARNATION_LIMIT (UINT64_C(1) << 53) // exact in a JSON number

struct identity {
    enum role role;
    uint32_t label_count;
    struct label labels[BIRTH_LABELS_MAX];
    char hostname[NAME_SIZE];
    char platform[NAME_SIZE];
    char version[NAME_SIZE];
    uint64_t incarnation; // random, from 1 to below INCARNATION_LIMIT
    uint32_t session;     // 0 = no connection was tried yet
    char boot_id[ID_SIZE];
    int64_t boot_at_ms;
    uint32_t heartbeat_interval_ms;
    uint32_t service_count;
    char services[BIRTH_SERVICES_MAX][NAME_SIZE];
    int64_t certificate_expires_at_ms; // of the present connection, 0 = none
};

// The outbox as far as other messages speak of it; id "" while there is none.
struct outbox_view {
    char id[ID_SIZE];
    uint64_t oldest, next;
};

// A number for an incarnation out of 64 random bits.
uint64_t identity_incarnation(uint64_t random);

// The next connection begins: a new session number, before its will is written.
void identity_next_session(struct identity *identity);

// The message that says "I am here".
void identity_birth(const struct identity *identity, const struct outbox_view *outbox,
                    struct instant now, struct message *ret_birth);
// The message that says "I am gone", with its reason; OFFLINE_WILL is the will.
void identity_goodbye(const struct identity *identity, enum offline_reason reason,
                      const struct outbox_view *outbox, struct instant now,
                      struct message *ret_birth);

// The agent is connected and reads this on its own birth topic: does it have to say again that it
// is here? (A late will of an older connection overwrites a newer birth.)
bool identity_is_overturned(const struct birth *seen);

#endif
