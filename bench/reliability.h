// SPDX-License-Identifier: Apache-2.0
// Table e: how often a stated confidence is right, over random scenarios of every cause.
//
// Every code is simulated equally often and counts by its row's prior rate, since a confidence says
// what is likely where causes are as frequent as the codebook has them. What incidents say when
// they open and what people are told first are two tables. Ownership: none. Thread: one at a time.
// Failure: a status.
#ifndef BENCH_RELIABILITY_H
#define BENCH_RELIABILITY_H

#include "bench/truth_table.h"

MUST_CHECK enum status reliability_table(const struct truth_settings *settings);

#endif
