// SPDX-License-Identifier: Apache-2.0
// The delay of a detection from the stations' fetches alone, beside the least that any detector
// with as few false alarms can have.
//
// G. Lorden, "Procedures for reacting to a change in distribution", Annals of Mathematical
// Statistics 42, 1971: with a mean time to a false alarm of exp(h) observations the worst mean
// delay is at least about h / I observations, I the Kullback-Leibler divergence of what is observed
// after the change from what was before. Here h = ln(observations a year, summed over the causes
// that are watched for, / false alarms a year), the engine's own threshold; and the stations fetch
// at a rate r together, so the bound is h / (I r) seconds.
// Ownership: none. Thread: one. Failure: a status.
#ifndef BENCH_DELAY_H
#define BENCH_DELAY_H

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

MUST_CHECK enum status delay_table(uint64_t seed, bool quick);

#endif
