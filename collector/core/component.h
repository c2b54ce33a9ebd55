// SPDX-License-Identifier: Apache-2.0
// The things that can be at fault, and which stations depend on each.
//
// Ownership: the table owns its components; they are never removed, so a number stays valid.
// Thread: one at a time. Failure: STATUS_FULL at the limit given at creation, STATUS_NO_MEMORY.
#ifndef COLLECTOR_CORE_COMPONENT_H
#define COLLECTOR_CORE_COMPONENT_H

#include "base/name_table.h"
#include "base/time.h"
#include "collector/core/codebook.h"

// Fewer stations than this alarm as stations, never as a component of their own.
enum { SCOPE_MIN = 3 };

// Channels of which a component stands in one state until it is told otherwise.
enum { SIGN_CHANNELS = CHANNEL_COUNT - CHANNEL_RESTART };

struct component {
    enum component_kind kind;
    uint32_t stations; // that depend on it
    uint64_t set_hash; // of those, for finding identical sets; PRODUCT, ORDER: of its id
    uint32_t owner; // SERVICE: its number in the fleet; STATION, SERVER: the node; else NAME_NONE
    bool eligible;  // may be named as the cause (see components_settle)
    bool shadowed;  // SITE: some service has the same stations and is named in its place
    struct mono_time joined_at;   // VERSION: when a station last took it on
    uint8_t signs[SIGN_CHANNELS]; // what is told of it directly: the symptom + 1, 0 = not told
};

struct components;

MUST_CHECK enum status components_new(uint32_t limit, struct components **ret);
void components_free(struct components *components);

// The component spelled `prefix:rest` ("broker", "collector", "site" have no rest), made if new.
MUST_CHECK enum status components_add(struct components *components, enum component_kind kind,
                                      const char *rest, uint32_t *ret_component);
// The kind and rest of a spelled component. False: it is none.
bool components_parse(const char *spelled, enum component_kind *ret_kind, const char **ret_rest);
// True for products and orders: of them a fetch is part, not a station.
bool component_is_subject(const struct component *component);
uint32_t components_find(const struct components *components, const char *spelled);
uint32_t components_count(const struct components *components);
const struct component *components_get(const struct components *components, uint32_t component);
struct component *components_edit(struct components *components, uint32_t component);
// "service:ETS-SRV-01/OrderGeneration", "label:line=L1", "broker".
const char *components_spelled(const struct components *components, uint32_t component);
// The same without its kind: "ETS-SRV-01/OrderGeneration", "line=L1".
const char *components_rest(const struct components *components, uint32_t component);

void components_join(struct components *components, uint32_t component, uint64_t station_hash);
void components_leave(struct components *components, uint32_t component, uint64_t station_hash);

// True when a row for these kinds may be named at the component.
bool components_may_name(const struct components *components, uint32_t component, unsigned kinds);

// Decides which labels may be named: three stations or more, not the whole site (`all_stations`),
// and of labels with identical stations only one, segment before line before area before others.
void components_settle(struct components *components, uint32_t all_stations);

#endif
