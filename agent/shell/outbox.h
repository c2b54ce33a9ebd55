// SPDX-License-Identifier: Apache-2.0
// The agent's outbox: events on disk until the collector has them (DESIGN section 5).
//
// A bounded SQLite database with a random id made with it; seqs count from 1, without a gap, over
// restarts, and never repeat. Events and the bookmark of the source they came from are committed in
// one transaction, with synchronous=FULL: what was appended survives kill -9 and a power cut. A
// full outbox drops its oldest events, counted. Ownership: the caller frees by outbox_close.
// Thread: one. Failure: an append that fails has changed nothing; STATUS_FULL is the disk,
// STATUS_CORRUPT means that the file has to be set aside (outbox_set_aside) and a new one begun.
#ifndef AGENT_SHELL_OUTBOX_H
#define AGENT_SHELL_OUTBOX_H

#include "agent/core/identity.h"
#include "agent/core/outbox_policy.h"
#include "agent/probe/probe.h"
#include "base/text.h"

enum { OUTBOX_BOOKMARKS_MAX = 256 };

struct outbox_settings {
    const char *path;
    uint64_t max_events; // at least 1
    uint64_t max_bytes;  // of encoded events and what storing them takes
};

struct outbox;

// Opens or begins the outbox. A file that is corrupt or is not an outbox is set aside first, and
// `note` says so; on failure `note` says what is wrong.
MUST_CHECK enum status outbox_open(const struct outbox_settings *settings, struct wall_time now,
                                   struct outbox **ret_outbox, struct text *note);
void outbox_close(struct outbox *outbox);

// Renames the file and its WAL to PATH.aside-TIME; `note` gets the new name or the problem.
MUST_CHECK enum status outbox_set_aside(const char *path, struct wall_time now, struct text *note);

struct outbox_view outbox_look(const struct outbox *outbox);
uint64_t outbox_dropped(const struct outbox *outbox); // since the outbox was begun

// Stores events (kinds order, service, host) that happened at `stamp`, and the bookmark (may be
// NULL). `count` may be 0 with a bookmark. The keys' outbox_id and seq are set in `messages`. An
// event that the contract does not allow is left out and counted in *ret_refused.
MUST_CHECK enum status outbox_append(struct outbox *outbox, struct message *messages, size_t count,
                                     const struct event_stamp *stamp,
                                     const struct bookmark *bookmark, size_t *ret_refused);

// The event `seq`, age_ms unset. STATUS_NOT_FOUND: not in the outbox (any more).
MUST_CHECK enum status outbox_read(struct outbox *outbox, uint64_t seq, struct message *ret_event,
                                   struct event_stamp *ret_stamp);

// Forgets all events up to `seq`.
MUST_CHECK enum status outbox_forget(struct outbox *outbox, uint64_t seq);

// STATUS_NOT_FOUND: none yet.
MUST_CHECK enum status outbox_bookmark(struct outbox *outbox, const char *name,
                                       char value[BOOKMARK_VALUE_SIZE]);

#endif
