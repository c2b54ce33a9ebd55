// SPDX-License-Identifier: Apache-2.0
// A bus that takes its time: each message arrives up to `delay_max` later, those of one node in
// their order, those of different nodes in any.
//
// Ownership: the bus copies what is under way. Thread: one at a time. Failure: out of memory ends
// the program, it is a test's.
#ifndef SCENARIO_BUS_H
#define SCENARIO_BUS_H

#include "base/name_table.h"
#include "base/random.h"
#include "domain/observation.h"
#include "tests/scenario/agenda.h"

struct parcel { // a message under way
    char node[ID_SIZE];
    bool retained;
    struct message message;
};

struct bus {
    struct duration delay_max; // 0: nothing is ever under way
    struct random_state random;
    struct agenda agenda;
    struct parcel **parcels; // by the agenda entry's `node`; NULL = free
    uint32_t parcel_count;
    struct name_table *nodes;
    struct mono_time *latest; // by node: when its latest message arrives
};

void bus_init(struct bus *bus, struct duration delay_max, uint64_t seed);
void bus_fini(struct bus *bus);
void bus_send(struct bus *bus, struct mono_time now, const char *node, bool retained,
              const struct message *message);
struct mono_time bus_next(const struct bus *bus);
// Takes the next parcel, which the caller frees.
struct parcel *bus_take(struct bus *bus);

#endif
