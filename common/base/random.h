// SPDX-License-Identifier: Apache-2.0
// A small seeded generator for jitter and simulation; the seed always comes from the caller.
//
// Ownership: the caller's state. Thread: one at a time. Never used for secrets.
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stdint.h>

struct random_state {
    uint64_t state;
};

void random_seed(struct random_state *random, uint64_t seed);
uint64_t random_next(struct random_state *random);
// Uniform in [0, bound); bound 0 gives 0.
uint64_t random_below(struct random_state *random, uint64_t bound);
// Uniform in [0, 1).
double random_unit(struct random_state *random);

#endif
