// SPDX-License-Identifier: Apache-2.0
// A plant made up at random: stations with their lines, areas, segments, habits; servers with an
// order service and a share each.
//
// Ownership: plant_free; everything is fixed after plant_new. Thread: any, read only. Failure:
// STATUS_NO_MEMORY.
#ifndef SIM_TRACE_PLANT_H
#define SIM_TRACE_PLANT_H

#include "base/status.h"
#include "domain/ids.h"
#include "sim/trace/draw.h"

#include <stddef.h>

enum {
    PLANT_STATIONS_MIN = 8,
    PLANT_STATIONS_MAX = 1000,
    PLANT_SERVERS_MAX = 3,
    PLANT_LINE_PRODUCTS = 4,
    PLANT_PRODUCTS = 24,
    PLANT_LOOKAHEAD_MAX = 6
};

#define PLANT_SITE    "plant1"
#define PLANT_SERVICE "OrderGeneration"

struct plant_station {
    char node[16];
    uint16_t line, area, segment, server;
    bool new_version;
    double interval_s;  // mean time between its scans
    uint32_t lookahead; // orders that are asked for ahead of the harness under test
    uint32_t copies;    // of those, how many it copies to its own disk
    double refused;     // a dead share shows as 'unreachable' this often, else as a timeout
    double clumsiness;  // its share of the failures that are nobody's outage, mean 1
};

struct plant_server {
    char node[16], share[24];
    bool agent;        // has an agent
    bool tells_output; // and that watches the folder of orders
    double answer_ms;  // mean time to make an order
};

struct plant_settings {
    uint32_t stations;     // 0 = a random number
    uint32_t stations_min; // that a random number has to reach
    bool without_agents;   // no server has an agent
    bool with_agents;      // every server has one, that watches the orders
    bool with_versions;    // the label version is known from the station list
    double interval_s;     // 0 = random
    uint32_t heartbeat_ms; // 0 = random
    int copies;            // -1 = random; else the same at all stations
};

struct plant {
    uint32_t station_count, server_count, line_count, area_count, segment_count;
    struct plant_station *stations;
    struct plant_server servers[PLANT_SERVERS_MAX];
    uint32_t heartbeat_ms, keepalive_ms;
    uint32_t (*line_products)[PLANT_LINE_PRODUCTS];
    bool probes;           // stations probe the share by themselves
    bool watches_software; // agents watch the tester's software
    bool listed;           // there is a station list
    bool versions_listed;  // with a column version
    double spikes;         // how often a message is late by a retransmission
    double mishaps;        // failures that are nobody's outage, of all fetches
};

MUST_CHECK enum status plant_new(struct random_state *random, const struct plant_settings *settings,
                                 struct plant **ret_plant);
// Takes NULL.
void plant_free(struct plant *plant);

// "L03", "A1", "SW-07", "5.2.0".
void plant_line_name(uint32_t line, char out[16]);
void plant_area_name(uint32_t area, char out[16]);
void plant_segment_name(uint32_t segment, char out[16]);
const char *plant_version(bool new_version);
void plant_product_name(uint32_t product, char out[16]);
// Of those that satisfy `key` ("line", "area", "segment"): their number.
uint32_t plant_count(const struct plant *plant, const char *key, uint32_t value);
// The value of `key` for a station.
uint32_t plant_value(const struct plant_station *station, const char *key);
uint32_t plant_server_stations(const struct plant *plant, uint32_t server);

#endif
