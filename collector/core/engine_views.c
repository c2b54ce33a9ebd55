// SPDX-License-Identifier: Apache-2.0
// Read-only views on the engine, for the shell's pages, documents and metrics.
#include "collector/core/engine_state.h"

#include "base/text.h"

#include <string.h>

const char *presence_name(enum presence presence)
{
    static const char *const names[] = {"unknown",      "on",     "off",
                                        "presumed_off", "silent", "pending"};
    return (unsigned)presence < PRESENCE_COUNT ? names[presence] : names[0];
}

uint32_t engine_node_count(const struct engine *engine)
{
    return fleet_node_count(engine->fleet);
}

// The open incident with the highest priority whose component the node depends on.
static const char *covering_incident(const struct engine *engine, uint32_t node)
{
    const struct incident *found = NULL;
    const struct components *components = fleet_components(engine->fleet);
    for (uint32_t i = 0; i < incident_book_count(engine->book); i++) {
        const struct incident *incident = incident_book_get(engine->book, i);
        uint32_t component = components_find(components, incident->component);
        if (component != NAME_NONE && fleet_covers(engine->fleet, node, component) &&
            (found == NULL || incident->priority > found->priority))
            found = incident;
    }
    return found == NULL ? "" : found->id;
}

void engine_node(const struct engine *engine, uint32_t index, struct node_view *ret_view)
{
    const struct node *node = fleet_node(engine->fleet, index);
    *ret_view = (struct node_view){.node = fleet_node_name(engine->fleet, index),
                                   .role = node->role,
                                   .presence = node->presence,
                                   .offline_reason = node->offline_reason,
                                   .last_heard = node->heard_wall,
                                   .last_fetch_at = node->fetch_wall,
                                   .last_fetch = node->last_fetch,
                                   .share = node->share,
                                   .fetch_ok = node->fetch_ok,
                                   .fetch_failed = node->fetch_failed,
                                   .outbox_depth = node->outbox_depth,
                                   .version = node->version,
                                   .hostname = node->hostname,
                                   .label_count = node->label_count,
                                   .labels = node->labels,
                                   .incident_id = covering_incident(engine, index)};
}

uint32_t engine_incident_count(const struct engine *engine)
{
    return incident_book_count(engine->book);
}

const struct incident *engine_incident(const struct engine *engine, uint32_t index)
{
    return incident_book_get(engine->book, index);
}

const struct incident *engine_find_incident(const struct engine *engine, const char *id)
{
    return incident_book_find(engine->book, id);
}

static void add_to_status(struct site_status *status, const struct incident *incident)
{
    if (status->incident_count == SITE_STATUS_INCIDENTS_MAX)
        return;
    struct site_status_incident *out = &status->incidents[status->incident_count++];
    text_set(out->id, incident->id);
    text_set(out->code, incident->code);
    text_set(out->component, incident->component);
    text_set(out->headline, incident->headline);
    text_set(out->owner, incident->owner);
    out->since = incident->since;
    out->scope = incident->scope;
}

void engine_site_status(const struct engine *engine, struct instant now, struct site_status *ret)
{
    memset(ret, 0, sizeof *ret);
    ret->as_of = now.wall;
    ret->valid_for_s = engine->config.status_valid_for_s;
    // The most urgent first; among equals the oldest.
    uint32_t count = incident_book_count(engine->book);
    for (int priority = PRIORITY_COUNT - 1; priority >= 0; priority--)
        for (uint32_t i = 0; i < count; i++) {
            const struct incident *incident = incident_book_get(engine->book, i);
            if ((int)incident->priority == priority && !wall_known(incident->resolved_at))
                add_to_status(ret, incident);
        }
}

const char *engine_andon(const struct engine *engine)
{
    const char *andon = "green";
    for (uint32_t i = 0; i < incident_book_count(engine->book); i++) {
        const struct incident *incident = incident_book_get(engine->book, i);
        if (wall_known(incident->resolved_at))
            continue;
        if (incident->told && incident->priority >= PRIORITY_HIGH)
            return "red";
        andon = "yellow";
    }
    return andon;
}

struct engine_counters engine_counters(const struct engine *engine)
{
    struct engine_counters counters = engine->counters;
    counters.unauthorized = fleet_unauthorized(engine->fleet);
    counters.candidates = diagnosis_candidate_count(engine->diagnosis);
    counters.effects = engine->effects.total;
    counters.threshold = diagnosis_threshold(engine->diagnosis, engine->fleet);
    return counters;
}
