// SPDX-License-Identifier: Apache-2.0
// The posterior, by going through everything.
#include "tests/scenario/oracle.h"

#include "base/name_table.h"

#include <math.h>

// Of the stations that fetch well under a cause that stops fetches, this part more still has a
// stock than the codebook's figure says, after none and after one good fetch since it began; and of
// those that failed this part of it.
#define STOCK_UNPROVED_PART 0.27
#define STOCK_PROVED_PART   0.87
#define STOCK_GONE_PART     0.5

double model_fetch_ok(const struct supposition *supposition, enum stock stock)
{
    double ok = codebook_probability(supposition->cause, SYMPTOM_FETCH_OK);
    // A station's own fault and a missing product leave no stock to live on.
    if (ok >= 0.5 || supposition->kind == COMPONENT_STATION ||
        supposition->kind == COMPONENT_PRODUCT)
        return ok;
    switch (stock) {
    case STOCK_PROVED:
        return ok + (1 - ok) * STOCK_PROVED_PART;
    case STOCK_GONE:
        return ok * STOCK_GONE_PART;
    default:
        return ok + (1 - ok) * STOCK_UNPROVED_PART;
    }
}

double model_fetch(const struct supposition *supposition, enum stock stock, enum symptom symptom)
{
    if (supposition == NULL)
        return codebook_health[symptom];
    double ok = model_fetch_ok(supposition, stock);
    if (symptom == SYMPTOM_FETCH_OK)
        return ok;
    // What fails fails in the codebook's proportions.
    double usual = codebook_probability(supposition->cause, SYMPTOM_FETCH_OK);
    return codebook_probability(supposition->cause, symptom) * (1 - ok) / (1 - usual);
}

static bool is_standing(enum channel channel)
{
    return channel == CHANNEL_STATE || channel == CHANNEL_OUTPUT || channel == CHANNEL_DISK ||
           channel == CHANNEL_LINK || channel == CHANNEL_WILL || channel == CHANNEL_RESTART;
}

// Requests that wait are late first and stale later: one state, seen at two ages.
static double standing(const struct cause *cause, enum symptom symptom)
{
    if (symptom != SYMPTOM_OUTPUT_LATE && symptom != SYMPTOM_OUTPUT_STALE)
        return codebook_probability(cause, symptom);
    return codebook_probability(cause, SYMPTOM_OUTPUT_LATE) +
           codebook_probability(cause, SYMPTOM_OUTPUT_STALE);
}

static double weigh_fetch(const struct supposition *supposition,
                          const struct observation *observation, enum stock *stock)
{
    bool ok = observation->symptom == SYMPTOM_FETCH_OK;
    double gain = log(model_fetch(supposition, *stock, observation->symptom) /
                      codebook_health[observation->symptom]);
    *stock = ok ? STOCK_PROVED : STOCK_GONE;
    return gain;
}

static double weigh_one(const struct supposition *supposition,
                        const struct observation *observations, size_t count, int64_t from_ms,
                        int64_t until_ms)
{
    enum stock stocks[SMALL_STATIONS] = {STOCK_UNPROVED};
    enum symptom last[CHANNEL_COUNT];
    double gain = 0;
    for (int c = 0; c < CHANNEL_COUNT; c++)
        last[c] = SYMPTOM_COUNT;
    for (size_t i = 0; i < count; i++) {
        const struct observation *observation = &observations[i];
        enum channel channel = symptom_channel(observation->symptom);
        if (observation->at_ms < from_ms || observation->at_ms > until_ms ||
            !codebook_speaks_of(supposition->cause, observation->symptom) ||
            !supposition_concerns(supposition, observation))
            continue;
        if (is_standing(channel))
            last[channel] = observation->symptom;
        else if (channel == CHANNEL_FETCH)
            gain += weigh_fetch(supposition, observation, &stocks[observation->station]);
        else
            gain += log(codebook_probability(supposition->cause, observation->symptom) /
                        codebook_health[observation->symptom]);
    }
    for (int c = 0; c < CHANNEL_COUNT; c++)
        if (last[c] != SYMPTOM_COUNT)
            gain += log(standing(supposition->cause, last[c]) / standing(NULL, last[c]));
    return gain;
}

void oracle_weigh(const struct small_plant *plant, const struct observation *observations,
                  size_t count, int64_t from_ms, int64_t until_ms, double ret[SUPPOSITIONS_MAX])
{
    for (uint32_t s = 0; s < plant->count; s++)
        ret[s] = weigh_one(&plant->suppositions[s], observations, count, from_ms, until_ms);
}

static double joint(const struct small_plant *plant, const double gains[SUPPOSITIONS_MAX],
                    uint32_t supposition)
{
    return gains[supposition] + log(plant->suppositions[supposition].cause->per_year);
}

void oracle_shares(const struct small_plant *plant, const double gains[SUPPOSITIONS_MAX],
                   double ret[SUPPOSITIONS_MAX])
{
    double most = -INFINITY, sum = 0;
    for (uint32_t s = 0; s < plant->count; s++)
        most = fmax(most, joint(plant, gains, s));
    for (uint32_t s = 0; s < plant->count; s++)
        sum += ret[s] = exp(joint(plant, gains, s) - most);
    for (uint32_t s = 0; s < plant->count; s++)
        ret[s] /= sum;
}

uint32_t oracle_best(const struct small_plant *plant, const double shares[SUPPOSITIONS_MAX])
{
    uint32_t best = 0;
    for (uint32_t s = 1; s < plant->count; s++)
        best = shares[s] > shares[best] ? s : best;
    return best;
}

// Keeps the most probable and the sum of all, relative to it.
struct race {
    struct oracle_pair best;
    double most, sum;
};

static void enter(struct race *race, uint32_t first, uint32_t second, double ln)
{
    if (ln > race->most) {
        race->sum *= exp(race->most - ln); // exp(-inf) = 0 the first time
        race->most = ln;
        race->best.first = first;
        race->best.second = second;
    }
    race->sum += exp(ln - race->most);
}

struct oracle_pair oracle_best_pair(const struct small_plant *plant,
                                    const double first[SUPPOSITIONS_MAX],
                                    const double second[SUPPOSITIONS_MAX], double years)
{
    struct race race = {.best = {NAME_NONE, NAME_NONE, 0}, .most = -INFINITY};
    for (uint32_t a = 0; a < plant->count; a++) {
        enter(&race, a, NAME_NONE, joint(plant, first, a));
        for (uint32_t b = 0; b < plant->count; b++)
            if (a != b && suppositions_apart(&plant->suppositions[a], &plant->suppositions[b]))
                enter(&race, a, b, joint(plant, first, a) + joint(plant, second, b) + log(years));
    }
    race.best.share = 1 / race.sum;
    return race.best;
}
