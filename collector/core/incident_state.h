// SPDX-License-Identifier: Apache-2.0
// The book's own state, shared by its files: incident_book.c (keeping and deadlines), placing.c
// (what a verdict becomes) and following.c (an open incident and what is seen of it). Nobody else
// includes this.
#ifndef COLLECTOR_CORE_INCIDENT_STATE_H
#define COLLECTOR_CORE_INCIDENT_STATE_H

#include "collector/core/incident_book.h"
#include "collector/core/ledger.h"
#include "collector/core/lifecycle.h"
#include "collector/core/recovery.h"
#include "collector/core/timeline.h"

struct entry {
    struct incident record;
    struct verdict verdict;
    struct recovery_state recovery;
    struct node_set confirmed; // stations with evidence of their own
    struct mono_time onset, opened_at;
    // Deadlines, MONO_NEVER when not running.
    struct mono_time tell_at; // people are told
    struct mono_time look_at; // recovery can be proven by time alone
    struct mono_time unshelve_at;
    struct mono_time close_at;  // resolved, waiting for its acknowledgement
    struct mono_time forget_at; // closed, no longer reopened
    bool planned;               // suppressed because its cause is on purpose
    struct mono_time patience;  // until then a failing fetch alone does not tell people
    bool people_know;           // told of it since it was opened or reopened
    bool saw_down;              // a report said that the service does not run
    bool resolved;
    uint32_t next_mark; // of confirmed stations, at which the record is brought up to date
};

struct incident_book {
    const struct engine_config *config;
    struct entry *entries[INCIDENTS_MAX]; // oldest first, closed ones too until they are forgotten
    uint32_t count;
    uint64_t opened; // counter for ids
    // A splitting observation was asked for.
    bool waiting;
    struct mono_time wait_until;
    bool overflowed; // said so already
};

static inline bool entry_is_open(const struct entry *entry)
{
    return entry->record.state != INCIDENT_CLOSED && !entry->resolved;
}

static inline struct hypothesis entry_hypothesis(const struct entry *entry)
{
    return entry->verdict.hypothesis;
}

// incident_book.c
struct entry *entry_new(struct incident_book *book, const struct verdict *verdict,
                        struct instant now);
void entry_emit(struct entry *entry, const struct book_context *with, enum transition transition,
                bool annunciated);
void entry_move(struct entry *entry, enum lifecycle_input input);
bool entry_may_be_told(const struct entry *entry);
void entry_tell(struct entry *entry, const struct book_context *with, struct instant now,
                enum transition transition);
void entry_resolve(struct entry *entry, const struct book_context *with, struct instant now,
                   const char *why);
void entry_close(struct entry *entry, const struct book_context *with, struct instant now);
void entry_weigh(struct entry *entry, const struct book_context *with);

// placing.c
void place_verdict(struct incident_book *book, const struct book_context *with, struct instant now,
                   const struct verdict *verdict);
// Another incident says it better: this one is resolved as superseded, and closed.
void entry_supersede(struct entry *entry, const struct entry *by, const struct book_context *with,
                     struct instant now);
// Gives an open incident a sharper name in place.
void entry_sharpen(struct entry *entry, const struct book_context *with, struct instant now,
                   const struct verdict *verdict);

// following.c
// Names the incident anew by everything since `from`, if that says something else.
void entry_reconsider(struct entry *entry, const struct book_context *with, struct instant now,
                      struct mono_time from);

// planned.c
// Suppresses what is planned, and raises what no longer is.
void entry_follow_plan(struct entry *entry, const struct book_context *with, struct instant now);
// A sighting, and the passing of time, for an incident with a planned cause.
void plan_sight(struct entry *entry, const struct book_context *with, struct instant now,
                enum symptom symptom);
void plan_look(struct entry *entry, const struct book_context *with, struct instant now);
// The latent faults that this one was foretold by give way to it.
void supersede_foretold(struct incident_book *book, const struct book_context *with,
                        struct instant now, const struct entry *fault);
// The same for whatever is open: an incident can become the fault that another foretold.
void supersede_all_foretold(struct incident_book *book, const struct book_context *with,
                            struct instant now);
// True when what the latent fault foretells is an open incident.
bool is_foretold_already(const struct incident_book *book, const struct fleet *fleet,
                         struct hypothesis latent);

#endif
