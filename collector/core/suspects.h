// SPDX-License-Identifier: Apache-2.0
// Products and orders whose fetches failed of late: the few of the endless many that deserve to be
// components.
//
// A product or order that fails at one station is remembered here; one that fails at a second
// becomes a component, with candidates like any other. The table is a set-associative cache of
// fixed size: in a full set the one suspected least gives way.
// Ownership: the table owns its slots; a pointer is valid until the next call. Thread: one at a
// time. Failure: none.
#ifndef COLLECTOR_CORE_SUSPECTS_H
#define COLLECTOR_CORE_SUSPECTS_H

#include "base/name_table.h"
#include "base/time.h"
#include "collector/core/codebook.h"

enum { SUSPECT_SETS = 128, SUSPECT_WAYS = 4, CREDITORS_MAX = 8 };

struct creditor { // a station, and what it has given to the suspicion in nats
    uint32_t node;
    float given;
};

struct suspect {
    uint64_t id; // hash of the name, 0 = free slot
    enum component_kind kind;
    uint32_t component; // NAME_NONE: none yet
    uint32_t epoch;     // of the candidate the credit was given to
    struct mono_time first, last;
    uint32_t creditor_count;
    struct creditor creditors[CREDITORS_MAX];
};

struct suspects {
    struct suspect slots[SUSPECT_SETS][SUSPECT_WAYS];
};

// The one with this id, NULL if it is not suspected.
struct suspect *suspects_find(struct suspects *suspects, enum component_kind kind, uint64_t id);
// The same, made if new.
struct suspect *suspects_add(struct suspects *suspects, enum component_kind kind, uint64_t id);

// The station's own creditor, made if new; NULL when there is no room for another.
struct creditor *suspect_creditor(struct suspect *suspect, uint32_t node);

#endif
