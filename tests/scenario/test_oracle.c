// SPDX-License-Identifier: Apache-2.0
// The engine's choice beside the exhaustive posterior, on outages that are drawn from the
// codebook's own model in a plant small enough to think of every cause: it names what the posterior
// is sure of, where that is not sure a group of the same members with about the same probabilities,
// and of two independent causes both.
//
// The seed is printed; STATIONWATCH_SEED sets it, and STATIONWATCH_VERBOSE=1 prints every outage on
// which the two differ.
#include "base/name_table.h"
#include "base/text.h"
#include "tests/scenario/outage.h"

#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum {
    OUTAGES = 600,
    PAIRS = 150,
    APART_MS = 60000,      // the second of two causes …
    PAIR_TIME_MS = 600000, // … and after it, until everything has been seen
    // Percent in which the engine has to agree. It decides from running scores, limits and an
    // estimated onset; the posterior knows the onset and waits for nobody.
    OPENED_LEAST = 97,
    AGREED_LEAST = 90,
    SAME_MEMBERS_LEAST = 85,
    CLOSE_LEAST = 80,
    BOTH_LEAST = 75
};

#define SURE       0.9
#define MEMBER     0.05 // share from which on something is a member of a group …
#define MEMBER_MIN 0.02 // … and between these two it may be named or not
#define MEMBER_MAX 0.10
#define CLOSE      0.15 // of two probabilities
#define PAIR_YEARS 2e-5 // ten minutes

static bool verbose(void)
{
    return getenv("STATIONWATCH_VERBOSE") != NULL;
}

// What came of some outages, against the posterior at the moment when the incident opened.
struct comparison {
    uint32_t outages, opened, sure, agreed, sure_and_right;
    uint32_t groups, same_members, probabilities, close;
};

static void print_difference(const struct small_plant *plant, const struct small_run *run,
                             const struct outage *outage)
{
    const struct incident *incident = &run->opened[0].incident;
    const struct supposition *truth = &plant->suppositions[outage->truth];
    printf("  seed %" PRIu64 " agent %d probes %d: %s %s, opened %.1f s after\n    engine: %s %s "
           "%.2f",
           outage->seed, plant->agent, run->probes, truth->cause->code, truth->component,
           (double)(run->opened[0].at_ms - OUTAGE_BEGINS_MS) / 1000, incident->code,
           incident->component, incident->confidence);
    for (uint32_t i = 0; i < incident->alternative_count; i++)
        printf(" | %s %s %.2f", incident->alternatives[i].code, incident->alternatives[i].component,
               incident->alternatives[i].probability);
    printf("\n    oracle:");
    for (uint32_t s = 0; s < plant->count; s++)
        if (outage->shares[s] >= MEMBER_MIN)
            printf(" %s %s %.2f |", plant->suppositions[s].cause->code,
                   plant->suppositions[s].component, outage->shares[s]);
    printf("\n");
}

// True: the incident names all that the posterior cannot split, and nothing that it can.
static bool names_the_same(const struct small_plant *plant, const struct incident *incident,
                           const double shares[SUPPOSITIONS_MAX])
{
    for (uint32_t s = 0; s < plant->count; s++) {
        double named = outage_named_probability(plant, incident, s);
        if ((shares[s] >= MEMBER_MAX && named <= 0) ||
            (shares[s] < MEMBER_MIN && named >= MEMBER_MAX))
            return false;
    }
    return true;
}

static bool is_group(const struct small_plant *plant, const struct outage *outage)
{
    for (uint32_t s = 0; s < plant->count; s++)
        if (s != outage->best && outage->shares[s] >= MEMBER)
            return true;
    return false;
}

static void compare_group(const struct small_plant *plant, const struct incident *incident,
                          const struct outage *outage, struct comparison *comparison)
{
    comparison->groups++;
    comparison->same_members += names_the_same(plant, incident, outage->shares);
    for (uint32_t s = 0; s < plant->count; s++)
        if (outage->shares[s] >= MEMBER) {
            double off = fabs(outage->shares[s] - outage_named_probability(plant, incident, s));
            comparison->probabilities++;
            comparison->close += off <= CLOSE;
        }
}

static void compare(const struct small_plant *plant, const struct small_run *run,
                    const struct outage *outage, struct comparison *comparison)
{
    const struct incident *incident = &run->opened[0].incident;
    bool sure = outage->shares[outage->best] > SURE, agreed = outage->named == outage->best;
    comparison->opened++;
    comparison->sure += sure;
    comparison->agreed += sure && agreed;
    comparison->sure_and_right += sure && outage->best == outage->truth;
    if (is_group(plant, outage))
        compare_group(plant, incident, outage, comparison);
    if (verbose() && ((sure && !agreed) || !names_the_same(plant, incident, outage->shares)))
        print_difference(plant, run, outage);
}

static void compare_outages(bool agent, struct comparison *comparison)
{
    static struct small_plant plant;
    static struct small_run run;
    uint64_t first = outage_base_seed(20241106);
    *comparison = (struct comparison){0};
    small_plant_init(&plant, agent);
    printf("seed %" PRIu64 ", %s an agent on the server, %u suppositions\n", first,
           agent ? "with" : "without", plant.count);
    for (uint64_t seed = first; seed < first + OUTAGES; seed++) {
        struct outage outage;
        outage_play(&plant, seed, &run, &outage);
        comparison->outages++;
        if (outage.opened)
            compare(&plant, &run, &outage, comparison);
        small_run_fini(&run);
    }
    printf("of %u outages %u were opened; the posterior was sure of %u (right in %u), the engine "
           "agreed in %u; groups %u, same members %u; probabilities %u, close %u\n",
           comparison->outages, comparison->opened, comparison->sure, comparison->sure_and_right,
           comparison->agreed, comparison->groups, comparison->same_members,
           comparison->probabilities, comparison->close);
}

static void assert_share(const char *what, uint32_t part, uint32_t whole, uint32_t least_percent)
{
    if (part * 100 < whole * least_percent)
        fail_msg("%s: %u of %u are below %u %%", what, part, whole, least_percent);
}

static void assert_agreement(const struct comparison *comparison)
{
    assert_share("opened", comparison->opened, comparison->outages, OPENED_LEAST);
    assert_share("agreed", comparison->agreed, comparison->sure, AGREED_LEAST);
    assert_share("same members", comparison->same_members, comparison->groups, SAME_MEMBERS_LEAST);
    assert_share("close", comparison->close, comparison->probabilities, CLOSE_LEAST);
    // The oracle itself: what it is sure of is true.
    assert_share("sure and right", comparison->sure_and_right, comparison->sure, 97);
}

static void what_the_posterior_is_sure_of_is_named_without_an_agent(void **state)
{
    (void)state;
    struct comparison comparison;
    compare_outages(false, &comparison);
    assert_agreement(&comparison);
}

static void what_the_posterior_is_sure_of_is_named_with_an_agent(void **state)
{
    (void)state;
    struct comparison comparison;
    compare_outages(true, &comparison);
    assert_agreement(&comparison);
}

// ---- two causes ------------------------------------------------------------------------------

static void draw_pair(const struct small_plant *plant, struct random_state *random,
                      uint32_t *ret_first, uint32_t *ret_second)
{
    do {
        *ret_first = outage_draw(plant, random);
        *ret_second = outage_draw(plant, random);
    } while (*ret_first == *ret_second || !suppositions_apart(&plant->suppositions[*ret_first],
                                                              &plant->suppositions[*ret_second]));
}

static bool is_named(const struct small_run *run, uint32_t supposition)
{
    for (uint32_t i = 0; i < run->opened_count; i++)
        if (outage_named_probability(run->plant, &run->opened[i].latest, supposition) > 0)
            return true;
    return false;
}

static void print_pair(const struct small_run *run, uint64_t seed, struct oracle_pair pair)
{
    const struct supposition *all = run->plant->suppositions;
    printf("  seed %" PRIu64 " probes %d, oracle: %s %s and %s %s\n", seed, run->probes,
           all[pair.first].cause->code, all[pair.first].component, all[pair.second].cause->code,
           all[pair.second].component);
    for (uint32_t i = 0; i < run->opened_count; i++)
        printf("    engine %.1f s: %s %s %.2f, %s, %s\n", (double)run->opened[i].at_ms / 1000,
               run->opened[i].latest.code, run->opened[i].latest.component,
               run->opened[i].latest.confidence, incident_state_name(run->opened[i].latest.state),
               run->opened[i].told ? "told" : "untold");
}

static void both_of_two_independent_causes_are_named(void **state)
{
    (void)state;
    static struct small_plant plant;
    static struct small_run run;
    uint64_t seed = outage_base_seed(20241106);
    uint32_t sure = 0, both = 0;
    small_plant_init(&plant, true);
    printf("seed %" PRIu64 "\n", seed);
    for (uint64_t last = seed + PAIRS; seed < last; seed++) {
        struct random_state random;
        uint32_t one, other;
        double first[SUPPOSITIONS_MAX], second[SUPPOSITIONS_MAX];
        int64_t until_ms = OUTAGE_BEGINS_MS + APART_MS + PAIR_TIME_MS;
        random_seed(&random, seed);
        draw_pair(&plant, &random, &one, &other);
        small_run_init(&run, &plant, seed);
        small_run_strike(&run, one, OUTAGE_BEGINS_MS);
        small_run_strike(&run, other, OUTAGE_BEGINS_MS + APART_MS);
        small_run_play(&run, until_ms);
        oracle_weigh(&plant, run.log, run.log_count, OUTAGE_BEGINS_MS, until_ms, first);
        oracle_weigh(&plant, run.log, run.log_count, OUTAGE_BEGINS_MS + APART_MS, until_ms, second);
        struct oracle_pair pair = oracle_best_pair(&plant, first, second, PAIR_YEARS);
        pair.share = pair.second == NAME_NONE ? 0 : pair.share;
        bool agreed =
            pair.share > SURE && is_named(&run, pair.first) && is_named(&run, pair.second);
        sure += pair.share > SURE;
        both += agreed;
        if (verbose() && pair.share > SURE && !agreed)
            print_pair(&run, seed, pair);
        small_run_fini(&run);
    }
    printf("the posterior was sure of %u pairs of %d, the engine named both in %u\n", sure, PAIRS,
           both);
    assert_true(sure > PAIRS / 4);
    assert_share("both named", both, sure, BOTH_LEAST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_posterior_is_sure_of_is_named_without_an_agent),
        cmocka_unit_test(what_the_posterior_is_sure_of_is_named_with_an_agent),
        cmocka_unit_test(both_of_two_independent_causes_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
