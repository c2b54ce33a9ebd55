// SPDX-License-Identifier: Apache-2.0
// Rescoring over one window: everything that was seen, and everything that is known now, weighed
// for one hypothesis against what it is compared with.
#include "collector/core/diagnosis_state.h"
#include "collector/core/signs.h"

// A station says the same thing over and over: more than this from one in a window adds
// nothing.
enum { SIGHTINGS_PER_STATION = 3 };

// A node's mark in a pass: what pass, whether a good fetch was seen, how many sightings.
enum { GOOD_BIT = 0x80, COUNT_BITS = 0x7F };

// A product or order is told apart from all others by so many stations that get something else.
enum { CONTRAST_MIN = 2, STOCK_LASTS_S = 90 };

// What a failing fetch speaks for a cause that predicts it, against health: nats.
#define FAILURE_WORTH 7.0F

// Direct evidence of this weight settles the matter by itself: nats, one in half a billion.
#define DECISIVE 20.0

static bool is_own(const struct fleet *fleet, struct hypothesis of)
{
    return components_get(fleet_components(fleet), of.component)->kind == COMPONENT_STATION;
}

static double known_given(const struct diagnosis *diagnosis, const struct fleet *fleet,
                          const struct seen *seen, struct hypothesis given)
{
    bool inside = fleet_concerns(fleet, given.component, seen->node, seen->order, seen->product);
    return ln_of(diagnosis, inside ? row_of(given.cause) + 1 : 0, (enum symptom)seen->symptom,
                 (enum follows)seen->follows);
}

static double weigh(const struct diagnosis *diagnosis, const struct fleet *fleet,
                    const struct seen *seen, struct hypothesis of, const struct window *window)
{
    uint32_t row = row_of(of.cause);
    if (!diagnosis->speaks[row][seen->symptom])
        return 0;
    double known;
    if (window->against_health)
        known = ln_of(diagnosis, 0, (enum symptom)seen->symptom, (enum follows)seen->follows);
    else if (window->given.cause == NULL)
        known = reference(diagnosis, fleet, seen, window->except, window->now, is_own(fleet, of));
    else
        known = known_given(diagnosis, fleet, seen, window->given);
    double change =
        ln_of(diagnosis, row + 1, (enum symptom)seen->symptom, (enum follows)seen->follows) - known;
    return change > 0 && seen->booting ? change * BOOTING_WEIGHT : change;
}

// A pass over the window begins: every node's count is 0 again without touching them all.
static void begin_pass(struct diagnosis *diagnosis)
{
    diagnosis->pass += 1 << 8;
}

static bool count_in_pass(struct diagnosis *diagnosis, uint32_t node, uint32_t limit)
{
    uint32_t *mark = &diagnosis->mark[node];
    if ((*mark >> 8) != (diagnosis->pass >> 8))
        *mark = diagnosis->pass & ~0xFFU;
    if ((*mark & COUNT_BITS) >= limit)
        return false;
    ++*mark;
    return true;
}

// Notes that a good fetch of the node is weighed. True: another was before.
static bool good_in_pass(struct diagnosis *diagnosis, uint32_t node)
{
    bool before = (diagnosis->mark[node] & GOOD_BIT) != 0;
    diagnosis->mark[node] |= GOOD_BIT;
    return before;
}

// What a station gives to wider causes is limited here as in the running scores; by the same for
// all of them, so that it does not blur which of them it is. The failing sightings of one station
// beyond the limit are worth nothing against the station's own fault.
static double overdrawn(struct diagnosis *diagnosis, const struct seen *seen, double limit)
{
    float *given = &diagnosis->given[seen->node];
    if ((diagnosis->mark[seen->node] & COUNT_BITS) == 1)
        *given = 0;
    if (!symptom_is_failure((enum symptom)seen->symptom))
        return 0;
    double before = (double)*given;
    *given += FAILURE_WORTH;
    double room = limit > before ? limit - before : 0;
    return room < FAILURE_WORTH ? FAILURE_WORTH - room : 0;
}

static const struct seen *seen_back(const struct diagnosis *diagnosis, uint32_t steps)
{
    uint32_t at =
        (diagnosis->ring_next + diagnosis->ring_capacity - 1 - steps) % diagnosis->ring_capacity;
    return &diagnosis->ring[at];
}

static bool turned_silent(const struct node *node, struct mono_time from)
{
    return node->presence == PRESENCE_SILENT && !mono_before(node->silent_at, from);
}

// The latest moment at which whatever silenced the silent ones can have happened: each missed the
// heartbeat that was due one interval after its last. Who is heard after it was not cut off.
static struct mono_time latest_cut(const struct fleet *fleet, uint32_t component,
                                   struct mono_time from)
{
    struct mono_time cut = MONO_NEVER;
    for (uint32_t i = 0; i < fleet_node_count(fleet); i++) {
        const struct node *node = fleet_node(fleet, i);
        if (turned_silent(node, from) && fleet_covers(fleet, i, component))
            cut = mono_min(cut,
                           mono_add(node->heard_at, (struct duration){node->interval.us * 5 / 4}));
    }
    return cut;
}

static double score_sightings(struct diagnosis *diagnosis, const struct fleet *fleet,
                              struct hypothesis of, const struct window *window)
{
    double score = 0;
    struct mono_time from = window->from;
    if (of.cause->predicts[SYMPTOM_LIFE_OVERDUE] > 0.5) {
        // The silent ones were heard, and fetched, until the cut itself.
        struct mono_time cut = latest_cut(fleet, of.component, from);
        from = mono_is_never(cut) ? from : cut;
    }
    bool own = is_own(fleet, of);
    const struct component *scope = components_get(fleet_components(fleet), of.component);
    double limit = candidate_threshold(diagnosis, row_of(of.cause)) / sharers_of(scope);
    begin_pass(diagnosis);
    for (uint32_t i = 0; i < diagnosis->ring_count; i++) {
        struct seen seen = *seen_back(diagnosis, i);
        if (mono_before(seen.at, from))
            break;
        if (!diagnosis->speaks[row_of(of.cause)][seen.symptom] ||
            !fleet_concerns(fleet, of.component, seen.node, seen.order, seen.product))
            continue;
        if (own) {
            seen.follows = FOLLOWS_NOTHING;
            score += weigh(diagnosis, fleet, &seen, of, window);
            continue;
        }
        if (!count_in_pass(diagnosis, seen.node, SIGHTINGS_PER_STATION))
            continue;
        if (seen.follows == FOLLOWS_GOOD)
            seen.follows = good_in_pass(diagnosis, seen.node) ? FOLLOWS_MANY : FOLLOWS_ONCE;
        score += weigh(diagnosis, fleet, &seen, of, window);
        if (window->given.cause == NULL && !window->against_health)
            score -= overdrawn(diagnosis, &seen, limit);
    }
    return score;
}

// Stations that failed to get it, and those that got something else: the latter after a failure, or
// at all.
struct contrast {
    uint32_t failed, served_after, served;
};

static void count_contrast(struct diagnosis *diagnosis, const struct seen *seen, uint64_t wanted,
                           uint64_t id, struct contrast *contrast)
{
    if (id == wanted) {
        contrast->failed += seen->symptom != SYMPTOM_FETCH_OK ? 1 : 0;
    } else if (id != 0 && seen->symptom == SYMPTOM_FETCH_OK) {
        contrast->served_after += seen->follows == FOLLOWS_FAILURE ? 1 : 0;
        contrast->served += count_in_pass(diagnosis, seen->node, 1) ? 1 : 0;
    }
}

bool window_has_contrast(struct diagnosis *diagnosis, const struct component *subject,
                         struct mono_time from)
{
    struct contrast contrast = {0};
    struct mono_time latest = MONO_NEVER;
    begin_pass(diagnosis);
    for (uint32_t i = 0; i < diagnosis->ring_count; i++) {
        const struct seen *seen = seen_back(diagnosis, i);
        if (mono_is_never(latest))
            latest = seen->at;
        if (mono_before(seen->at, from))
            break;
        if (symptom_channel((enum symptom)seen->symptom) == CHANNEL_FETCH)
            count_contrast(diagnosis, seen, subject->set_hash,
                           subject->kind == COMPONENT_PRODUCT ? seen->product : seen->order,
                           &contrast);
    }
    bool long_enough =
        !mono_is_never(latest) && mono_before(mono_add(from, duration_s(STOCK_LASTS_S)), latest);
    return contrast.served_after > 0 ||
           (long_enough && contrast.served >= CONTRAST_MIN * contrast.failed);
}

// ---- silence ---------------------------------------------------------------------------------

static double weigh_life(const struct diagnosis *diagnosis, const struct fleet *fleet,
                         uint32_t node, enum symptom symptom, struct hypothesis of,
                         const struct window *window)
{
    struct seen seen = {.node = node, .symptom = (uint8_t)symptom};
    return weigh(diagnosis, fleet, &seen, of, window);
}

static double score_node_life(const struct diagnosis *diagnosis, const struct fleet *fleet,
                              uint32_t index, struct mono_time cut, struct hypothesis of,
                              const struct window *window)
{
    const struct node *node = fleet_node(fleet, index);
    bool server = node->role == ROLE_SERVER;
    if (turned_silent(node, window->from)) {
        double score =
            weigh_life(diagnosis, fleet, index,
                       server ? SYMPTOM_SERVER_OVERDUE : SYMPTOM_LIFE_OVERDUE, of, window);
        if (node->resolved_lost)
            score += weigh_life(diagnosis, fleet, index,
                                server ? SYMPTOM_SERVER_LOST : SYMPTOM_LIFE_LOST, of, window);
        return score;
    }
    // Nobody is silent: who is heard although a heartbeat was due since the onset was not cut off.
    // A server is heard or not, whoever else is silent.
    if (mono_is_never(cut))
        cut = mono_add(window->from,
                       server ? duration_ms(100) : (struct duration){node->interval.us * 5 / 4});
    if (node->presence == PRESENCE_ON && mono_before(cut, node->heard_at))
        return weigh_life(diagnosis, fleet, index,
                          server ? SYMPTOM_SERVER_HEARD : SYMPTOM_LIFE_HEARD, of, window);
    return 0;
}

static bool speaks_of(const struct hypothesis of, const struct window *window, enum symptom symptom)
{
    double mine = codebook_probability(of.cause, symptom);
    double other = codebook_probability(window->given.cause, symptom);
    double health = codebook_probability(NULL, symptom);
    return mine != other || mine != health;
}

static double score_life(const struct diagnosis *diagnosis, const struct fleet *fleet,
                         struct hypothesis of, const struct window *window)
{
    if (!speaks_of(of, window, SYMPTOM_LIFE_OVERDUE) &&
        !speaks_of(of, window, SYMPTOM_SERVER_OVERDUE))
        return 0;
    struct mono_time cut = latest_cut(fleet, of.component, window->from);
    double score = 0;
    for (uint32_t i = 0; i < fleet_node_count(fleet); i++)
        if (fleet_covers(fleet, i, of.component))
            score += score_node_life(diagnosis, fleet, i, cut, of, window);
    return score;
}

// ---- what is known directly ------------------------------------------------------------------

static double weigh_direct(const struct diagnosis *diagnosis, const struct fleet *fleet,
                           uint32_t component, enum symptom symptom, struct hypothesis of,
                           const struct window *window)
{
    struct hypothesis given = window->given;
    uint32_t row = 0;
    if (!diagnosis->speaks[row_of(of.cause)][symptom])
        return 0;
    if (given.cause != NULL && fleet_related(fleet, given.component, component))
        row = row_of(given.cause) + 1;
    return diagnosis->ln[row_of(of.cause) + 1][symptom] - diagnosis->ln[row][symptom];
}

static double score_one_service(const struct diagnosis *diagnosis, const struct fleet *fleet,
                                const struct watched_service *service, struct hypothesis of,
                                const struct window *window)
{
    // What was told before it began may no longer be so: asked again, the agent has to confirm it.
    if (fleet_node(fleet, service->server_node)->presence != PRESENCE_ON)
        return 0;
    double score = 0;
    if (service->state < SYMPTOM_COUNT && !mono_before(service->state_told_at, window->from))
        score += weigh_direct(diagnosis, fleet, of.component, service->state, of, window);
    if (service->output < SYMPTOM_COUNT && !mono_before(service->output_told_at, window->from))
        score += weigh_direct(diagnosis, fleet, of.component, service->output, of, window);
    return score;
}

static double score_services(const struct diagnosis *diagnosis, const struct fleet *fleet,
                             struct hypothesis of, const struct window *window)
{
    double score = 0;
    if (!diagnosis->speaks[row_of(of.cause)][SYMPTOM_STATE_UP] &&
        !diagnosis->speaks[row_of(of.cause)][SYMPTOM_OUTPUT_IDLE])
        return 0;
    for (uint32_t i = 0; i < fleet_service_count(fleet); i++) {
        const struct watched_service *service = fleet_service(fleet, i);
        if (fleet_related(fleet, service->component, of.component))
            score += score_one_service(diagnosis, fleet, service, of, window);
    }
    return score;
}

static double score_signs(const struct diagnosis *diagnosis, const struct fleet *fleet,
                          struct hypothesis of, const struct window *window)
{
    const struct component *component = components_get(fleet_components(fleet), of.component);
    double score = 0;
    for (int c = CHANNEL_RESTART; c < CHANNEL_COUNT; c++) {
        enum symptom sign = sign_of(component, (enum channel)c);
        if (sign < SYMPTOM_COUNT)
            score += weigh_direct(diagnosis, fleet, of.component, sign, of, window);
    }
    return score;
}

static double score_link(const struct diagnosis *diagnosis, const struct fleet *fleet,
                         struct hypothesis of, const struct window *window)
{
    const struct component *component = components_get(fleet_components(fleet), of.component);
    if (component->kind != COMPONENT_BROKER && component->kind != COMPONENT_COLLECTOR &&
        component->kind != COMPONENT_SITE)
        return 0;
    enum symptom link = fleet_link_up(fleet) ? SYMPTOM_LINK_UP : SYMPTOM_LINK_DOWN;
    bool silent = false, will = false;
    for (uint32_t i = 0; i < fleet_node_count(fleet); i++) {
        const struct node *node = fleet_node(fleet, i);
        silent |= turned_silent(node, window->from);
        will |= turned_silent(node, window->from) && node->will_heard;
    }
    double score = weigh_direct(diagnosis, fleet, of.component, link, of, window);
    if (silent)
        score += weigh_direct(diagnosis, fleet, of.component,
                              will ? SYMPTOM_WILL_HEARD : SYMPTOM_WILL_NONE, of, window);
    return score;
}

double window_score(struct diagnosis *diagnosis, const struct fleet *fleet, struct hypothesis of,
                    const struct window *window)
{
    double direct =
        score_services(diagnosis, fleet, of, window) + score_signs(diagnosis, fleet, of, window);
    double sighted = score_sightings(diagnosis, fleet, of, window);
    // What the server itself reports is not disproved by stations that live on earlier orders.
    if (direct > DECISIVE && sighted < 0)
        sighted = 0;
    return direct + sighted + score_life(diagnosis, fleet, of, window) +
           score_link(diagnosis, fleet, of, window);
}

// ---- counting --------------------------------------------------------------------------------

static void tally_sightings(struct diagnosis *diagnosis, const struct fleet *fleet,
                            uint32_t component, struct mono_time from, enum symptom symptom,
                            struct tally *tally)
{
    begin_pass(diagnosis);
    for (uint32_t i = 0; i < diagnosis->ring_count; i++) {
        const struct seen *seen = seen_back(diagnosis, i);
        if (mono_before(seen->at, from))
            return;
        if (seen->symptom != (uint8_t)symptom ||
            !fleet_concerns(fleet, component, seen->node, seen->order, seen->product))
            continue;
        tally->seen[symptom]++;
        tally->stations[symptom] += count_in_pass(diagnosis, seen->node, 1) ? 1 : 0;
    }
}

void diagnosis_tally(struct diagnosis *diagnosis, const struct fleet *fleet, uint32_t component,
                     struct mono_time from, struct tally *ret)
{
    *ret = (struct tally){0};
    for (int s = SYMPTOM_FETCH_OK; s <= SYMPTOM_PROBE_STALE; s++)
        tally_sightings(diagnosis, fleet, component, from, (enum symptom)s, ret);
    for (uint32_t i = 0; i < fleet_node_count(fleet); i++) {
        const struct node *node = fleet_node(fleet, i);
        if (node->role == ROLE_SERVER || !fleet_covers(fleet, i, component))
            continue;
        ret->heard += node->presence == PRESENCE_ON ? 1 : 0;
        ret->silent += node->presence == PRESENCE_SILENT ? 1 : 0;
        ret->wills += node->presence == PRESENCE_SILENT && node->will_heard ? 1 : 0;
    }
}

void diagnosis_witnesses(const struct diagnosis *diagnosis, const struct fleet *fleet,
                         struct hypothesis of, struct mono_time from, struct node_set *set)
{
    for (uint32_t i = 0; i < diagnosis->ring_count; i++) {
        const struct seen *seen = seen_back(diagnosis, i);
        if (mono_before(seen->at, from))
            return;
        if (symptom_is_failure((enum symptom)seen->symptom) &&
            codebook_expects(of.cause, (enum symptom)seen->symptom) &&
            fleet_concerns(fleet, of.component, seen->node, seen->order, seen->product))
            node_set_add(set, seen->node);
    }
}
