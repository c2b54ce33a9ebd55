// SPDX-License-Identifier: Apache-2.0
// From a plant to the engine's configuration.
#include "sim/trace/plant_config.h"

#include "base/text.h"

#include <stdlib.h>

static void label(struct engine_station *station, const char *key, const char *value)
{
    struct label *added = &station->labels[station->label_count++];
    text_set(added->key, key);
    text_set(added->value, value);
}

static void list_station(struct engine_station *listed, const struct plant *plant, uint32_t index)
{
    const struct plant_station *plan = &plant->stations[index];
    char name[16];
    text_set(listed->node, plan->node);
    text_set(listed->server, plant->servers[plan->server].node);
    plant_line_name(plan->line, name);
    label(listed, "line", name);
    plant_area_name(plan->area, name);
    label(listed, "area", name);
    plant_segment_name(plan->segment, name);
    label(listed, "segment", name);
    if (plant->versions_listed)
        label(listed, "version", plant_version(plan->new_version));
}

enum status plant_config_init(struct plant_config *config, const struct plant *plant)
{
    *config = (struct plant_config){0};
    engine_config_init(&config->engine);
    config->engine.site = PLANT_SITE;
    config->stations = calloc(plant->station_count, sizeof *config->stations);
    if (config->stations == NULL)
        return STATUS_NO_MEMORY;
    for (uint32_t i = 0; i < plant->server_count; i++) {
        text_set(config->services[i].server, plant->servers[i].node);
        text_set(config->services[i].name, PLANT_SERVICE);
        text_set(config->services[i].share, plant->servers[i].share);
        text_set(config->services[i].upstream, "the host system");
        text_set(config->servers[i].name, plant->servers[i].node);
        config->servers[i].agent = plant->servers[i].agent;
    }
    for (uint32_t i = 0; i < plant->station_count; i++)
        list_station(&config->stations[i], plant, i);
    // Without a list a station depends on every server, so only a plant with one can go without.
    bool listed = plant->listed || plant->server_count > 1;
    config->engine.nodes_max = plant->station_count + plant->server_count + 64;
    config->engine.stations_listed = listed;
    config->engine.stations = config->stations;
    config->engine.station_count = listed ? plant->station_count : 0;
    config->engine.services = config->services;
    config->engine.service_count = plant->server_count;
    config->engine.servers = config->servers;
    config->engine.server_count = plant->server_count;
    return STATUS_OK;
}

void plant_config_fini(struct plant_config *config)
{
    free(config->stations);
    config->stations = NULL;
}
