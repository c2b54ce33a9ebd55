// SPDX-License-Identifier: Apache-2.0
// How long to wait before the next attempt to connect: doubles with each failure up to a limit, and
// is spread at random so that a fleet does not come back as one.
//
// Ownership: the caller's state. Thread: one at a time. Failure: none.
#ifndef RUNTIME_MQTT_BACKOFF_H
#define RUNTIME_MQTT_BACKOFF_H

#include "base/random.h"
#include "base/time.h"

struct backoff {
    struct duration min, max, next; // `next`: the upper end of the next delay
    struct random_state random;
};

// 0 < min <= max.
void backoff_init(struct backoff *backoff, struct duration min, struct duration max, uint64_t seed);
// A delay uniform in [d/2, d], where d is min at first and doubles with each call up to max.
struct duration backoff_next(struct backoff *backoff);
// Begin at min again.
void backoff_reset(struct backoff *backoff);

#endif
