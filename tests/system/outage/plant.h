// SPDX-License-Identifier: Apache-2.0
// A small plant of real programs: broker, collector, order service, its server's agent, station
// agents, and testers that scan every two seconds. And what a viewer of its bus sees.
//
// Stations ETS-001 … are spread over two lines and three segments, in order. Every wait runs the
// loop until it is true or PLANT_PATIENCE_MS have passed, which fails the test.
// Ownership: plant_free ends and removes everything. Thread: the main one. Failure: the test fails,
// the programs' logs go to standard error.
#ifndef TESTS_SYSTEM_OUTAGE_PLANT_H
#define TESTS_SYSTEM_OUTAGE_PLANT_H

#include "domain/incident.h"
#include "domain/observation.h"
#include "tests/support/broker.h"
#include "tests/support/process.h"
#include "tests/support/temporary.h"

#include <uv.h>

enum {
    PLANT_STATIONS = 12,
    PLANT_SEGMENT = 4, // stations of a segment
    PLANT_INCIDENTS_MAX = 16,
    PLANT_PATIENCE_MS = 90000
};

struct plant_incident {
    struct incident incident; // as it was published last
    bool closed;
};

struct plant {
    uv_loop_t loop;
    struct temporary folder;
    struct broker *broker;
    struct process collector, order_service, server_agent, testers, agents[PLANT_STATIONS];
    struct mqtt_client *viewer;
    bool viewer_connected, viewer_closed;
    uint64_t orders_seen[PLANT_STATIONS];        // loaded orders on the bus
    struct heartbeat heartbeats[PLANT_STATIONS]; // the latest
    size_t incident_count;
    struct plant_incident incidents[PLANT_INCIDENTS_MAX];
};

// False: this machine lacks a broker (said on standard error).
bool plant_available(void);
// Everything runs and every station has fetched an order.
struct plant *plant_new(void);
void plant_free(struct plant *plant);

void plant_start_order_service(struct plant *plant);
void plant_stop_testers(struct plant *plant);
void plant_signal_segment(struct plant *plant, int signal); // the agents of segment S1

typedef bool plant_condition(struct plant *plant);
void plant_wait(struct plant *plant, plant_condition *condition, const char *what);
// Lets this much time pass on the loop: the length of an outage, never a wait for an effect.
void plant_let_pass(struct plant *plant, int ms);

// The only incident so far; the test fails when there are none or several.
const struct incident *plant_only_incident(const struct plant *plant);
bool plant_has_open_incident(const struct plant *plant);
// Prints every incident seen, for a test that fails.
void plant_print(const struct plant *plant);

// Lines that a station's tester wrote, one a fetch; and order events in the collector's store, for
// which the collector is ended first: the store is its alone.
uint64_t plant_fetches_logged(const struct plant *plant, int station);
uint64_t plant_fetches_stored(struct plant *plant);

#endif
