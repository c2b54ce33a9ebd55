// SPDX-License-Identifier: Apache-2.0
// The plant and the collector's engine together in virtual time, and the store between two lives
// of the collector.
//
// Ownership: the world owns plant, engine and store; it calls `see` for every effect, valid during
// the call. Thread: one at a time. Failure: the first thing that is wrong stays in `problem`, and
// nothing happens after it.
#ifndef SCENARIO_WORLD_H
#define SCENARIO_WORLD_H

#include "collector/core/engine.h"
#include "collector/core/memory.h"
#include "tests/scenario/bus.h"
#include "tests/scenario/calendar.h"
#include "tests/scenario/expectation.h"
#include "tests/scenario/plant.h"

enum { STORED_INCIDENTS_MAX = 256, REMEMBERED_MAX = 1024 };

struct world {
    struct plant plant;
    struct bus bus; // only used with a delay
    struct engine_config config;
    struct calendar calendar;
    struct engine_station *stations;
    struct engine_service services[PLANT_SERVERS_MAX];
    struct engine_server servers[PLANT_SERVERS_MAX];
    struct engine *engine; // NULL while the collector is down
    struct instant start, now;
    bool link_up;
    // The store: every incident as last told, by order of opening, and what was learned.
    struct incident *stored;
    uint32_t stored_count;
    struct memory_item *remembered;
    uint32_t remembered_count;
    uint64_t transitions, told;
    void (*see)(void *context, struct duration since_start, const struct effect *effect);
    void *context;
    char problem[PROBLEM_SIZE];
};

// `delay_max`: how long messages may be under way; 0 = not at all.
void world_init(struct world *world, struct duration delay_max, uint64_t delay_seed);
void world_fini(struct world *world);
// The plant's figures and the settings are complete: the collector starts, then the nodes.
void world_start(struct world *world);
// Runs everything before and at `since_start`.
void world_run(struct world *world, struct duration since_start);
void world_step(struct world *world, const struct event *event);
bool world_failed(const struct world *world);
struct duration world_time(const struct world *world);

void world_link(struct world *world, bool up);
void world_collector_down(struct world *world);
void world_collector_up(struct world *world);
// At the end: what was spoken has been recorded.
void world_check_recorded(struct world *world);

#endif
