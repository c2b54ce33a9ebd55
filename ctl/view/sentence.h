// SPDX-License-Identifier: Apache-2.0
// The site's state in one sentence, for an operator whose station shows an error.
//
// Ownership: the caller's text. Thread: any. Failure: a text too small is cut.
#ifndef CTL_VIEW_SENTENCE_H
#define CTL_VIEW_SENTENCE_H

#include "base/text.h"
#include "domain/incident.h"

// What is wrong, why, since when, and who is on it.
void sentence_of_incident(struct text *out, const struct incident *incident);
// Of two open incidents, the one to speak of: the more urgent, then the wider, then the older.
bool sentence_prefers(const struct incident *candidate, const struct incident *present);

#endif
