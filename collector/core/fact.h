// SPDX-License-Identifier: Apache-2.0
// What is known of a cause in figures, in a few words, for "{fact}" in the codebook's texts.
//
// Ownership: appends to the caller's text. Thread: any. Failure: of what was not told it says so.
#ifndef COLLECTOR_CORE_FACT_H
#define COLLECTOR_CORE_FACT_H

#include "base/text.h"
#include "collector/core/fleet.h"

// "2.1 of 500 GB free, full in about 20 hours", "7 min ahead", "manual". Nothing for a cause whose
// signs have no figures.
void fact_describe(const struct fleet *fleet, const struct cause *cause, uint32_t component,
                   struct text *out);

#endif
