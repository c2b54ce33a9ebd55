// SPDX-License-Identifier: Apache-2.0
// Each outbox event once: high-water marks per (node, outbox), with what arrived ahead of a gap.
//
// Ownership: the table owns its marks. Thread: one at a time. Failure: STATUS_FULL at the limit of
// outboxes; the caller then treats the event as new and owes no ack, so the agent repeats it.
#ifndef COLLECTOR_CORE_DELIVERY_H
#define COLLECTOR_CORE_DELIVERY_H

#include "base/status.h"
#include "domain/observation.h"

struct delivery;

struct delivery_result {
    bool is_new;               // not seen before
    bool ack_owed;             // `ack_seq` may be acked once everything so far is committed
    uint64_t ack_seq;          // everything from the outbox's oldest up to here has been accepted
    uint64_t gap_from, gap_to; // seqs that will never come (the outbox dropped them); 0 = none
};

MUST_CHECK enum status delivery_new(uint32_t outboxes_max, struct delivery **ret_delivery);
void delivery_free(struct delivery *delivery);

// An outbox event arrived. At first contact with an outbox that said where it begins
// (delivery_oldest) the mark starts there; otherwise the event is kept until it is known.
MUST_CHECK enum status delivery_accept(struct delivery *delivery, const char *node,
                                       const struct event_key *key, struct delivery_result *ret);
// A birth or heartbeat said what its outbox's oldest seq is: lower ones will never come.
MUST_CHECK enum status delivery_oldest(struct delivery *delivery, const char *node,
                                       const char *outbox_id, uint64_t oldest_seq,
                                       struct delivery_result *ret);
// From the store at start: all up to `high_water` is committed.
MUST_CHECK enum status delivery_restore(struct delivery *delivery, const char *node,
                                        const char *outbox_id, uint64_t high_water);

#endif
