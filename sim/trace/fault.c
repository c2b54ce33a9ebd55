// SPDX-License-Identifier: Apache-2.0
// The course of a fault: it begins, flaps, ends, lingers; and what is written down of it.
#include "sim/trace/fault.h"

#include "base/text.h"
#include "sim/trace/agents.h"
#include "sim/trace/orders.h"

#include <inttypes.h>
#include <stdio.h>

enum { REPORT_MS = 1500, OUTPUT_MS = 16000, MISSED_MS = 3000 };

void fault_spell(const struct world *world, const struct fault *fault, enum spelling spelling,
                 char out[COMPONENT_SIZE])
{
    const struct plant *plant = world->plant;
    uint32_t target = fault->target;
    char name[16];
    const char *server = target < plant->server_count ? plant->servers[target].node : "";
    switch (spelling) {
    case SPELLED_SERVICE:
        snprintf(out, COMPONENT_SIZE, "service:%s/" PLANT_SERVICE, server);
        break;
    case SPELLED_SERVER:
        snprintf(out, COMPONENT_SIZE, "server:%s", server);
        break;
    case SPELLED_SHARE:
        snprintf(out, COMPONENT_SIZE, "share:%s", plant->servers[target].share);
        break;
    case SPELLED_SEGMENT:
        plant_segment_name(target, name);
        snprintf(out, COMPONENT_SIZE, "label:segment=%s", name);
        break;
    case SPELLED_STATION:
        snprintf(out, COMPONENT_SIZE, "station:%s", plant->stations[target].node);
        break;
    case SPELLED_VERSION:
        snprintf(out, COMPONENT_SIZE, "label:version=%s", plant_version(true));
        break;
    case SPELLED_PRODUCT:
        plant_product_name(target, name);
        snprintf(out, COMPONENT_SIZE, "product:%s", name);
        break;
    case SPELLED_ORDER:
        snprintf(out, COMPONENT_SIZE, "order:K%07" PRIu64, fault->detail);
        break;
    case SPELLED_BROKER:
        text_copy(out, COMPONENT_SIZE, "broker");
        break;
    case SPELLED_COLLECTOR:
        text_copy(out, COMPONENT_SIZE, "collector");
        break;
    case SPELLED_SITE:
        text_copy(out, COMPONENT_SIZE, "site");
        break;
    case SPELLED_ANY:
        out[0] = '\0';
        break;
    }
}

// ---- the truth about it ----------------------------------------------------------------------

static void add_rival(struct truth_fault *truth, const char *code, const char *component,
                      int64_t splits_at_ms)
{
    if (truth->rival_count == TRUTH_RIVALS_MAX)
        return;
    struct truth_rival *rival = &truth->rivals[truth->rival_count++];
    text_set(rival->code, code);
    text_set(rival->component, component);
    rival->splits_at_ms = splits_at_ms;
}

static int64_t splits_at(const struct world *world, const struct fault *fault, enum splits splits)
{
    const struct server *server = &world->servers[fault->target % PLANT_SERVERS_MAX];
    int64_t begins = fault->begins_ms;
    bool agent = fault->row->strikes == STRIKES_SERVER && server->agent != NULL;
    switch (splits) {
    case SPLITS_NEVER:
        return TRUTH_NEVER;
    case SPLITS_BY_AGENT:
        return agent ? begins + REPORT_MS + server->report_delay_ms : TRUTH_NEVER;
    case SPLITS_BY_OUTPUT:
        return agent && server->plan->tells_output ? begins + OUTPUT_MS + server->report_delay_ms
                                                   : TRUTH_NEVER;
    case SPLITS_BY_WILLS:
        return begins + world->plant->keepalive_ms * 3 / 2 + MISSED_MS;
    case SPLITS_BY_SILENCE:
        return agent ? begins + world->plant->heartbeat_ms * 5 / 2 + MISSED_MS : TRUTH_NEVER;
    }
    return TRUTH_NEVER;
}

static bool same_stations(const struct plant *plant, uint32_t segment, const char *key,
                          uint32_t value)
{
    for (uint32_t i = 0; i < plant->station_count; i++)
        if ((plant->stations[i].segment == segment) !=
            (plant_value(&plant->stations[i], key) == value))
            return false;
    return true;
}

// A line whose stations are just those of the segment is the same by another name.
static void add_namesakes(const struct world *world, const struct fault *fault,
                          struct truth_fault *truth)
{
    static const char *const keys[] = {"line", "area"};
    for (uint32_t i = 0; i < 2; i++) {
        const struct plant *plant = world->plant;
        uint32_t count = i == 0 ? plant->line_count : plant->area_count;
        for (uint32_t value = 0; value < count; value++) {
            if (!same_stations(plant, fault->target, keys[i], value))
                continue;
            char name[16], component[COMPONENT_SIZE];
            if (i == 0)
                plant_line_name(value, name);
            else
                plant_area_name(value, name);
            snprintf(component, sizeof component, "label:%s=%s", keys[i], name);
            add_rival(truth, truth->code, component, TRUTH_NEVER);
        }
    }
}

static void write_down(const struct world *world, const struct fault *fault,
                       struct truth_fault *truth)
{
    const struct fault_row *row = fault->row;
    text_set(truth->code, row->code);
    text_set(truth->manner, row->manner);
    fault_spell(world, fault, row->spelling, truth->component);
    truth->onset_ms = fault->begins_ms;
    truth->end_ms = fault->ends_ms == NEVER_MS ? TRUTH_NEVER : fault->ends_ms + fault->linger_ms;
    truth->symptom_ms = row->flags & FAULT_SILENCE ? fault->begins_ms : TRUTH_NEVER;
    truth->quiet = (row->flags & FAULT_QUIET) != 0;
    truth->latent = (row->flags & FAULT_LATENT) != 0;
    for (uint32_t i = 0; row->rivals != NULL && row->rivals[i].code != NULL; i++) {
        char component[COMPONENT_SIZE];
        fault_spell(world, fault, row->rivals[i].spelling, component);
        add_rival(truth, row->rivals[i].code, component,
                  splits_at(world, fault, row->rivals[i].splits));
    }
    if (row->strikes == STRIKES_SEGMENT)
        add_namesakes(world, fault, truth);
}

bool fault_add(struct world *world, const struct fault *fault)
{
    struct truth *truth = world->truth;
    if (world->fault_count == TRUTH_FAULTS_MAX)
        return false;
    struct fault *added = &world->faults[world->fault_count];
    *added = *fault;
    added->number = (int16_t)world->fault_count++;
    write_down(world, added, &truth->faults[truth->fault_count++]);
    world_in(world, fault->begins_ms, HAPPENS_FAULT_BEGINS, (uint32_t)added->number, 0);
    if (fault->ends_ms != NEVER_MS)
        world_in(world, fault->ends_ms, HAPPENS_FAULT_ENDS, (uint32_t)added->number, 0);
    int64_t length = fault->ends_ms - fault->begins_ms;
    for (uint32_t i = 1; i <= fault->flaps; i++) { // away for a moment, and back
        int64_t away = fault->begins_ms + length * i / (fault->flaps + 1);
        world_in(world, away, HAPPENS_FAULT_ENDS, (uint32_t)added->number, 0);
        world_in(world, away + draw_range(&world->random, 8000, 25000), HAPPENS_FAULT_BEGINS,
                 (uint32_t)added->number, 0);
    }
    return true;
}

// ---- its course ------------------------------------------------------------------------------

static bool strikes_station(const struct fault *fault, const struct station *station)
{
    switch (fault->row->strikes) {
    case STRIKES_SERVER:
        return station->plan->server == fault->target;
    case STRIKES_SEGMENT:
        return station->plan->segment == fault->target;
    default:
        return false;
    }
}

// Line after line finds back.
static void linger(struct world *world, const struct fault *fault)
{
    uint32_t line = UINT32_MAX;
    int64_t until = 0;
    for (uint32_t i = 0; i < world->plant->station_count; i++) {
        struct station *station = &world->stations[i];
        if (!strikes_station(fault, station))
            continue;
        if (station->plan->line != line)
            until = world->now_ms + draw_range(&world->random, 0, fault->linger_ms);
        line = station->plan->line;
        station->lingers_until_ms = until;
        station->lingering = fault->shows;
        station->lingering_blame = fault->number;
    }
}

void fault_happens(struct world *world, enum happening kind, uint32_t number)
{
    struct fault *fault = &world->faults[number];
    switch (kind) {
    case HAPPENS_FAULT_BEGINS:
        fault->row->begin(world, fault);
        break;
    case HAPPENS_FAULT_ENDS:
        if (fault->staged && world->now_ms >= fault->ends_ms)
            linger(world, fault);
        fault->row->end(world, fault);
        break;
    default:
        if (fault->row->step != NULL)
            fault->row->step(world, fault);
        break;
    }
}
