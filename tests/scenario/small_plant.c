// SPDX-License-Identifier: Apache-2.0
// The small plant's parts, and what can be supposed of each.
#include "tests/scenario/small_plant.h"

#include "base/name_table.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>

#define ALL_STATIONS ((1U << SMALL_STATIONS) - 1)

enum { SEGMENT_SIZE = SMALL_STATIONS / 2, LINES = 2, OLD_VERSIONS = 4 };

static bool in_first(uint32_t station, int group)
{
    switch (group) {
    case 0:
        return station < SEGMENT_SIZE;
    case 1:
        return station % LINES == 0;
    default:
        return station < OLD_VERSIONS;
    }
}

static const char *const group_keys[] = {"segment", "line", "version"};
static const char *const group_values[][2] = {{"S1", "S2"}, {"L1", "L2"}, {"3.1", "3.2"}};
enum { GROUPS = sizeof group_keys / sizeof group_keys[0], VERSION_GROUP = 2 };

static void list_stations(struct small_plant *plant)
{
    for (uint32_t i = 0; i < SMALL_STATIONS; i++) {
        struct engine_station *station = &plant->stations[i];
        snprintf(station->node, sizeof station->node, "ST-%02u", i + 1);
        station->label_count = GROUPS;
        for (int g = 0; g < GROUPS; g++) {
            text_set(station->labels[g].key, group_keys[g]);
            text_set(station->labels[g].value, group_values[g][in_first(i, g) ? 0 : 1]);
        }
    }
}

// Rows that need a sign nobody gives here, or consist of one, are never at work.
static bool is_possible(const struct small_plant *plant, const struct cause *cause,
                        enum component_kind kind)
{
    bool like_the_service = (cause->kinds & (1U << COMPONENT_SERVICE)) != 0;
    if (cause->needs != 0 || cause->recovery == RECOVERY_SIGN)
        return false;
    if (kind == COMPONENT_SITE && like_the_service) // the same stations: named there
        return false;
    return plant->agent || kind != COMPONENT_SERVER || cause->predicts[SYMPTOM_FETCH_OK] > 0;
}

static void suppose_all(struct small_plant *plant, enum component_kind kind, const char *component,
                        uint32_t members, uint32_t product)
{
    for (size_t r = 0; r < codebook_count; r++) {
        if ((codebook[r].kinds & (1U << kind)) == 0 || !is_possible(plant, &codebook[r], kind))
            continue;
        if (plant->count == SUPPOSITIONS_MAX) {
            fprintf(stderr, "the codebook supposes more than %d causes\n", SUPPOSITIONS_MAX);
            abort();
        }
        struct supposition *supposition = &plant->suppositions[plant->count++];
        *supposition = (struct supposition){
            .cause = &codebook[r], .kind = kind, .members = members, .product = product};
        text_set(supposition->component, component);
    }
}

static void suppose_groups(struct small_plant *plant)
{
    for (int g = 0; g < GROUPS; g++)
        for (int side = 0; side < 2; side++) {
            uint32_t members = 0;
            char component[COMPONENT_SIZE];
            for (uint32_t i = 0; i < SMALL_STATIONS; i++)
                members |= in_first(i, g) == (side == 0) ? 1U << i : 0;
            snprintf(component, sizeof component, "label:%s=%s", group_keys[g],
                     group_values[g][side]);
            suppose_all(plant, g == VERSION_GROUP ? COMPONENT_VERSION : COMPONENT_LABEL, component,
                        members, 0);
        }
}

void small_plant_init(struct small_plant *plant, bool agent)
{
    *plant = (struct small_plant){.agent = agent};
    list_stations(plant);
    suppose_all(plant, COMPONENT_SERVICE, "service:" SMALL_SERVER "/" SMALL_SERVICE, ALL_STATIONS,
                0);
    suppose_all(plant, COMPONENT_SHARE, "share:orders", ALL_STATIONS, 0);
    suppose_all(plant, COMPONENT_SERVER, "server:" SMALL_SERVER, ALL_STATIONS, 0);
    suppose_all(plant, COMPONENT_SITE, "site", ALL_STATIONS, 0);
    suppose_all(plant, COMPONENT_BROKER, "broker", ALL_STATIONS, 0);
    suppose_all(plant, COMPONENT_COLLECTOR, "collector", ALL_STATIONS, 0);
    suppose_groups(plant);
    for (uint32_t p = 0; p < SMALL_PRODUCTS; p++) {
        char component[COMPONENT_SIZE];
        snprintf(component, sizeof component, "product:P%u", p + 1);
        suppose_all(plant, COMPONENT_PRODUCT, component, ALL_STATIONS, p);
    }
    for (uint32_t i = 0; i < SMALL_STATIONS; i++) {
        char component[COMPONENT_SIZE];
        snprintf(component, sizeof component, "station:%s", plant->stations[i].node);
        suppose_all(plant, COMPONENT_STATION, component, 1U << i, 0);
    }
    text_set(plant->service.server, SMALL_SERVER);
    text_set(plant->service.name, SMALL_SERVICE);
    text_set(plant->service.share, "orders");
    text_set(plant->server.name, SMALL_SERVER);
    plant->server.agent = agent;
    engine_config_init(&plant->config);
    plant->config.site = "small";
    plant->config.stations_listed = true;
    plant->config.nodes_max = SMALL_STATIONS + 4;
    plant->config.stations = plant->stations;
    plant->config.station_count = SMALL_STATIONS;
    plant->config.services = &plant->service;
    plant->config.service_count = 1;
    plant->config.servers = &plant->server;
    plant->config.server_count = 1;
}

static bool is_way_to_all(enum component_kind kind)
{
    return kind == COMPONENT_BROKER || kind == COMPONENT_COLLECTOR || kind == COMPONENT_SITE;
}

bool supposition_concerns(const struct supposition *supposition,
                          const struct observation *observation)
{
    enum channel channel = symptom_channel(observation->symptom);
    enum component_kind kind = supposition->kind;
    switch (channel) {
    case CHANNEL_SERVER:
    case CHANNEL_SERVER_LOSS:
        return kind == COMPONENT_SERVER || is_way_to_all(kind);
    case CHANNEL_STATE:
    case CHANNEL_OUTPUT:
        return kind == COMPONENT_SERVICE || kind == COMPONENT_SHARE || kind == COMPONENT_SERVER;
    case CHANNEL_DISK:
    case CHANNEL_RESTART:
        return kind == COMPONENT_SERVER;
    case CHANNEL_LINK:
    case CHANNEL_WILL:
        return is_way_to_all(kind);
    default:
        break;
    }
    if (observation->station == NO_STATION ||
        (supposition->members & (1U << observation->station)) == 0)
        return false;
    return kind != COMPONENT_PRODUCT ||
           (channel == CHANNEL_FETCH && observation->product == supposition->product);
}

bool suppositions_apart(const struct supposition *a, const struct supposition *b)
{
    if ((a->members & b->members) == 0)
        return true;
    for (int s = 0; s < SYMPTOM_COUNT; s++)
        if (a->cause->predicts[s] > 0 && b->cause->predicts[s] > 0)
            return false;
    // Who is silent does not fetch.
    return a->cause->predicts[SYMPTOM_LIFE_OVERDUE] <= 0 &&
           b->cause->predicts[SYMPTOM_LIFE_OVERDUE] <= 0;
}

uint32_t small_plant_find(const struct small_plant *plant, const char *code, const char *component)
{
    for (uint32_t i = 0; i < plant->count; i++)
        if (text_equal(plant->suppositions[i].cause->code, code) &&
            text_equal(plant->suppositions[i].component, component))
            return i;
    return NAME_NONE;
}
