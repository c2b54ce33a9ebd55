// SPDX-License-Identifier: Apache-2.0
// What the collector's core is told once, at its creation: the site, its stations and services, the
// limits; and the states of presence that follow from it.
//
// Ownership: the arrays are the caller's and outlive the engine.
// Thread: any, read only. Failure: none here; a wrong configuration is found where it is read.
#ifndef COLLECTOR_CORE_CORE_CONFIG_H
#define COLLECTOR_CORE_CORE_CONFIG_H

#include "base/time.h"
#include "domain/incident.h"
#include "domain/observation.h"

enum { STATION_LABELS_MAX = 8, OWNER_CAUSES_MAX = 32 };

struct engine_service { // a service that makes or serves orders, on a server
    char server[ID_SIZE];
    char name[NAME_SIZE];
    char share[NAME_SIZE];    // name of the share its orders are read from; "" = none
    char upstream[NAME_SIZE]; // a word for people: "the host system"; "" = unknown
};

struct engine_server {
    char name[ID_SIZE];
    bool agent; // false: never expected to be heard
};

struct engine_station { // one row of the station list
    char node[ID_SIZE];
    char server[ID_SIZE]; // "" = the only server, if there is just one
    uint32_t label_count;
    struct label labels[STATION_LABELS_MAX]; // line, area, segment, name …
};

struct engine_owner {
    char name[NAME_SIZE];
    uint32_t cause_count; // 0 = the default owner of what nobody else has
    char causes[OWNER_CAUSES_MAX][CODE_SIZE];
};

struct engine_zone { // the site's time zone; without transitions UTC
    size_t count;
    const struct engine_zone_transition {
        int64_t from_ms;  // since 1970, UTC
        int32_t offset_s; // east of UTC from then on
    } * transitions;      // by time
};

struct engine_shift {     // a row of the calendar
    char area[NAME_SIZE]; // "" = every area
    uint8_t weekdays;     // bit 0 = Monday: days on which it begins
    uint16_t from_minute; // of the day; ends at to_minute, on the next day if that is not later
    uint16_t to_minute;
};

struct engine_holiday {
    int64_t from_day, to_day; // since 1970-01-01, both included
};

struct engine_config {
    const char *site;
    double false_alarms_per_year;       // the one setting behind every threshold
    struct duration annunciate_after;   // 5 s
    struct duration reopen_within;      // 5 min
    struct duration auto_close_after;   // 0 = at once when resolved
    struct duration restart_limit;      // 10 min
    struct duration silent_after_start; // 30 s: a known node unheard this long is silent
    double fetches_per_station_hour;    // expected, for the threshold; 40 = one per 90 s
    uint32_t status_valid_for_s;
    uint32_t nodes_max;   // stations and servers
    bool stations_listed; // nodes that are not listed are pending
    const struct engine_station *stations;
    size_t station_count;
    const struct engine_service *services;
    size_t service_count; // 0: a ROLE_SERVER node may speak for its own services[]
    const struct engine_server *servers;
    size_t server_count;
    const struct engine_owner *owners;
    size_t owner_count;
    struct engine_zone zone;
    const struct engine_shift *shifts;
    size_t shift_count;
    const struct engine_holiday *holidays;
    size_t holiday_count;
};

// Every duration, number and limit at its default; site and lists empty.
void engine_config_init(struct engine_config *config);

enum presence {
    PRESENCE_UNKNOWN,      // never heard since start
    PRESENCE_ON,           // heartbeats come
    PRESENCE_OFF,          // said goodbye
    PRESENCE_PRESUMED_OFF, // silent at a time when that is normal
    PRESENCE_SILENT,       // should be heard and is not
    PRESENCE_PENDING,      // heard, but not on the station list
    PRESENCE_COUNT
};
const char *presence_name(enum presence presence); // "unknown", "on", "off" …

#endif
