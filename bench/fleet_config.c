// SPDX-License-Identifier: Apache-2.0
// The regular fleet.
#include "bench/fleet_config.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>

static void label(struct engine_station *station, const char *key, const char *prefix,
                  uint32_t number)
{
    struct label *added = &station->labels[station->label_count++];
    text_set(added->key, key);
    snprintf(added->value, sizeof added->value, "%s%u", prefix, number + 1);
}

enum status fleet_config_init(struct fleet_config *config, uint32_t stations, bool server_agent)
{
    *config = (struct fleet_config){0};
    config->stations = calloc(stations, sizeof *config->stations);
    if (config->stations == NULL)
        return STATUS_NO_MEMORY;
    for (uint32_t i = 0; i < stations; i++) {
        struct engine_station *station = &config->stations[i];
        snprintf(station->node, sizeof station->node, "ETS-%06u", i + 1);
        label(station, "line", "L", i / FLEET_LINE);
        label(station, "segment", "SW-", i / FLEET_SEGMENT);
        label(station, "area", "A", i / FLEET_AREA);
    }
    text_set(config->service.server, "ETS-SRV-01");
    text_set(config->service.name, "OrderGeneration");
    text_set(config->service.share, "orders");
    text_set(config->service.upstream, "the host system");
    text_set(config->server.name, "ETS-SRV-01");
    config->server.agent = server_agent;
    engine_config_init(&config->engine);
    config->engine.site = "plant1";
    config->engine.nodes_max = stations + 16;
    config->engine.stations_listed = true;
    config->engine.stations = config->stations;
    config->engine.station_count = stations;
    config->engine.services = &config->service;
    config->engine.service_count = 1;
    config->engine.servers = &config->server;
    config->engine.server_count = 1;
    return STATUS_OK;
}

void fleet_config_fini(struct fleet_config *config)
{
    free(config->stations);
    config->stations = NULL;
}
