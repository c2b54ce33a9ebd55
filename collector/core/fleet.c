// SPDX-License-Identifier: Apache-2.0
// Nodes, their deadlines and the views on them.
#include "collector/core/fleet_state.h"

#include "base/hash.h"
#include "base/text.h"

#include <stdlib.h>

static enum status expect_at_start(struct fleet *fleet, uint32_t index, struct mono_time now)
{
    struct node *node = &fleet->nodes[index];
    node->expected = true;
    fleet_watch(fleet, index, mono_add(now, fleet->config->silent_after_start));
    return topology_attach(fleet, index, node->role);
}

static enum status add_listed_stations(struct fleet *fleet, struct mono_time now)
{
    const struct engine_config *config = fleet->config;
    for (size_t i = 0; i < config->station_count; i++) {
        uint32_t index = NAME_NONE;
        enum status status = fleet_add_node(fleet, config->stations[i].node, &index);
        if (status != STATUS_OK)
            return status;
        if (index != i) // the same id twice, which the configuration should have refused
            return STATUS_EXISTS;
        struct node *node = &fleet->nodes[index];
        node->role = ROLE_STATION;
        node->listed = true;
        text_set(node->server, config->stations[i].server);
        node->labels = calloc(config->stations[i].label_count + 1, sizeof *node->labels);
        if (node->labels == NULL)
            return STATUS_NO_MEMORY;
        node->label_count = config->stations[i].label_count;
        for (uint32_t l = 0; l < node->label_count; l++)
            node->labels[l] = config->stations[i].labels[l];
    }
    for (uint32_t i = 0; i < config->station_count; i++) {
        enum status status = expect_at_start(fleet, i, now);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

static bool server_has_agent(const struct engine_config *config, const char *server)
{
    for (size_t i = 0; i < config->server_count; i++)
        if (text_equal(config->servers[i].name, server))
            return config->servers[i].agent;
    return true;
}

static enum status add_servers(struct fleet *fleet, struct mono_time now)
{
    const struct engine_config *config = fleet->config;
    for (size_t i = 0; i < config->service_count + config->server_count; i++) {
        const char *name = i < config->service_count
                               ? config->services[i].server
                               : config->servers[i - config->service_count].name;
        uint32_t index = NAME_NONE;
        enum status status = fleet_add_node(fleet, name, &index);
        if (status != STATUS_OK)
            return status;
        struct node *node = &fleet->nodes[index];
        node->role = ROLE_SERVER;
        node->listed = true;
        status = server_has_agent(config, name) ? expect_at_start(fleet, index, now)
                                                : topology_attach(fleet, index, node->role);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

static enum status add_configured(struct fleet *fleet, struct mono_time now)
{
    enum status status = topology_init(fleet);
    // Room for the list first: a listed station's number is its row.
    for (size_t i = 0; status == STATUS_OK && i < fleet->config->station_count; i++) {
        uint32_t index = NAME_NONE;
        status = fleet_add_node(fleet, fleet->config->stations[i].node, &index);
    }
    for (size_t i = 0; status == STATUS_OK && i < fleet->config->service_count; i++)
        status = topology_add_service(fleet, &fleet->config->services[i]);
    if (status == STATUS_OK)
        status = add_listed_stations(fleet, now);
    return status == STATUS_OK ? add_servers(fleet, now) : status;
}

enum status fleet_new(const struct engine_config *config, struct instant start,
                      struct fleet **ret_fleet)
{
    struct fleet *fleet = calloc(1, sizeof *fleet);
    if (fleet == NULL)
        return STATUS_NO_MEMORY;
    fleet->config = config;
    fleet->link_up = true;
    fleet->started = fleet->listening_since = start.mono;
    fleet->certificates.first = NAME_NONE;
    fleet->minute = fleet->line_look = (struct watch){MONO_NEVER, MONO_NEVER};
    memory_init(&fleet->memory);
    deadlines_init(&fleet->deadlines);
    enum status status = STATUS_NO_MEMORY;
    fleet->nodes = calloc(config->nodes_max, sizeof *fleet->nodes);
    fleet->lines = calloc(FLEET_LINES_MAX, sizeof *fleet->lines);
    if (fleet->nodes == NULL || fleet->lines == NULL)
        goto failed;
    status = name_table_new(config->nodes_max, &fleet->names);
    if (status == STATUS_OK)
        status = name_table_new(config->nodes_max, &fleet->folded);
    if (status == STATUS_OK)
        status = name_table_new(FLEET_LINES_MAX, &fleet->line_names);
    if (status == STATUS_OK)
        status = components_new(config->nodes_max * 2 + 4096, &fleet->components);
    if (status == STATUS_OK)
        status = add_configured(fleet, start.mono);
    if (status != STATUS_OK)
        goto failed;
    presence_start(fleet, start);
    *ret_fleet = fleet;
    return STATUS_OK;
failed:
    fleet_free(fleet);
    return status;
}

void fleet_free(struct fleet *fleet)
{
    if (fleet == NULL)
        return;
    bool filled = fleet->nodes != NULL && fleet->names != NULL;
    for (uint32_t i = 0; filled && i < name_table_count(fleet->names); i++) {
        free(fleet->nodes[i].labels);
        free(fleet->nodes[i].habit);
    }
    free(fleet->nodes);
    free(fleet->lines);
    name_table_free(fleet->line_names);
    memory_fini(&fleet->memory);
    name_table_free(fleet->names);
    name_table_free(fleet->folded);
    components_free(fleet->components);
    deadlines_fini(&fleet->deadlines);
    free(fleet);
}

static void fold(char out[ID_SIZE], const char *name)
{
    text_copy(out, ID_SIZE, name);
    for (char *c = out; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
}

enum status fleet_add_node(struct fleet *fleet, const char *name, uint32_t *ret_node)
{
    uint32_t known = name_table_find(fleet->names, name);
    if (known != NAME_NONE) {
        *ret_node = known;
        return STATUS_OK;
    }
    char folded[ID_SIZE];
    fold(folded, name);
    if (name_table_find(fleet->folded, folded) != NAME_NONE)
        return STATUS_EXISTS;
    uint32_t unused, index;
    enum status status = name_table_add(fleet->folded, folded, &unused);
    if (status == STATUS_OK)
        status = name_table_add(fleet->names, name, &index);
    if (status != STATUS_OK)
        return status;
    fleet->nodes[index] =
        (struct node){.hash = hash_text(name) | 1,
                      .due = MONO_NEVER,
                      .entry = MONO_NEVER,
                      .interval = duration_s(1),
                      .line = NAME_NONE,
                      .booted_at = MONO_NEVER,
                      .condition = {.skew_changed_at = {INT64_MIN}, .returned_at = {INT64_MIN}},
                      .probe_age_ms = -1};
    *ret_node = index;
    return STATUS_OK;
}

static struct mono_time *due_of(struct fleet *fleet, uint32_t owner)
{
    if (owner == MINUTE_DEADLINE)
        return &fleet->minute.due;
    if (owner == LINES_DEADLINE)
        return &fleet->line_look.due;
    return owner >= SERVICE_DEADLINE ? &fleet->services[owner - SERVICE_DEADLINE].due
                                     : &fleet->nodes[owner].due;
}

static struct mono_time *entry_of(struct fleet *fleet, uint32_t owner)
{
    if (owner == MINUTE_DEADLINE)
        return &fleet->minute.entry;
    if (owner == LINES_DEADLINE)
        return &fleet->line_look.entry;
    return owner >= SERVICE_DEADLINE ? &fleet->services[owner - SERVICE_DEADLINE].entry
                                     : &fleet->nodes[owner].entry;
}

void fleet_watch(struct fleet *fleet, uint32_t owner, struct mono_time due)
{
    struct mono_time *entry = entry_of(fleet, owner);
    *due_of(fleet, owner) = due;
    // An entry that comes up early looks at `due` and puts itself back: only an earlier due time
    // needs a new entry, which makes the old one stale. Out of memory: the next message tries
    // again.
    if (mono_before(due, *entry) && deadlines_push(&fleet->deadlines, due, owner) == STATUS_OK)
        *entry = due;
}

struct duration fleet_grace(const struct node *node)
{
    return (struct duration){node->interval.us * 5 / 2};
}

enum status fleet_expect(struct fleet *fleet, struct instant now, const char *name, enum role role)
{
    uint32_t index = NAME_NONE;
    enum status status = fleet_add_node(fleet, name, &index);
    if (status != STATUS_OK)
        return status;
    struct node *node = &fleet->nodes[index];
    if (node->listed || node->heard)
        return STATUS_OK;
    node->role = role;
    if (fleet->config->stations_listed && role != ROLE_SERVER) {
        node->presence = PRESENCE_PENDING;
        return STATUS_OK;
    }
    return expect_at_start(fleet, index, now.mono);
}

void fleet_link(struct fleet *fleet, struct instant now, bool up, struct sightings *out)
{
    if (fleet->link_up == up)
        return;
    fleet->link_up = up;
    sight(out, (struct sighting){.symptom = up ? SYMPTOM_LINK_UP : SYMPTOM_LINK_DOWN,
                                 .node = NAME_NONE,
                                 .component = fleet->broker,
                                 .since = now.mono});
    if (!up)
        return;
    fleet->listening_since = now.mono;
    // Everybody has to find back first: nobody is overdue before the time a start allows.
    struct mono_time due = mono_add(now.mono, fleet->config->silent_after_start);
    for (uint32_t i = 0; i < name_table_count(fleet->names); i++) {
        struct node *node = &fleet->nodes[i];
        bool watched = node->presence == PRESENCE_ON ||
                       (node->presence == PRESENCE_UNKNOWN && node->expected) ||
                       (node->presence == PRESENCE_SILENT && !node->resolved_lost);
        if (watched)
            fleet_watch(fleet, i, due);
    }
    for (uint32_t i = 0; i < fleet->service_count; i++)
        service_heard_anew(fleet, i, now.mono);
}

struct mono_time fleet_next_deadline(const struct fleet *fleet)
{
    return deadlines_first(&fleet->deadlines);
}

static void service_due(struct fleet *fleet, uint32_t index, struct mono_time now,
                        struct sightings *out)
{
    struct watched_service *service = &fleet->services[index];
    service->due = MONO_NEVER;
    restart_due(fleet, index, now, out);
    // Who is not heard can neither confirm nor deny: what it told last ages without meaning.
    if (!fleet->link_up)
        return;
    if (fleet->nodes[service->server_node].presence != PRESENCE_ON) {
        fleet_watch(fleet, SERVICE_DEADLINE + index, restart_limit_at(fleet, service));
        return;
    }
    if (service->state == SYMPTOM_STATE_PENDING && service->report.state != SERVICE_RUNNING &&
        service->report.state != SERVICE_START_PENDING &&
        !mono_before(now, service_grace_until(service))) {
        service->state = SYMPTOM_STATE_DOWN;
        sight(out, (struct sighting){.symptom = SYMPTOM_STATE_DOWN,
                                     .node = service->server_node,
                                     .component = service->component,
                                     .since = now});
    }
    enum symptom output = service_output_at(service, now);
    if (output != service->output) {
        service->output = output;
        sight(out, (struct sighting){.symptom = output,
                                     .node = service->server_node,
                                     .component = service->component,
                                     .since = service->demand_since});
    }
    service_watch(fleet, index, now);
}

static void minute_due(struct fleet *fleet, struct instant at, struct sightings *out)
{
    presence_minute(fleet, at);
    certificates_minute(fleet, at, out);
}

static void owner_due(struct fleet *fleet, uint32_t owner, struct instant at, struct sightings *out)
{
    if (owner == MINUTE_DEADLINE)
        minute_due(fleet, at, out);
    else if (owner == LINES_DEADLINE)
        presence_look_at_lines(fleet, at);
    else if (owner >= SERVICE_DEADLINE)
        service_due(fleet, owner - SERVICE_DEADLINE, at.mono, out);
    else
        presence_due(fleet, owner, at, out);
}

bool fleet_due(struct fleet *fleet, struct instant now, struct mono_time *ret_at,
               struct sightings *out)
{
    struct deadline deadline;
    while (deadlines_pop(&fleet->deadlines, now.mono, &deadline)) {
        uint32_t owner = deadline.owner;
        struct mono_time *entry = entry_of(fleet, owner);
        if (entry->us != deadline.at.us) // an earlier entry took over
            continue;
        struct mono_time due = *due_of(fleet, owner);
        *entry = due;
        if (mono_is_never(due)) // no longer wanted
            continue;
        if (mono_before(deadline.at, due)) {
            deadlines_put_back(&fleet->deadlines, due, owner);
            continue;
        }
        *entry = MONO_NEVER;
        *ret_at = deadline.at;
        struct duration late = mono_sub(now.mono, deadline.at);
        struct wall_time wall = wall_add(now.wall, (struct duration){-late.us});
        owner_due(fleet, owner, (struct instant){deadline.at, wall}, out);
        return true;
    }
    return false;
}

uint32_t fleet_find(const struct fleet *fleet, const char *node)
{
    return name_table_find(fleet->names, node);
}

uint32_t fleet_node_count(const struct fleet *fleet)
{
    return name_table_count(fleet->names);
}

const struct node *fleet_node(const struct fleet *fleet, uint32_t node)
{
    return &fleet->nodes[node];
}

const char *fleet_node_name(const struct fleet *fleet, uint32_t node)
{
    return name_table_name(fleet->names, node);
}

uint32_t fleet_station_count(const struct fleet *fleet)
{
    return fleet->station_count;
}

bool fleet_link_up(const struct fleet *fleet)
{
    return fleet->link_up;
}

bool fleet_covers(const struct fleet *fleet, uint32_t node, uint32_t component)
{
    const struct node *of = &fleet->nodes[node];
    for (uint32_t i = 0; i < of->component_count; i++)
        if (of->components[i] == component)
            return true;
    return false;
}

bool fleet_concerns(const struct fleet *fleet, uint32_t component, uint32_t node, uint64_t order,
                    uint64_t product)
{
    const struct component *of = components_get(fleet->components, component);
    if (of->kind == COMPONENT_PRODUCT)
        return product == of->set_hash;
    if (of->kind == COMPONENT_ORDER)
        return order == of->set_hash;
    return fleet_covers(fleet, node, component);
}

// Their scope is all nodes there are, none of them included.
static bool is_site_wide(const struct fleet *fleet, uint32_t component)
{
    enum component_kind kind = components_get(fleet->components, component)->kind;
    return kind == COMPONENT_SITE || kind == COMPONENT_BROKER || kind == COMPONENT_COLLECTOR;
}

static bool belongs_to(const struct watched_service *service, uint32_t component)
{
    return service->component == component || service->share_component == component ||
           service->server_component == component;
}

bool fleet_related(const struct fleet *fleet, uint32_t a, uint32_t b)
{
    if (is_site_wide(fleet, a) && is_site_wide(fleet, b))
        return true;
    for (uint32_t i = 0; a != b && i < fleet->service_count; i++)
        if (belongs_to(&fleet->services[i], a) && belongs_to(&fleet->services[i], b))
            return true;
    return a == b;
}

static bool is_subject(const struct fleet *fleet, uint32_t component)
{
    return component_is_subject(components_get(fleet->components, component));
}

bool fleet_scopes_meet(const struct fleet *fleet, uint32_t a, uint32_t b)
{
    if (is_subject(fleet, a) || is_subject(fleet, b)) // any station may fetch any product
        return a == b || !is_subject(fleet, a) || !is_subject(fleet, b) ||
               components_get(fleet->components, a)->kind !=
                   components_get(fleet->components, b)->kind;
    if (a == b || (is_site_wide(fleet, a) && is_site_wide(fleet, b)))
        return true;
    for (uint32_t i = 0; i < name_table_count(fleet->names); i++)
        if (fleet_covers(fleet, i, a) && fleet_covers(fleet, i, b))
            return true;
    return false;
}

struct components *fleet_components(const struct fleet *fleet)
{
    return fleet->components;
}

uint32_t fleet_service_count(const struct fleet *fleet)
{
    return fleet->service_count;
}

const struct watched_service *fleet_service(const struct fleet *fleet, uint32_t service)
{
    return &fleet->services[service];
}

uint32_t fleet_service_of(const struct fleet *fleet, uint32_t component)
{
    for (uint32_t i = 0; i < fleet->service_count; i++)
        if (belongs_to(&fleet->services[i], component))
            return i;
    return NAME_NONE;
}

uint64_t fleet_topology_version(const struct fleet *fleet)
{
    return fleet->topology_version;
}

uint64_t fleet_unauthorized(const struct fleet *fleet)
{
    return fleet->unauthorized;
}
