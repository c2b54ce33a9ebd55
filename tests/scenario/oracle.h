// SPDX-License-Identifier: Apache-2.0
// The exhaustive posterior: every single cause that can be supposed in the small plant, weighed by
// prior rate times the likelihood of everything that was observed since the onset.
//
// It is written from the codebook's figures alone and shares no code with the engine's diagnosis:
// no running scores, no thresholds, no limits of credit, no cap on how often a station is heard.
// What it knows and the engine does not is the true onset. Ownership: plain values. Thread: any.
// Failure: none.
#ifndef SCENARIO_ORACLE_H
#define SCENARIO_ORACLE_H

#include "tests/scenario/small_plant.h"

// What a station's fetches since the onset say of its stock of orders.
enum stock { STOCK_UNPROVED, STOCK_PROVED, STOCK_GONE, STOCK_STATES };

// P(a fetch that the cause concerns ends well), by the station's stock.
double model_fetch_ok(const struct supposition *supposition, enum stock stock);
// P(this outcome of a fetch), by the station's stock; NULL = in health.
double model_fetch(const struct supposition *supposition, enum stock stock, enum symptom symptom);

// ln P(what was observed in [from, until] | supposition) / P(the same | health), one each.
void oracle_weigh(const struct small_plant *plant, const struct observation *observations,
                  size_t count, int64_t from_ms, int64_t until_ms, double ret[SUPPOSITIONS_MAX]);

// P(supposition | observed), of `gains` by oracle_weigh, some one cause being at work.
void oracle_shares(const struct small_plant *plant, const double gains[SUPPOSITIONS_MAX],
                   double ret[SUPPOSITIONS_MAX]);
uint32_t oracle_best(const struct small_plant *plant, const double shares[SUPPOSITIONS_MAX]);

struct oracle_pair {
    uint32_t first, second; // suppositions; second NAME_NONE: one explains all
    double share;           // among all single causes and all pairs that are apart
};
// The most probable pair of independent causes, of the gains since each one's onset, the second
// having had `years` of time in which to happen; or the single cause that explains everything.
struct oracle_pair oracle_best_pair(const struct small_plant *plant,
                                    const double first[SUPPOSITIONS_MAX],
                                    const double second[SUPPOSITIONS_MAX], double years);

#endif
