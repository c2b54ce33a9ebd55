// SPDX-License-Identifier: Apache-2.0
// The run of a simulated plant: what happens next, until the end.
#include "sim/trace/world.h"

#include "base/text.h"
#include "sim/trace/agents.h"
#include "sim/trace/fault.h"
#include "sim/trace/orders.h"
#include "sim/trace/scanning.h"
#include "sim/trace/serving.h"

#include <stdlib.h>

static const int64_t EPOCH_MS = INT64_C(1730876400000); // a Wednesday, 07:00 UTC
static const int64_t FREE_BYTES = INT64_C(200) << 30;

void world_in(struct world *world, int64_t delay_ms, enum happening kind, uint32_t who,
              uint64_t detail)
{
    struct queued event = {.at_ms = world->now_ms + (delay_ms > 0 ? delay_ms : 0),
                           .kind = kind,
                           .who = who,
                           .detail = detail};
    if (event.at_ms > world->end_ms || world->status != STATUS_OK)
        return;
    world->status = event_queue_push(&world->queue, event);
}

void world_blame(struct world *world, int16_t blame)
{
    if (blame == NO_BLAME || !world->link_up || !world->broker_up || world->muted)
        return;
    struct truth_fault *fault = &world->truth->faults[blame];
    fault->symptoms++;
    if (fault->symptom_ms == TRUTH_NEVER)
        fault->symptom_ms = world->now_ms;
}

static void init_agent(struct world *world, uint32_t index, const char *node, bool is_server)
{
    struct agent *agent = &world->agents[index];
    *agent = (struct agent){.index = index,
                            .is_server = is_server,
                            .up = true,
                            .connected = true,
                            .session = 1,
                            .probed_at_ms = -1,
                            .share_blame = NO_BLAME,
                            .identity_blame = NO_BLAME,
                            .software_blame = NO_BLAME};
    text_set(agent->node, node);
    int64_t up_ms = draw_range(&world->random, 3600000, 30 * INT64_C(86400000));
    agent->boot = random_next(&world->random);
    agent->incarnation = random_next(&world->random) >> 12 | 1;
    agent->boot_at_ms = agent->started_at_ms = -up_ms;
    agent->beats = (uint64_t)(up_ms / world->plant->heartbeat_ms);
    agent->next_seq = 10 + random_below(&world->random, 10000);
    agent->skew_ms = draw_range(&world->random, -20000, 20000);
    agent->certificate_expires_ms = world->wall_ms + draw_range(&world->random, 60, 700) * 86400000;
    agent->told = (struct session){.published = true,
                                   .online = true,
                                   .incarnation = agent->incarnation,
                                   .boot = agent->boot,
                                   .number = 1,
                                   .boot_at_ms = agent->boot_at_ms,
                                   .sent_at_ms = -up_ms};
}

static void init_station(struct world *world, uint32_t index)
{
    struct station *station = &world->stations[index];
    const struct plant_station *plan = &world->plant->stations[index];
    init_agent(world, index, plan->node, false);
    *station = (struct station){.plan = plan,
                                .agent = &world->agents[index],
                                .own_blame = NO_BLAME,
                                .lingering_blame = NO_BLAME};
    station->agent->new_version = plan->new_version;
    station->agent->software_running = true;
    orders_look_ahead(world, station, true);
}

static void init_server(struct world *world, uint32_t number)
{
    struct server *server = &world->servers[number];
    uint32_t index = world->plant->station_count + number;
    *server = (struct server){.plan = &world->plant->servers[number],
                              .up = true,
                              .running = true,
                              .fed = true,
                              .state = SERVICE_RUNNING,
                              .start_mode = START_AUTO,
                              .up_blame = NO_BLAME,
                              .orders_blame = NO_BLAME,
                              .share_blame = NO_BLAME,
                              .odd_blame = NO_BLAME,
                              .state_blame = NO_BLAME,
                              .disk_blame = NO_BLAME,
                              .free_bytes = FREE_BYTES,
                              .fills = 2e4};
    init_agent(world, index, server->plan->node, true);
    if (server->plan->agent)
        server->agent = &world->agents[index];
    else
        world->agents[index].up = world->agents[index].told.published = false;
}

// On some days only some lines work.
static void choose_shift(struct world *world)
{
    bool full = draw_chance(&world->random, 0.75);
    double working = full ? 1 : draw_between(&world->random, 0.3, 0.9);
    uint32_t line = 0;
    bool idle = false;
    for (uint32_t i = 0; i < world->plant->station_count; i++) {
        if (i == 0 || world->plant->stations[i].line != line)
            idle = i > 0 && !draw_chance(&world->random, working);
        line = world->plant->stations[i].line;
        world->stations[i].idle = idle;
    }
}

enum status world_new(const struct plant *plant, uint64_t seed, struct world **ret)
{
    struct world *world = calloc(1, sizeof *world);
    if (world == NULL)
        return STATUS_NO_MEMORY;
    world->plant = plant;
    world->wall_ms = EPOCH_MS;
    world->end_ms = NEVER_MS;
    world->broker_up = world->link_up = true;
    world->version_blame = NO_BLAME;
    world->agent_count = plant->station_count + plant->server_count;
    random_seed(&world->random, seed);
    event_queue_init(&world->queue);
    world->stations = calloc(plant->station_count, sizeof *world->stations);
    world->agents = calloc(world->agent_count, sizeof *world->agents);
    world->truth = calloc(1, sizeof *world->truth);
    if (world->stations == NULL || world->agents == NULL || world->truth == NULL) {
        world_free(world);
        return STATUS_NO_MEMORY;
    }
    for (uint32_t i = 0; i < PLANT_PRODUCTS; i++)
        world->held_products[i] = NO_BLAME;
    for (uint32_t i = 0; i < plant->server_count; i++)
        init_server(world, i);
    for (uint32_t i = 0; i < plant->station_count; i++)
        init_station(world, i);
    choose_shift(world);
    *ret = world;
    return STATUS_OK;
}

void world_free(struct world *world)
{
    if (world == NULL)
        return;
    event_queue_fini(&world->queue);
    free(world->stations);
    free(world->agents);
    free(world->truth);
    free(world->faults);
    free(world);
}

static void begin(struct world *world)
{
    agents_retained(world);
    for (uint32_t i = 0; i < world->agent_count; i++) {
        struct agent *agent = &world->agents[i];
        if (!agent->up)
            continue;
        agent_begin_beats(world, agent);
        world_in(world, draw_range(&world->random, 100, 10000), HAPPENS_PROBE, i, 0);
    }
    for (uint32_t i = 0; i < world->plant->station_count; i++) {
        double interval = world->stations[i].plan->interval_s;
        world_in(world, (int64_t)(1000 * interval * random_unit(&world->random)), HAPPENS_SCAN, i,
                 0);
    }
    for (uint32_t i = 0; i < world->plant->server_count; i++) {
        world_in(world, draw_range(&world->random, 100, 10000), HAPPENS_OUTPUT, i, 0);
        world_in(world, draw_range(&world->random, 200, 600), HAPPENS_RESYNC,
                 world->plant->station_count + i, 0);
    }
}

static void happen(struct world *world, const struct queued *event)
{
    switch ((enum happening)event->kind) {
    case HAPPENS_FAULT_BEGINS:
    case HAPPENS_FAULT_ENDS:
    case HAPPENS_FAULT_STEP:
        fault_happens(world, (enum happening)event->kind, event->who);
        break;
    case HAPPENS_SCAN:
        scanning_on_scan(world, event->who);
        break;
    case HAPPENS_READ:
        scanning_on_read(world, event->who);
        break;
    case HAPPENS_RESULT:
        scanning_on_result(world, event->who, event->detail);
        break;
    case HAPPENS_SLIP:
        scanning_on_slip(world, event->who, event->detail);
        break;
    case HAPPENS_PROBE:
        probing_on_probe(world, event->who, event->detail);
        break;
    case HAPPENS_PROBED:
        probing_on_probed(world, event->who, event->detail);
        break;
    case HAPPENS_BEAT:
        agent_on_beat(world, &world->agents[event->who], event->detail);
        break;
    case HAPPENS_ARRIVAL:
        agent_on_arrival(world, &world->agents[event->who], event->detail);
        break;
    case HAPPENS_CONNECT:
        agent_on_connect(world, &world->agents[event->who], event->detail);
        break;
    case HAPPENS_WILL:
        agent_on_will(world, &world->agents[event->who], event->detail);
        break;
    case HAPPENS_OUTPUT:
        serving_on_output(world, event->who, event->detail);
        break;
    case HAPPENS_STATE:
        serving_on_state(world, event->who);
        break;
    case HAPPENS_RESYNC:
        serving_on_resync(world, event->who);
        break;
    }
}

enum status world_run(struct world *world, emit_function *emit, void *context)
{
    world->emit = emit;
    world->context = context;
    begin(world);
    struct queued event;
    while (world->status == STATUS_OK && event_queue_pop(&world->queue, &event)) {
        world->now_ms = event.at_ms;
        happen(world, &event);
    }
    return world->status;
}
