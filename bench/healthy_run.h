// SPDX-License-Identifier: Apache-2.0
// One healthy year as events for the engine.
//
// Ownership: healthy_run_free. Thread: one at a time. Failure: `status` stays at the first failure.
#ifndef BENCH_HEALTHY_RUN_H
#define BENCH_HEALTHY_RUN_H

#include "bench/station_day.h"
#include "sim/trace/event_queue.h"

enum { TOLD_MAX = 4096, PRODUCTS = 24, LINE_PRODUCTS = 4 };

struct told_alarm {
    char id[INCIDENT_ID_SIZE];
    char code[CODE_SIZE];
    char component[COMPONENT_SIZE];
    int64_t at_ms;
    bool right; // of a batch that was not released
};

struct healthy_result {
    uint32_t told, opened; // incidents that people were told of; and all
    uint32_t false_alarms, batches, batches_named;
    double skipped_fetches, skipped_beats, played;
    struct told_alarm alarms[TOLD_MAX];
};

struct healthy_station {
    char node[ID_SIZE];
    uint64_t incarnation, boot, seq;
    uint32_t session;
    bool on;
    double clumsy_up_to; // sum of the clumsiness of all up to this one
    int64_t awake_until_ms;
    uint64_t order;
};

struct healthy_run {
    struct fleet_config config;
    struct site_calendar calendar;
    struct engine *engine;
    struct random_state random;
    struct event_queue queue;
    enum status status;
    int64_t now_ms, start_ms, count_from_ms, end_ms, horizon_ms; // Unix time
    struct station_day *days;                                    // stations, then the server
    struct healthy_station *stations;
    double line_pace[CALENDAR_LINES];
    double fetches_a_ms; // of all together now
    uint32_t on;
    int64_t site_awake_until_ms;
    int64_t batch_product; // -1 = every batch is released
    int64_t batch_ended_ms;
    bool batch_was_named;
    struct message message;
    struct healthy_result result;
};

MUST_CHECK enum status healthy_run_new(int year, uint64_t seed, double false_alarms_per_year,
                                       struct healthy_run **ret);
// Takes NULL.
void healthy_run_free(struct healthy_run *run);
MUST_CHECK enum status healthy_run_play(struct healthy_run *run);

// healthy_bus.c: what is said on the bus.
void healthy_step(struct healthy_run *run, const struct event *event);
void healthy_birth(struct healthy_run *run, uint32_t node, bool online, enum offline_reason reason);
void healthy_fetch(struct healthy_run *run, uint32_t station, uint64_t order, uint32_t product,
                   enum outcome outcome);
void healthy_steady(struct healthy_run *run, uint32_t node);
void healthy_service(struct healthy_run *run, enum service_state state);
// `waiting`: a request happens to be under way.
void healthy_host(struct healthy_run *run, enum host_event_kind kind, bool waiting);

#endif
