// SPDX-License-Identifier: Apache-2.0
// Drawing, playing and judging one outage.
#include "tests/scenario/outage.h"

#include "base/name_table.h"

#include <stdlib.h>

#define STATIONS_PART (1.0 / SMALL_STATIONS)

uint64_t outage_base_seed(uint64_t otherwise)
{
    const char *text = getenv("STATIONWATCH_SEED");
    return text != NULL ? strtoull(text, NULL, 10) : otherwise;
}

static double weight(const struct supposition *supposition)
{
    return supposition->cause->per_year *
           (supposition->kind == COMPONENT_STATION ? STATIONS_PART : 1);
}

uint32_t outage_draw(const struct small_plant *plant, struct random_state *random)
{
    double sum = 0;
    for (uint32_t s = 0; s < plant->count; s++)
        sum += weight(&plant->suppositions[s]);
    double left = random_unit(random) * sum;
    for (uint32_t s = 0; s + 1 < plant->count; s++) {
        left -= weight(&plant->suppositions[s]);
        if (left < 0)
            return s;
    }
    return plant->count - 1;
}

double outage_named_probability(const struct small_plant *plant, const struct incident *incident,
                                uint32_t supposition)
{
    if (small_plant_find(plant, incident->code, incident->component) == supposition)
        return incident->confidence;
    for (uint32_t i = 0; i < incident->alternative_count; i++)
        if (small_plant_find(plant, incident->alternatives[i].code,
                             incident->alternatives[i].component) == supposition)
            return incident->alternatives[i].probability;
    return 0;
}

void outage_play(const struct small_plant *plant, uint64_t seed, struct small_run *run,
                 struct outage *ret)
{
    struct random_state random;
    random_seed(&random, seed * 2 + plant->agent);
    *ret = (struct outage){.seed = seed, .named = NAME_NONE, .best = NAME_NONE};
    ret->truth = outage_draw(plant, &random);
    small_run_init(run, plant, seed);
    small_run_strike(run, ret->truth, OUTAGE_BEGINS_MS);
    // What opened before it began is a false alarm: no outage to be judged.
    ret->opened =
        small_run_until_opened(run, OUTAGE_LONGEST_MS) && run->opened[0].at_ms >= OUTAGE_BEGINS_MS;
    if (!ret->opened)
        return;
    const struct opened *opened = &run->opened[0];
    double gains[SUPPOSITIONS_MAX];
    ret->named = small_plant_find(plant, opened->incident.code, opened->incident.component);
    ret->confidence = opened->incident.confidence;
    oracle_weigh(plant, run->log, opened->log_count, OUTAGE_BEGINS_MS, opened->at_ms, gains);
    oracle_shares(plant, gains, ret->shares);
    ret->best = oracle_best(plant, ret->shares);
}
