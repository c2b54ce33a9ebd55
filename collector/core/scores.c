// SPDX-License-Identifier: Apache-2.0
// What one sighting adds to the scores of the candidates of one component, or of the product and
// order that it is about.
#include "collector/core/diagnosis_state.h"

#include <math.h>

// Scores are capped this far above the threshold, so that an alarm that was not raised (another
// explained it) does not echo for hours.
#define SCORE_MARGIN 2.302585 // ln 10

#define NEARLY_AS_WELL 1.0 // nats

static double clamp_credit(struct credit *credit, uint32_t epoch, double gain, double limit)
{
    if (credit->epoch != epoch) {
        credit->epoch = epoch;
        credit->given = 0;
    }
    double room = limit - (double)credit->given;
    double taken = gain < room ? gain : room > 0 ? room : 0;
    credit->given += (float)taken;
    return taken;
}

double sharers_of(const struct component *component)
{
    return component->stations < 3 ? 3 : component->stations > 5 ? 5 : component->stations;
}

// What one failing sighting may add. A wide cause takes a limited credit from each station, so that
// one bad station never alarms the plant. A single station has no second witness: two different
// orders (or probes) never suffice, three do, and a loss counts in full.
#define ONE_OF_THREE 0.4
static double limited(const struct component *component, enum symptom symptom,
                      struct credit *credit, uint32_t epoch, double gain, double threshold)
{
    if (component->kind == COMPONENT_STATION || component->kind == COMPONENT_SERVER) {
        bool loss = symptom == SYMPTOM_LIFE_LOST || symptom == SYMPTOM_SERVER_LOST;
        bool telling = gain > 4; // more than fifty times as likely as in health
        if (component->kind == COMPONENT_STATION)
            return loss ? gain : telling ? threshold * ONE_OF_THREE : gain;
        if (symptom_channel(symptom) == CHANNEL_SERVER ||
            symptom_channel(symptom) == CHANNEL_SERVER_LOSS)
            return gain;
    }
    return clamp_credit(credit, epoch, gain, threshold / sharers_of(component));
}

static bool add_score(struct diagnosis *diagnosis, uint32_t index, double change, double threshold,
                      struct mono_time since)
{
    struct candidate *candidate = &diagnosis->candidates[index];
    double score = candidate->score + change;
    if (score <= 0) {
        if (candidate->score > 0)
            candidate_reset(diagnosis, candidate);
        return false;
    }
    if (candidate->score <= 0 || change >= threshold) // proof by itself dates the onset
        candidate->onset = since;
    else if (change > 0)
        candidate->onset = mono_min(candidate->onset, since);
    candidate->score = score > threshold + SCORE_MARGIN ? threshold + SCORE_MARGIN : score;
    set_active(diagnosis, index, true);
    return candidate->score >= threshold - 1e-9;
}

static bool is_return(enum symptom symptom)
{
    return symptom == SYMPTOM_LIFE_RETURNED || symptom == SYMPTOM_SERVER_RETURNED;
}

// Who is heard again was not cut off: what its silence gave is void, or the short silences of
// months would add up.
static void take_back(struct diagnosis *diagnosis, uint32_t index, const struct component *of,
                      struct credit *credit)
{
    struct candidate *candidate = &diagnosis->candidates[index];
    bool own = of->kind == COMPONENT_STATION || of->kind == COMPONENT_SERVER;
    if (candidate->score <= 0)
        return;
    if (own || credit == NULL || credit->epoch != candidate->epoch) {
        if (own)
            candidate_reset(diagnosis, candidate);
        return;
    }
    candidate->score -= (double)credit->given;
    credit->given = 0;
    if (candidate->score <= 1e-6)
        candidate_reset(diagnosis, candidate);
}

bool score_component(struct diagnosis *diagnosis, const struct fleet *fleet, uint32_t component,
                     const struct sighting *sighting, double known, struct credit *credits)
{
    const struct component *of = components_get(fleet_components(fleet), component);
    const struct component_candidates *own = &diagnosis->by_component[component];
    // A stock of orders is a station's own: of its own fault each fetch speaks anew.
    enum follows follows = of->kind == COMPONENT_STATION ? FOLLOWS_NOTHING : sighting->follows;
    bool alarm = false;
    if (sighting->symptom == SYMPTOM_FETCH_OK && own->active == 0)
        return false; // all scores are 0, and a good fetch raises none
    for (uint32_t i = 0; i < own->count; i++) {
        uint32_t index = own->first + i;
        uint32_t row = diagnosis->candidates[index].row;
        if (!diagnosis->speaks[row][sighting->symptom])
            continue;
        double change = ln_of(diagnosis, row + 1, sighting->symptom, follows) - known;
        double threshold = candidate_threshold(diagnosis, row);
        if (is_return(sighting->symptom)) {
            take_back(diagnosis, index, of, credits == NULL ? NULL : &credits[i]);
            continue;
        }
        // What an open incident says nearly as well is no evidence for another.
        if (change > 0 && change < NEARLY_AS_WELL && known > diagnosis->ln[0][sighting->symptom])
            continue;
        if (change > 0 && sighting->booting)
            change *= BOOTING_WEIGHT;
        if (change > 0 && credits != NULL)
            change = limited(of, sighting->symptom, &credits[i], diagnosis->candidates[index].epoch,
                             change, threshold);
        if (change != 0 && add_score(diagnosis, index, change, threshold, sighting->since) &&
            components_may_name(fleet_components(fleet), component, codebook[row].kinds))
            alarm = true;
    }
    return alarm;
}

// ---- products and orders ---------------------------------------------------------------------

// A suspicion this old is another story.
enum { SUSPICION_S = 3600 };

static double subject_limit(double threshold)
{
    return threshold / SCOPE_MIN;
}

static double credit_station(struct suspect *suspect, uint32_t node, double gain, double limit)
{
    struct creditor *creditor = suspect_creditor(suspect, node);
    if (creditor == NULL)
        return 0;
    double room = limit - (double)creditor->given;
    double taken = gain < room ? gain : room > 0 ? room : 0;
    creditor->given += (float)taken;
    return taken;
}

// The second station agrees: from now on it is a component, and what was given so far is its score.
static void make_component(struct diagnosis *diagnosis, const struct fleet *fleet,
                           struct suspect *suspect, const char *name)
{
    if (components_add(fleet_components(fleet), suspect->kind, name, &suspect->component) !=
        STATUS_OK)
        return;
    follow_components(diagnosis, fleet);
    if (suspect->component >= diagnosis->component_count) {
        suspect->component = NAME_NONE;
        return;
    }
    const struct component_candidates *own = &diagnosis->by_component[suspect->component];
    double given = 0;
    for (uint32_t i = 0; i < suspect->creditor_count; i++)
        given += (double)suspect->creditors[i].given;
    for (uint32_t i = own->first; i < own->first + own->count; i++)
        if (diagnosis->candidates[i].score <= 0)
            add_score(diagnosis, i, given,
                      candidate_threshold(diagnosis, diagnosis->candidates[i].row), suspect->first);
    suspect->epoch = diagnosis->candidates[own->first].epoch;
}

static const struct cause *first_row_for(enum component_kind kind)
{
    for (size_t r = 0; r < codebook_count; r++)
        if ((codebook[r].kinds & (1U << kind)) != 0)
            return &codebook[r];
    return NULL;
}

static void suspect_more(struct diagnosis *diagnosis, const struct fleet *fleet,
                         struct suspect *suspect, const struct sighting *sighting, double known,
                         const char *name)
{
    uint32_t row = row_of(first_row_for(suspect->kind));
    double gain = diagnosis->ln[row + 1][sighting->symptom] - known;
    credit_station(suspect, sighting->node, gain,
                   subject_limit(candidate_threshold(diagnosis, row)));
    if (suspect->creditor_count > 1)
        make_component(diagnosis, fleet, suspect, name);
}

static bool score_suspect(struct diagnosis *diagnosis, struct suspect *suspect,
                          const struct sighting *sighting, double known)
{
    const struct component_candidates *own = &diagnosis->by_component[suspect->component];
    bool alarm = false;
    for (uint32_t i = own->first; i < own->first + own->count; i++) {
        struct candidate *candidate = &diagnosis->candidates[i];
        double change = diagnosis->ln[candidate->row + 1][sighting->symptom] - known;
        double threshold = candidate_threshold(diagnosis, candidate->row);
        if (candidate->epoch != suspect->epoch) { // the score was 0 since: old credit is void
            suspect->creditor_count = 0;
            suspect->epoch = candidate->epoch;
        }
        if (change > 0 && change < NEARLY_AS_WELL && known > diagnosis->ln[0][sighting->symptom])
            change = 0;
        if (change > 0)
            change = credit_station(suspect, sighting->node, change, subject_limit(threshold));
        alarm |= change != 0 && add_score(diagnosis, i, change, threshold, sighting->since);
    }
    return alarm;
}

static bool score_subject(struct diagnosis *diagnosis, const struct fleet *fleet,
                          struct mono_time now, enum component_kind kind, uint64_t id,
                          const char *name, const struct sighting *sighting, double known)
{
    if (id == 0 || first_row_for(kind) == NULL)
        return false;
    bool ok = sighting->symptom == SYMPTOM_FETCH_OK;
    struct suspect *suspect = ok ? suspects_find(&diagnosis->suspects, kind, id)
                                 : suspects_add(&diagnosis->suspects, kind, id);
    if (suspect == NULL)
        return false;
    bool old = suspect->creditor_count > 0 && suspect->component == NAME_NONE &&
               mono_before(mono_add(suspect->last, duration_s(SUSPICION_S)), now);
    if (suspect->component == NAME_NONE && (old || ok)) // one failed, and now one is served
        suspect->creditor_count = 0;
    if (suspect->creditor_count == 0)
        suspect->first = sighting->since;
    suspect->last = now;
    if (suspect->component != NAME_NONE)
        return score_suspect(diagnosis, suspect, sighting, known);
    if (!ok)
        suspect_more(diagnosis, fleet, suspect, sighting, known, name);
    return false;
}

bool score_subjects(struct diagnosis *diagnosis, const struct fleet *fleet, struct mono_time now,
                    const struct sighting *sighting, double known)
{
    bool alarm = score_subject(diagnosis, fleet, now, COMPONENT_PRODUCT, sighting->product,
                               sighting->product_name, sighting, known);
    return score_subject(diagnosis, fleet, now, COMPONENT_ORDER, sighting->order,
                         sighting->order_name, sighting, known) ||
           alarm;
}

// ---- how far others are ----------------------------------------------------------------------

static bool stirs(const struct diagnosis *diagnosis, const struct component *component,
                  const struct component_candidates *own)
{
    for (uint32_t i = own->first; i < own->first + own->count; i++) {
        const struct candidate *candidate = &diagnosis->candidates[i];
        double threshold = candidate_threshold(diagnosis, candidate->row);
        if (candidate->score > 1.1 * threshold / sharers_of(component))
            return true;
    }
    return false;
}

bool diagnosis_wider_stirs(const struct diagnosis *diagnosis, const struct fleet *fleet,
                           uint32_t station)
{
    const struct node *node =
        fleet_node(fleet, components_get(fleet_components(fleet), station)->owner);
    for (uint32_t i = 0; i < node->component_count; i++) {
        uint32_t wider = node->components[i];
        if (wider != station && wider < diagnosis->component_count &&
            stirs(diagnosis, components_get(fleet_components(fleet), wider),
                  &diagnosis->by_component[wider]))
            return true;
    }
    return false;
}
