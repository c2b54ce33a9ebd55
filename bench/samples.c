// SPDX-License-Identifier: Apache-2.0
// Quantiles by sorting.
#include "bench/samples.h"

#include <stdlib.h>

void samples_init(struct samples *samples)
{
    *samples = (struct samples){0};
}

void samples_fini(struct samples *samples)
{
    free(samples->items);
    samples_init(samples);
}

void samples_add(struct samples *samples, double value)
{
    if (samples->count == samples->size) {
        size_t size = samples->size == 0 ? 64 : samples->size * 2;
        double *items = realloc(samples->items, size * sizeof *items);
        if (items == NULL) {
            samples->lost++;
            return;
        }
        samples->items = items;
        samples->size = size;
    }
    samples->items[samples->count++] = value;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double samples_quantile(struct samples *samples, double share)
{
    if (samples->count == 0)
        return 0;
    qsort(samples->items, samples->count, sizeof *samples->items, by_value);
    return samples->items[(size_t)(share * (double)(samples->count - 1) + 0.5)];
}

double samples_mean(const struct samples *samples)
{
    double sum = 0;
    for (size_t i = 0; i < samples->count; i++)
        sum += samples->items[i];
    return samples->count > 0 ? sum / (double)samples->count : 0;
}
