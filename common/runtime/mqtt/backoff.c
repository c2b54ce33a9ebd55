// SPDX-License-Identifier: Apache-2.0
// How long to wait before the next attempt to connect.
#include "runtime/mqtt/backoff.h"

void backoff_init(struct backoff *backoff, struct duration min, struct duration max, uint64_t seed)
{
    *backoff = (struct backoff){.min = min, .max = max, .next = min};
    random_seed(&backoff->random, seed);
}

struct duration backoff_next(struct backoff *backoff)
{
    int64_t upper = backoff->next.us;
    int64_t half = upper / 2;
    int64_t spread = (int64_t)random_below(&backoff->random, (uint64_t)(upper - half) + 1);
    backoff->next.us = upper > backoff->max.us / 2 ? backoff->max.us : upper * 2;
    return (struct duration){half + spread};
}

void backoff_reset(struct backoff *backoff)
{
    backoff->next = backoff->min;
}
