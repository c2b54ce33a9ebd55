// SPDX-License-Identifier: Apache-2.0
// From a verdict to words: headline, cause, scope, evidence, what is ruled out and by which path.
//
// Ownership: writes into the caller's incident. Thread: one at a time. Failure: a text that is too
// long is cut.
#ifndef COLLECTOR_CORE_LEDGER_H
#define COLLECTOR_CORE_LEDGER_H

#include "collector/core/diagnosis.h"

// Code, component, texts, owner, priority, why, alternatives, confidence.
void ledger_name(struct incident *incident, const struct engine_config *config,
                 const struct fleet *fleet, const struct verdict *verdict);
// Scope (but `confirmed`), evidence and what is ruled out, from the window that began at `from`.
void ledger_weigh(struct incident *incident, struct diagnosis *diagnosis, const struct fleet *fleet,
                  const struct verdict *verdict, struct mono_time from);

#endif
