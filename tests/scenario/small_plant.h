// SPDX-License-Identifier: Apache-2.0
// A plant small enough to think of everything: twelve stations in two segments, two lines and two
// versions of software, one server with one service and one share; and every single cause that can
// be supposed in it, by the rows of the codebook.
//
// Whose observation speaks of which cause is written here anew, from DESIGN section 6, and not
// asked of the engine: it is what the engine is compared with. Ownership: plain values; the
// engine's configuration points into the plant. Thread: any. Failure: none.
#ifndef SCENARIO_SMALL_PLANT_H
#define SCENARIO_SMALL_PLANT_H

#include "collector/core/codebook.h"
#include "collector/core/core_config.h"

enum {
    SMALL_STATIONS = 12,
    SMALL_PRODUCTS = 3,
    SUPPOSITIONS_MAX = 96,
    NO_STATION = SMALL_STATIONS // an observation of the server or the link
};

#define SMALL_SERVER  "SRV"
#define SMALL_SERVICE "Orders"

struct observation {
    int64_t at_ms;
    enum symptom symptom;
    uint32_t station; // NO_STATION = nobody's
    uint32_t product; // of a fetch
};

// That this cause is at work at this component.
struct supposition {
    const struct cause *cause;
    enum component_kind kind;
    uint32_t members; // stations that depend on it, a bit each
    uint32_t product; // PRODUCT: which
    char component[COMPONENT_SIZE];
};

struct small_plant {
    bool agent; // the server has one
    uint32_t count;
    struct supposition suppositions[SUPPOSITIONS_MAX];
    struct engine_station stations[SMALL_STATIONS];
    struct engine_service service;
    struct engine_server server;
    struct engine_config config;
};

void small_plant_init(struct small_plant *plant, bool agent);

// True when the observation is one of the component's.
bool supposition_concerns(const struct supposition *supposition,
                          const struct observation *observation);
// True when both cannot speak of the same observations.
bool suppositions_apart(const struct supposition *a, const struct supposition *b);

uint32_t small_plant_find(const struct small_plant *plant, const char *code, const char *component);

#endif
