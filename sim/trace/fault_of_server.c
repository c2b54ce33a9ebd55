// SPDX-License-Identifier: Apache-2.0
// Faults of a server: its order service, its share, its disk, the machine itself.
#include "sim/trace/fault_deeds.h"

#include "sim/trace/agents.h"
#include "sim/trace/orders.h"
#include "sim/trace/scanning.h"
#include "sim/trace/serving.h"

#include <string.h>

enum { FEW_SECONDS_MS = 8000 };

static struct server *struck(struct world *world, const struct fault *fault)
{
    return &world->servers[fault->target];
}

// ---- the order service -----------------------------------------------------------------------

static void stop_service(struct world *world, struct fault *fault, enum service_state state,
                         int32_t exit_code, const char *reason)
{
    struct server *server = struck(world, fault);
    server->running = false;
    server->orders_blame = server->state_blame = fault->number;
    orders_stall(world, server);
    serving_set_state(world, server, state, exit_code, reason);
}

void crash_service(struct world *world, struct fault *fault)
{
    stop_service(world, fault, SERVICE_FAILED, 1067, "the process terminated unexpectedly: crash");
}

void stop_by_hand(struct world *world, struct fault *fault)
{
    stop_service(world, fault, SERVICE_STOPPED, 0, "stopped by hand");
}

void start_service(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    server->running = server->up;
    server->start_mode = START_AUTO; // whoever mends it thinks of the next boot, too
    server->orders_blame = server->state_blame = NO_BLAME;
    serving_set_state(world, server, SERVICE_RUNNING, 0, "");
    orders_resume(world, server);
}

void hang_service(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    server->hung = true;
    server->orders_blame = fault->number;
    orders_stall(world, server);
}

void unhang_service(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    server->hung = false;
    server->orders_blame = NO_BLAME;
    orders_resume(world, server);
}

void stop_feed(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    server->fed = false;
    server->orders_blame = fault->number;
}

void resume_feed(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    server->fed = true;
    server->orders_blame = NO_BLAME;
    orders_resume(world, server);
}

void fill_disk(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    server->full = true;
    server->free_bytes = draw_range(&world->random, 0, 60000);
    server->fills = 0;
    server->spoils = draw_between(&world->random, 0.1, 0.6);
    server->orders_blame = server->disk_blame = fault->number;
    orders_stall(world, server);
}

void clear_disk(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    server->full = false;
    server->free_bytes = INT64_C(90) << 30;
    server->orders_blame = server->disk_blame = NO_BLAME;
    orders_resume(world, server);
}

// ---- share and server ------------------------------------------------------------------------

void lose_share(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    server->share = SHARE_GONE;
    server->share_blame = fault->number;
    server->hangs = draw_between(&world->random, 0, 0.6);
}

void refuse_share(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    server->share = SHARE_REFUSES;
    server->share_blame = fault->number;
    for (uint32_t i = 0; i < world->plant->station_count; i++)
        world->stations[i].session_until_ms =
            draw_chance(&world->random, 0.4) ? world->now_ms + draw_range(&world->random, 0, 30000)
                                             : 0;
}

void return_share(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    server->share = SHARE_WORKS;
    server->share_blame = NO_BLAME;
}

static void take_server_down(struct world *world, struct server *server, int16_t blame)
{
    server->up = server->running = false;
    server->up_blame = blame;
    orders_stall(world, server);
}

void server_dies(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    if (server->agent != NULL)
        agent_die(world, server->agent, false);
    take_server_down(world, server, fault->number);
}

// The machine is up again; its service in `service_in_ms`, if ever.
static void boot(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    server->up = true;
    server->up_blame = NO_BLAME;
    server->state = SERVICE_STOPPED;
    server->exit_code = 0;
    server->reason = "";
    int64_t agent_in = draw_range(&world->random, 3000, 25000);
    if (server->agent == NULL)
        return;
    agent_start(world, server->agent, random_next(&world->random), world->now_ms, agent_in);
    serving_tell_host(world, server, HOST_BOOTED, "");
}

void server_returns(struct world *world, struct fault *fault)
{
    boot(world, fault);
    world_in(world, draw_range(&world->random, 3000, FEW_SECONDS_MS * 3), HAPPENS_FAULT_STEP,
             (uint32_t)fault->number, 0);
}

void service_is_started(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    if (!server->up)
        return;
    serving_set_state(world, server, SERVICE_START_PENDING, 0, "");
    start_service(world, fault);
}

// ---- planned restarts ------------------------------------------------------------------------

void go_down_as_planned(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    serving_tell_host(world, server, HOST_SHUTDOWN_PLANNED, "planned restart");
    fault->steps = 0;
    world_in(world, 800, HAPPENS_FAULT_STEP, (uint32_t)fault->number, 0);
}

static void say_goodbye_and_go(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    agent_say_goodbye(world, server->agent, OFFLINE_SHUTDOWN);
    take_server_down(world, server, fault->number);
}

// Goodbye; up again after a while; the service a little later.
void restart_step(struct world *world, struct fault *fault)
{
    uint32_t number = (uint32_t)fault->number;
    switch (fault->steps++) {
    case 0:
        say_goodbye_and_go(world, fault);
        world_in(world, draw_range(&world->random, 30000, 150000), HAPPENS_FAULT_STEP, number, 0);
        break;
    case 1:
        boot(world, fault);
        world_in(world, draw_range(&world->random, 4000, 40000), HAPPENS_FAULT_STEP, number, 0);
        break;
    case 2:
        service_is_started(world, fault);
        break;
    default:
        break;
    }
}

void no_end(struct world *world, struct fault *fault)
{
    (void)world;
    (void)fault;
}

// The outage itself: the boot leaves the service stopped.
struct start_failure {
    const char *manner;
    enum start_mode mode;
    enum service_state state;
    int32_t exit_code;
    const char *reason;
};

static const struct start_failure start_failures[] = {
    {"reboot, start manual", START_MANUAL, SERVICE_STOPPED, 0, ""},
    {"reboot, start disabled", START_DISABLED, SERVICE_STOPPED, 0, ""},
    {"reboot, never tried", START_AUTO, SERVICE_STOPPED, 0, ""},
    {"reboot, start timed out", START_AUTO, SERVICE_STOPPED, 1053, "its start timed out"},
    {"reboot, logon failed", START_AUTO, SERVICE_STOPPED, 1069, "logon failure"},
    {"reboot, dependency failed", START_AUTO, SERVICE_STOPPED, 1068, "a dependency did not start"},
};

static void boot_without_service(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    for (size_t i = 0; i < sizeof start_failures / sizeof start_failures[0]; i++)
        if (strcmp(start_failures[i].manner, fault->row->manner) == 0) {
            server->start_mode = start_failures[i].mode;
            boot(world, fault);
            server->state = start_failures[i].state;
            server->exit_code = start_failures[i].exit_code;
            server->reason = start_failures[i].reason;
        }
    server->orders_blame = server->state_blame = fault->number;
}

void failed_restart_step(struct world *world, struct fault *fault)
{
    if (fault->steps++ == 0) {
        say_goodbye_and_go(world, fault);
        world_in(world, draw_range(&world->random, 30000, 100000), HAPPENS_FAULT_STEP,
                 (uint32_t)fault->number, 0);
    } else {
        boot_without_service(world, fault);
    }
}

// ---- odd reads -------------------------------------------------------------------------------

void read_oddly(struct world *world, struct fault *fault)
{
    static const enum outcome odd[] = {OUTCOME_LOCKED, OUTCOME_STALE, OUTCOME_INVALID};
    struct server *server = struck(world, fault);
    server->odd = draw_between(&world->random, 0.4, 0.8);
    server->odd_blame = fault->number;
    for (int i = 0; i < 3; i++)
        server->odd_outcomes[i] = odd[i];
    server->odd_outcomes[1 + random_below(&world->random, 2)] = OUTCOME_LOCKED;
    fault->shows = OUTCOME_LOCKED;
}

void read_well(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    server->odd = 0;
    server->odd_blame = NO_BLAME;
}

// ---- what foretells --------------------------------------------------------------------------

void forget_to_start(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    server->start_mode =
        strcmp(fault->row->manner, "set to manual") == 0 ? START_MANUAL : START_DISABLED;
    server->state_blame = fault->number;
    serving_set_state(world, server, SERVICE_RUNNING, 0, "");
}

void set_to_automatic(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    server->start_mode = START_AUTO;
    server->state_blame = NO_BLAME;
    serving_set_state(world, server, SERVICE_RUNNING, 0, "");
}

// Full in one to six hours.
void disk_fills(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    server->free_bytes = draw_range(&world->random, 5, 25) << 30;
    server->fills = (double)server->free_bytes / (3600 * draw_between(&world->random, 1, 6));
    server->disk_blame = fault->number;
}

void disk_is_cleared(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    server->free_bytes = INT64_C(200) << 30;
    server->fills = 2e4;
    server->disk_blame = NO_BLAME;
}
