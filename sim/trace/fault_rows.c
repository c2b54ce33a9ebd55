// SPDX-License-Identifier: Apache-2.0
// The ways in which causes come about, and what each does to the world.
#include "sim/trace/fault.h"

#include "sim/trace/agents.h"
#include "sim/trace/orders.h"
#include "sim/trace/scanning.h"
#include "sim/trace/serving.h"

#include <string.h>

enum { FEW_SECONDS_MS = 8000, BACK_WITHIN_MS = 12000 };

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

static void crash_service(struct world *world, struct fault *fault)
{
    stop_service(world, fault, SERVICE_FAILED, 1067, "the process terminated unexpectedly: crash");
}

static void stop_by_hand(struct world *world, struct fault *fault)
{
    stop_service(world, fault, SERVICE_STOPPED, 0, "stopped by hand");
}

static void start_service(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    server->running = server->up;
    server->orders_blame = server->state_blame = NO_BLAME;
    serving_set_state(world, server, SERVICE_RUNNING, 0, "");
    orders_resume(world, server);
}

static void hang_service(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    server->hung = true;
    server->orders_blame = fault->number;
    orders_stall(world, server);
}

static void unhang_service(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    server->hung = false;
    server->orders_blame = NO_BLAME;
    orders_resume(world, server);
}

static void stop_feed(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    server->fed = false;
    server->orders_blame = fault->number;
}

static void resume_feed(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    server->fed = true;
    server->orders_blame = NO_BLAME;
    orders_resume(world, server);
}

static void fill_disk(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    server->full = true;
    server->free_bytes = draw_range(&world->random, 0, 60000);
    server->fills = 0;
    server->spoils = draw_between(&world->random, 0.1, 0.6);
    server->orders_blame = server->disk_blame = fault->number;
    orders_stall(world, server);
}

static void clear_disk(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    server->full = false;
    server->free_bytes = INT64_C(40) << 30;
    server->orders_blame = server->disk_blame = NO_BLAME;
    orders_resume(world, server);
}

// ---- share and server ------------------------------------------------------------------------

static void lose_share(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    server->share = SHARE_GONE;
    server->share_blame = fault->number;
    server->hangs = draw_between(&world->random, 0, 0.6);
}

static void refuse_share(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    server->share = SHARE_REFUSES;
    server->share_blame = fault->number;
    for (uint32_t i = 0; i < world->plant->station_count; i++)
        world->stations[i].session_until_ms =
            draw_chance(&world->random, 0.4) ? world->now_ms + draw_range(&world->random, 0, 30000)
                                             : 0;
}

static void return_share(struct world *world, struct fault *fault)
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

static void server_dies(struct world *world, struct fault *fault)
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

static void server_returns(struct world *world, struct fault *fault)
{
    boot(world, fault);
    world_in(world, draw_range(&world->random, 3000, FEW_SECONDS_MS * 3), HAPPENS_FAULT_STEP,
             (uint32_t)fault->number, 0);
}

static void service_is_started(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    if (!server->up)
        return;
    serving_set_state(world, server, SERVICE_START_PENDING, 0, "");
    start_service(world, fault);
}

// ---- planned restarts ------------------------------------------------------------------------

static void go_down_as_planned(struct world *world, struct fault *fault)
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
static void restart_step(struct world *world, struct fault *fault)
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

static void no_end(struct world *world, struct fault *fault)
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

static void failed_restart_step(struct world *world, struct fault *fault)
{
    if (fault->steps++ == 0) {
        say_goodbye_and_go(world, fault);
        world_in(world, draw_range(&world->random, 30000, 100000), HAPPENS_FAULT_STEP,
                 (uint32_t)fault->number, 0);
    } else {
        boot_without_service(world, fault);
    }
}

// ---- network, broker, collector --------------------------------------------------------------

static void cut_segment(struct world *world, struct fault *fault)
{
    for (uint32_t i = 0; i < world->plant->station_count; i++)
        if (world->plant->stations[i].segment == fault->target)
            agent_cut(world, world->stations[i].agent);
}

static void mend_segment(struct world *world, struct fault *fault)
{
    for (uint32_t i = 0; i < world->plant->station_count; i++)
        if (world->plant->stations[i].segment == fault->target)
            agent_mend(world, world->stations[i].agent, BACK_WITHIN_MS + fault->linger_ms);
}

static uint32_t cut_off(const struct world *world, const struct fault *fault)
{
    return strcmp(fault->row->manner, "servers too") == 0 ? world->agent_count
                                                          : world->plant->station_count;
}

static void cut_site(struct world *world, struct fault *fault)
{
    for (uint32_t i = 0; i < cut_off(world, fault); i++)
        agent_cut(world, &world->agents[i]);
}

static void mend_site(struct world *world, struct fault *fault)
{
    for (uint32_t i = 0; i < cut_off(world, fault); i++)
        agent_mend(world, &world->agents[i], BACK_WITHIN_MS + fault->linger_ms);
}

static void tell_link(struct world *world, bool up)
{
    struct emission emission = {.t_ms = world->now_ms, .is_link = true, .link_up = up};
    world->emit(world->context, &emission);
}

static void everyone_returns(struct world *world)
{
    agents_retained(world);
    for (uint32_t i = 0; i < world->agent_count; i++) {
        struct agent *agent = &world->agents[i];
        agent_drop(world, agent);
        if (agent->up)
            world_in(world, draw_range(&world->random, 500, 15000), HAPPENS_CONNECT, i,
                     agent->generation);
    }
}

static void broker_dies(struct world *world, struct fault *fault)
{
    (void)fault;
    world->broker_up = world->link_up = false;
    tell_link(world, false);
    for (uint32_t i = 0; i < world->agent_count; i++)
        agent_drop(world, &world->agents[i]);
}

static void broker_returns(struct world *world, struct fault *fault)
{
    (void)fault;
    world->broker_up = world->link_up = true;
    tell_link(world, true);
    everyone_returns(world);
}

static void broker_hangs(struct world *world, struct fault *fault)
{
    (void)fault;
    world->muted = true;
}

static void broker_wakes(struct world *world, struct fault *fault)
{
    (void)fault;
    world->muted = false;
    everyone_returns(world);
}

static void collector_goes_blind(struct world *world, struct fault *fault)
{
    (void)fault;
    world->link_up = false;
    tell_link(world, false);
}

static void collector_sees(struct world *world, struct fault *fault)
{
    (void)fault;
    world->link_up = true;
    tell_link(world, true);
    agents_retained(world);
    for (uint32_t i = 0; i < world->agent_count; i++)
        if (world->agents[i].held > 0)
            agent_repeat(world, &world->agents[i]);
}

// ---- orders, products, versions --------------------------------------------------------------

static void hold_product(struct world *world, struct fault *fault)
{
    world->held_products[fault->target] = fault->number;
    world->waits_for_held = strcmp(fault->row->manner, "requests wait") == 0;
}

static void release_product(struct world *world, struct fault *fault)
{
    world->held_products[fault->target] = NO_BLAME;
    for (uint32_t i = 0; i < world->plant->server_count; i++)
        orders_resume(world, &world->servers[i]);
}

// A harness whose order is broken is carried from station to station.
static void carry_order(struct world *world, struct fault *fault)
{
    fault->steps = (uint32_t)draw_range(&world->random, 4, 9);
    world_in(world, 0, HAPPENS_FAULT_STEP, (uint32_t)fault->number, 0);
}

static void carry_on(struct world *world, struct fault *fault)
{
    uint32_t index = (fault->target + fault->steps) % world->plant->station_count;
    if (fault->steps-- == 0 || world->now_ms >= fault->ends_ms)
        return;
    scanning_tell(world, index, fault->detail, world->stations[index].ring[0].product, fault->shows,
                  fault->number, draw_range(&world->random, 30, 300));
    world_in(world, draw_range(&world->random, 8000, 40000), HAPPENS_FAULT_STEP,
             (uint32_t)fault->number, 0);
}

static void break_version(struct world *world, struct fault *fault)
{
    world->bad_version = draw_between(&world->random, 0.7, 1.0);
    world->bad_outcome = fault->shows;
    world->version_blame = fault->number;
}

// Stations are updated in this moment, a few seconds apart.
static void roll_out(struct world *world, struct fault *fault)
{
    for (uint32_t i = 0; i < world->plant->station_count; i++) {
        struct agent *agent = &world->agents[i];
        agent->new_version = world->plant->stations[i].new_version;
        if (agent->new_version)
            agent_publish_birth(world, agent);
    }
    break_version(world, fault);
}

static void mend_version(struct world *world, struct fault *fault)
{
    (void)fault;
    world->bad_version = 0;
    world->version_blame = NO_BLAME;
}

static void read_oddly(struct world *world, struct fault *fault)
{
    static const enum outcome odd[] = {OUTCOME_LOCKED, OUTCOME_STALE, OUTCOME_INVALID,
                                       OUTCOME_TIMEOUT};
    struct server *server = struck(world, fault);
    server->odd = draw_between(&world->random, 0.4, 0.8);
    server->odd_blame = fault->number;
    for (int i = 0; i < 3; i++)
        server->odd_outcomes[i] = odd[random_below(&world->random, 4)];
    fault->shows = server->odd_outcomes[0];
}

static void read_well(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    server->odd = 0;
    server->odd_blame = NO_BLAME;
}

// ---- one station -----------------------------------------------------------------------------

static void unplug(struct world *world, struct fault *fault)
{
    static const struct {
        const char *manner;
        enum outcome shows;
    } manners[] = {{"logon lost", OUTCOME_DENIED},
                   {"no way to the share", OUTCOME_UNREACHABLE},
                   {"reads garbage", OUTCOME_INVALID},
                   {"files locked", OUTCOME_LOCKED}};
    struct station *station = &world->stations[fault->target];
    station->unplugged = true;
    station->own_blame = fault->number;
    for (size_t i = 0; i < sizeof manners / sizeof manners[0]; i++)
        if (strcmp(manners[i].manner, fault->row->manner) == 0)
            station->own_outcome = manners[i].shows;
}

static void plug(struct world *world, struct fault *fault)
{
    world->stations[fault->target].unplugged = false;
}

static void software_ends(struct world *world, struct fault *fault)
{
    world->agents[fault->target].software_running = false;
    world->agents[fault->target].software_blame = fault->number;
}

static void software_starts(struct world *world, struct fault *fault)
{
    world->agents[fault->target].software_running = true;
    world->agents[fault->target].software_blame = NO_BLAME;
}

static void agent_crashes(struct world *world, struct fault *fault)
{
    agent_die(world, &world->agents[fault->target], true);
}

static void power_fails(struct world *world, struct fault *fault)
{
    agent_die(world, &world->agents[fault->target], false);
    world->stations[fault->target].idle = true;
}

static void agent_returns(struct world *world, struct fault *fault)
{
    struct agent *agent = &world->agents[fault->target];
    world->stations[fault->target].idle = false;
    agent_start(world, agent, agent->boot, agent->boot_at_ms, 500);
}

static void clone_appears(struct world *world, struct fault *fault)
{
    struct agent *agent = &world->agents[fault->target];
    agent->twin = (struct session){.boot = random_next(&world->random),
                                   .incarnation = random_next(&world->random) >> 12 | 1,
                                   .boot_at_ms = world->now_ms - 60000};
    agent->identity_blame = fault->number;
    world_in(world, 0, HAPPENS_FAULT_STEP, (uint32_t)fault->number, 0);
}

// Each takes the connection from the other.
static void clones_fight(struct world *world, struct fault *fault)
{
    struct agent *agent = &world->agents[fault->target];
    if (world->now_ms >= fault->ends_ms || !agent->up || agent->cut > 0)
        return;
    struct session other = agent->twin;
    agent->twin = (struct session){.boot = agent->boot,
                                   .incarnation = agent->incarnation,
                                   .number = agent->session,
                                   .boot_at_ms = agent->boot_at_ms};
    agent_die(world, agent, true);
    agent_start(world, agent, other.boot, other.boot_at_ms, 60);
    agent->incarnation = other.incarnation;
    agent->session = other.number;
    world_in(world, draw_range(&world->random, 1500, 9000), HAPPENS_FAULT_STEP,
             (uint32_t)fault->number, 0);
}

static void clone_leaves(struct world *world, struct fault *fault)
{
    world->agents[fault->target].identity_blame = NO_BLAME;
}

static void clock_jumps(struct world *world, struct fault *fault)
{
    struct agent *agent = &world->agents[fault->target];
    int64_t minutes = draw_range(&world->random, 7, 600);
    agent->skew_ms = draw_chance(&world->random, 0.5) ? minutes * 60000 : -minutes * 60000;
    agent->identity_blame = fault->number;
}

static void clock_is_set(struct world *world, struct fault *fault)
{
    world->agents[fault->target].skew_ms = 0;
    world->agents[fault->target].identity_blame = NO_BLAME;
}

// ---- what foretells --------------------------------------------------------------------------

static void forget_to_start(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    server->start_mode =
        strcmp(fault->row->manner, "set to manual") == 0 ? START_MANUAL : START_DISABLED;
    server->state_blame = fault->number;
    serving_set_state(world, server, SERVICE_RUNNING, 0, "");
}

static void set_to_automatic(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    server->start_mode = START_AUTO;
    server->state_blame = NO_BLAME;
    serving_set_state(world, server, SERVICE_RUNNING, 0, "");
}

// Full in one to six hours.
static void disk_fills(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    server->free_bytes = draw_range(&world->random, 5, 25) << 30;
    server->fills = (double)server->free_bytes / (3600 * draw_between(&world->random, 1, 6));
    server->disk_blame = fault->number;
}

static void disk_is_cleared(struct world *world, struct fault *fault)
{
    struct server *server = struck(world, fault);
    server->free_bytes = INT64_C(200) << 30;
    server->fills = 2e4;
    server->disk_blame = NO_BLAME;
}

static void certificate_ages(struct world *world, struct fault *fault)
{
    struct agent *agent = &world->agents[fault->target];
    agent->certificate_expires_ms =
        world->wall_ms + draw_range(&world->random, 20, 12 * 24) * 3600000;
    agent->identity_blame = fault->number;
    agent_publish_birth(world, agent);
}

static void certificate_is_renewed(struct world *world, struct fault *fault)
{
    struct agent *agent = &world->agents[fault->target];
    agent->certificate_expires_ms = world->wall_ms + INT64_C(365) * 86400000;
    agent->identity_blame = NO_BLAME;
    agent_publish_birth(world, agent);
}

// ---- the rows --------------------------------------------------------------------------------

#define STOPPED_RIVALS(splits_)                                                                    \
    .rival_count = 3, .rivals = {{"ORDER_SERVICE_HUNG", SPELLED_SERVICE, splits_},                 \
                                 {"ORDER_FEED_STOPPED", SPELLED_SERVICE, splits_},                 \
                                 {"ORDER_DISK_FULL", SPELLED_SERVER, splits_}}
#define FAILED_RESTART(manner_)                                                                    \
    {                                                                                              \
        "ORDER_SERVICE_STOPPED", manner_, STRIKES_SERVER, SPELLED_SERVICE,                         \
            FAULT_NEEDS_AGENT | FAULT_NEEDS_OUTPUT | FAULT_STEADY | FAULT_LONG,                    \
            go_down_as_planned, start_service, failed_restart_step, 1,                             \
        {                                                                                          \
            {                                                                                      \
                "SERVER_DOWN", SPELLED_SERVER, SPLITS_BY_AGENT                                     \
            }                                                                                      \
        }                                                                                          \
    }

const struct fault_row fault_rows[] = {
    {"ORDER_SERVICE_STOPPED", "crashed", STRIKES_SERVER, SPELLED_SERVICE, 0, crash_service,
     start_service, NULL, STOPPED_RIVALS(SPLITS_BY_AGENT)},
    {"ORDER_SERVICE_STOPPED", "stopped by hand", STRIKES_SERVER, SPELLED_SERVICE, 0, stop_by_hand,
     start_service, NULL, STOPPED_RIVALS(SPLITS_BY_AGENT)},
    FAILED_RESTART("reboot, start manual"),
    FAILED_RESTART("reboot, start disabled"),
    FAILED_RESTART("reboot, never tried"),
    FAILED_RESTART("reboot, start timed out"),
    FAILED_RESTART("reboot, logon failed"),
    FAILED_RESTART("reboot, dependency failed"),
    {"ORDER_SERVICE_HUNG",
     "",
     STRIKES_SERVER,
     SPELLED_SERVICE,
     0,
     hang_service,
     unhang_service,
     NULL,
     3,
     {{"ORDER_SERVICE_STOPPED", SPELLED_SERVICE, SPLITS_BY_AGENT},
      {"ORDER_FEED_STOPPED", SPELLED_SERVICE, SPLITS_BY_OUTPUT},
      {"ORDER_DISK_FULL", SPELLED_SERVER, SPLITS_BY_OUTPUT}}},
    {"ORDER_FEED_STOPPED",
     "",
     STRIKES_SERVER,
     SPELLED_SERVICE,
     0,
     stop_feed,
     resume_feed,
     NULL,
     3,
     {{"ORDER_SERVICE_STOPPED", SPELLED_SERVICE, SPLITS_BY_AGENT},
      {"ORDER_SERVICE_HUNG", SPELLED_SERVICE, SPLITS_BY_OUTPUT},
      {"ORDER_DISK_FULL", SPELLED_SERVER, SPLITS_BY_OUTPUT}}},
    {"ORDER_SHARE_DOWN",
     "",
     STRIKES_SERVER,
     SPELLED_SHARE,
     0,
     lose_share,
     return_share,
     NULL,
     1,
     {{"SERVER_DOWN", SPELLED_SERVER, SPLITS_BY_SILENCE}}},
    {"ORDER_SHARE_DENIED",
     "",
     STRIKES_SERVER,
     SPELLED_SHARE,
     0,
     refuse_share,
     return_share,
     NULL,
     0,
     {{0}}},
    {"ORDER_DISK_FULL",
     "",
     STRIKES_SERVER,
     SPELLED_SERVER,
     0,
     fill_disk,
     clear_disk,
     NULL,
     3,
     {{"ORDER_SERVICE_STOPPED", SPELLED_SERVICE, SPLITS_BY_AGENT},
      {"ORDER_SERVICE_HUNG", SPELLED_SERVICE, SPLITS_BY_OUTPUT},
      {"ORDER_FEED_STOPPED", SPELLED_SERVICE, SPLITS_BY_OUTPUT}}},
    {"SERVER_DOWN",
     "",
     STRIKES_SERVER,
     SPELLED_SERVER,
     FAULT_STEADY,
     server_dies,
     server_returns,
     service_is_started,
     1,
     {{"ORDER_SHARE_DOWN", SPELLED_SHARE, SPLITS_BY_SILENCE}}},
    {"SERVER_RESTARTING",
     "",
     STRIKES_SERVER,
     SPELLED_SERVER,
     FAULT_NEEDS_AGENT | FAULT_QUIET | FAULT_STEADY,
     go_down_as_planned,
     no_end,
     restart_step,
     0,
     {{0}}},
    {"SEGMENT_DOWN",
     "",
     STRIKES_SEGMENT,
     SPELLED_SEGMENT,
     FAULT_SILENCE,
     cut_segment,
     mend_segment,
     NULL,
     0,
     {{0}}},
    {"SITE_NETWORK_DOWN",
     "servers too",
     STRIKES_NOTHING,
     SPELLED_SITE,
     FAULT_SILENCE,
     cut_site,
     mend_site,
     NULL,
     2,
     {{"BROKER_DOWN", SPELLED_BROKER, SPLITS_BY_WILLS},
      {"COLLECTOR_BLIND", SPELLED_COLLECTOR, SPLITS_BY_WILLS}}},
    {"SITE_NETWORK_DOWN",
     "stations only",
     STRIKES_NOTHING,
     SPELLED_SITE,
     FAULT_SILENCE,
     cut_site,
     mend_site,
     NULL,
     2,
     {{"BROKER_DOWN", SPELLED_BROKER, SPLITS_BY_WILLS},
      {"COLLECTOR_BLIND", SPELLED_COLLECTOR, SPLITS_BY_WILLS}}},
    {"BROKER_DOWN",
     "died",
     STRIKES_NOTHING,
     SPELLED_BROKER,
     FAULT_SILENCE,
     broker_dies,
     broker_returns,
     NULL,
     1,
     {{"COLLECTOR_BLIND", SPELLED_COLLECTOR, SPLITS_NEVER}}},
    {"BROKER_DOWN",
     "hangs",
     STRIKES_NOTHING,
     SPELLED_BROKER,
     FAULT_SILENCE,
     broker_hangs,
     broker_wakes,
     NULL,
     2,
     {{"COLLECTOR_BLIND", SPELLED_COLLECTOR, SPLITS_NEVER},
      {"SITE_NETWORK_DOWN", SPELLED_SITE, SPLITS_NEVER}}},
    {"COLLECTOR_BLIND",
     "",
     STRIKES_NOTHING,
     SPELLED_COLLECTOR,
     FAULT_SILENCE,
     collector_goes_blind,
     collector_sees,
     NULL,
     1,
     {{"BROKER_DOWN", SPELLED_BROKER, SPLITS_NEVER}}},
    {"ORDER_DATA_MISSING",
     "requests wait",
     STRIKES_PRODUCT,
     SPELLED_PRODUCT,
     FAULT_LONG,
     hold_product,
     release_product,
     NULL,
     0,
     {{0}}},
    {"ORDER_DATA_MISSING",
     "not released",
     STRIKES_PRODUCT,
     SPELLED_PRODUCT,
     FAULT_LONG,
     hold_product,
     release_product,
     NULL,
     0,
     {{0}}},
    {"ORDER_DATA_MISSING",
     "one order",
     STRIKES_ORDER,
     SPELLED_ORDER,
     FAULT_STEADY,
     carry_order,
     no_end,
     carry_on,
     0,
     {{0}}},
    {"ROLLOUT_BAD",
     "rolled out now",
     STRIKES_NOTHING,
     SPELLED_VERSION,
     FAULT_LONG | FAULT_MANY,
     roll_out,
     mend_version,
     NULL,
     0,
     {{0}}},
    {"ROLLOUT_BAD",
     "shows later",
     STRIKES_NOTHING,
     SPELLED_VERSION,
     FAULT_LONG | FAULT_MANY,
     break_version,
     mend_version,
     NULL,
     0,
     {{0}}},
    {"STATION_FAULT",
     "logon lost",
     STRIKES_STATION,
     SPELLED_STATION,
     FAULT_LONG,
     unplug,
     plug,
     NULL,
     0,
     {{0}}},
    {"STATION_FAULT",
     "no way to the share",
     STRIKES_STATION,
     SPELLED_STATION,
     FAULT_LONG,
     unplug,
     plug,
     NULL,
     0,
     {{0}}},
    {"STATION_FAULT",
     "reads garbage",
     STRIKES_STATION,
     SPELLED_STATION,
     FAULT_LONG,
     unplug,
     plug,
     NULL,
     0,
     {{0}}},
    {"STATION_FAULT",
     "files locked",
     STRIKES_STATION,
     SPELLED_STATION,
     FAULT_LONG,
     unplug,
     plug,
     NULL,
     0,
     {{0}}},
    {"STATION_SOFTWARE_DOWN",
     "",
     STRIKES_STATION,
     SPELLED_STATION,
     FAULT_NEEDS_SOFTWARE,
     software_ends,
     software_starts,
     NULL,
     0,
     {{0}}},
    {"AGENT_LOST",
     "crash",
     STRIKES_STATION,
     SPELLED_STATION,
     FAULT_SILENCE,
     agent_crashes,
     agent_returns,
     NULL,
     0,
     {{0}}},
    {"AGENT_LOST",
     "power",
     STRIKES_STATION,
     SPELLED_STATION,
     FAULT_SILENCE,
     power_fails,
     agent_returns,
     NULL,
     0,
     {{0}}},
    {"DUPLICATE_NODE",
     "",
     STRIKES_STATION,
     SPELLED_STATION,
     FAULT_STEADY,
     clone_appears,
     clone_leaves,
     clones_fight,
     0,
     {{0}}},
    {"CLOCK_SKEW",
     "",
     STRIKES_STATION,
     SPELLED_STATION,
     FAULT_STEADY,
     clock_jumps,
     clock_is_set,
     NULL,
     0,
     {{0}}},
    {"ORDER_FETCH_FAILING",
     "",
     STRIKES_SERVER,
     SPELLED_ANY,
     0,
     read_oddly,
     read_well,
     NULL,
     0,
     {{0}}},
    {"SERVICE_WILL_NOT_RETURN",
     "set to manual",
     STRIKES_SERVER,
     SPELLED_SERVICE,
     FAULT_NEEDS_AGENT | FAULT_LATENT | FAULT_STEADY,
     forget_to_start,
     set_to_automatic,
     NULL,
     0,
     {{0}}},
    {"SERVICE_WILL_NOT_RETURN",
     "disabled",
     STRIKES_SERVER,
     SPELLED_SERVICE,
     FAULT_NEEDS_AGENT | FAULT_LATENT | FAULT_STEADY,
     forget_to_start,
     set_to_automatic,
     NULL,
     0,
     {{0}}},
    {"DISK_FILLING",
     "",
     STRIKES_SERVER,
     SPELLED_SERVER,
     FAULT_NEEDS_AGENT | FAULT_NEEDS_OUTPUT | FAULT_LATENT | FAULT_LONG | FAULT_STEADY,
     disk_fills,
     disk_is_cleared,
     NULL,
     0,
     {{0}}},
    {"CERTIFICATE_EXPIRING",
     "",
     STRIKES_STATION,
     SPELLED_STATION,
     FAULT_LATENT | FAULT_STEADY,
     certificate_ages,
     certificate_is_renewed,
     NULL,
     0,
     {{0}}},
};

const size_t fault_row_count = sizeof fault_rows / sizeof fault_rows[0];
