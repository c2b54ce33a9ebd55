// SPDX-License-Identifier: Apache-2.0
// Outboxes of which an event could not be handed to the store: what may be acked of them, and which
// repeats have to be stored although the engine has seen them.
//
// The agent repeats everything that is not acked, so holding the ack back below the first refused
// event is all it takes to lose nothing; the hold ends when the repeats have filled the hole.
// Ownership: the table owns its holds. Thread: one at a time. Failure: above the limit nothing may
// be acked any more (holds_ackable gives 0) until a restart; `holds_blocked` says so.
#ifndef COLLECTOR_SHELL_HOLDS_H
#define COLLECTOR_SHELL_HOLDS_H

#include "base/status.h"
#include "domain/observation.h"

#include <stddef.h>

struct holds;

MUST_CHECK enum status holds_new(size_t outboxes_max, struct holds **ret_holds);
void holds_free(struct holds *holds); // takes NULL

size_t holds_count(const struct holds *holds); // outboxes held now
bool holds_blocked(const struct holds *holds);

// `seq` was refused by the store's queue.
void holds_add(struct holds *holds, const char *node, const char *outbox_id, uint64_t seq);
// True: the event has to be stored even if it is a repeat.
bool holds_wants(const struct holds *holds, const char *node, const char *outbox_id, uint64_t seq);
// `seq` was taken by the store's queue.
void holds_taken(struct holds *holds, const char *node, const char *outbox_id, uint64_t seq);
// The outbox begins at `oldest_seq`: what is below will never come again.
void holds_oldest(struct holds *holds, const char *node, const char *outbox_id,
                  uint64_t oldest_seq);
// How much of an ack up to `seq` may be sent; 0 = nothing.
uint64_t holds_ackable(const struct holds *holds, const char *node, const char *outbox_id,
                       uint64_t seq);

#endif
