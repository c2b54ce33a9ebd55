// SPDX-License-Identifier: Apache-2.0
// A server that said it shuts down: until when it may take its time, and what it is then.
#include "collector/core/fleet_state.h"
#include "collector/core/signs.h"

static void tell(struct fleet *fleet, uint32_t server, enum symptom symptom, struct mono_time now,
                 struct sightings *out)
{
    uint32_t component = fleet->nodes[server].components[0];
    struct sighting sighting = {.symptom = symptom, .node = server, .since = now};
    sign_tell(fleet->components, component, &sighting, out);
}

void restart_announced(struct fleet *fleet, uint32_t server, struct mono_time now,
                       struct sightings *out)
{
    bool makes_orders = false;
    for (uint32_t i = 0; i < fleet->service_count; i++) {
        struct watched_service *service = &fleet->services[i];
        if (service->server_node != server || !mono_is_never(service->restarting_since))
            continue;
        service->restarting_since = now;
        service_watch(fleet, i, now);
        makes_orders = true;
    }
    if (makes_orders)
        tell(fleet, server, SYMPTOM_RESTART_PLANNED, now, out);
}

void restart_ended(struct fleet *fleet, uint32_t server, struct mono_time now,
                   struct sightings *out)
{
    const struct node *node = &fleet->nodes[server];
    for (uint32_t i = 0; i < fleet->service_count; i++)
        if (fleet->services[i].server_node == server)
            fleet->services[i].restarting_since = MONO_NEVER;
    if (node->role == ROLE_SERVER && node->component_count > 0)
        tell(fleet, server, SYMPTOM_RESTART_NONE, now, out);
}

struct mono_time restart_limit_at(const struct fleet *fleet, const struct watched_service *service)
{
    return mono_is_never(service->restarting_since)
               ? MONO_NEVER
               : mono_add(service->restarting_since, fleet->config->restart_limit);
}

void restart_due(struct fleet *fleet, uint32_t number, struct mono_time now, struct sightings *out)
{
    struct watched_service *service = &fleet->services[number];
    struct node *server = &fleet->nodes[service->server_node];
    if (mono_before(now, restart_limit_at(fleet, service)) || !fleet->link_up)
        return;
    service->restarting_since = MONO_NEVER;
    if (server->presence == PRESENCE_ON) { // it never went, or is back without a word about it
        restart_ended(fleet, service->server_node, now, out);
        return;
    }
    if (server->presence != PRESENCE_SILENT)
        server->silent_at = now;
    server->presence = PRESENCE_SILENT;
    server->resolved_lost = true;
    tell(fleet, service->server_node, SYMPTOM_RESTART_OVERDUE, now, out);
}

void fleet_restore_restart(struct fleet *fleet, struct instant now, const struct incident *incident)
{
    uint32_t component = components_find(fleet->components, incident->component);
    if (component == NAME_NONE || sign_of(components_get(fleet->components, component),
                                          CHANNEL_RESTART) != SYMPTOM_RESTART_PLANNED)
        return;
    struct mono_time since = mono_add(now.mono, duration_ms(incident->since.ms - now.wall.ms));
    for (uint32_t i = 0; i < fleet->service_count; i++)
        if (fleet->services[i].server_component == component) {
            fleet->services[i].restarting_since = since;
            service_watch(fleet, i, now.mono);
        }
}
