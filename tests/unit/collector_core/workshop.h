// SPDX-License-Identifier: Apache-2.0
// An engine with a handful of stations that say exactly what a test tells them to, for what the
// scenario language has no word for: products, labels of a test's own, probes by age, clocks.
//
// Everybody who was heard stays heard until a test says otherwise. Ownership: workshop_fini frees
// the engine. Thread: one at a time. Failure: what goes wrong fails the test.
#ifndef TESTS_COLLECTOR_CORE_WORKSHOP_H
#define TESTS_COLLECTOR_CORE_WORKSHOP_H

#include "collector/core/engine.h"

enum { WORKSHOP_STATIONS_MAX = 64, WORKSHOP_SERVERS_MAX = 2, WORKSHOP_INCIDENTS_MAX = 16 };

struct workshop_incident {
    struct incident latest;
    uint32_t told; // how often
    bool resolved;
    int64_t opened_ms;
};

struct workshop {
    struct engine_config config;
    struct engine_station stations[WORKSHOP_STATIONS_MAX];
    struct engine_service services[WORKSHOP_SERVERS_MAX];
    struct engine_server servers[WORKSHOP_SERVERS_MAX];
    struct engine *engine;
    int64_t now_ms;
    bool silent[WORKSHOP_STATIONS_MAX];
    uint64_t seq[WORKSHOP_STATIONS_MAX + WORKSHOP_SERVERS_MAX];
    uint32_t incident_count;
    struct workshop_incident incidents[WORKSHOP_INCIDENTS_MAX];
};

// Stations ST-01 … without labels, and a service Orders at each of `servers` servers without
// agents.
void workshop_init(struct workshop *workshop, uint32_t stations, uint32_t servers);
void workshop_label(struct workshop *workshop, uint32_t station, const char *key,
                    const char *value);
// The stations are complete: the engine starts and hears them.
void workshop_start(struct workshop *workshop);
void workshop_fini(struct workshop *workshop);

// Time passes; whoever is not silent is heard.
void workshop_wait(struct workshop *workshop, int64_t ms);
void workshop_silence(struct workshop *workshop, uint32_t station);
// `order` NULL: one of its own.
void workshop_fetch(struct workshop *workshop, uint32_t station, const char *order,
                    const char *product, enum outcome outcome);
// A heartbeat with these figures; what is 0 in them is set to what a healthy station says.
void workshop_heartbeat(struct workshop *workshop, uint32_t station, struct heartbeat beat);
// It boots: a birth of a new boot.
void workshop_boot(struct workshop *workshop, uint32_t station);
void workshop_birth(struct workshop *workshop, uint32_t station, const char *boot_id,
                    uint64_t incarnation);

// The latest incident of this code, open or not; NULL = none.
const struct workshop_incident *workshop_find(const struct workshop *workshop, const char *code);

#endif
