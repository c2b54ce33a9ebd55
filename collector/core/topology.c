// SPDX-License-Identifier: Apache-2.0
// Who depends on what: from the station list, labels and the configured services to components.
#include "collector/core/fleet_state.h"

#include "base/text.h"

#include <stdlib.h>

const struct engine_station *topology_listed(const struct fleet *fleet, const char *node)
{
    uint32_t index = name_table_find(fleet->names, node);
    // Listed stations are added first and in the list's order, so the number is the row.
    return index < fleet->config->station_count ? &fleet->config->stations[index] : NULL;
}

uint32_t topology_find_service(const struct fleet *fleet, const char *server, const char *name)
{
    for (uint32_t i = 0; i < fleet->service_count; i++)
        if (text_equal(fleet->services[i].server, server) &&
            text_equal(fleet->services[i].name, name))
            return i;
    return NAME_NONE;
}

static void detach(struct fleet *fleet, struct node *node)
{
    bool in_scope = node->role != ROLE_SERVER && node->presence != PRESENCE_PENDING;
    for (uint32_t i = 0; in_scope && node->joined && i < node->component_count; i++)
        components_leave(fleet->components, node->components[i], node->hash);
    if (in_scope && node->joined)
        fleet->station_count--;
    node->joined = false;
    node->component_count = 0;
}

static void depend(struct node *node, uint32_t component)
{
    for (uint32_t i = 0; i < node->component_count; i++)
        if (node->components[i] == component)
            return;
    if (component != NAME_NONE && node->component_count < NODE_COMPONENTS_MAX)
        node->components[node->component_count++] = component;
}

static enum status depend_on(struct fleet *fleet, struct node *node, enum component_kind kind,
                             const char *rest, uint32_t owner)
{
    uint32_t component = NAME_NONE;
    enum status status = components_add(fleet->components, kind, rest, &component);
    if (status != STATUS_OK)
        return status;
    components_edit(fleet->components, component)->owner = owner;
    depend(node, component);
    return STATUS_OK;
}

static void depend_on_services(const struct fleet *fleet, struct node *node)
{
    for (uint32_t i = 0; i < fleet->service_count; i++) {
        const struct watched_service *service = &fleet->services[i];
        if (node->server[0] != '\0' && !text_equal(node->server, service->server))
            continue;
        depend(node, service->component);
        depend(node, service->share_component);
        depend(node, service->server_component);
    }
}

static enum status depend_on_labels(struct fleet *fleet, struct node *node)
{
    for (uint32_t i = 0; i < node->label_count; i++) {
        char rest[COMPONENT_SIZE];
        struct text text;
        if (text_equal(node->labels[i].key, "name")) // a nicer name binds nobody together
            continue;
        text_init(&text, rest, sizeof rest);
        text_printf(&text, "%s=%s", node->labels[i].key, node->labels[i].value);
        bool version = text_equal(node->labels[i].key, "version");
        enum component_kind kind = version ? COMPONENT_VERSION : COMPONENT_LABEL;
        enum status status = depend_on(fleet, node, kind, rest, NAME_NONE);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

static enum status attach_station(struct fleet *fleet, uint32_t index)
{
    struct node *node = &fleet->nodes[index];
    const char *name = fleet_node_name(fleet, index);
    enum status status = depend_on(fleet, node, COMPONENT_STATION, name, index);
    depend(node, fleet->broker); // first: they must not fall victim to the limit
    depend(node, fleet->collector);
    depend(node, fleet->site);
    if (status == STATUS_OK)
        status = depend_on_labels(fleet, node);
    if (status != STATUS_OK)
        return status;
    depend_on_services(fleet, node);
    for (uint32_t i = 0; i < node->component_count; i++)
        components_join(fleet->components, node->components[i], node->hash);
    fleet->station_count++;
    node->joined = true;
    return STATUS_OK;
}

static enum status attach_server(struct fleet *fleet, uint32_t index)
{
    struct node *node = &fleet->nodes[index];
    enum status status =
        depend_on(fleet, node, COMPONENT_SERVER, fleet_node_name(fleet, index), index);
    depend(node, fleet->broker);
    depend(node, fleet->collector);
    depend(node, fleet->site);
    return status;
}

enum status topology_attach(struct fleet *fleet, uint32_t index, enum role role)
{
    struct node *node = &fleet->nodes[index];
    detach(fleet, node);
    node->role = role;
    node->attached = ++fleet->topology_version;
    if (node->presence == PRESENCE_PENDING)
        return STATUS_OK;
    return node->role == ROLE_SERVER ? attach_server(fleet, index) : attach_station(fleet, index);
}

enum status topology_add_service(struct fleet *fleet, const struct engine_service *added)
{
    if (fleet->service_count == FLEET_SERVICES_MAX)
        return STATUS_FULL;
    struct watched_service *service = &fleet->services[fleet->service_count];
    *service = (struct watched_service){.state = SYMPTOM_COUNT,
                                        .output = SYMPTOM_COUNT,
                                        .share_component = NAME_NONE,
                                        .demand_since = MONO_NEVER,
                                        .booted_at = MONO_NEVER,
                                        .restarting_since = MONO_NEVER,
                                        .due = MONO_NEVER,
                                        .entry = MONO_NEVER};
    text_set(service->name, added->name);
    text_set(service->server, added->server);
    text_set(service->share, added->share);
    text_set(service->upstream, added->upstream);
    char rest[COMPONENT_SIZE];
    struct text text;
    text_init(&text, rest, sizeof rest);
    text_printf(&text, "%s/%s", added->server, added->name);
    enum status status =
        components_add(fleet->components, COMPONENT_SERVICE, rest, &service->component);
    if (status == STATUS_OK)
        status = components_add(fleet->components, COMPONENT_SERVER, added->server,
                                &service->server_component);
    // Orders are always read through some share; one without a name goes by its server's.
    if (status == STATUS_OK)
        status = components_add(fleet->components, COMPONENT_SHARE,
                                added->share[0] != '\0' ? added->share : added->server,
                                &service->share_component);
    if (status == STATUS_OK)
        status = fleet_add_node(fleet, added->server, &service->server_node);
    if (status != STATUS_OK)
        return status;
    components_edit(fleet->components, service->component)->owner = fleet->service_count;
    components_edit(fleet->components, service->server_component)->owner = service->server_node;
    components_edit(fleet->components, service->share_component)->owner = fleet->service_count;
    fleet->nodes[service->server_node].role = ROLE_SERVER;
    fleet->service_count++;
    return STATUS_OK;
}

enum status topology_init(struct fleet *fleet)
{
    enum status status = components_add(fleet->components, COMPONENT_BROKER, "", &fleet->broker);
    if (status == STATUS_OK)
        status = components_add(fleet->components, COMPONENT_COLLECTOR, "", &fleet->collector);
    if (status == STATUS_OK)
        status = components_add(fleet->components, COMPONENT_SITE, "", &fleet->site);
    return status;
}
