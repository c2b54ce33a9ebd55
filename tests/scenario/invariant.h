// SPDX-License-Identifier: Apache-2.0
// What holds for every transition of every incident, whatever the scenario.
//
// Ownership: none. Thread: any. Failure: a sentence on what is broken, NULL = nothing.
#ifndef SCENARIO_INVARIANT_H
#define SCENARIO_INVARIANT_H

#include "collector/core/engine.h"

// `before`: the incident of this id as it was told last, NULL = never.
const char *invariant_broken(const struct incident *before, const struct effect *effect,
                             struct instant now);

#endif
