// SPDX-License-Identifier: Apache-2.0
// The world's clock, and what the collector's shell would do with the engine's effects.
#include "tests/scenario/world.h"

#include "base/name_table.h"
#include "tests/scenario/invariant.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int64_t START_WALL_MS = 1730869200000; // 2024-11-06T05:00:00Z
static const int64_t START_MONO_US = 1000000000;

static bool speak(void *context, struct instant now, const char *node, bool retained,
                  const struct message *message)
{
    struct world *world = context;
    if (world->engine == NULL || !world->link_up || world_failed(world))
        return false;
    if (world->bus.delay_max.us > 0) {
        bus_send(&world->bus, now.mono, node, retained, message);
        return true;
    }
    world_step(world,
               &(struct event){
                   .kind = EVENT_MESSAGE, .node = node, .retained = retained, .message = message});
    return true;
}

void world_init(struct world *world, struct duration delay_max, uint64_t delay_seed)
{
    *world = (struct world){.link_up = true};
    plant_init(&world->plant);
    bus_init(&world->bus, delay_max, delay_seed);
    world->plant.speak = speak;
    world->plant.context = world;
    engine_config_init(&world->config);
    world->config.site = "plant";
    world->start = world->now = (struct instant){{START_MONO_US}, {START_WALL_MS}};
}

void world_fini(struct world *world)
{
    engine_free(world->engine);
    plant_fini(&world->plant);
    bus_fini(&world->bus);
    free(world->stations);
    free(world->stored);
    free(world->remembered);
    *world = (struct world){0};
}

bool world_failed(const struct world *world)
{
    return world->problem[0] != '\0';
}

struct duration world_time(const struct world *world)
{
    return mono_sub(world->now.mono, world->start.mono);
}

static void fail(struct world *world, const char *what, const char *about)
{
    if (!world_failed(world))
        snprintf(world->problem, sizeof world->problem, "%.3f s: %s%s%s",
                 duration_to_s(world_time(world)), what, about[0] == '\0' ? "" : ": ", about);
}

// ---- building
// --------------------------------------------------------------------------------------

static void list_stations(struct world *world)
{
    const struct plant *plant = &world->plant;
    world->stations = plant_allocate(plant->station_count + 1, sizeof *world->stations);
    for (uint32_t i = 0; i < plant->station_count; i++) {
        struct engine_station *station = &world->stations[i];
        text_set(station->node, plant->nodes[i].name);
        station->label_count = plant->nodes[i].label_count;
        memcpy(station->labels, plant->nodes[i].labels,
               plant->nodes[i].label_count * sizeof station->labels[0]);
    }
    world->config.stations_listed = plant->listed;
    world->config.stations = world->stations;
    world->config.station_count = plant->listed ? plant->station_count : 0;
}

static void list_servers(struct world *world)
{
    for (uint32_t s = 0; s < world->plant.server_count; s++) {
        const struct plant_server *server = &world->plant.servers[s];
        text_set(world->servers[s].name, server->name);
        world->servers[s].agent = server->node != NAME_NONE;
        world->config.server_count = s + 1;
        if (server->service[0] == '\0')
            continue;
        struct engine_service *service = &world->services[world->config.service_count++];
        text_set(service->server, server->name);
        text_set(service->name, server->service);
        text_set(service->share, server->share);
        text_set(service->upstream, server->upstream);
    }
    world->config.services = world->services;
    world->config.servers = world->servers;
}

void world_start(struct world *world)
{
    plant_start(&world->plant, world->start);
    list_stations(world);
    list_servers(world);
    world->stored = plant_allocate(STORED_INCIDENTS_MAX, sizeof *world->stored);
    world->remembered = plant_allocate(REMEMBERED_MAX, sizeof *world->remembered);
    world_collector_up(world);
}

// ---- effects
// ---------------------------------------------------------------------------------------

static void store_incident(struct world *world, const struct effect *effect)
{
    uint32_t at = 0;
    while (at < world->stored_count && !text_equal(world->stored[at].id, effect->incident->id))
        at++;
    const char *wrong =
        invariant_broken(at < world->stored_count ? &world->stored[at] : NULL, effect, world->now);
    if (wrong != NULL) {
        char what[PROBLEM_SIZE / 2];
        struct text text;
        text_init(&text, what, sizeof what);
        expectations_describe(&text, effect);
        fail(world, wrong, what);
    }
    if (at == STORED_INCIDENTS_MAX) {
        fail(world, "more incidents than a scenario may have", "");
        return;
    }
    world->stored[at] = *effect->incident;
    if (at == world->stored_count)
        world->stored_count++;
    world->transitions++;
    world->told += effect->annunciated ? 1 : 0;
}

static void store_memory(struct world *world, const struct effect *effect)
{
    uint32_t at = 0;
    while (at < world->remembered_count && !text_equal(world->remembered[at].key, effect->key))
        at++;
    if (at == REMEMBERED_MAX) {
        fail(world, "more is remembered than a scenario may", effect->key);
        return;
    }
    text_set(world->remembered[at].key, effect->key);
    text_set(world->remembered[at].text, effect->memory);
    if (at == world->remembered_count)
        world->remembered_count++;
}

static void perform(struct world *world, const struct effect *effect)
{
    const char *wrong = NULL;
    switch (effect->kind) {
    case EFFECT_TRANSITION:
        store_incident(world, effect);
        break;
    case EFFECT_RECORD:
        if (effect->message != NULL)
            wrong = plant_recorded(&world->plant, effect->node, message_event_key(effect->message));
        if (wrong == NULL)
            wrong = plant_acked(&world->plant, effect->node, effect->outbox_id, effect->seq);
        break;
    case EFFECT_COMMAND:
        plant_obey(&world->plant, world->now, effect->node, &effect->command);
        break;
    case EFFECT_REMEMBER:
        store_memory(world, effect);
        break;
    default:
        break;
    }
    if (wrong != NULL)
        fail(world, wrong, effect->node);
    if (world->see != NULL && !world_failed(world))
        world->see(world->context, world_time(world), effect);
}

void world_step(struct world *world, const struct event *event)
{
    if (world->engine == NULL || world_failed(world))
        return;
    struct effects effects = engine_step(world->engine, world->now, event);
    for (size_t i = 0; i < effects.count; i++)
        perform(world, &effects.items[i]);
    if (!mono_before(world->now.mono, engine_next_deadline(world->engine)))
        fail(world, "the engine's next deadline is not in the future", "");
}

// ---- time
// ------------------------------------------------------------------------------------------

static void move_to(struct world *world, struct mono_time mono)
{
    world->now.mono = mono;
    world->now.wall = wall_add(world->start.wall, mono_sub(mono, world->start.mono));
}

static void deliver(struct world *world)
{
    struct parcel *parcel = bus_take(&world->bus);
    world_step(world, &(struct event){.kind = EVENT_MESSAGE,
                                      .node = parcel->node,
                                      .retained = parcel->retained,
                                      .message = &parcel->message});
    free(parcel);
}

void world_run(struct world *world, struct duration since_start)
{
    struct mono_time until = mono_max(mono_add(world->start.mono, since_start), world->now.mono);
    while (!world_failed(world)) {
        struct mono_time plant = agenda_next(&world->plant.agenda);
        struct mono_time engine =
            world->engine == NULL ? MONO_NEVER : engine_next_deadline(world->engine);
        struct mono_time bus = bus_next(&world->bus);
        struct mono_time next = mono_min(bus, mono_min(plant, engine));
        if (mono_before(until, next))
            break;
        move_to(world, mono_max(next, world->now.mono));
        if (mono_before(bus, mono_min(plant, engine)))
            deliver(world);
        else if (mono_before(plant, engine))
            plant_step(&world->plant, world->now);
        else
            world_step(world, &(struct event){.kind = EVENT_TIMER});
    }
    if (!world_failed(world))
        move_to(world, until);
}

// ---- the collector's own life
// ----------------------------------------------------------------------

void world_link(struct world *world, bool up)
{
    if (up == world->link_up)
        return;
    world->link_up = up;
    world_step(world, &(struct event){.kind = EVENT_LINK, .link_up = up});
    if (up)
        plant_say_retained_births(&world->plant, world->now);
}

void world_collector_down(struct world *world)
{
    engine_free(world->engine);
    world->engine = NULL;
}

static void restore(struct world *world)
{
    for (uint32_t i = 0; i < world->plant.node_count; i++) {
        const struct plant_node *node = &world->plant.nodes[i];
        if (!node->started)
            continue;
        world_step(world, &(struct event){
                              .kind = EVENT_RESTORE_NODE, .node = node->name, .role = node->role});
        world_step(world, &(struct event){.kind = EVENT_RESTORE_OUTBOX,
                                          .node = node->name,
                                          .outbox_id = node->outbox_id,
                                          .high_water = node->acked});
    }
    for (uint32_t i = 0; i < world->remembered_count; i++)
        world_step(world, &(struct event){.kind = EVENT_RESTORE_MEMORY,
                                          .key = world->remembered[i].key,
                                          .memory = world->remembered[i].text});
    for (uint32_t i = 0; i < world->stored_count; i++)
        if (world->stored[i].state != INCIDENT_CLOSED)
            world_step(world, &(struct event){.kind = EVENT_RESTORE_INCIDENT,
                                              .incident = &world->stored[i]});
}

void world_collector_up(struct world *world)
{
    enum status status = engine_new(&world->config, world->now, &world->engine);
    if (status != STATUS_OK) {
        world->engine = NULL;
        fail(world, "the engine does not start", status_text(status));
        return;
    }
    restore(world);
    if (mono_before(world->start.mono, world->now.mono))
        plant_say_retained_births(&world->plant, world->now);
}

void world_check_recorded(struct world *world)
{
    uint64_t seq = 0;
    const struct plant_node *node = plant_unrecorded(&world->plant, &seq);
    char about[ID_SIZE + 32];
    if (node == NULL)
        return;
    snprintf(about, sizeof about, "%s seq %" PRIu64, node->name, seq);
    fail(world, "an event was spoken and never recorded", about);
}
