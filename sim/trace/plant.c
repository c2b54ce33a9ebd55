// SPDX-License-Identifier: Apache-2.0
// How a random plant is laid out.
#include "sim/trace/plant.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_MAX = PLANT_STATIONS_MAX };

void plant_free(struct plant *plant)
{
    if (plant == NULL)
        return;
    free(plant->stations);
    free(plant->line_products);
    free(plant);
}

void plant_line_name(uint32_t line, char out[16])
{
    snprintf(out, 16, "L%02u", (line + 1) % 1000);
}

void plant_area_name(uint32_t area, char out[16])
{
    snprintf(out, 16, "A%u", (area + 1) % 1000);
}

void plant_segment_name(uint32_t segment, char out[16])
{
    snprintf(out, 16, "SW-%02u", (segment + 1) % 1000);
}

void plant_product_name(uint32_t product, char out[16])
{
    snprintf(out, 16, "W%u", 200 + product % 1000);
}

const char *plant_version(bool new_version)
{
    return new_version ? "5.2.0" : "5.1.3";
}

uint32_t plant_value(const struct plant_station *station, const char *key)
{
    return strcmp(key, "line") == 0   ? station->line
           : strcmp(key, "area") == 0 ? station->area
                                      : station->segment;
}

uint32_t plant_count(const struct plant *plant, const char *key, uint32_t value)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < plant->station_count; i++)
        count += plant_value(&plant->stations[i], key) == value;
    return count;
}

uint32_t plant_server_stations(const struct plant *plant, uint32_t server)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < plant->station_count; i++)
        count += plant->stations[i].server == server;
    return count;
}

// Plants of 8 to 1,000 stations, small ones as often as large ones.
static uint32_t random_size(struct random_state *random, uint32_t least)
{
    double low = log(least > PLANT_STATIONS_MIN ? least : PLANT_STATIONS_MIN);
    return (uint32_t)lround(exp(draw_between(random, low, log(PLANT_STATIONS_MAX))));
}

// Cuts `count` stations into runs of about `mean`, each of at least 3 and at least two of them.
static uint32_t *cut(struct random_state *random, uint32_t count, double mean)
{
    uint32_t *group = calloc(count, sizeof *group);
    if (group == NULL)
        return NULL;
    uint32_t number = 0, from = 0;
    double limit = fmin(mean, count / 2.0);
    while (from < count) {
        uint32_t size = (uint32_t)fmax(3, limit * draw_between(random, 0.6, 1.4));
        if (number == 0 && size + 3 > count)
            size = count / 2;
        if (count - from - (size < count - from ? size : count - from) < 3)
            size = count - from;
        for (uint32_t i = from; i < from + size; i++)
            group[i] = number;
        number++;
        from += size;
    }
    return group;
}

static void lay_out_station(struct random_state *random, struct plant *plant, uint32_t index,
                            const struct plant_settings *settings, double interval_s,
                            uint32_t copies_max)
{
    struct plant_station *station = &plant->stations[index];
    snprintf(station->node, sizeof station->node, "ETS-%04u", (index + 1) % 10000);
    double pace = draw_gamma(random, 3.0) / 3.0; // over-dispersed: some scan far more than others
    station->interval_s = fmax(interval_s / 6, interval_s / fmax(pace, 0.1));
    station->copies = settings->copies >= 0      ? (uint32_t)settings->copies
                      : draw_chance(random, 0.5) ? 0
                                                 : (uint32_t)random_below(random, copies_max + 1);
    station->lookahead = station->copies + (uint32_t)random_below(random, 2);
    station->refused =
        draw_chance(random, 0.7) ? draw_between(random, 0.6, 1.0) : draw_between(random, 0.1, 0.5);
    station->clumsiness = draw_gamma(random, 0.5) / 0.5;
}

static enum status lay_out_groups(struct random_state *random, struct plant *plant)
{
    uint32_t count = plant->station_count;
    uint32_t *line = cut(random, count, draw_between(random, 5, 25));
    uint32_t *segment = cut(random, count, draw_between(random, 8, 50));
    bool by_line = draw_chance(random, 0.3); // each line has its own switch
    enum status status = line != NULL && segment != NULL ? STATUS_OK : STATUS_NO_MEMORY;
    uint32_t lines_an_area = (uint32_t)draw_range(random, 2, 6);
    for (uint32_t i = 0; status == STATUS_OK && i < count; i++) {
        struct plant_station *station = &plant->stations[i];
        station->line = (uint16_t)line[i];
        station->area = (uint16_t)(line[i] / lines_an_area);
        station->segment = (uint16_t)(by_line ? line[i] : segment[i]);
        plant->line_count = station->line + 1U;
        plant->area_count = station->area + 1U;
        if (station->segment + 1U > plant->segment_count)
            plant->segment_count = station->segment + 1U;
    }
    free(line);
    free(segment);
    return status;
}

// It is busy a tenth to a third of its time when everybody works.
static double answer_time(struct random_state *random, const struct plant *plant, uint32_t server)
{
    double orders_per_s = 0;
    for (uint32_t i = 0; i < plant->station_count; i++)
        if (plant->stations[i].server == server)
            orders_per_s += 1 / plant->stations[i].interval_s;
    double ms = 1000 * draw_between(random, 0.1, 0.3) / orders_per_s;
    return fmin(ms, 250);
}

static void lay_out_servers(struct random_state *random, struct plant *plant,
                            const struct plant_settings *settings)
{
    uint32_t fit = plant->line_count < 2 || plant->station_count < 24 ? 1 : plant->line_count;
    uint32_t wanted = draw_chance(random, 0.65) ? 1 : draw_chance(random, 0.7) ? 2 : 3;
    plant->server_count = wanted < fit ? wanted : fit;
    bool agents = settings->with_agents || (!settings->without_agents && draw_chance(random, 0.75));
    for (uint32_t i = 0; i < plant->server_count; i++) {
        struct plant_server *server = &plant->servers[i];
        snprintf(server->node, sizeof server->node, "ETS-SRV-%02u", (i + 1) % 100);
        snprintf(server->share, sizeof server->share, i == 0 ? "orders" : "orders-%u",
                 (i + 1) % 100);
        server->agent = agents;
        server->tells_output = settings->with_agents || draw_chance(random, 0.85);
    }
    uint32_t lines_each = (plant->line_count + plant->server_count - 1) / plant->server_count;
    for (uint32_t i = 0; i < plant->station_count; i++)
        plant->stations[i].server = (uint16_t)(plant->stations[i].line / lines_each);
    // Rounding up may leave the last one without lines.
    uint32_t last = plant->stations[plant->station_count - 1].server;
    plant->server_count = last + 1;
    for (uint32_t i = 0; i < plant->server_count; i++)
        plant->servers[i].answer_ms = answer_time(random, plant, i);
}

static enum status lay_out_products(struct random_state *random, struct plant *plant)
{
    plant->line_products = calloc(plant->line_count + 1, sizeof *plant->line_products);
    if (plant->line_products == NULL)
        return STATUS_NO_MEMORY;
    for (uint32_t l = 0; l < plant->line_count; l++)
        for (uint32_t p = 0; p < PLANT_LINE_PRODUCTS; p++)
            plant->line_products[l][p] = (uint32_t)random_below(random, PLANT_PRODUCTS);
    return STATUS_OK;
}

static void choose_habits(struct random_state *random, struct plant *plant,
                          const struct plant_settings *settings)
{
    static const uint32_t beats[] = {1000, 1000, 1000, 2000, 5000};
    plant->heartbeat_ms =
        settings->heartbeat_ms > 0 ? settings->heartbeat_ms : beats[random_below(random, 5)];
    plant->keepalive_ms = 10000;
    plant->probes = draw_chance(random, 0.85);
    plant->watches_software = draw_chance(random, 0.7);
    plant->listed = settings->with_versions || draw_chance(random, 0.7);
    plant->versions_listed = settings->with_versions || draw_chance(random, 0.3);
    plant->spikes = draw_between(random, 0, 0.002);
    plant->mishaps = draw_between(random, 0.0005, 0.003);
}

enum status plant_new(struct random_state *random, const struct plant_settings *settings,
                      struct plant **ret_plant)
{
    struct plant *plant = calloc(1, sizeof *plant);
    if (plant == NULL)
        return STATUS_NO_MEMORY;
    plant->station_count =
        settings->stations > 0 ? settings->stations : random_size(random, settings->stations_min);
    plant->stations = calloc(plant->station_count, sizeof *plant->stations);
    enum status status = plant->stations != NULL ? STATUS_OK : STATUS_NO_MEMORY;
    choose_habits(random, plant, settings);
    double interval_s =
        settings->interval_s > 0 ? settings->interval_s : draw_between(random, 30, 120);
    // Two plants in five fetch each order when it is scanned; few hold many in advance.
    static const uint32_t copies_of[] = {0, 0, 1, 2, 5};
    uint32_t copies_max = copies_of[random_below(random, 5)];
    for (uint32_t i = 0; status == STATUS_OK && i < plant->station_count; i++)
        lay_out_station(random, plant, i, settings, interval_s, copies_max);
    if (status == STATUS_OK)
        status = lay_out_groups(random, plant);
    if (status == STATUS_OK)
        status = lay_out_products(random, plant);
    if (status != STATUS_OK) {
        plant_free(plant);
        return status;
    }
    lay_out_servers(random, plant, settings);
    double share_of_new = draw_between(random, 0.1, 0.4);
    for (uint32_t i = 0; i < plant->station_count; i++)
        plant->stations[i].new_version = draw_chance(random, share_of_new);
    *ret_plant = plant;
    return STATUS_OK;
}
