// SPDX-License-Identifier: Apache-2.0
// A large regular fleet for measurements that need no plant: stations in lines, segments and areas
// of fixed size behind one service.
//
// Ownership: fleet_config_fini. Thread: any. Failure: STATUS_NO_MEMORY.
#ifndef BENCH_FLEET_CONFIG_H
#define BENCH_FLEET_CONFIG_H

#include "collector/core/engine.h"

enum { FLEET_LINE = 20, FLEET_SEGMENT = 50, FLEET_AREA = 200 };

struct fleet_config {
    struct engine_config engine;
    struct engine_station *stations;
    struct engine_service service;
    struct engine_server server;
};

MUST_CHECK enum status fleet_config_init(struct fleet_config *config, uint32_t stations,
                                         bool server_agent);
void fleet_config_fini(struct fleet_config *config);

#endif
