// SPDX-License-Identifier: Apache-2.0
// service, host, output, disk.
#include "tests/scenario/server_directive.h"

#include "base/name_table.h"
#include "tests/scenario/words.h"

#include <stddef.h>

static const char *state_at(int i)
{
    return service_state_name((enum service_state)i);
}

static const char *mode_at(int i)
{
    return start_mode_name((enum start_mode)i);
}

static const char *host_at(int i)
{
    return host_event_name((enum host_event_kind)i);
}

// The server a statement speaks of: the only one, or the one that `of NAME` names.
static struct plant_server *the_server(struct stage *stage, const struct statement *statement)
{
    struct plant *plant = &stage->world->plant;
    const char *name = word_after(statement, 1, "of");
    for (uint32_t s = 0; s < plant->server_count; s++)
        if (name == NULL || text_equal(plant->servers[s].name, name))
            return &plant->servers[s];
    return NULL;
}

bool server_service(struct stage *stage, const struct statement *statement)
{
    struct plant_server *server = the_server(stage, statement);
    int state, mode;
    struct duration age;
    if (server == NULL || !word_time(statement, 2, "age", &age) ||
        !word_enum(word_at(statement, 1), SERVICE_STATE_COUNT, state_at, "SERVICE_", &state))
        return false;
    const char *start_mode = word_after(statement, 2, "start_mode");
    if (start_mode != NULL) {
        if (!word_enum(start_mode, START_MODE_COUNT, mode_at, "START_", &mode))
            return false;
        server->state.start_mode = (enum start_mode)mode;
    }
    const char *exit_code = word_after(statement, 2, "exit_code");
    double code = 0;
    if (exit_code != NULL && !script_number(exit_code, &code, NULL))
        return false;
    server->state.exit_code = (int32_t)code;
    const char *reason = word_after(statement, 2, "reason");
    server->state.state = (enum service_state)state;
    server->state.since_ms = stage->world->now.wall.ms - duration_to_ms(age);
    server->state.pid = state == SERVICE_RUNNING ? 4711 : 0;
    text_set(server->state.reason, reason == NULL ? "" : reason);
    // A server that is silent tells it when it is back.
    if (server->node != NAME_NONE && stage->world->plant.nodes[server->node].alive)
        plant_say_service(&stage->world->plant, stage->world->now, server, duration_to_ms(age));
    return true;
}

bool server_host(struct stage *stage, const struct statement *statement)
{
    struct plant_server *server = the_server(stage, statement);
    int event;
    if (server == NULL || server->node == NAME_NONE ||
        !word_enum(word_at(statement, 1), HOST_EVENT_COUNT, host_at, "HOST_", &event))
        return false;
    const char *reason = word_after(statement, 2, "reason");
    plant_say_host(&stage->world->plant, stage->world->now,
                   &stage->world->plant.nodes[server->node], (enum host_event_kind)event,
                   reason == NULL ? "" : reason);
    return true;
}

static void set_disk(struct stage *stage, struct plant_server *server, double free, double falls)
{
    server->disk_free = free;
    server->disk_at = stage->world->now.mono;
    server->disk_falls = falls;
}

bool server_disk(struct stage *stage, const struct statement *statement)
{
    struct plant_server *server = the_server(stage, statement);
    bool percent = true;
    double free = 0, falls = 0;
    const char *falling = word_after(statement, 2, "falling");
    if (server == NULL || !script_number(word_at(statement, 1), &free, &percent) || !percent ||
        (falling != NULL && (!script_number(falling, &falls, &percent) || !percent)))
        return false;
    set_disk(stage, server, free, falls);
    plant_say_output(&stage->world->plant, stage->world->now, server);
    return true;
}

bool server_output(struct stage *stage, const struct statement *statement)
{
    static const struct {
        const char *name;
        enum output output;
        int64_t backlog;
    } outputs[] = {
        {"flows", OUTPUT_FLOWS, 0}, {"stops", OUTPUT_STOPS, 50}, {"idle", OUTPUT_IDLE, 0}};
    struct plant_server *server = the_server(stage, statement);
    size_t o = 0;
    while (o < 3 && !text_equal(outputs[o].name, word_at(statement, 1)))
        o++;
    if (server == NULL || o == 3)
        return false;
    double backlog = (double)outputs[o].backlog, free = 0;
    bool percent = true;
    const char *value = word_after(statement, 2, "backlog");
    const char *disk = word_after(statement, 2, "disk");
    if ((value != NULL && !script_number(value, &backlog, NULL)) ||
        (disk != NULL && (!script_number(disk, &free, &percent) || !percent)))
        return false;
    if (disk != NULL)
        set_disk(stage, server, free, 0);
    if (server->output == OUTPUT_FLOWS)
        server->newest_order_at = stage->world->now.mono;
    server->output = outputs[o].output;
    server->backlog = (int64_t)backlog;
    plant_say_output(&stage->world->plant, stage->world->now, server);
    return true;
}
