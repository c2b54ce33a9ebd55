// SPDX-License-Identifier: Apache-2.0
// What can break in a simulated plant: one row of data for each way a cause comes about.
//
// A row says what it is called, what it strikes, what it does to the world and undoes at its end,
// and which other names no evidence can rule out. Ownership: rows are static; faults are the
// world's. Thread: one at a time. Failure: the world's status.
#ifndef SIM_TRACE_FAULT_H
#define SIM_TRACE_FAULT_H

#include "sim/trace/world.h"

enum strikes {
    STRIKES_NOTHING, // or all: broker, collector, site
    STRIKES_SERVER,
    STRIKES_SEGMENT,
    STRIKES_STATION,
    STRIKES_PRODUCT,
    STRIKES_ORDER
};

// How the component at fault is spelled.
enum spelling {
    SPELLED_SERVICE,
    SPELLED_SERVER,
    SPELLED_SHARE,
    SPELLED_SEGMENT,
    SPELLED_STATION,
    SPELLED_VERSION,
    SPELLED_PRODUCT,
    SPELLED_ORDER,
    SPELLED_BROKER,
    SPELLED_COLLECTOR,
    SPELLED_SITE,
    SPELLED_ANY
};

enum fault_flag {
    FAULT_NEEDS_AGENT = 1,    // meaningless without an agent on the server
    FAULT_NEEDS_OUTPUT = 2,   // … that watches the orders
    FAULT_NEEDS_SOFTWARE = 4, // stations watch the tester's software
    FAULT_QUIET = 8,          // nobody is to be told
    FAULT_LATENT = 16,        // hurts no station yet
    FAULT_SILENCE = 32,       // shows by silence: its first symptom is its onset
    FAULT_LONG = 64,          // takes its time to show
    FAULT_MANY = 128,         // needs a plant of 24 stations or more
    FAULT_STEADY = 256,       // neither flaps nor ends in stages
};

// When the rival can be told from the cause.
enum splits {
    SPLITS_NEVER,
    SPLITS_BY_AGENT,  // at the server agent's report; never without one
    SPLITS_BY_OUTPUT, // at its report of the orders under demand
    SPLITS_BY_WILLS,  // at the last wills
    SPLITS_BY_SILENCE // when the server's agent is missed
};

struct row_rival {
    const char *code;
    enum spelling spelling;
    enum splits splits;
};

struct fault_row {
    const char *code, *manner;
    enum strikes strikes;
    enum spelling spelling;
    unsigned flags;
    void (*begin)(struct world *world, struct fault *fault);
    void (*end)(struct world *world, struct fault *fault);
    void (*step)(struct world *world, struct fault *fault); // NULL: none
    const struct row_rival *rivals;                         // ends with a code of NULL; NULL: none
};

struct fault {
    const struct fault_row *row;
    int16_t number; // its truth's number too
    uint32_t target;
    uint32_t steps;
    int64_t begins_ms, ends_ms;
    uint32_t flaps;     // so many times it goes away for a moment
    bool staged;        // it ends line by line
    int64_t linger_ms;  // … within this
    enum outcome shows; // what lingers
    uint64_t detail;    // the row's own
};

extern const struct fault_row fault_rows[];
extern const size_t fault_row_count;

// Adds a fault to a world that does not run yet, with its truth. False: there is no room.
bool fault_add(struct world *world, const struct fault *fault);
void fault_happens(struct world *world, enum happening kind, uint32_t number);

// "service:ETS-SRV-01/OrderGeneration" …
void fault_spell(const struct world *world, const struct fault *fault, enum spelling spelling,
                 char out[COMPONENT_SIZE]);

#endif
