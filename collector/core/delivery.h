// SPDX-License-Identifier: Apache-2.0
// Each outbox event once: high-water marks per (node, outbox), with what arrived ahead of a gap.
//
// A mark rises over what arrived without a hole and over what the outbox says will never come. What
// arrives ahead of a hole is remembered for DELIVERY_AHEAD_MAX seqs; further ahead it is refused
// (neither new nor acked), so the agent sends it again once the hole is filled: an agent repeats
// from its oldest on, so a mark always moves. A restart keeps only the marks: what had been
// accepted ahead of a hole comes again as new, and the store's key (node, outbox_id, seq) keeps it
// once.
// Ownership: the table owns its marks. Thread: one at a time. Failure: STATUS_FULL at the limit of
// outboxes, STATUS_NO_MEMORY; nothing has changed then, the caller treats the event as new and owes
// no ack, so the agent repeats it. STATUS_INVALID: a seq of 0.
#ifndef COLLECTOR_CORE_DELIVERY_H
#define COLLECTOR_CORE_DELIVERY_H

#include "base/status.h"
#include "domain/observation.h"

enum { DELIVERY_AHEAD_MAX = 1024 };

struct delivery;

struct delivery_result {
    bool is_new;               // not seen before
    bool ack_owed;             // `ack_seq` may be acked once everything so far is committed
    uint64_t ack_seq;          // everything from the outbox's oldest up to here has been accepted
    uint64_t gap_from, gap_to; // seqs that will never come (the outbox dropped them); 0 = none
    uint64_t gap_count; // how many of gap_from..gap_to never came; the others had come before
};

MUST_CHECK enum status delivery_new(uint32_t outboxes_max, struct delivery **ret_delivery);
void delivery_free(struct delivery *delivery);

// An outbox event arrived. At first contact with an outbox that said where it begins
// (delivery_oldest) the mark starts there; otherwise the event is new, kept, and acked when it is
// known. A repeat is not new and owes the current ack (the agent may have missed it); an event too
// far ahead is not new and owes none.
MUST_CHECK enum status delivery_accept(struct delivery *delivery, const char *node,
                                       const struct event_key *key, struct delivery_result *ret);
// A birth or heartbeat said what its outbox's oldest seq is: lower ones will never come. At first
// contact they are nobody's loss that could be known: no gap. An ack is owed when this lets the
// mark cover events that the outbox still holds. A retained birth speaks of a time long gone: not
// for here.
MUST_CHECK enum status delivery_oldest(struct delivery *delivery, const char *node,
                                       const char *outbox_id, uint64_t oldest_seq,
                                       struct delivery_result *ret);
// From the store at start: all up to `high_water` is committed.
MUST_CHECK enum status delivery_restore(struct delivery *delivery, const char *node,
                                        const char *outbox_id, uint64_t high_water);

#endif
