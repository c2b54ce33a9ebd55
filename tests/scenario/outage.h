// SPDX-License-Identifier: Apache-2.0
// One outage of the small plant, drawn, played until an incident opens, and judged by the oracle.
//
// Ownership: plain values; `run` is played in the caller's storage and is to be ended by
// small_run_fini. Thread: one at a time. Failure: none.
#ifndef SCENARIO_OUTAGE_H
#define SCENARIO_OUTAGE_H

#include "tests/scenario/small_run.h"

enum { OUTAGE_BEGINS_MS = 30000, OUTAGE_LONGEST_MS = 420000 };

struct outage {
    uint64_t seed;
    uint32_t truth; // what was at work
    bool opened;
    uint32_t named; // what the engine's incident says first, NAME_NONE = none of these
    double confidence;
    double shares[SUPPOSITIONS_MAX]; // the oracle's, at the moment when it opened
    uint32_t best;                   // of them
};

// STATIONWATCH_SEED, else the one given.
uint64_t outage_base_seed(uint64_t otherwise);
// A cause by the priors, but all stations together as often as one: an outage is what matters here.
uint32_t outage_draw(const struct small_plant *plant, struct random_state *random);
void outage_play(const struct small_plant *plant, uint64_t seed, struct small_run *run,
                 struct outage *ret);
// What the incident gives to a supposition, 0 = not named.
double outage_named_probability(const struct small_plant *plant, const struct incident *incident,
                                uint32_t supposition);

#endif
