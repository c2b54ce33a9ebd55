// SPDX-License-Identifier: Apache-2.0
// Table a and b: randomised scenarios of every code through the engine and the baselines, judged.
//
// Ownership: none. Thread: one at a time. Failure: a status; what could not run is said.
#ifndef BENCH_TRUTH_TABLE_H
#define BENCH_TRUTH_TABLE_H

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

struct truth_settings {
    uint64_t seed;
    uint32_t per_code;
    const char *only;  // one code, NULL = all
    uint32_t stations; // 0 = random
    bool verbose;      // a line for every fault that was not named right
};

MUST_CHECK enum status truth_table(const struct truth_settings *settings);

#endif
