// SPDX-License-Identifier: Apache-2.0
// What a station meets when it reads an order or looks at the share: from what is there and from
// who can reach it.
//
// Ownership: all state is the world's. Thread: one at a time. Failure: none.
#ifndef SIM_TRACE_READING_H
#define SIM_TRACE_READING_H

#include "sim/trace/world.h"

// The way to the share; OUTCOME_OK or why not, and the fault behind it.
enum outcome reading_share(struct world *world, struct station *station, int16_t *ret_blame);
enum outcome reading_order(struct world *world, struct station *station, int16_t *ret_blame);

#endif
