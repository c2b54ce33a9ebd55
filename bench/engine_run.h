// SPDX-License-Identifier: Apache-2.0
// A scenario through the engine, as replay plays a trace, and what came of it: one record an
// incident.
//
// Ownership: the run's records are the caller's struct. Thread: one at a time. Failure: a status.
#ifndef BENCH_ENGINE_RUN_H
#define BENCH_ENGINE_RUN_H

#include "collector/core/engine.h"
#include "sim/trace/plant_config.h"
#include "sim/trace/scenario.h"

enum { RUN_RECORDS_MAX = 1536, NAMED_MAX = INCIDENT_ALTERNATIVES_MAX + 1 };

// What an incident said: its cause first, then the alternatives, as people read them.
struct named {
    uint32_t count;
    struct {
        char code[CODE_SIZE];
        char component[COMPONENT_SIZE];
        double probability;
    } items[NAMED_MAX];
};

struct incident_record {
    char id[INCIDENT_ID_SIZE];
    int64_t opened_ms, told_ms, resolved_ms; // -1 = never
    uint32_t told;                           // how often people were told of it while it was open
    struct named when_opened, when_told, at_last;
};

struct engine_run {
    uint32_t count, refused; // refused: no room for a record
    uint64_t events;
    double threshold;
    struct incident_record records[RUN_RECORDS_MAX];
};

// Also given every emission: a baseline, or NULL.
struct listener {
    emit_function *hear;
    void *context;
};

MUST_CHECK enum status engine_run_scenario(struct scenario *scenario,
                                           const struct engine_config *config,
                                           const struct listener *listeners, size_t listener_count,
                                           struct engine_run *run);

#endif
