// SPDX-License-Identifier: Apache-2.0
// Table c: what an event costs at three sizes of fleet, and what a station takes.
//
// Ownership: none. Thread: one. Failure: a status.
#ifndef BENCH_COST_H
#define BENCH_COST_H

#include "base/status.h"

#include <stdbool.h>

MUST_CHECK enum status cost_table(bool quick);

#endif
