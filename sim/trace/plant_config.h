// SPDX-License-Identifier: Apache-2.0
// The collector's configuration for a simulated plant.
//
// Ownership: the struct owns its arrays, engine points into them: plant_config_fini. Thread: any.
// Failure: STATUS_NO_MEMORY.
#ifndef SIM_TRACE_PLANT_CONFIG_H
#define SIM_TRACE_PLANT_CONFIG_H

#include "collector/core/engine.h"
#include "sim/trace/plant.h"

struct plant_config {
    struct engine_config engine;
    struct engine_station *stations;
    struct engine_service services[PLANT_SERVERS_MAX];
    struct engine_server servers[PLANT_SERVERS_MAX];
};

MUST_CHECK enum status plant_config_init(struct plant_config *config, const struct plant *plant);
void plant_config_fini(struct plant_config *config);

#endif
