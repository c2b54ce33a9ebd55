// SPDX-License-Identifier: Apache-2.0
// Rows of the station list into the core's stations.
#include "collector/config/station_list.h"

#include "base/name_table.h"
#include "config/csv.h"

#include <stdlib.h>

enum { NODE, LINE, AREA, SEGMENT, SERVER, COLUMN_COUNT };

static const struct csv_column columns[COLUMN_COUNT] = {
    [NODE] = {"node", .required = true},
    [LINE] = {"line"},
    [AREA] = {"area"},
    [SEGMENT] = {"segment"},
    [SERVER] = {"server"},
};

struct loader {
    struct engine_station *stations;
    size_t count, capacity, limit;
    const struct engine_server *servers;
    size_t server_count;
    struct name_table *seen; // ids in lower case
};

static enum status refuse(struct config_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static enum status refuse(struct config_error *error, const char *format, ...)
{
    struct text text;
    va_list args;
    text_init(&text, error->text, sizeof error->text);
    va_start(args, format);
    text_vprintf(&text, format, args);
    va_end(args);
    return STATUS_CONFIG;
}

static const struct engine_server *find_server(const struct loader *loader, const char *name)
{
    for (size_t i = 0; i < loader->server_count; i++)
        if (text_equal_nocase(loader->servers[i].name, name))
            return &loader->servers[i];
    return NULL;
}

static enum status check_node(struct loader *loader, const char *node, struct config_error *error)
{
    const char *wrong = id_problem(node);
    if (wrong != NULL)
        return refuse(error, "node '%s' %s", node, wrong);
    if (find_server(loader, node) != NULL)
        return refuse(error, "'%s' is a station here and a server in the configuration; remove one",
                      node);
    char folded[ID_SIZE];
    text_set(folded, node);
    for (char *c = folded; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    if (name_table_find(loader->seen, folded) != NAME_NONE)
        return refuse(error,
                      "node '%s' is listed twice (ids equal but for case are the same); remove one",
                      node);
    uint32_t index;
    return name_table_add(loader->seen, folded, &index);
}

static enum status check_server(const struct loader *loader, const char *server,
                                struct config_error *error)
{
    if (server[0] == '\0')
        return STATUS_OK;
    const char *wrong = id_problem(server);
    if (wrong != NULL)
        return refuse(error, "server '%s' %s", server, wrong);
    const struct engine_server *known = find_server(loader, server);
    if (loader->server_count > 0 && (known == NULL || !text_equal(known->name, server)))
        return refuse(error,
                      "server '%s' is not in the configuration; add it to 'servers' or correct "
                      "the name",
                      server);
    return STATUS_OK;
}

static enum status add_label(struct engine_station *station, const char *key, const char *value,
                             struct config_error *error)
{
    if (value[0] == '\0')
        return STATUS_OK;
    if (station->label_count == STATION_LABELS_MAX)
        return refuse(error, "more than %d labels; remove a column", STATION_LABELS_MAX);
    struct label *label = &station->labels[station->label_count++];
    if (!text_set(label->key, key) || !text_set(label->value, value))
        return refuse(error, "label '%s' is longer than %zu bytes", key, sizeof label->value - 1);
    return STATUS_OK;
}

static enum status fill_labels(struct engine_station *station, const struct csv_row *row,
                               struct config_error *error)
{
    enum status status = STATUS_OK;
    for (size_t i = LINE; i < SERVER && status == STATUS_OK; i++)
        status = add_label(station, columns[i].name, row->known[i], error);
    for (size_t i = 0; i < row->extra_count && status == STATUS_OK; i++)
        status = add_label(station, row->extra_names[i], row->extra[i], error);
    return status;
}

static enum status make_room(struct loader *loader, struct config_error *error)
{
    if (loader->count == loader->limit)
        return refuse(error, "more than %zu stations; raise nodes_max", loader->limit);
    if (loader->count < loader->capacity)
        return STATUS_OK;
    size_t capacity = loader->capacity == 0 ? 64 : loader->capacity * 2;
    struct engine_station *grown = realloc(loader->stations, capacity * sizeof *grown);
    if (grown == NULL)
        return STATUS_NO_MEMORY;
    loader->stations = grown;
    loader->capacity = capacity;
    return STATUS_OK;
}

static enum status take_row(void *context, const struct csv_row *row, struct config_error *error)
{
    struct loader *loader = context;
    enum status status = make_room(loader, error);
    if (status == STATUS_OK)
        status = check_node(loader, row->known[NODE], error);
    if (status == STATUS_OK)
        status = check_server(loader, row->known[SERVER], error);
    if (status != STATUS_OK)
        return status;
    struct engine_station *station = &loader->stations[loader->count];
    *station = (struct engine_station){0};
    text_set(station->node, row->known[NODE]);
    text_set(station->server, row->known[SERVER]);
    status = fill_labels(station, row, error);
    if (status == STATUS_OK)
        loader->count++;
    return status;
}

enum status station_list_load(const char *path, uint32_t stations_max,
                              const struct engine_server *servers, size_t server_count,
                              struct engine_station **ret_stations, size_t *ret_count,
                              struct config_error *error)
{
    struct loader loader = {
        .limit = stations_max, .servers = servers, .server_count = server_count};
    enum status status = name_table_new(stations_max, &loader.seen);
    if (status != STATUS_OK)
        return status;
    struct csv_format format = {columns, COLUMN_COUNT, take_row, &loader};
    status = csv_load(path, &format, error);
    name_table_free(loader.seen);
    if (status != STATUS_OK) {
        free(loader.stations);
        return status;
    }
    *ret_stations = loader.stations;
    *ret_count = loader.count;
    return STATUS_OK;
}
