// SPDX-License-Identifier: Apache-2.0
// The choice: which hypothesis, how sure, which rivals remain, and whether to ask before telling.
#include "collector/core/diagnosis_state.h"
#include "collector/core/signs.h"

#include <math.h>

// A rival whose share is below this is not worth a word.
#define WORTH_MENTIONING 0.05
#define NEGLIGIBLE       20.0 // nats: one in half a billion
// A wide candidate takes part in the choice beside a station's own from this part of its threshold
// on: more than a single station can give it.
#define OTHERS_AGREE 0.5
// Beside a wide leader from this part on: three stations' evidence.
#define SPEAKS_UP 0.35
// An open incident is reconsidered with what is at this part of its threshold.
#define IN_THE_RUNNING 0.5
// A verdict that a window does not bear out to this part of the threshold was a false alarm.
#define BORNE_OUT 0.25
// What explains a candidate leaves less than this part of what speaks for it, and no alarm; or so
// little of it that only the number of stations makes it many nats.
#define EXPLAINED_PART   0.6
#define EXPLAINED_NEARLY 0.15

enum { POOL_MAX = 64 };

struct entrant {
    struct hypothesis hypothesis;
    double ln; // of prior x likelihood
};

struct pool {
    struct entrant entrants[POOL_MAX];
    uint32_t count;
};

// A fault in software that stations took on of late is this much likelier than in what they ran
// for long.
#define NEW_SOFTWARE       1000.0
#define NEW_SOFTWARE_FOR_S 86400

static double ln_prior(const struct fleet *fleet, struct hypothesis hypothesis,
                       struct mono_time now)
{
    const struct component *component =
        components_get(fleet_components(fleet), hypothesis.component);
    bool is_new = component->kind == COMPONENT_VERSION && !mono_is_never(component->joined_at) &&
                  mono_before(now, mono_add(component->joined_at, duration_s(NEW_SOFTWARE_FOR_S)));
    return log(hypothesis.cause->per_year * (is_new ? NEW_SOFTWARE : 1));
}

static void enter(struct diagnosis *diagnosis, const struct fleet *fleet, struct pool *pool,
                  struct hypothesis hypothesis, const struct window *window)
{
    struct entrant entrant = {hypothesis, ln_prior(fleet, hypothesis, window->now) +
                                              window_score(diagnosis, fleet, hypothesis, window)};
    if (pool->count < POOL_MAX) {
        pool->entrants[pool->count++] = entrant;
        return;
    }
    uint32_t worst = 0; // full: the least probable gives way
    for (uint32_t i = 1; i < POOL_MAX; i++)
        if (pool->entrants[i].ln < pool->entrants[worst].ln)
            worst = i;
    if (entrant.ln > pool->entrants[worst].ln)
        pool->entrants[worst] = entrant;
}

static bool eligible(struct diagnosis *diagnosis, const struct fleet *fleet,
                     const struct candidate *candidate)
{
    const struct component *component =
        components_get(fleet_components(fleet), candidate->component);
    const struct cause *cause = &codebook[candidate->row];
    if (component_is_subject(component) &&
        !window_has_contrast(diagnosis, component, candidate->onset))
        return false;
    if (cause->needs != 0 && sign_of(component, symptom_channel(cause->needs)) != cause->needs)
        return false;
    return components_may_name(fleet_components(fleet), candidate->component,
                               codebook[candidate->row].kinds);
}

static void rank(struct pool *pool)
{
    for (uint32_t i = 1; i < pool->count; i++)
        for (uint32_t j = i; j > 0; j--) {
            struct entrant *a = &pool->entrants[j - 1], *b = &pool->entrants[j];
            bool in_order = a->ln > b->ln || (a->ln == b->ln && row_of(a->hypothesis.cause) <=
                                                                    row_of(b->hypothesis.cause));
            if (in_order)
                break;
            struct entrant kept = *a;
            *a = *b;
            *b = kept;
        }
}

// Shares of the winner and of those that explain the same evidence; the independent are left out.
static void share_out(struct diagnosis *diagnosis, const struct fleet *fleet,
                      const struct pool *pool, const struct window *window, struct verdict *verdict)
{
    const struct entrant *winner = &pool->entrants[0];
    double sum = 1;
    double shares[POOL_MAX] = {0};
    for (uint32_t i = 1; i < pool->count; i++) {
        const struct entrant *rival = &pool->entrants[i];
        if (winner->ln - rival->ln > NEGLIGIBLE ||
            !fleet_scopes_meet(fleet, winner->hypothesis.component, rival->hypothesis.component) ||
            !diagnosis_explains(diagnosis, fleet, winner->hypothesis, rival->hypothesis,
                                window->from, window->now))
            continue;
        shares[i] = exp(rival->ln - winner->ln);
        sum += shares[i];
    }
    verdict->hypothesis = winner->hypothesis;
    verdict->probability = 1 / sum;
    verdict->onset = window->from;
    verdict->alternative_count = 0;
    for (uint32_t i = 1; i < pool->count; i++)
        if (shares[i] / sum >= WORTH_MENTIONING &&
            verdict->alternative_count < VERDICT_ALTERNATIVES_MAX)
            verdict->alternatives[verdict->alternative_count++] =
                (struct verdict_alternative){pool->entrants[i].hypothesis, shares[i] / sum};
}

// The server's agent has a say in this and has said nothing since the onset: worth asking, unless
// it is the one that raised the alarm.
static uint32_t whom_to_ask(const struct fleet *fleet, const struct verdict *verdict)
{
    uint32_t number = fleet_service_of(fleet, verdict->hypothesis.component);
    if (number == NAME_NONE || verdict->alternative_count == 0)
        return NAME_NONE;
    const struct watched_service *service = fleet_service(fleet, number);
    const struct node *server = fleet_node(fleet, service->server_node);
    bool silent_so_far = mono_before(service->state_told_at, verdict->onset) ||
                         mono_before(server->heard_at, verdict->onset);
    return server->presence == PRESENCE_ON && silent_so_far ? service->server_node : NAME_NONE;
}

// Somebody outside the scope has missed a heartbeat too and is not overdue yet: within a grace it
// is known whether the silence is wider.
static bool silence_spreads(const struct fleet *fleet, const struct verdict *verdict,
                            struct mono_time now)
{
    if (verdict->hypothesis.cause->predicts[SYMPTOM_LIFE_OVERDUE] < 0.5)
        return false;
    for (uint32_t i = 0; i < fleet_node_count(fleet); i++) {
        const struct node *node = fleet_node(fleet, i);
        struct duration late = {node->interval.us * 5 / 4};
        if (node->presence == PRESENCE_ON && mono_before(mono_add(node->heard_at, late), now) &&
            !fleet_covers(fleet, i, verdict->hypothesis.component))
            return true;
    }
    return false;
}

static const struct candidate *leader_of(struct diagnosis *diagnosis, const struct fleet *fleet)
{
    diagnosis_threshold(diagnosis, fleet); // a choice is made on the topology as it is now
    const struct candidate *leader = NULL;
    for (uint32_t i = 0; i < diagnosis->active_count; i++) {
        const struct candidate *candidate = &diagnosis->candidates[diagnosis->active[i]];
        double threshold = candidate_threshold(diagnosis, candidate->row);
        if (candidate->score < threshold - 1e-9 || !eligible(diagnosis, fleet, candidate))
            continue;
        // Ties by number, so that the order of the active list does not show.
        if (leader == NULL || candidate->score > leader->score ||
            (candidate->score == leader->score && candidate < leader))
            leader = candidate;
    }
    return leader;
}

// What one station saw is the station's own until others agree.
static bool runs_with(const struct diagnosis *diagnosis, const struct fleet *fleet,
                      const struct candidate *leader, const struct candidate *candidate)
{
    const struct components *components = fleet_components(fleet);
    bool narrow = components_get(components, leader->component)->kind == COMPONENT_STATION;
    bool own = candidate->component == leader->component;
    double threshold = candidate_threshold(diagnosis, candidate->row);
    return candidate->score >= (narrow && !own ? OTHERS_AGREE : SPEAKS_UP) * threshold;
}

bool diagnosis_decide(struct diagnosis *diagnosis, const struct fleet *fleet, struct mono_time now,
                      struct verdict *ret)
{
    const struct candidate *leader = leader_of(diagnosis, fleet);
    if (leader == NULL)
        return false;
    struct window window = {.from = leader->onset, .now = now};
    struct pool pool = {.count = 0};
    for (uint32_t i = 0; i < diagnosis->active_count; i++) {
        const struct candidate *candidate = &diagnosis->candidates[diagnosis->active[i]];
        if (runs_with(diagnosis, fleet, leader, candidate) && eligible(diagnosis, fleet, candidate))
            enter(diagnosis, fleet, &pool, hypothesis_of(candidate), &window);
    }
    rank(&pool);
    const struct entrant *best = &pool.entrants[0];
    if (pool.count == 0 ||
        best->ln - ln_prior(fleet, best->hypothesis, now) <
            BORNE_OUT * candidate_threshold(diagnosis, row_of(best->hypothesis.cause))) {
        // The running score said so and the whole window does not: a false alarm.
        candidate_reset(diagnosis, &diagnosis->candidates[leader - diagnosis->candidates]);
        return false;
    }
    share_out(diagnosis, fleet, &pool, &window, ret);
    ret->ask_node = whom_to_ask(fleet, ret);
    ret->unsettled = ret->ask_node != NAME_NONE || silence_spreads(fleet, ret, now) ||
                     ret->hypothesis.cause->unnamed;
    return true;
}

bool diagnosis_reconsider(struct diagnosis *diagnosis, const struct fleet *fleet,
                          struct hypothesis open, struct mono_time from, struct mono_time now,
                          struct verdict *ret)
{
    struct window window = {.from = from, .now = now, .except = open};
    struct pool pool = {.count = 0};
    for (uint32_t i = 0; i < diagnosis->candidate_count; i++) {
        const struct candidate *candidate = &diagnosis->candidates[i];
        bool in_the_running =
            candidate->score >= IN_THE_RUNNING * candidate_threshold(diagnosis, candidate->row);
        enum component_kind kind =
            components_get(fleet_components(fleet), candidate->component)->kind;
        bool same_family = kind != COMPONENT_STATION && kind != COMPONENT_LABEL &&
                           fleet_related(fleet, candidate->component, open.component);
        bool wanted =
            same_family || in_the_running || hypothesis_equal(hypothesis_of(candidate), open);
        // A sign that stands tells of itself, and is no sharper name of anything else.
        bool mere_sign = codebook[candidate->row].recovery == RECOVERY_SIGN &&
                         !hypothesis_equal(hypothesis_of(candidate), open);
        if (wanted && !mere_sign && eligible(diagnosis, fleet, candidate))
            enter(diagnosis, fleet, &pool, hypothesis_of(candidate), &window);
    }
    if (pool.count == 0)
        return false;
    rank(&pool);
    const struct entrant *best = &pool.entrants[0];
    if (best->ln <= ln_prior(fleet, best->hypothesis, now)) // explains it no better than health
        return false;
    share_out(diagnosis, fleet, &pool, &window, ret);
    ret->ask_node = NAME_NONE;
    ret->unsettled = false;
    return true;
}

bool diagnosis_explains(struct diagnosis *diagnosis, const struct fleet *fleet,
                        struct hypothesis by, struct hypothesis what, struct mono_time from,
                        struct mono_time now)
{
    struct window window = {.from = from, .now = now, .given = by};
    double threshold = candidate_threshold(diagnosis, row_of(what.cause));
    double left = window_score(diagnosis, fleet, what, &window);
    window.given.cause = NULL;
    window.against_health = true;
    double all = window_score(diagnosis, fleet, what, &window);
    return (left < IN_THE_RUNNING * threshold && left < EXPLAINED_PART * all) ||
           left < EXPLAINED_NEARLY * all;
}

void diagnosis_explain(struct diagnosis *diagnosis, const struct fleet *fleet, struct hypothesis by,
                       struct mono_time from, struct mono_time now)
{
    if (diagnosis->explanation_count < EXPLANATIONS_MAX)
        diagnosis->explanations[diagnosis->explanation_count++] = (struct explanation){by, now};
    for (uint32_t i = diagnosis->active_count; i-- > 0;) {
        struct candidate *candidate = &diagnosis->candidates[diagnosis->active[i]];
        struct hypothesis what = hypothesis_of(candidate);
        if (!fleet_scopes_meet(fleet, what.component, by.component))
            continue;
        if (hypothesis_equal(what, by) ||
            diagnosis_explains(diagnosis, fleet, by, what, mono_min(from, candidate->onset), now))
            candidate_reset(diagnosis, candidate);
    }
}

void diagnosis_unexplain(struct diagnosis *diagnosis, const struct fleet *fleet,
                         struct hypothesis by, struct mono_time now)
{
    diagnosis->past[diagnosis->past_next++ % PAST_MAX] = (struct past){by, now};
    for (uint32_t i = 0; i < diagnosis->explanation_count; i++)
        if (hypothesis_equal(diagnosis->explanations[i].hypothesis, by)) {
            diagnosis->explanations[i] = diagnosis->explanations[--diagnosis->explanation_count];
            break;
        }
    // Rivals that share the scope restart: what they gathered was this fault.
    for (uint32_t i = diagnosis->active_count; i-- > 0;) {
        struct candidate *candidate = &diagnosis->candidates[diagnosis->active[i]];
        if (hypothesis_equal(hypothesis_of(candidate), by) ||
            fleet_related(fleet, candidate->component, by.component))
            candidate_reset(diagnosis, candidate);
    }
}
