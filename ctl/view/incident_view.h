// SPDX-License-Identifier: Apache-2.0
// One incident for people: what, why, what is ruled out and by which proof, whom it concerns, what
// to do.
//
// Ownership: none. Thread: one at a time. Failure: none.
#ifndef CTL_VIEW_INCIDENT_VIEW_H
#define CTL_VIEW_INCIDENT_VIEW_H

#include "ctl/view/terminal.h"

// The whole story.
void incident_view(const struct terminal *terminal, const struct incident *incident);
// Two lines, for a list.
void incident_view_brief(const struct terminal *terminal, const struct incident *incident);

#endif
