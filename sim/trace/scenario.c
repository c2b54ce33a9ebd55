// SPDX-License-Identifier: Apache-2.0
// The choice of a scenario's plant, fault, moment and awkwardness.
#include "sim/trace/scenario.h"

#include "base/hash.h"
#include "base/text.h"
#include "sim/trace/agents.h"
#include "sim/trace/fault.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct scenario {
    struct plant *plant;
    struct world *world;
    struct random_state random;
    struct text variants;
};

enum { MANY_STATIONS = 24, SEVERAL_STATIONS = 40, BESIDE_STATIONS = 60, BESIDE_MANY = 20 };

static const char healthy[] = "HEALTHY", several[] = "SEVERAL";

const char *scenario_code(size_t index)
{
    for (size_t i = 0; i < fault_row_count; i++) {
        bool first = i == 0 || strcmp(fault_rows[i].code, fault_rows[i - 1].code) != 0;
        if (first && index-- == 0)
            return fault_rows[i].code;
    }
    return index == 0 ? healthy : index == 1 ? several : NULL;
}

static bool chance(struct scenario *scenario, double probability)
{
    return draw_chance(&scenario->random, probability);
}

static void note(struct scenario *scenario, const char *variant)
{
    if (scenario->variants.length > 0)
        text_append(&scenario->variants, ", ");
    text_append(&scenario->variants, variant);
}

// ---- rows and targets ------------------------------------------------------------------------

static const struct fault_row *choose_row(struct scenario *scenario, const char *code)
{
    uint32_t count = 0;
    const struct fault_row *chosen = NULL;
    for (size_t i = 0; i < fault_row_count; i++)
        if (strcmp(fault_rows[i].code, code) == 0 && random_below(&scenario->random, ++count) == 0)
            chosen = &fault_rows[i];
    return chosen;
}

static uint32_t working_station(struct scenario *scenario)
{
    const struct world *world = scenario->world;
    uint32_t count = scenario->plant->station_count, found = 0;
    for (int tries = 0; tries < 1000; tries++) {
        found = (uint32_t)random_below(&scenario->random, count);
        bool taken = false;
        for (uint32_t i = 0; i < world->fault_count; i++)
            taken |= world->faults[i].row->strikes == STRIKES_STATION &&
                     world->faults[i].target == found;
        if (!taken && !world->stations[found].idle)
            break;
    }
    return found;
}

static uint32_t choose_target(struct scenario *scenario, const struct fault_row *row)
{
    const struct plant *plant = scenario->plant;
    uint32_t station = working_station(scenario);
    const struct plant_station *at = &plant->stations[station];
    switch (row->strikes) {
    case STRIKES_SERVER:
        return at->server;
    case STRIKES_SEGMENT:
        return at->segment;
    case STRIKES_STATION:
    case STRIKES_ORDER:
        return station;
    case STRIKES_PRODUCT:
        return plant->line_products[at->line][random_below(&scenario->random, PLANT_LINE_PRODUCTS)];
    case STRIKES_NOTHING:
        break;
    }
    return 0;
}

static enum outcome what_shows(struct scenario *scenario, const struct fault_row *row)
{
    static const enum outcome of_versions[] = {OUTCOME_INVALID, OUTCOME_INVALID, OUTCOME_DENIED,
                                               OUTCOME_TIMEOUT, OUTCOME_STALE};
    if (row->spelling == SPELLED_VERSION)
        return of_versions[random_below(&scenario->random, 5)];
    if (row->strikes == STRIKES_ORDER)
        return chance(scenario, 0.5) ? OUTCOME_INVALID : OUTCOME_MISSING;
    if (strcmp(row->code, "ORDER_SHARE_DENIED") == 0)
        return OUTCOME_DENIED;
    return row->spelling == SPELLED_SHARE ? OUTCOME_UNREACHABLE : OUTCOME_MISSING;
}

// ---- time ------------------------------------------------------------------------------------

static double mean_interval(const struct plant *plant)
{
    double sum = 0;
    for (uint32_t i = 0; i < plant->station_count; i++)
        sum += plant->stations[i].interval_s;
    return sum / plant->station_count;
}

// Long enough to show in a plant of that pace.
static double lasts_s(struct scenario *scenario, const struct fault_row *row)
{
    const struct plant *plant = scenario->plant;
    double interval = mean_interval(plant);
    double seconds = draw_between(&scenario->random, 150, 420);
    if (row->flags & FAULT_SILENCE || row->flags & FAULT_LATENT)
        seconds = draw_between(&scenario->random, 60, 300);
    else
        seconds += 40 * interval / plant->station_count;
    if (strcmp(row->code, "DISK_FILLING") == 0)
        return draw_between(&scenario->random, 1500, 2400);
    return row->flags & FAULT_LONG ? seconds + 5 * interval : seconds;
}

static void give_course(struct scenario *scenario, struct fault *fault, int64_t begins_ms)
{
    const struct fault_row *row = fault->row;
    fault->begins_ms = begins_ms;
    fault->ends_ms = begins_ms + (int64_t)(1000 * lasts_s(scenario, row));
    if (row->flags & FAULT_STEADY)
        return;
    if (chance(scenario, 0.25)) {
        fault->staged = true;
        fault->linger_ms = draw_range(&scenario->random, 20000, 90000);
    } else if (row->strikes == STRIKES_SERVER && chance(scenario, 0.15)) {
        fault->flaps = (uint32_t)draw_range(&scenario->random, 1, 3);
    }
}

// ---- faults ----------------------------------------------------------------------------------

static struct truth_fault *add_fault(struct scenario *scenario, const struct fault_row *row,
                                     uint32_t target, int64_t begins_ms)
{
    struct world *world = scenario->world;
    struct fault fault = {.row = row, .target = target, .shows = what_shows(scenario, row)};
    if (row->strikes == STRIKES_ORDER)
        fault.detail = ++world->orders_made;
    give_course(scenario, &fault, begins_ms);
    if (fault.staged)
        note(scenario, "staged recovery");
    if (fault.flaps > 0)
        note(scenario, "flapping");
    return fault_add(world, &fault) ? &world->truth->faults[world->truth->fault_count - 1] : NULL;
}

static void add_beside(struct scenario *scenario, int64_t length_ms)
{
    static const char *const codes[] = {"STATION_FAULT", "STATION_FAULT", "AGENT_LOST",
                                        "STATION_SOFTWARE_DOWN"};
    bool many = scenario->plant->station_count >= BESIDE_STATIONS && chance(scenario, 0.15);
    uint32_t count = many ? BESIDE_MANY : chance(scenario, 0.2) ? 1 : 0;
    if (many)
        note(scenario, "20 unrelated station faults");
    for (uint32_t i = 0; i < count; i++) {
        const struct fault_row *row =
            choose_row(scenario, codes[random_below(&scenario->random, 4)]);
        if (row->flags & FAULT_NEEDS_SOFTWARE && !scenario->plant->watches_software)
            continue;
        struct fault fault = {.row = row, .target = working_station(scenario)};
        fault.begins_ms = draw_range(&scenario->random, 60000, length_ms / 2);
        fault.ends_ms = NEVER_MS;
        if (fault_add(scenario->world, &fault))
            scenario->world->truth->faults[scenario->world->truth->fault_count - 1].beside = true;
    }
}

// Stations whose outbox holds events of a time when nobody listened.
static void add_late_events(struct scenario *scenario)
{
    struct world *world = scenario->world;
    note(scenario, "late events");
    for (uint32_t i = 0; i < scenario->plant->station_count; i++) {
        struct agent *agent = &world->agents[i];
        for (int64_t k = chance(scenario, 0.15) ? draw_range(&scenario->random, 2, 9) : 0; k > 0;
             k--)
            agent_tell(world, agent,
                       (struct told){.kind = MESSAGE_ORDER,
                                     .at_ms = -k * draw_range(&scenario->random, 100000, 400000),
                                     .order = ++world->orders_made,
                                     .outcome = chance(scenario, 0.8) ? OUTCOME_MISSING
                                                                      : OUTCOME_UNREACHABLE,
                                     .latency_ms = 50,
                                     .blame = NO_BLAME});
    }
}

// ---- scenarios -------------------------------------------------------------------------------

// Two independent ones at a time; the second where the first does not hide it.
static const char *second_code(struct scenario *scenario, const struct fault_row *first,
                               uint32_t target, uint32_t *ret_target)
{
    static const char *const small[] = {"SEGMENT_DOWN", "ORDER_DATA_MISSING", "ROLLOUT_BAD"};
    uint32_t servers = scenario->plant->server_count;
    if (first->strikes == STRIKES_SERVER) {
        *ret_target = servers > 1 ? (target + 1) % servers : UINT32_MAX;
        return servers > 1 ? "ORDER_SHARE_DENIED" : "SEGMENT_DOWN";
    }
    *ret_target = UINT32_MAX;
    return small[1 + random_below(&scenario->random, 2)];
}

static int64_t add_several(struct scenario *scenario, int64_t begins_ms)
{
    static const char *const codes[] = {"ORDER_SERVICE_HUNG", "ORDER_SHARE_DENIED",
                                        "ORDER_SHARE_DOWN",   "ORDER_DISK_FULL",
                                        "SEGMENT_DOWN",       "SEGMENT_DOWN"};
    const struct fault_row *row = choose_row(scenario, codes[random_below(&scenario->random, 6)]);
    uint32_t target = choose_target(scenario, row), second = UINT32_MAX;
    const struct truth_fault *one = add_fault(scenario, row, target, begins_ms);
    const struct fault_row *other =
        choose_row(scenario, second_code(scenario, row, target, &second));
    if (second == UINT32_MAX)
        second = choose_target(scenario, other);
    const struct truth_fault *two =
        add_fault(scenario, other, second, begins_ms + draw_range(&scenario->random, 20000, 90000));
    int64_t end = one != NULL ? one->end_ms : begins_ms;
    return two != NULL && two->end_ms > end ? two->end_ms : end;
}

static int64_t add_main(struct scenario *scenario, const char *code, const struct fault_row *row)
{
    int64_t begins = draw_range(&scenario->random, 130000, 240000);
    if (strcmp(code, several) == 0)
        return add_several(scenario, begins);
    if (row == NULL)
        return begins + draw_range(&scenario->random, 400000, 900000);
    // Not so large that it could not be full of a sudden, and not so small that it is told of
    // before.
    if (strcmp(row->code, "ORDER_DISK_FULL") == 0)
        for (uint32_t i = 0; i < scenario->plant->server_count; i++)
            scenario->world->servers[i].free_bytes = draw_range(&scenario->random, 65, 110) << 30;
    if (strcmp(row->manner, "rolled out now") == 0)
        for (uint32_t i = 0; i < scenario->plant->station_count; i++)
            scenario->world->agents[i].new_version = false;
    const struct truth_fault *fault =
        add_fault(scenario, row, choose_target(scenario, row), begins);
    return fault != NULL ? fault->end_ms : begins;
}

static struct plant_settings settings_for(struct scenario *scenario, const struct trace_plan *plan,
                                          const struct fault_row *row)
{
    unsigned flags = row != NULL ? row->flags : 0;
    struct plant_settings settings = {.stations = plan->stations, .copies = -1};
    settings.stations_min = flags & FAULT_MANY                 ? MANY_STATIONS
                            : strcmp(plan->code, several) == 0 ? SEVERAL_STATIONS
                                                               : PLANT_STATIONS_MIN;
    settings.with_agents = (flags & (FAULT_NEEDS_AGENT | FAULT_NEEDS_OUTPUT)) != 0;
    settings.without_agents = !settings.with_agents && chance(scenario, 0.2);
    return settings;
}

static void vary(struct scenario *scenario, const struct fault_row *row)
{
    struct plant *plant = scenario->plant;
    if (row != NULL && row->flags & FAULT_NEEDS_SOFTWARE)
        plant->watches_software = true;
    if (row != NULL && strcmp(row->manner, "rolled out now") == 0)
        plant->versions_listed = false;
    if (!plant->servers[0].agent)
        note(scenario, "no server agent");
    if (plant->servers[0].agent && chance(scenario, 0.15)) {
        note(scenario, "cause shows 5 s late");
        for (uint32_t i = 0; i < plant->server_count; i++)
            scenario->world->servers[i].report_delay_ms = 5000;
    }
    if (chance(scenario, 0.15))
        add_late_events(scenario);
}

static enum status prepare(struct scenario *scenario, const struct trace_plan *plan,
                           const struct fault_row *row)
{
    struct plant_settings settings = settings_for(scenario, plan, row);
    enum status status = plant_new(&scenario->random, &settings, &scenario->plant);
    if (status == STATUS_OK)
        status = world_new(scenario->plant, random_next(&scenario->random), &scenario->world);
    if (status != STATUS_OK)
        return status;
    struct world *world = scenario->world;
    world->faults = calloc(TRUTH_FAULTS_MAX, sizeof *world->faults);
    if (world->faults == NULL)
        return STATUS_NO_MEMORY;
    struct truth *truth = world->truth;
    text_init(&scenario->variants, truth->variants, sizeof truth->variants);
    vary(scenario, row);
    truth->seed = plan->seed;
    text_set(truth->code, plan->code);
    truth->stations = scenario->plant->station_count;
    truth->servers = scenario->plant->server_count;
    truth->agents = scenario->plant->servers[0].agent;
    int64_t end = add_main(scenario, plan->code, row);
    if (row == NULL || row->strikes != STRIKES_STATION)
        add_beside(scenario, end);
    // Time to prove the recovery, at this plant's pace.
    double tail_s = 260 + 3 * mean_interval(scenario->plant);
    world->end_ms = truth->length_ms = end + (int64_t)(1000 * tail_s);
    return world->status;
}

enum status scenario_new(const struct trace_plan *plan, struct scenario **ret_scenario)
{
    struct scenario *scenario = calloc(1, sizeof *scenario);
    if (scenario == NULL)
        return STATUS_NO_MEMORY;
    random_seed(&scenario->random, plan->seed ^ hash_text(plan->code));
    const struct fault_row *row = choose_row(scenario, plan->code);
    bool known =
        row != NULL || strcmp(plan->code, healthy) == 0 || strcmp(plan->code, several) == 0;
    enum status status = known ? prepare(scenario, plan, row) : STATUS_NOT_FOUND;
    if (status != STATUS_OK) {
        scenario_free(scenario);
        return status;
    }
    *ret_scenario = scenario;
    return STATUS_OK;
}

void scenario_free(struct scenario *scenario)
{
    if (scenario == NULL)
        return;
    world_free(scenario->world);
    plant_free(scenario->plant);
    free(scenario);
}

enum status scenario_run(struct scenario *scenario, emit_function *emit, void *context)
{
    return world_run(scenario->world, emit, context);
}

void scenario_command(struct scenario *scenario, const char *node, const char *action)
{
    struct world *world = scenario->world;
    for (uint32_t i = scenario->plant->station_count; i < world->agent_count; i++)
        if (strcmp(world->agents[i].node, node) == 0 && strcmp(action, "resync") == 0)
            world_in(world, draw_range(&world->random, 20, 200), HAPPENS_RESYNC, i, 0);
}

const struct plant *scenario_plant(const struct scenario *scenario)
{
    return scenario->plant;
}

const struct truth *scenario_truth(const struct scenario *scenario)
{
    return scenario->world->truth;
}

int64_t scenario_wall_ms(const struct scenario *scenario)
{
    return scenario->world->wall_ms;
}
