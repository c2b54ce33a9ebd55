// SPDX-License-Identifier: Apache-2.0
// Reports of the servers' agents.
#include "sim/trace/serving.h"

#include "sim/trace/agents.h"
#include "sim/trace/orders.h"

enum { OUTPUT_EVERY_MS = 10000 };

void serving_set_state(struct world *world, struct server *server, enum service_state state,
                       int32_t exit_code, const char *reason)
{
    server->state = state;
    server->exit_code = exit_code;
    server->reason = reason;
    if (server->agent != NULL)
        world_in(world, draw_range(&world->random, 5, 200) + server->report_delay_ms, HAPPENS_STATE,
                 (uint32_t)(server - world->servers), 0);
}

void serving_on_state(struct world *world, uint32_t number)
{
    struct server *server = &world->servers[number];
    if (server->agent == NULL || !server->agent->up)
        return;
    agent_tell(world, server->agent,
               (struct told){.kind = MESSAGE_SERVICE,
                             .at_ms = world->now_ms,
                             .state = server->state,
                             .start_mode = server->start_mode,
                             .exit_code = server->exit_code,
                             .reason = server->reason,
                             .blame = server->state_blame});
}

static int16_t blame_of_output(const struct server *server, int64_t backlog)
{
    if (server->disk_blame != NO_BLAME)
        return server->disk_blame;
    return backlog > 0 ? server->orders_blame : NO_BLAME;
}

static void tell_output(struct world *world, struct server *server)
{
    struct order_counts counts = orders_count(world, server);
    server->last_backlog = counts.backlog;
    agent_tell(world, server->agent,
               (struct told){.kind = MESSAGE_HOST,
                             .host = HOST_ORDER_OUTPUT,
                             .at_ms = world->now_ms,
                             .newest_age_ms = world->now_ms - counts.newest_ms,
                             .backlog = counts.backlog,
                             .files = counts.files,
                             .free_bytes = (uint64_t)server->free_bytes,
                             .blame = blame_of_output(server, counts.backlog)});
}

void serving_on_output(struct world *world, uint32_t number, uint64_t extra)
{
    struct server *server = &world->servers[number];
    if (extra == 0) {
        world_in(world, OUTPUT_EVERY_MS, HAPPENS_OUTPUT, number, 0);
        double used = server->fills * OUTPUT_EVERY_MS / 1000;
        used *= draw_between(&world->random, 0.7, 1.3);
        server->free_bytes =
            server->free_bytes > (int64_t)used ? server->free_bytes - (int64_t)used : 0;
    }
    bool anew = extra == 0 || server->last_backlog == 0;
    if (server->agent != NULL && server->agent->up && server->plan->tells_output && anew)
        tell_output(world, server);
}

void serving_on_resync(struct world *world, uint32_t agent)
{
    if (agent < world->plant->station_count)
        return;
    uint32_t number = agent - world->plant->station_count;
    struct server *server = &world->servers[number];
    serving_on_state(world, number);
    if (server->agent != NULL && server->agent->up && server->plan->tells_output)
        tell_output(world, server);
}

void serving_tell_host(struct world *world, struct server *server, enum host_event_kind kind,
                       const char *reason)
{
    if (server->agent == NULL || !server->agent->up)
        return;
    agent_tell(world, server->agent,
               (struct told){.kind = MESSAGE_HOST,
                             .host = kind,
                             .at_ms = world->now_ms,
                             .newest_age_ms = -1,
                             .backlog = -1,
                             .reason = reason,
                             .blame = NO_BLAME});
}
