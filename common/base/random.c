// SPDX-License-Identifier: Apache-2.0
// SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
#include "base/random.h"

void random_seed(struct random_state *random, uint64_t seed)
{
    random->state = seed;
}

uint64_t random_next(struct random_state *random)
{
    uint64_t z = random->state += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
}

uint64_t random_below(struct random_state *random, uint64_t bound)
{
    // The bias of the multiply method is below bound / 2^64: nothing jitter could notice.
    return (uint64_t)(((unsigned __int128)random_next(random) * bound) >> 64);
}

double random_unit(struct random_state *random)
{
    return (double)(random_next(random) >> 11) * 0x1.0p-53;
}
