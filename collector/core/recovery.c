// SPDX-License-Identifier: Apache-2.0
// The proofs.
#include "collector/core/recovery.h"
#include "collector/core/signs.h"

#include "base/text.h"

#include <math.h>

enum {
    UNTOLD_S = 60,
    STATIONS_NEEDED = 3,
    RUN_NEEDED = 30,
    QUIET_S = 120,
    STEADY_S = 10,
    LOOK_AGAIN_S = 1
};
#define ODDS_NEEDED 13.815511 // ln 1,000,000

enum status recovery_init(struct recovery_state *recovery, const struct cause *cause,
                          uint32_t component, uint32_t nodes_max, struct mono_time now)
{
    *recovery = (struct recovery_state){.cause = cause,
                                        .component = component,
                                        .repaired_at = MONO_NEVER,
                                        .since = now,
                                        .last_fetch = now,
                                        .bad_at = now,
                                        .steady_at = MONO_NEVER};
    enum status status = node_set_init(&recovery->good, nodes_max);
    if (status == STATUS_OK)
        status = node_set_init(&recovery->bad, nodes_max);
    if (status == STATUS_OK)
        status = node_set_init(&recovery->run, nodes_max);
    if (status != STATUS_OK)
        recovery_fini(recovery);
    return status;
}

void recovery_fini(struct recovery_state *recovery)
{
    node_set_fini(&recovery->good);
    node_set_fini(&recovery->bad);
    node_set_fini(&recovery->run);
}

static void restart(struct recovery_state *recovery, struct mono_time now)
{
    recovery->since = recovery->last_fetch = now;
    recovery->odds = 0;
    node_set_clear(&recovery->run);
}

static void count_fetch(struct recovery_state *recovery, struct mono_time now,
                        const struct sighting *sighting)
{
    bool ok = sighting->symptom == SYMPTOM_FETCH_OK;
    bool repaired = !mono_is_never(recovery->repaired_at);
    if (repaired && mono_before(sighting->since, recovery->repaired_at))
        return; // it happened before the repair and is only told now
    recovery->last_fetch = now;
    if (!ok)
        restart(recovery, now);
    else
        node_set_add(&recovery->run, sighting->node);
    node_set_remove(ok ? &recovery->bad : &recovery->good, sighting->node);
    node_set_add(ok ? &recovery->good : &recovery->bad, sighting->node);
    if (ok)
        recovery->odds += log(codebook_probability(NULL, sighting->symptom) /
                              codebook_probability(recovery->cause, sighting->symptom));
}

void recovery_sight(struct recovery_state *recovery, struct mono_time now,
                    const struct sighting *sighting)
{
    switch (symptom_channel(sighting->symptom)) {
    case CHANNEL_FETCH:
        count_fetch(recovery, now, sighting);
        break;
    case CHANNEL_PROBE: // the share is the fault: a failing probe is a failure of it
        if (sighting->symptom != SYMPTOM_PROBE_OK &&
            recovery->cause->predicts[SYMPTOM_PROBE_OK] > 0 && mono_is_never(recovery->repaired_at))
            restart(recovery, now);
        break;
    case CHANNEL_LIFE:
    case CHANNEL_SERVER:
    case CHANNEL_LINK:
        recovery->bad_at = now;
        recovery->steady_at = MONO_NEVER;
        break;
    default:
        break;
    }
}

void recovery_repaired(struct recovery_state *recovery, struct mono_time now)
{
    recovery->repaired_at = now;
    restart(recovery, now);
    node_set_clear(&recovery->good); // what was fetched before the repair says nothing of it
    node_set_clear(&recovery->bad);
}

void recovery_undone(struct recovery_state *recovery, struct mono_time now)
{
    recovery->repaired_at = MONO_NEVER;
    restart(recovery, now);
    node_set_clear(&recovery->good);
    node_set_clear(&recovery->bad);
}

// Where to look for the nodes of a scope: a station's or server's is its own.
struct range {
    uint32_t first, end;
};

static struct range nodes_of(const struct fleet *fleet, uint32_t component)
{
    const struct component *of = components_get(fleet_components(fleet), component);
    bool one = of->kind == COMPONENT_STATION && of->owner != NAME_NONE;
    return one ? (struct range){of->owner, of->owner + 1}
               : (struct range){0, fleet_node_count(fleet)};
}

static uint32_t scope_of(const struct recovery_state *recovery, const struct fleet *fleet)
{
    uint32_t stations = components_get(fleet_components(fleet), recovery->component)->stations;
    return stations == 0 ? 1 : stations;
}

static uint32_t needed(uint32_t scope)
{
    return scope < STATIONS_NEEDED ? scope : STATIONS_NEEDED;
}

// What its server says does not run has not recovered, whatever was fetched before.
static bool known_broken(const struct recovery_state *recovery, const struct fleet *fleet)
{
    uint32_t number = fleet_service_of(fleet, recovery->component);
    return number != NAME_NONE && recovery->cause->predicts[SYMPTOM_STATE_DOWN] > 0.5 &&
           fleet_service(fleet, number)->state == SYMPTOM_STATE_DOWN;
}

// Whether or not a repair was seen: so many different stations in a row, without one failure, that
// fewer than a tenth can still be failing (0.9^30 < 0.05); of a smaller scope half of it.
static uint32_t run_needed(uint32_t scope)
{
    uint32_t half = (scope + 1) / 2;
    uint32_t least = half < STATIONS_NEEDED ? needed(scope) : half;
    return least < RUN_NEEDED ? least : RUN_NEEDED;
}

// Fewer work than that: every station that asked fetched after the last failure, and a while
// passed.
static bool all_that_ask(const struct recovery_state *recovery, uint32_t scope,
                         struct mono_time now)
{
    return recovery->bad.count == 0 && recovery->run.count >= needed(scope) &&
           recovery->run.count == recovery->good.count &&
           !mono_before(now, mono_add(recovery->since, duration_s(QUIET_S)));
}

static bool proven_by_fetches(const struct recovery_state *recovery, const struct fleet *fleet,
                              struct mono_time now, char *why)
{
    uint32_t scope = scope_of(recovery, fleet);
    uint32_t good = recovery->good.count, all = good + recovery->bad.count;
    bool repaired = !mono_is_never(recovery->repaired_at);
    bool after_repair = repaired && good >= needed(scope) && good * 10 >= all * 9;
    bool after_failure =
        (recovery->run.count >= run_needed(scope) || all_that_ask(recovery, scope, now)) &&
        (scope < STATIONS_NEEDED || recovery->odds >= ODDS_NEEDED);
    if (known_broken(recovery, fleet) || (!after_repair && !after_failure))
        return false;
    struct text text;
    text_init(&text, why, TEXT_SIZE);
    if (after_repair)
        text_printf(&text, "%u of %u stations that asked fetched orders since the repair", good,
                    all);
    else
        text_printf(&text, "%u different stations fetched orders since the last failure",
                    recovery->run.count);
    return true;
}

// Nobody fetches: what the service makes and its canary have to speak.
static bool proven_by_output(const struct recovery_state *recovery, const struct fleet *fleet,
                             char *why)
{
    uint32_t number = fleet_service_of(fleet, recovery->component);
    if (number == NAME_NONE || mono_is_never(recovery->repaired_at) ||
        recovery->cause->predicts[SYMPTOM_STATE_UP] <= 0)
        return false;
    const struct watched_service *service = fleet_service(fleet, number);
    const struct node *server = fleet_node(fleet, service->server_node);
    if (service->state != SYMPTOM_STATE_UP ||
        !mono_before(recovery->repaired_at, service->newest_order_at) ||
        server->share != OUTCOME_OK || !mono_before(recovery->repaired_at, server->probed_at))
        return false;
    text_copy(why, TEXT_SIZE,
              "nobody fetched for 2 minutes; a new order was made and the canary was read");
    return true;
}

static bool proven_by_probes(const struct recovery_state *recovery, const struct fleet *fleet,
                             char *why)
{
    if (recovery->cause->predicts[SYMPTOM_PROBE_OK] <= 0)
        return false;
    uint32_t good = 0, all = 0;
    struct range range = nodes_of(fleet, recovery->component);
    for (uint32_t i = range.first; i < range.end; i++) {
        const struct node *node = fleet_node(fleet, i);
        if (node->role == ROLE_SERVER || node->presence != PRESENCE_ON ||
            !fleet_covers(fleet, i, recovery->component) ||
            !mono_before(recovery->since, node->probed_at))
            continue;
        all++;
        good += node->share == OUTCOME_OK ? 1 : 0;
    }
    if (good < needed(scope_of(recovery, fleet)) || good * 10 < all * 9)
        return false;
    struct text text;
    text_init(&text, why, TEXT_SIZE);
    text_printf(&text, "nobody fetched for 2 minutes; the share answered %u of %u stations", good,
                all);
    return true;
}

// ---- signs and returns -----------------------------------------------------------------------

static bool proven_by_sign(const struct recovery_state *recovery, const struct fleet *fleet,
                           char *why)
{
    enum symptom sign = codebook_sign(recovery->cause);
    enum symptom now = sign_of(components_get(fleet_components(fleet), recovery->component),
                               symptom_channel(sign));
    // From bad to worse is no recovery: what it foretold supersedes it.
    if (now == sign || now == SYMPTOM_COUNT || codebook_probability(NULL, now) < 0.5)
        return false;
    text_copy(why, TEXT_SIZE, symptom_text(now));
    return true;
}

static bool service_is_well(const struct watched_service *service, struct mono_time back_at,
                            struct mono_time now)
{
    bool told = service->state < SYMPTOM_COUNT && !mono_before(service->state_told_at, back_at);
    if (!told) // nobody tells of it: its stations will
        return !mono_before(now, mono_add(back_at, duration_s(UNTOLD_S)));
    bool asked = service->order_output.backlog > 0 && service->output < SYMPTOM_COUNT &&
                 !mono_before(service->output_told_at, back_at);
    return service->state == SYMPTOM_STATE_UP &&
           (!asked || mono_before(back_at, service->newest_order_at));
}

static bool proven_by_return(const struct recovery_state *recovery, const struct fleet *fleet,
                             struct mono_time now, char *why)
{
    const struct component *server = components_get(fleet_components(fleet), recovery->component);
    if (mono_is_never(recovery->repaired_at) || server->owner == NAME_NONE ||
        fleet_node(fleet, server->owner)->presence != PRESENCE_ON)
        return false;
    for (uint32_t i = 0; i < fleet_service_count(fleet); i++) {
        const struct watched_service *service = fleet_service(fleet, i);
        if (service->server_component == recovery->component &&
            !service_is_well(service, recovery->repaired_at, now))
            return false;
    }
    text_copy(why, TEXT_SIZE, "the server is back and its services work");
    return true;
}

// ---- silence ---------------------------------------------------------------------------------

static bool enough_heard(const struct recovery_state *recovery, const struct fleet *fleet,
                         uint32_t *ret_heard, uint32_t *ret_all)
{
    uint32_t heard = 0, all = 0;
    struct range range = nodes_of(fleet, recovery->component);
    for (uint32_t i = range.first; i < range.end; i++) {
        const struct node *node = fleet_node(fleet, i);
        bool counts = node->presence == PRESENCE_ON || node->presence == PRESENCE_SILENT ||
                      (node->presence == PRESENCE_UNKNOWN && node->expected);
        enum symptom silence =
            node->role == ROLE_SERVER ? SYMPTOM_SERVER_OVERDUE : SYMPTOM_LIFE_OVERDUE;
        if (!counts || recovery->cause->predicts[silence] < 0.5 ||
            !fleet_covers(fleet, i, recovery->component))
            continue;
        all++;
        if (node->presence == PRESENCE_ON && mono_before(recovery->bad_at, node->heard_at))
            heard++;
    }
    *ret_heard = heard;
    *ret_all = all;
    return heard * 10 >= all * 9;
}

static bool proven_by_heartbeats(struct recovery_state *recovery, const struct fleet *fleet,
                                 struct mono_time now, char *why)
{
    uint32_t heard, all;
    if (!fleet_link_up(fleet) || !enough_heard(recovery, fleet, &heard, &all)) {
        recovery->steady_at = MONO_NEVER;
        return false;
    }
    if (mono_is_never(recovery->steady_at))
        recovery->steady_at = now;
    if (mono_before(now, mono_add(recovery->steady_at, duration_s(STEADY_S))))
        return false;
    struct text text;
    text_init(&text, why, TEXT_SIZE);
    if (all == 0)
        text_append(&text, "those that were silent have said goodbye");
    else
        text_printf(&text, "%u of %u nodes were heard again for %d s", heard, all, STEADY_S);
    return true;
}

bool recovery_is_proven_by_fetches(const struct recovery_state *recovery, const struct fleet *fleet,
                                   struct mono_time now, char *why)
{
    return recovery->cause->recovery == RECOVERY_FETCHES &&
           proven_by_fetches(recovery, fleet, now, why);
}

bool recovery_is_proven(struct recovery_state *recovery, const struct fleet *fleet,
                        struct mono_time now, char *why)
{
    if (recovery->cause->recovery == RECOVERY_SIGN)
        return proven_by_sign(recovery, fleet, why);
    if (recovery->cause->recovery == RECOVERY_RETURN)
        return proven_by_return(recovery, fleet, now, why);
    if (recovery->cause->recovery != RECOVERY_FETCHES)
        return proven_by_heartbeats(recovery, fleet, now, why);
    if (proven_by_fetches(recovery, fleet, now, why))
        return true;
    if (mono_before(now, mono_add(recovery->last_fetch, duration_s(QUIET_S))))
        return false;
    return proven_by_output(recovery, fleet, why) || proven_by_probes(recovery, fleet, why);
}

struct mono_time recovery_next_look(const struct recovery_state *recovery,
                                    const struct fleet *fleet, struct mono_time now)
{
    if (recovery->cause->recovery == RECOVERY_SIGN)
        return MONO_NEVER;
    if (recovery->cause->recovery == RECOVERY_RETURN && mono_is_never(recovery->repaired_at))
        return MONO_NEVER;
    if (recovery->cause->recovery != RECOVERY_FETCHES) {
        // Heartbeats are no sightings, so that they cost nothing: look once a second instead, in
        // the time of the events, and only while a silence is open and the link is up.
        return fleet_link_up(fleet) ? mono_add(now, duration_s(LOOK_AGAIN_S)) : MONO_NEVER;
    }
    struct mono_time quiet = mono_add(recovery->last_fetch, duration_s(QUIET_S));
    return mono_before(now, quiet) ? quiet : mono_add(now, duration_s(LOOK_AGAIN_S));
}
