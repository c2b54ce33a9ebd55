// SPDX-License-Identifier: Apache-2.0
// One tester and its operator, as a plan without clock or files: when the next harness is scanned,
// and which order it is.
//
// Ownership: plain values. Thread: one at a time. Failure: none; the same seed gives the same
// shift.
#ifndef SIM_TESTERS_TESTER_H
#define SIM_TESTERS_TESTER_H

#include "base/random.h"
#include "base/time.h"
#include "domain/ids.h"

#include <stdbool.h>
#include <stdint.h>

struct tester {
    char node[ID_SIZE];
    char order[ID_SIZE]; // the latest one scanned
    const char *product;
    struct random_state random;
    uint32_t run, index; // make its orders its own
    uint32_t orders;     // scanned so far
    bool failed;         // the latest scan gave no order
};

void tester_init(struct tester *tester, const char *prefix, uint32_t number, uint64_t seed);
// Until the first scan: anywhere in the interval, so that a fleet does not scan in step.
struct duration tester_first_delay(struct tester *tester, struct duration interval);
// The next scan: a new order and product, or after a failure mostly the same again.
void tester_scan(struct tester *tester);
// What came of it, and how long until the next scan: half to one and a half intervals, after a
// failure a fifth of that.
struct duration tester_conclude(struct tester *tester, bool loaded, struct duration interval);

#endif
