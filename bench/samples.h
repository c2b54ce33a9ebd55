// SPDX-License-Identifier: Apache-2.0
// Numbers of which quantiles are wanted.
//
// Ownership: samples_fini. Thread: one at a time. Failure: out of memory a sample is not kept, and
// counted.
#ifndef BENCH_SAMPLES_H
#define BENCH_SAMPLES_H

#include <stddef.h>

struct samples {
    double *items;
    size_t count, size, lost;
};

void samples_init(struct samples *samples);
void samples_fini(struct samples *samples);
void samples_add(struct samples *samples, double value);
// 0.5 = the median; of none: 0.
double samples_quantile(struct samples *samples, double share);
double samples_mean(const struct samples *samples);

#endif
