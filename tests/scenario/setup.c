// SPDX-License-Identifier: Apache-2.0
// fleet, server, traffic, heartbeat, seed, start, timezone, calendar, holiday, setting.
#include "tests/scenario/setup.h"

#include "base/name_table.h"

#include <string.h>

static bool whole_number(const char *word, uint32_t *ret)
{
    double number;
    if (!script_number(word, &number, NULL) || number < 0 || number > 1e6)
        return false;
    *ret = (uint32_t)number;
    return true;
}

bool setup_fleet(struct stage *stage, const struct statement *statement)
{
    struct plant *plant = &stage->world->plant;
    plant->station_count = 0;
    for (uint32_t w = 1; w < statement->word_count; w++) {
        const char *what = statement->words[w];
        uint32_t number;
        if (text_equal(what, "in"))
            continue;
        if (text_equal(what, "unlisted")) {
            plant->listed = false;
            continue;
        }
        if (!whole_number(what, &number) || ++w == statement->word_count)
            return false;
        if (strncmp(statement->words[w], "station", 7) == 0)
            plant->station_count = number;
        else if (strncmp(statement->words[w], "segment", 7) == 0)
            plant->segment_count = number;
        else if (strncmp(statement->words[w], "line", 4) == 0)
            plant->line_count = number;
        else if (strncmp(statement->words[w], "area", 4) == 0)
            plant->area_count = number;
        else
            return false;
    }
    return plant->station_count > 0;
}

bool setup_server(struct stage *stage, const struct statement *statement)
{
    struct plant *plant = &stage->world->plant;
    if (statement->word_count < 2 || plant->server_count == PLANT_SERVERS_MAX)
        return false;
    struct plant_server server = {.node = 0};
    if (!text_set(server.name, statement->words[1]))
        return false;
    for (uint32_t w = 2; w + 1 < statement->word_count; w += 2) {
        const char *what = statement->words[w], *value = statement->words[w + 1];
        if (text_equal(what, "without") && text_equal(value, "agent"))
            server.node = NAME_NONE;
        else if (text_equal(what, "service"))
            text_set(server.service, value);
        else if (text_equal(what, "share"))
            text_set(server.share, value);
        else if (text_equal(what, "upstream"))
            text_set(server.upstream, value);
        else
            return false;
    }
    plant->servers[plant->server_count++] = server;
    return statement->word_count % 2 == 0;
}

bool setup_traffic(struct stage *stage, const struct statement *statement)
{
    struct plant *plant = &stage->world->plant;
    plant->fetch_every = plant->retry_after = (struct duration){0};
    if (statement->word_count == 2)
        return text_equal(statement->words[1], "off");
    for (uint32_t w = 1; w + 1 < statement->word_count; w += 2) {
        struct duration time;
        if (!script_time(statement->words[w + 1], &time))
            return false;
        if (text_equal(statement->words[w], "every"))
            plant->fetch_every = time;
        else if (text_equal(statement->words[w], "retry"))
            plant->retry_after = time;
        else
            return false;
    }
    return plant->fetch_every.us > 0;
}

bool setup_seed(struct stage *stage, const struct statement *statement)
{
    uint32_t seed;
    if (statement->word_count != 2 || !whole_number(statement->words[1], &seed))
        return false;
    stage->world->plant.seed = seed;
    return true;
}

bool setup_heartbeat(struct stage *stage, const struct statement *statement)
{
    return statement->word_count == 3 && text_equal(statement->words[1], "every") &&
           script_time(statement->words[2], &stage->world->plant.heartbeat) &&
           stage->world->plant.heartbeat.us >= 100000;
}

bool setup_start(struct stage *stage, const struct statement *statement)
{
    struct world *world = stage->world;
    if (statement->word_count != 2 || !wall_parse(statement->words[1], &world->start.wall))
        return false;
    world->now.wall = world->start.wall;
    return true;
}

bool setup_timezone(struct stage *stage, const struct statement *statement)
{
    return statement->word_count == 2 &&
           calendar_set_zone(&stage->world->calendar, &stage->world->config, statement->words[1]);
}

bool setup_calendar(struct stage *stage, const struct statement *statement)
{
    return calendar_add_shift(&stage->world->calendar, &stage->world->config, statement);
}

bool setup_holiday(struct stage *stage, const struct statement *statement)
{
    return calendar_add_holiday(&stage->world->calendar, &stage->world->config, statement);
}

bool setup_setting(struct stage *stage, const struct statement *statement)
{
    struct engine_config *config = &stage->world->config;
    const struct {
        const char *name;
        struct duration *value;
    } times[] = {{"annunciate_after", &config->annunciate_after},
                 {"reopen_within", &config->reopen_within},
                 {"auto_close_after", &config->auto_close_after},
                 {"restart_limit", &config->restart_limit}};
    if (statement->word_count != 3)
        return false;
    for (size_t t = 0; t < sizeof times / sizeof times[0]; t++)
        if (text_equal(times[t].name, statement->words[1]))
            return script_time(statement->words[2], times[t].value);
    return text_equal(statement->words[1], "false_alarms_per_year") &&
           script_number(statement->words[2], &config->false_alarms_per_year, NULL);
}
