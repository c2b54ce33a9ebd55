// SPDX-License-Identifier: Apache-2.0
// Which event of the outbox is sent when: a send window over consecutive seqs, repeated until the
// collector's ack covers them (DESIGN section 5).
//
// The collector acks cumulatively, so the policy goes back to the oldest unacked event when no
// progress was made for a while: exponential back-off with jitter, from `backoff_min` at each
// progress. New events do not wait for that: they go out at once as long as the window has room.
// An ack that repeats what is known shows that the collector lives and misses something: the wait
// is then cut to `backoff_min`.
// Ownership: plain value; it holds numbers, the events stay in the outbox. Thread: one at a time.
// Failure: none; acks that do not belong here are told apart, counted by the caller, ignored.
#ifndef AGENT_CORE_OUTBOX_POLICY_H
#define AGENT_CORE_OUTBOX_POLICY_H

#include "base/random.h"
#include "base/time.h"
#include "domain/observation.h"

struct outbox_policy_settings {
    uint64_t window; // events sent and not acked, at most; at least 1
    struct duration backoff_min, backoff_max;
    uint64_t jitter_seed;
};

struct outbox_policy {
    struct outbox_policy_settings settings;
    struct random_state random;
    char outbox_id[ID_SIZE]; // "" = no outbox at the moment
    uint64_t oldest;         // lowest seq not acked; equals `next` when all is acked
    uint64_t next;           // the seq after the last accepted event
    uint64_t cursor;         // next seq to send, oldest <= cursor <= next
    bool connected;
    struct duration backoff;
    struct mono_time resend_at; // MONO_NEVER while nothing sent is unacked
};

enum ack_verdict {
    ACK_ADVANCED, // events up to the ack's seq can be forgotten
    ACK_REPEATED, // known before
    ACK_FOREIGN,  // of another outbox
    ACK_BEYOND    // above the last event there is
};

void outbox_policy_init(struct outbox_policy *policy,
                        const struct outbox_policy_settings *settings);

// An outbox with the events oldest … next - 1 was opened. Nothing of it counts as sent.
void outbox_policy_attach(struct outbox_policy *policy, const char *outbox_id, uint64_t oldest,
                          uint64_t next);
void outbox_policy_detach(struct outbox_policy *policy);

// A new connection: whatever is unacked is sent again, from the oldest.
void outbox_policy_connected(struct outbox_policy *policy);
void outbox_policy_disconnected(struct outbox_policy *policy);

// The outbox now holds oldest … next - 1: events were appended, or the oldest dropped.
void outbox_policy_changed(struct outbox_policy *policy, uint64_t oldest, uint64_t next);

// True: `*ret_seq` may be sent now. It stays the answer until outbox_policy_sent.
bool outbox_policy_next(const struct outbox_policy *policy, uint64_t *ret_seq);
// The event that outbox_policy_next named was handed to the network.
void outbox_policy_sent(struct outbox_policy *policy, struct instant now);

// On ACK_ADVANCED everything up to ack->seq is acked; any other verdict acks nothing.
enum ack_verdict outbox_policy_ack(struct outbox_policy *policy, const struct ack *ack,
                                   struct instant now);

// When outbox_policy_expire wants to be called; MONO_NEVER: not before something changes.
struct mono_time outbox_policy_deadline(const struct outbox_policy *policy);
// At the deadline: the oldest unacked event is the next to send. True: it was the deadline.
bool outbox_policy_expire(struct outbox_policy *policy, struct instant now);

// Where in time an event stands: the monotonic clock is comparable within one boot only.
struct event_stamp {
    char boot_id[ID_SIZE];
    struct mono_time at;
};

// Monotonic time from happening to now; -1 when the event is from another boot.
int64_t event_stamp_age_ms(const struct event_stamp *stamp, const char *boot_id,
                           struct instant now);

#endif
