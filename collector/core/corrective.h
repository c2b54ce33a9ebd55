// SPDX-License-Identifier: Apache-2.0
// What keeps an outage from coming back: measures by the why and the code of an incident.
//
// Ownership: writes into the caller's text. Thread: any. Failure: what does not fit is cut.
#ifndef COLLECTOR_CORE_CORRECTIVE_H
#define COLLECTOR_CORE_CORRECTIVE_H

#include "base/text.h"
#include "domain/incident.h"

// One Markdown list item a measure; nothing when none is known for this incident.
void corrective_write(struct text *out, const struct incident *incident);

#endif
