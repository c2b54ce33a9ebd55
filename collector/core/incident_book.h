// SPDX-License-Identifier: Apache-2.0
// The incidents: one for each cause, opened once, updated in place, closed on proven recovery.
//
// The book asks the diagnosis for verdicts, decides whether a verdict is a new incident, a sharper
// name for an open one or the return of a closed one, and says who is to be told when.
// Ownership: the book owns its incidents; pointers to them are valid until the next call. Thread:
// one at a time. Failure: at its limit a further incident is refused and counted by a note.
#ifndef COLLECTOR_CORE_INCIDENT_BOOK_H
#define COLLECTOR_CORE_INCIDENT_BOOK_H

#include "collector/core/diagnosis.h"
#include "collector/core/effect_list.h"
#include "collector/core/event.h"

enum { INCIDENTS_MAX = 256 };

struct incident_book;

// What the book works with, the same at every call.
struct book_context {
    const struct engine_config *config;
    const struct fleet *fleet;
    struct diagnosis *diagnosis;
    struct effect_list *effects;
};

MUST_CHECK enum status incident_book_new(const struct engine_config *config,
                                         struct incident_book **ret_book);
void incident_book_free(struct incident_book *book);

// A sighting was scored; `event` names the stored event behind it ("" = none).
void incident_book_sight(struct incident_book *book, const struct book_context *with,
                         struct instant now, const struct sighting *sighting, const char *event);
// Some candidate is at its threshold.
void incident_book_consider(struct incident_book *book, const struct book_context *with,
                            struct instant now);
void incident_book_operate(struct incident_book *book, const struct book_context *with,
                           struct instant now, const struct operator_action *action);
// An incident that was open when the collector ended: nobody is told again.
void incident_book_restore(struct incident_book *book, const struct book_context *with,
                           struct instant now, const struct incident *incident);

struct mono_time incident_book_next_deadline(const struct incident_book *book);
// Works off the earliest deadline at or before `now.mono`; false: none.
bool incident_book_due(struct incident_book *book, const struct book_context *with,
                       struct instant now);

// Not closed, oldest first.
uint32_t incident_book_count(const struct incident_book *book);
const struct incident *incident_book_get(const struct incident_book *book, uint32_t index);
// Closed ones too while they can still be reopened; NULL = unknown.
const struct incident *incident_book_find(const struct incident_book *book, const char *id);

#endif
