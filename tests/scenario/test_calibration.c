// SPDX-License-Identifier: Apache-2.0
// A stated confidence is how often it is right: over outages drawn from the codebook's own model,
// what is said with 0.6 is true in 6 of 10, and likewise in every tenth from one half on. The table
// is printed. The seed is printed; STATIONWATCH_SEED sets it.
#include "tests/scenario/outage.h"

#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum {
    OUTAGES = 2000, // with an agent on the server, and as many without
    BINS = 6,       // below one half, and a tenth each from there
    ENOUGH = 20     // fewer in a bin prove nothing
};

#define SIGMAS 3.0
// How far a frequency may be off besides: the priors of stations are drawn smaller than they are,
// and the engine, besides, decides from running scores and an estimated onset.
#define ORACLE_TOLERANCE 0.03
#define ENGINE_TOLERANCE 0.20

struct bin {
    uint32_t said, right;
    double confidence; // their sum
};

static struct bin *bin_of(struct bin bins[BINS], double confidence)
{
    int tenth = confidence >= 1 ? 9 : (int)(confidence * 10);
    return &bins[tenth < 5 ? 0 : tenth - 4];
}

static void add(struct bin bins[BINS], double confidence, bool right)
{
    struct bin *bin = bin_of(bins, confidence);
    bin->said++;
    bin->right += right;
    bin->confidence += confidence;
}

static void print_bins(const char *whose, const struct bin bins[BINS])
{
    printf("%-10s %8s %8s %8s\n", whose, "said", "stated", "right");
    for (int b = 0; b < BINS; b++)
        if (bins[b].said > 0)
            printf("%.1f-%.1f    %8u %8.3f %8.3f\n", b == 0 ? 0 : 0.4 + b * 0.1, 0.5 + b * 0.1,
                   bins[b].said, bins[b].confidence / bins[b].said,
                   (double)bins[b].right / bins[b].said);
}

static void assert_calibrated(const char *whose, const struct bin bins[BINS], double tolerance)
{
    for (int b = 0; b < BINS; b++) {
        if (bins[b].said < ENOUGH)
            continue;
        double stated = bins[b].confidence / bins[b].said;
        double right = (double)bins[b].right / bins[b].said;
        double bound = tolerance + SIGMAS * sqrt(stated * (1 - stated) / bins[b].said);
        if (fabs(right - stated) > bound)
            fail_msg("%s says %.3f in %u outages and is right in %.3f: off by more than %.3f",
                     whose, stated, bins[b].said, right, bound);
    }
}

static void play(bool agent, struct bin engine[BINS], struct bin oracle[BINS])
{
    static struct small_plant plant;
    static struct small_run run;
    uint64_t first = outage_base_seed(20241106);
    small_plant_init(&plant, agent);
    printf("seed %" PRIu64 ", %s an agent on the server\n", first, agent ? "with" : "without");
    for (uint64_t seed = first; seed < first + OUTAGES; seed++) {
        struct outage outage;
        outage_play(&plant, seed, &run, &outage);
        if (outage.opened) {
            add(engine, outage.confidence, outage.named == outage.truth);
            add(oracle, outage.shares[outage.best], outage.best == outage.truth);
        }
        small_run_fini(&run);
    }
}

static void a_stated_confidence_is_how_often_it_is_right(void **state)
{
    (void)state;
    struct bin engine[BINS] = {0}, oracle[BINS] = {0};
    play(false, engine, oracle);
    play(true, engine, oracle);
    print_bins("oracle", oracle);
    print_bins("engine", engine);
    assert_calibrated("the oracle", oracle, ORACLE_TOLERANCE);
    assert_calibrated("the engine", engine, ENGINE_TOLERANCE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stated_confidence_is_how_often_it_is_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
