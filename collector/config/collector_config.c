// SPDX-License-Identifier: Apache-2.0
// Loading: the table first, paths made complete, checks, the station list, then what the core
// wants.
#include "collector/config/collector_config.h"

#include "collector/config/config_check.h"
#include "collector/config/station_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum status fail_whole(struct config_error *error, const char *path, enum status status,
                              const char *text)
{
    *error = (struct config_error){0};
    text_set(error->file, path);
    text_set(error->text, text);
    return status;
}

// Makes `value` complete by the folder of `config_path`; "" and absolute paths stay.
static bool complete_path(char value[COLLECTOR_PATH_SIZE], const char *config_path)
{
    const char *slash = strrchr(config_path, '/');
    if (value[0] == '\0' || value[0] == '/' || slash == NULL)
        return true;
    char whole[COLLECTOR_PATH_SIZE];
    struct text text;
    text_init(&text, whole, sizeof whole);
    text_append_bytes(&text, config_path, (size_t)(slash - config_path) + 1);
    text_append(&text, value);
    return !text.truncated && text_copy(value, COLLECTOR_PATH_SIZE, whole);
}

static enum status complete_paths(struct collector_config *config, const char *path,
                                  struct config_error *error)
{
    char *const paths[] = {config->stations_file,   config->broker.password_file,
                           config->broker.ca_file,  config->broker.certificate_file,
                           config->broker.key_file, config->store.path,
                           config->record};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        if (!complete_path(paths[i], path))
            return fail_whole(error, path, STATUS_CONFIG,
                              "a path in it is too long; move the file or write absolute paths");
    return STATUS_OK;
}

// Without a list of servers, those that run services are the servers.
static void derive_servers(struct collector_config *config)
{
    if (config->server_count > 0)
        return;
    for (size_t i = 0; i < config->service_count; i++) {
        const char *name = config->services[i].server;
        bool known = false;
        for (size_t k = 0; k < config->server_count && !known; k++)
            known = text_equal_nocase(config->servers[k].name, name);
        if (known)
            continue;
        struct engine_server *server = &config->servers[config->server_count++];
        text_set(server->name, name);
        server->agent = true;
    }
}

static void fill_owners(struct collector_config *config)
{
    for (size_t i = 0; i < config->owner_count; i++) {
        const struct owner_setting *from = &config->owners[i];
        struct engine_owner *to = &config->engine_owners[i];
        text_set(to->name, from->name);
        to->cause_count = (uint32_t)from->cause_count;
        memcpy(to->causes, from->causes, sizeof to->causes);
    }
}

static void fill_calendar(struct collector_config *config)
{
    struct engine_config *engine = &config->engine;
    for (size_t i = 0; i < config->calendar_count; i++)
        calendar_shift_fill(&config->calendar[i], &config->engine_shifts[i]);
    for (size_t i = 0; i < config->holiday_count; i++)
        calendar_holiday_fill(config->holidays[i], &config->engine_holidays[i]);
    config->zone_transition_count =
        site_zone_transitions(config->timezone, config->zone_transitions);
    engine->zone = (struct engine_zone){config->zone_transition_count, config->zone_transitions};
    engine->shifts = config->engine_shifts;
    engine->shift_count = config->calendar_count;
    engine->holidays = config->engine_holidays;
    engine->holiday_count = config->holiday_count;
}

static void fill_engine(struct collector_config *config)
{
    struct engine_config *engine = &config->engine;
    engine_config_init(engine);
    engine->site = config->site;
    engine->false_alarms_per_year = config->false_alarms_per_year;
    engine->fetches_per_station_hour = config->fetches_per_station_hour;
    engine->annunciate_after = config->annunciate_after;
    engine->reopen_within = config->reopen_within;
    engine->auto_close_after = config->auto_close_after;
    engine->restart_limit = config->restart_limit;
    engine->silent_after_start = config->silent_after_start;
    engine->status_valid_for_s = (uint32_t)(config->status_valid_for.us / 1000000);
    engine->nodes_max = (uint32_t)config->nodes_max;
    engine->stations_listed = config->stations_file[0] != '\0';
    engine->stations = config->stations;
    engine->station_count = config->station_count;
    engine->services = config->services;
    engine->service_count = config->service_count;
    engine->servers = config->servers;
    engine->server_count = config->server_count;
    engine->owners = config->engine_owners;
    engine->owner_count = config->owner_count;
}

static enum status load_into(struct collector_config *config, const char *path,
                             struct config_error *error)
{
    enum status status =
        config_load(path, collector_settings, collector_setting_count, config, error);
    if (status == STATUS_OK)
        status = complete_paths(config, path, error);
    if (status == STATUS_OK)
        status = config_check_settings(path, config, error);
    if (status != STATUS_OK)
        return status;
    derive_servers(config);
    if (config->stations_file[0] != '\0') {
        status = station_list_load(config->stations_file, (uint32_t)config->nodes_max,
                                   config->servers, config->server_count, &config->stations,
                                   &config->station_count, error);
        if (status != STATUS_OK)
            return status;
    }
    fill_owners(config);
    fill_engine(config);
    fill_calendar(config);
    return config_check_areas(path, config, error);
}

enum status collector_config_load(const char *path, struct collector_config **ret_config,
                                  struct config_error *error)
{
    struct collector_config *config = calloc(1, sizeof *config);
    if (config == NULL)
        return fail_whole(error, path, STATUS_NO_MEMORY, status_text(STATUS_NO_MEMORY));
    enum status status = load_into(config, path, error);
    if (status == STATUS_OK)
        *ret_config = config;
    else
        collector_config_free(config);
    return status;
}

void collector_config_free(struct collector_config *config)
{
    if (config == NULL)
        return;
    free(config->stations);
    free(config);
}
