// SPDX-License-Identifier: Apache-2.0
// The collector's configuration: one YAML file and the station list it names, checked as a whole.
//
// `engine` is what the core runs with; it points into this struct, so that the configuration has
// to outlive every engine made from it. The collector and `stationwatch replay` load the same way.
// Paths in the file are relative to the file's folder; here they are complete.
// Ownership: collector_config_free. Thread: any, one at a time. Failure: STATUS_CONFIG (or what
// reading a file gave) with file, line, column, what is wrong and what to do in `error`.
#ifndef COLLECTOR_CONFIG_COLLECTOR_CONFIG_H
#define COLLECTOR_CONFIG_COLLECTOR_CONFIG_H

#include "collector/config/calendar_setting.h"
#include "collector/config/site_zone.h"
#include "collector/core/engine.h"
#include "config/config.h"

enum {
    COLLECTOR_SERVICES_MAX = 64,
    COLLECTOR_SERVERS_MAX = 64,
    COLLECTOR_OWNERS_MAX = 32,
    COLLECTOR_SHIFTS_MAX = 256,
    COLLECTOR_HOLIDAYS_MAX = 256,
    COLLECTOR_PATH_SIZE = 1024,
    COLLECTOR_NODES_MAX = 200000
};

// A row of `owners` as the file has it.
struct owner_setting {
    char name[NAME_SIZE];
    size_t cause_count;
    char causes[OWNER_CAUSES_MAX][CODE_SIZE];
};

struct broker_setting {
    char url[COLLECTOR_PATH_SIZE];
    char client_id[ID_SIZE];
    char username[NAME_SIZE];
    char password_file[COLLECTOR_PATH_SIZE];
    char ca_file[COLLECTOR_PATH_SIZE];
    char certificate_file[COLLECTOR_PATH_SIZE];
    char key_file[COLLECTOR_PATH_SIZE];
    struct duration keepalive;
};

struct store_setting {
    char path[COLLECTOR_PATH_SIZE];
    struct duration retention;           // of events and notes
    struct duration incidents_retention; // of closed incidents
};

struct http_setting {
    char listen[NAME_SIZE]; // "127.0.0.1:8080"; "off" = no server
};

struct collector_config {
    char site[ID_SIZE];
    char timezone[NAME_SIZE];
    double false_alarms_per_year;
    double fetches_per_station_hour;
    struct duration annunciate_after, reopen_within, auto_close_after, restart_limit;
    struct duration silent_after_start, status_valid_for;
    int64_t nodes_max;
    char stations_file[COLLECTOR_PATH_SIZE]; // "" = no list
    size_t service_count, server_count, owner_count;
    struct engine_service services[COLLECTOR_SERVICES_MAX];
    struct engine_server servers[COLLECTOR_SERVERS_MAX];
    struct owner_setting owners[COLLECTOR_OWNERS_MAX];
    size_t calendar_count, holiday_count;
    struct calendar_setting calendar[COLLECTOR_SHIFTS_MAX];
    char holidays[COLLECTOR_HOLIDAYS_MAX][CALENDAR_WORD_SIZE];
    struct broker_setting broker;
    struct store_setting store;
    struct http_setting http;
    char record[COLLECTOR_PATH_SIZE]; // "" = nothing is recorded
    int log_level;                    // index in debug, info, warning, error

    // Made from the above.
    struct engine_station *stations;
    size_t station_count;
    struct engine_owner engine_owners[COLLECTOR_OWNERS_MAX];
    struct engine_shift engine_shifts[COLLECTOR_SHIFTS_MAX];
    struct engine_holiday engine_holidays[COLLECTOR_HOLIDAYS_MAX];
    struct engine_zone_transition zone_transitions[SITE_ZONE_TRANSITIONS_MAX];
    size_t zone_transition_count;
    struct engine_config engine;
};

MUST_CHECK enum status collector_config_load(const char *path, struct collector_config **ret_config,
                                             struct config_error *error);
// Takes NULL.
void collector_config_free(struct collector_config *config);

// The table of settings, for --print-config and the reference page.
extern const struct setting collector_settings[];
extern const size_t collector_setting_count;

#endif
