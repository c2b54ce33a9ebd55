// SPDX-License-Identifier: Apache-2.0
// Running scores: one CUSUM for each cause at each component, fed by sightings.
#include "collector/core/diagnosis_state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RING_MIN = 4096, RING_MAX = 1 << 20, SIGHTINGS_PER_NODE = 16, ROWS_MAX = 63 };

// A station's own incident this young may be the first sign of a wider one.
enum { FIRST_SIGN_S = 600 };

#define HOURS_PER_YEAR  8766.0
#define PROBES_PER_HOUR 360.0 // one in 10 s

// Under a cause that stops fetches: of the stations that fetch well, this part more still has a
// stock than the codebook's figure says, after one good fetch and after several; and of those that
// failed this part of it.
#define STOCK_AFTER_GOOD    0.27
#define STOCK_IN_WINDOW     0.27
#define STOCK_AFTER_MANY    0.87
#define STOCK_AFTER_FAILURE 0.5

static double ln_good(const struct cause *cause, enum follows follows)
{
    double ok = codebook_probability(cause, SYMPTOM_FETCH_OK);
    if (ok >= 0.5)
        return log(ok);
    switch (follows) {
    case FOLLOWS_GOOD:
        return log(ok + (1 - ok) * STOCK_AFTER_GOOD);
    case FOLLOWS_ONCE:
        return log(ok + (1 - ok) * STOCK_IN_WINDOW);
    case FOLLOWS_MANY:
        return log(ok + (1 - ok) * STOCK_AFTER_MANY);
    case FOLLOWS_FAILURE:
        return log(ok * STOCK_AFTER_FAILURE);
    default:
        return log(ok);
    }
}

static void fill_tables(struct diagnosis *diagnosis)
{
    for (int f = 0; f < FOLLOWS_COUNT; f++) {
        diagnosis->ln_good[f][0] = ln_good(NULL, (enum follows)f);
        for (size_t r = 0; r < codebook_count; r++)
            diagnosis->ln_good[f][r + 1] = ln_good(&codebook[r], (enum follows)f);
    }
    for (int s = 0; s < SYMPTOM_COUNT; s++) {
        diagnosis->ln[0][s] = log(codebook_probability(NULL, (enum symptom)s));
        for (size_t r = 0; r < codebook_count; r++) {
            diagnosis->ln[r + 1][s] = log(codebook_probability(&codebook[r], (enum symptom)s));
            diagnosis->speaks[r][s] = codebook_speaks_of(&codebook[r], (enum symptom)s);
        }
    }
}

enum status diagnosis_new(const struct engine_config *config, struct diagnosis **ret)
{
    if (codebook_count > ROWS_MAX)
        return STATUS_FULL;
    struct diagnosis *diagnosis = calloc(1, sizeof *diagnosis);
    if (diagnosis == NULL)
        return STATUS_NO_MEMORY;
    diagnosis->config = config;
    diagnosis->threshold_version = UINT64_MAX;
    uint64_t wanted = (uint64_t)config->nodes_max * SIGHTINGS_PER_NODE;
    diagnosis->ring_capacity = (uint32_t)(wanted < RING_MIN   ? RING_MIN
                                          : wanted > RING_MAX ? RING_MAX
                                                              : wanted);
    diagnosis->ring = calloc(diagnosis->ring_capacity, sizeof *diagnosis->ring);
    diagnosis->credits = calloc(config->nodes_max, sizeof *diagnosis->credits);
    diagnosis->mark = calloc(config->nodes_max, sizeof *diagnosis->mark);
    diagnosis->given = calloc(config->nodes_max, sizeof *diagnosis->given);
    if (diagnosis->ring == NULL || diagnosis->credits == NULL || diagnosis->mark == NULL ||
        diagnosis->given == NULL) {
        diagnosis_free(diagnosis);
        return STATUS_NO_MEMORY;
    }
    fill_tables(diagnosis);
    *ret = diagnosis;
    return STATUS_OK;
}

void diagnosis_free(struct diagnosis *diagnosis)
{
    if (diagnosis == NULL)
        return;
    for (uint32_t i = 0; diagnosis->credits != NULL && i < diagnosis->config->nodes_max; i++)
        free(diagnosis->credits[i].slots);
    free(diagnosis->credits);
    free(diagnosis->mark);
    free(diagnosis->given);
    free(diagnosis->ring);
    free(diagnosis->candidates);
    free(diagnosis->active);
    free(diagnosis->by_component);
    free(diagnosis);
}

// ---- candidates ------------------------------------------------------------------------------

// Grows `*array` of `size`-byte elements to hold `wanted`, by doubling; new room is not cleared.
static bool grow(void **array, uint32_t *capacity, uint32_t wanted, size_t size)
{
    if (wanted <= *capacity)
        return true;
    uint32_t next = *capacity == 0 ? 64 : *capacity;
    while (next < wanted)
        next *= 2;
    void *grown = realloc(*array, next * size);
    if (grown == NULL)
        return false;
    *array = grown;
    *capacity = next;
    return true;
}

static bool add_component(struct diagnosis *diagnosis, enum component_kind kind)
{
    uint32_t component = diagnosis->component_count;
    uint32_t wanted = diagnosis->candidate_count + (uint32_t)codebook_count;
    if (!grow((void **)&diagnosis->by_component, &diagnosis->component_capacity, component + 1,
              sizeof *diagnosis->by_component) ||
        !grow((void **)&diagnosis->candidates, &diagnosis->candidate_capacity, wanted,
              sizeof *diagnosis->candidates) ||
        !grow((void **)&diagnosis->active, &diagnosis->active_capacity, wanted,
              sizeof *diagnosis->active))
        return false;
    struct component_candidates *own = &diagnosis->by_component[component];
    *own = (struct component_candidates){.first = diagnosis->candidate_count};
    for (size_t r = 0; r < codebook_count; r++)
        if ((codebook[r].kinds & (1U << kind)) != 0) {
            diagnosis->candidates[diagnosis->candidate_count++] =
                (struct candidate){.component = component,
                                   .row = (uint16_t)r,
                                   .active = NOT_ACTIVE,
                                   .onset = MONO_NEVER};
            own->count++;
        }
    diagnosis->component_count++;
    return true;
}

void follow_components(struct diagnosis *diagnosis, const struct fleet *fleet)
{
    const struct components *components = fleet_components(fleet);
    while (diagnosis->component_count < components_count(components))
        if (!add_component(diagnosis, components_get(components, diagnosis->component_count)->kind))
            return;
}

void set_active(struct diagnosis *diagnosis, uint32_t candidate, bool active)
{
    struct candidate *of = &diagnosis->candidates[candidate];
    if (active && of->active == NOT_ACTIVE) {
        diagnosis->by_component[of->component].active++;
        of->active = diagnosis->active_count;
        diagnosis->active[diagnosis->active_count++] = candidate;
    } else if (!active && of->active != NOT_ACTIVE) {
        diagnosis->by_component[of->component].active--;
        uint32_t last = diagnosis->active[--diagnosis->active_count];
        diagnosis->active[of->active] = last;
        diagnosis->candidates[last].active = of->active;
        of->active = NOT_ACTIVE;
    }
}

void candidate_reset(struct diagnosis *diagnosis, struct candidate *candidate)
{
    candidate->score = 0;
    candidate->onset = MONO_NEVER;
    candidate->epoch++;
    set_active(diagnosis, (uint32_t)(candidate - diagnosis->candidates), false);
}

// ---- thresholds ------------------------------------------------------------------------------

// h = ln(sum over live cause x component pairs of observations a year / false alarms a year).
static void settle(struct diagnosis *diagnosis, const struct fleet *fleet)
{
    follow_components(diagnosis, fleet);
    components_settle(fleet_components(fleet), fleet_station_count(fleet));
    double per_station =
        (diagnosis->config->fetches_per_station_hour + PROBES_PER_HOUR) * HOURS_PER_YEAR;
    // Besides, every fetch speaks of its product and its order.
    double sum = 2.0 * fleet_station_count(fleet) * diagnosis->config->fetches_per_station_hour *
                 HOURS_PER_YEAR;
    for (uint32_t i = 0; i < diagnosis->component_count; i++) {
        const struct component *component = components_get(fleet_components(fleet), i);
        if (component->eligible)
            sum += component->stations * per_station * diagnosis->by_component[i].count;
    }
    diagnosis->threshold = log((sum < 1 ? 1 : sum) / diagnosis->config->false_alarms_per_year);
    diagnosis->threshold_version = fleet_topology_version(fleet);
}

double diagnosis_threshold(struct diagnosis *diagnosis, const struct fleet *fleet)
{
    if (diagnosis->threshold_version != fleet_topology_version(fleet))
        settle(diagnosis, fleet);
    return diagnosis->threshold;
}

// While births pour in, once a second is enough: a look at everything for each would be quadratic.
static void settle_in_time(struct diagnosis *diagnosis, const struct fleet *fleet,
                           struct mono_time now)
{
    if (diagnosis->threshold_version == fleet_topology_version(fleet) ||
        mono_before(now, diagnosis->settle_at))
        return;
    settle(diagnosis, fleet);
    diagnosis->settle_at = mono_add(now, duration_s(1));
}

// What happens more often needs less evidence: the odds of the prior come off (A. N. Shiryaev, "On
// optimum methods in quickest detection problems", 1963), one fault a year being the yardstick.
double candidate_threshold(const struct diagnosis *diagnosis, uint32_t row)
{
    double frequent = codebook[row].per_year > 1 ? log(codebook[row].per_year) : 0;
    return diagnosis->threshold - frequent;
}

// ---- reference -------------------------------------------------------------------------------

// A station in the scope is as the incident makes it or, for what it fetched before and once it
// recovers, as in health: whichever says it better.
static double better(const struct diagnosis *diagnosis, double known, struct hypothesis explanation,
                     enum symptom symptom, enum follows follows)
{
    double ln = ln_of(diagnosis, row_of(explanation.cause) + 1, symptom, follows);
    return known > ln ? known : ln;
}

static bool is_young_and_narrow(const struct fleet *fleet, const struct explanation *explanation,
                                struct mono_time now)
{
    const struct components *components = fleet_components(fleet);
    return components_get(components, explanation->hypothesis.component)->kind ==
               COMPONENT_STATION &&
           mono_before(now, mono_add(explanation->since, duration_s(FIRST_SIGN_S)));
}

double reference(const struct diagnosis *diagnosis, const struct fleet *fleet,
                 const struct seen *seen, struct hypothesis except, struct mono_time now, bool own)
{
    enum symptom symptom = (enum symptom)seen->symptom;
    double known = ln_of(diagnosis, 0, symptom, (enum follows)seen->follows);
    for (uint32_t i = 0; i < diagnosis->explanation_count; i++) {
        struct hypothesis explanation = diagnosis->explanations[i].hypothesis;
        if (!own && is_young_and_narrow(fleet, &diagnosis->explanations[i], now))
            continue;
        if (!hypothesis_equal(explanation, except) &&
            fleet_concerns(fleet, explanation.component, seen->node, seen->order, seen->product))
            known = better(diagnosis, known, explanation, symptom, (enum follows)seen->follows);
    }
    return known;
}

static double direct_reference(const struct diagnosis *diagnosis, const struct fleet *fleet,
                               const struct sighting *sighting)
{
    double known = diagnosis->ln[0][sighting->symptom];
    for (uint32_t i = 0; i < diagnosis->explanation_count; i++) {
        struct hypothesis explanation = diagnosis->explanations[i].hypothesis;
        if (fleet_related(fleet, explanation.component, sighting->component))
            known = better(diagnosis, known, explanation, sighting->symptom, FOLLOWS_NOTHING);
    }
    return known;
}

// ---- scores ----------------------------------------------------------------------------------

// The slots in which a node's credit to each of its candidates stands, made anew when what it
// depends on has changed. NULL: out of memory, nothing is credited then.
static struct credit *credits_of(struct diagnosis *diagnosis, const struct fleet *fleet,
                                 uint32_t index)
{
    const struct node *node = fleet_node(fleet, index);
    struct node_credits *credits = &diagnosis->credits[index];
    if (credits->slots != NULL && credits->attached == node->attached)
        return credits->slots;
    follow_components(diagnosis, fleet);
    uint32_t count = 1;
    for (uint32_t i = 0; i < node->component_count; i++) {
        if (node->components[i] >= diagnosis->component_count)
            return NULL;
        count += diagnosis->by_component[node->components[i]].count;
    }
    struct credit *slots = calloc(count, sizeof *slots);
    if (slots == NULL)
        return NULL;
    free(credits->slots);
    *credits = (struct node_credits){slots, count, node->attached};
    return slots;
}

static void remember(struct diagnosis *diagnosis, const struct seen *seen)
{
    diagnosis->ring[diagnosis->ring_next] = *seen;
    diagnosis->ring_next = (diagnosis->ring_next + 1) % diagnosis->ring_capacity;
    if (diagnosis->ring_count < diagnosis->ring_capacity)
        diagnosis->ring_count++;
}

// What a server says of a service counts for the service, its server and its share.
static bool score_family(struct diagnosis *diagnosis, const struct fleet *fleet,
                         const struct sighting *sighting, double known)
{
    const struct watched_service *service =
        fleet_service(fleet, fleet_service_of(fleet, sighting->component));
    bool alarm =
        score_component(diagnosis, fleet, service->server_component, sighting, known, NULL);
    alarm |= score_component(diagnosis, fleet, service->share_component, sighting, known, NULL);
    return score_component(diagnosis, fleet, service->component, sighting, known, NULL) || alarm;
}

static bool sight_directly(struct diagnosis *diagnosis, const struct fleet *fleet,
                           const struct sighting *sighting)
{
    bool alarm = false;
    double known = direct_reference(diagnosis, fleet, sighting);
    if (symptom_channel(sighting->symptom) == CHANNEL_LINK) {
        // The link concerns all three that can take it away.
        static const char *const spelled[] = {"broker", "collector", "site"};
        for (size_t i = 0; i < sizeof spelled / sizeof spelled[0]; i++) {
            uint32_t component = components_find(fleet_components(fleet), spelled[i]);
            alarm |= score_component(diagnosis, fleet, component, sighting, known, NULL);
        }
        return alarm;
    }
    if (symptom_channel(sighting->symptom) == CHANNEL_STATE ||
        symptom_channel(sighting->symptom) == CHANNEL_OUTPUT)
        return score_family(diagnosis, fleet, sighting, known);
    return score_component(diagnosis, fleet, sighting->component, sighting, known, NULL);
}

// A fetch or probe that happened while an incident was open and is told after its end is no news.
static bool belongs_to_the_past(const struct diagnosis *diagnosis, const struct fleet *fleet,
                                const struct sighting *sighting)
{
    for (uint32_t i = 0; i < PAST_MAX; i++) {
        const struct past *past = &diagnosis->past[i];
        if (past->hypothesis.cause != NULL && mono_before(sighting->since, past->ended_at) &&
            fleet_concerns(fleet, past->hypothesis.component, sighting->node, sighting->order,
                           sighting->product))
            return true;
    }
    return false;
}

// What failed at stations that were cut off, and is told now that they are back, is the cut's.
static bool comes_out_of_silence(const struct diagnosis *diagnosis, const struct fleet *fleet,
                                 const struct sighting *sighting)
{
    if (!symptom_is_failure(sighting->symptom))
        return false;
    for (uint32_t i = 0; i < diagnosis->explanation_count; i++) {
        struct hypothesis open = diagnosis->explanations[i].hypothesis;
        if (open.cause->recovery == RECOVERY_HEARTBEATS &&
            open.cause->predicts[SYMPTOM_LIFE_OVERDUE] > 0.5 && // not a server's alone
            fleet_covers(fleet, sighting->node, open.component))
            return true;
    }
    return false;
}

bool diagnosis_sight(struct diagnosis *diagnosis, const struct fleet *fleet, struct mono_time now,
                     const struct sighting *sighting)
{
    settle_in_time(diagnosis, fleet, now);
    follow_components(diagnosis, fleet);
    if (symptom_channel(sighting->symptom) == CHANNEL_WILL || sighting->repeated)
        return false; // weighed when a choice is made
    if (sighting->component != NAME_NONE)
        return sighting->component < diagnosis->component_count &&
               sight_directly(diagnosis, fleet, sighting);
    struct credit *credits = credits_of(diagnosis, fleet, sighting->node);
    if (credits == NULL)
        return false;
    struct seen seen = {.at = now,
                        .order = sighting->order,
                        .product = sighting->product,
                        .node = sighting->node,
                        .symptom = (uint8_t)sighting->symptom,
                        .booting = sighting->booting,
                        .follows = (uint8_t)sighting->follows};
    enum channel channel = symptom_channel(sighting->symptom);
    if (channel == CHANNEL_FETCH || channel == CHANNEL_PROBE) {
        if (belongs_to_the_past(diagnosis, fleet, sighting) ||
            comes_out_of_silence(diagnosis, fleet, sighting))
            return false;
        remember(diagnosis, &seen);
    }
    struct hypothesis none = {0};
    double known_own = reference(diagnosis, fleet, &seen, none, now, true);
    double known = reference(diagnosis, fleet, &seen, none, now, false);
    const struct node *node = fleet_node(fleet, sighting->node);
    bool alarm = false;
    for (uint32_t i = 0; i < node->component_count; i++) {
        uint32_t component = node->components[i];
        bool own = components_get(fleet_components(fleet), component)->kind == COMPONENT_STATION;
        alarm |= score_component(diagnosis, fleet, component, sighting, own ? known_own : known,
                                 credits);
        credits += diagnosis->by_component[component].count;
    }
    if (channel == CHANNEL_FETCH)
        alarm |= score_subjects(diagnosis, fleet, now, sighting, known);
    return alarm;
}

void diagnosis_forget(struct diagnosis *diagnosis, const struct fleet *fleet,
                      struct hypothesis hypothesis)
{
    follow_components(diagnosis, fleet);
    if (hypothesis.component >= diagnosis->component_count)
        return;
    const struct component_candidates *own = &diagnosis->by_component[hypothesis.component];
    for (uint32_t i = own->first; i < own->first + own->count; i++)
        if (hypothesis_equal(hypothesis_of(&diagnosis->candidates[i]), hypothesis))
            candidate_reset(diagnosis, &diagnosis->candidates[i]);
}

uint64_t diagnosis_candidate_count(const struct diagnosis *diagnosis)
{
    return diagnosis->candidate_count;
}
