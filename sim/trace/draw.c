// SPDX-License-Identifier: Apache-2.0
// Random draws, each from a fixed sequence of uniform numbers.
#include "sim/trace/draw.h"

#include <math.h>

bool draw_chance(struct random_state *random, double probability)
{
    return random_unit(random) < probability;
}

int64_t draw_range(struct random_state *random, int64_t low, int64_t high)
{
    return low + (int64_t)random_below(random, (uint64_t)(high - low) + 1);
}

double draw_between(struct random_state *random, double low, double high)
{
    return low + (high - low) * random_unit(random);
}

double draw_exponential(struct random_state *random, double mean)
{
    return -mean * log(1.0 - random_unit(random));
}

double draw_normal(struct random_state *random)
{
    double radius = sqrt(-2.0 * log(1.0 - random_unit(random)));
    return radius * cos(6.283185307179586 * random_unit(random));
}

double draw_gamma(struct random_state *random, double shape)
{
    if (shape < 1) {
        double boost = pow(1.0 - random_unit(random), 1.0 / shape);
        return boost * draw_gamma(random, shape + 1);
    }
    double d = shape - 1.0 / 3.0, c = 1.0 / sqrt(9.0 * d);
    for (;;) {
        double x = draw_normal(random), v = 1.0 + c * x;
        if (v <= 0)
            continue;
        v = v * v * v;
        double u = 1.0 - random_unit(random);
        if (log(u) < 0.5 * x * x + d - d * v + d * log(v))
            return d * v;
    }
}

double draw_lognormal(struct random_state *random, double median, double spread)
{
    return median * exp(spread * draw_normal(random));
}
