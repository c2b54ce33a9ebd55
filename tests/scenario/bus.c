// SPDX-License-Identifier: Apache-2.0
// Parcels in an agenda.
#include "tests/scenario/bus.h"

#include "base/text.h"
#include "tests/scenario/plant.h"

#include <stdlib.h>
#include <string.h>

enum { BUS_NODES_MAX = 4096 };

void bus_init(struct bus *bus, struct duration delay_max, uint64_t seed)
{
    *bus = (struct bus){.delay_max = delay_max};
    random_seed(&bus->random, seed);
    bus->latest = plant_allocate(BUS_NODES_MAX, sizeof *bus->latest);
    if (name_table_new(BUS_NODES_MAX, &bus->nodes) != STATUS_OK)
        abort();
}

void bus_fini(struct bus *bus)
{
    for (uint32_t i = 0; i < bus->parcel_count; i++)
        free(bus->parcels[i]);
    free(bus->parcels);
    free(bus->latest);
    name_table_free(bus->nodes);
    agenda_fini(&bus->agenda);
    *bus = (struct bus){0};
}

static uint32_t free_slot(struct bus *bus)
{
    for (uint32_t i = 0; i < bus->parcel_count; i++)
        if (bus->parcels[i] == NULL)
            return i;
    uint32_t count = bus->parcel_count == 0 ? 64 : bus->parcel_count * 2;
    struct parcel **grown = plant_allocate(count, sizeof(struct parcel *));
    if (bus->parcel_count > 0)
        memcpy(grown, bus->parcels, bus->parcel_count * sizeof(struct parcel *));
    free(bus->parcels);
    bus->parcels = grown;
    uint32_t slot = bus->parcel_count;
    bus->parcel_count = count;
    return slot;
}

void bus_send(struct bus *bus, struct mono_time now, const char *node, bool retained,
              const struct message *message)
{
    uint32_t slot = free_slot(bus), index;
    struct parcel *parcel = plant_allocate(1, sizeof *parcel);
    *parcel = (struct parcel){.retained = retained, .message = *message};
    text_set(parcel->node, node);
    bus->parcels[slot] = parcel;
    if (name_table_add(bus->nodes, node, &index) != STATUS_OK)
        abort();
    uint64_t bound = (uint64_t)bus->delay_max.us + 1;
    struct duration delay = {(int64_t)random_below(&bus->random, bound)};
    struct mono_time at = mono_max(bus->latest[index], mono_add(now, delay));
    bus->latest[index] = at;
    if (agenda_add(&bus->agenda, (struct agenda_entry){.at = at, .node = slot}) != STATUS_OK)
        abort();
}

struct mono_time bus_next(const struct bus *bus)
{
    return agenda_next(&bus->agenda);
}

struct parcel *bus_take(struct bus *bus)
{
    uint32_t slot = agenda_take(&bus->agenda).node;
    struct parcel *parcel = bus->parcels[slot];
    bus->parcels[slot] = NULL;
    return parcel;
}
