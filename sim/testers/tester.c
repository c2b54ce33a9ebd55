// SPDX-License-Identifier: Apache-2.0
// The plan of one tester: seeded jitter, new orders, and operators who try again.
#include "sim/testers/tester.h"

#include <inttypes.h>
#include <stdio.h>

enum { SAME_ORDER_AGAIN_PERCENT = 75, RETRY_DIVISOR = 5, RUNS = 1000 };

static const char *const products[] = {"HV-2210", "HV-2215", "DOOR-31", "COCKPIT-7", "ENGINE-450"};

void tester_init(struct tester *tester, const char *prefix, uint32_t number, uint64_t seed)
{
    *tester = (struct tester){.run = (uint32_t)(seed % RUNS), .index = number};
    snprintf(tester->node, sizeof tester->node, "%.50s%03" PRIu32, prefix, number);
    random_seed(&tester->random, seed * 1000003 + number);
}

struct duration tester_first_delay(struct tester *tester, struct duration interval)
{
    return (struct duration){(int64_t)random_below(&tester->random, (uint64_t)interval.us)};
}

void tester_scan(struct tester *tester)
{
    bool same = tester->failed && random_below(&tester->random, 100) < SAME_ORDER_AGAIN_PERCENT;
    if (same)
        return;
    tester->orders++;
    tester->product = products[random_below(&tester->random, sizeof products / sizeof products[0])];
    snprintf(tester->order, sizeof tester->order, "%03" PRIu32 "%05" PRIu32 "%05" PRIu32,
             tester->run, tester->index, tester->orders);
}

struct duration tester_conclude(struct tester *tester, bool loaded, struct duration interval)
{
    tester->failed = !loaded;
    int64_t wait =
        interval.us / 2 + (int64_t)random_below(&tester->random, (uint64_t)interval.us + 1);
    return (struct duration){loaded ? wait : wait / RETRY_DIVISOR};
}
