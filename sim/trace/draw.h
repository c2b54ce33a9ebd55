// SPDX-License-Identifier: Apache-2.0
// Draws from the distributions that a plant's life follows, on top of base/random.h.
//
// Ownership: the caller's state. Thread: one at a time. Failure: none; the same state gives the
// same draws.
#ifndef SIM_TRACE_DRAW_H
#define SIM_TRACE_DRAW_H

#include "base/random.h"

#include <stdbool.h>
#include <stdint.h>

bool draw_chance(struct random_state *random, double probability);
// Whole number in [low, high].
int64_t draw_range(struct random_state *random, int64_t low, int64_t high);
double draw_between(struct random_state *random, double low, double high);
double draw_exponential(struct random_state *random, double mean);
double draw_normal(struct random_state *random);
// Mean `shape` (scale 1). Marsaglia, Tsang, "A simple method for generating gamma variables", ACM
// TOMS 26, 2000.
double draw_gamma(struct random_state *random, double shape);
// Log-normal with this median; `spread` is the standard deviation of the logarithm.
double draw_lognormal(struct random_state *random, double median, double spread);

#endif
