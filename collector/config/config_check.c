// SPDX-License-Identifier: Apache-2.0
// Checks across settings; each names the place of the value that has to change.
#include "collector/config/config_check.h"

#include "collector/config/setting_place.h"

static enum status fail(const char *path, struct setting_place place, struct config_error *error,
                        const char *format, ...) __attribute__((format(printf, 4, 5)));

static enum status fail(const char *path, struct setting_place place, struct config_error *error,
                        const char *format, ...)
{
    *error = (struct config_error){.line = place.line, .column = place.column};
    text_set(error->file, path);
    struct text text;
    va_list args;
    text_init(&text, error->text, sizeof error->text);
    va_start(args, format);
    text_vprintf(&text, format, args);
    va_end(args);
    return STATUS_CONFIG;
}

static bool server_known(const struct collector_config *config, const char *name)
{
    for (size_t i = 0; i < config->server_count; i++)
        if (text_equal(config->servers[i].name, name))
            return true;
    return false;
}

static enum status check_servers(const char *path, const struct collector_config *config,
                                 struct config_error *error)
{
    for (size_t i = 0; i < config->server_count; i++)
        for (size_t k = 0; k < i; k++)
            if (text_equal_nocase(config->servers[i].name, config->servers[k].name))
                return fail(path, setting_place(path, "servers", i, "name", PLACE_NO_INDEX), error,
                            "server '%s' is listed twice (ids equal but for case are the same); "
                            "remove one",
                            config->servers[i].name);
    return STATUS_OK;
}

static enum status check_services(const char *path, const struct collector_config *config,
                                  struct config_error *error)
{
    for (size_t i = 0; i < config->service_count; i++) {
        const struct engine_service *service = &config->services[i];
        if (config->server_count > 0 && !server_known(config, service->server))
            return fail(path, setting_place(path, "services", i, "server", PLACE_NO_INDEX), error,
                        "service '%s' runs on '%s', which is not among the servers; add it to "
                        "'servers' or correct the name",
                        service->name, service->server);
        for (size_t k = 0; k < i; k++)
            if (text_equal_nocase(service->server, config->services[k].server) &&
                text_equal_nocase(service->name, config->services[k].name))
                return fail(path, setting_place(path, "services", i, "name", PLACE_NO_INDEX), error,
                            "service '%s' on '%s' is listed twice; remove one", service->name,
                            service->server);
    }
    return STATUS_OK;
}

static bool owns(const struct owner_setting *owner, const char *cause)
{
    for (size_t i = 0; i < owner->cause_count; i++)
        if (text_equal(owner->causes[i], cause))
            return true;
    return false;
}

static enum status check_owner(const char *path, const struct collector_config *config, size_t i,
                               struct config_error *error)
{
    const struct owner_setting *owner = &config->owners[i];
    for (size_t k = 0; k < i; k++) {
        const struct owner_setting *other = &config->owners[k];
        if (owner->cause_count == 0 && other->cause_count == 0)
            return fail(path, setting_place(path, "owners", i, "name", PLACE_NO_INDEX), error,
                        "'%s' and '%s' both have no causes, but only one owner can have all that "
                        "nobody else owns; give one of them 'causes'",
                        other->name, owner->name);
        for (size_t c = 0; c < owner->cause_count; c++)
            if (owns(other, owner->causes[c]))
                return fail(path, setting_place(path, "owners", i, "causes", c), error,
                            "'%s' already belongs to '%s'; a cause has one owner", owner->causes[c],
                            other->name);
    }
    return STATUS_OK;
}

static enum status check_broker(const char *path, const struct collector_config *config,
                                struct config_error *error)
{
    bool certificate = config->broker.certificate_file[0] != '\0';
    if (certificate != (config->broker.key_file[0] != '\0'))
        return fail(path, setting_place(path, "broker", PLACE_NO_INDEX, "", PLACE_NO_INDEX), error,
                    "certificate_file and key_file belong together; give both or neither");
    if (config->broker.password_file[0] != '\0' && config->broker.username[0] == '\0')
        return fail(path, setting_place(path, "broker", PLACE_NO_INDEX, "", PLACE_NO_INDEX), error,
                    "password_file without username; give both");
    return STATUS_OK;
}

static enum status check_calendar(const char *path, const struct collector_config *config,
                                  struct config_error *error)
{
    for (size_t i = 0; i < config->calendar_count; i++) {
        const char *wrong = calendar_shift_problem(&config->calendar[i]);
        if (wrong != NULL)
            return fail(path, setting_place(path, "calendar", i, "to", PLACE_NO_INDEX), error,
                        "the shift from %s to %s %s", config->calendar[i].from,
                        config->calendar[i].to, wrong);
    }
    return STATUS_OK;
}

static bool has_area(const struct engine_station *station, const char *area)
{
    for (uint32_t i = 0; i < station->label_count; i++)
        if (text_equal(station->labels[i].key, "area"))
            return text_equal(station->labels[i].value, area);
    return false;
}

enum status config_check_areas(const char *path, const struct collector_config *config,
                               struct config_error *error)
{
    for (size_t i = 0; config->stations_file[0] != '\0' && i < config->calendar_count; i++) {
        const char *area = config->engine_shifts[i].area;
        bool known = area[0] == '\0';
        for (size_t k = 0; k < config->station_count && !known; k++)
            known = has_area(&config->stations[k], area);
        if (!known)
            return fail(path, setting_place(path, "calendar", i, "area", PLACE_NO_INDEX), error,
                        "no station has the area '%s'; correct it, or the column 'area' of the "
                        "station list",
                        area);
    }
    return STATUS_OK;
}

enum status config_check_settings(const char *path, const struct collector_config *config,
                                  struct config_error *error)
{
    enum status status = check_servers(path, config, error);
    if (status == STATUS_OK)
        status = check_services(path, config, error);
    for (size_t i = 0; status == STATUS_OK && i < config->owner_count; i++)
        status = check_owner(path, config, i, error);
    if (status == STATUS_OK)
        status = check_calendar(path, config, error);
    return status == STATUS_OK ? check_broker(path, config, error) : status;
}
