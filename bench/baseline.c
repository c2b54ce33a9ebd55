// SPDX-License-Identifier: Apache-2.0
// Rules, looked at once a second; an alarm that begins, and that nothing mutes, is a notice.
#include "bench/baseline.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    TICK_MS = 1000,
    WINDOW_MS = 60000,
    STATION_WINDOW_MS = 300000,
    STATION_FAILURES = 3,
    SILENT_INTERVALS = 3,
    LEAST_FETCHING = 5
};

static const double MANY = 0.2, MOST = 0.5;

enum rule {
    RULE_LINK,
    RULE_SERVER_SILENT,
    RULE_SEGMENT_SILENT,
    RULE_SERVICE_STOPPED,
    RULE_SHARE,
    RULE_FETCHES,
    RULE_STATION_SILENT,
    RULE_STATION_FAILS,
    RULE_COUNT
};

struct watched {
    int64_t heard_ms, fetched_ms, failed_ms, probe_failed_ms, probed_ms;
    int64_t failures[STATION_FAILURES]; // when, the oldest first
    bool off;
};

struct scope { // of a server or a segment, counted anew at each tick
    uint32_t stations, silent, fetching, failing, probing, unreached;
};

struct baseline {
    enum baseline_kind kind;
    const struct plant *plant;
    struct watched *nodes; // stations, then servers
    bool *notified[RULE_COUNT];
    struct scope servers[PLANT_SERVERS_MAX];
    struct scope *segments;
    bool stopped[PLANT_SERVERS_MAX];
    bool link_down;
    int64_t ticked_ms;
    struct engine_run *run;
};

static uint32_t node_count(const struct plant *plant)
{
    return plant->station_count + plant->server_count;
}

void baseline_free(struct baseline *baseline)
{
    if (baseline == NULL)
        return;
    for (int i = 0; i < RULE_COUNT; i++)
        free(baseline->notified[i]);
    free(baseline->nodes);
    free(baseline->segments);
    free(baseline->run);
    free(baseline);
}

enum status baseline_new(enum baseline_kind kind, const struct plant *plant, struct baseline **ret)
{
    struct baseline *baseline = calloc(1, sizeof *baseline);
    if (baseline == NULL)
        return STATUS_NO_MEMORY;
    uint32_t count = node_count(plant);
    baseline->kind = kind;
    baseline->plant = plant;
    baseline->nodes = calloc(count, sizeof *baseline->nodes);
    baseline->segments = calloc(count, sizeof *baseline->segments);
    baseline->run = calloc(1, sizeof *baseline->run);
    bool ok = baseline->nodes != NULL && baseline->segments != NULL && baseline->run != NULL;
    for (int i = 0; i < RULE_COUNT; i++) {
        baseline->notified[i] = calloc(count, sizeof *baseline->notified[i]);
        ok = ok && baseline->notified[i] != NULL;
    }
    if (!ok) {
        baseline_free(baseline);
        return STATUS_NO_MEMORY;
    }
    for (uint32_t i = 0; i < count; i++)
        baseline->nodes[i] = (struct watched){
            .fetched_ms = -WINDOW_MS,
            .failed_ms = -WINDOW_MS,
            .probed_ms = -WINDOW_MS,
            .probe_failed_ms = -WINDOW_MS,
            .failures = {-STATION_WINDOW_MS, -STATION_WINDOW_MS, -STATION_WINDOW_MS}};
    *ret = baseline;
    return STATUS_OK;
}

// ---- what is heard ---------------------------------------------------------------------------

static void hear_fetch(struct watched *node, int64_t now, const struct order_fetch *fetch)
{
    if (fetch->key.age_ms > WINDOW_MS)
        return;
    node->fetched_ms = now;
    if (fetch->outcome == OUTCOME_OK)
        return;
    node->failed_ms = now;
    for (int i = 1; i < STATION_FAILURES; i++)
        node->failures[i - 1] = node->failures[i];
    node->failures[STATION_FAILURES - 1] = now;
}

static void hear_message(struct baseline *baseline, const struct emission *emission)
{
    struct watched *node = &baseline->nodes[emission->agent];
    const struct message *message = emission->message;
    int64_t now = emission->t_ms;
    node->heard_ms = now;
    if (message->kind == MESSAGE_BIRTH)
        node->off = !message->birth.online && message->birth.offline_reason != OFFLINE_WILL;
    if (message->kind == MESSAGE_HEARTBEAT && message->heartbeat.share_probe_age_ms >= 0) {
        node->probed_ms = now;
        if (message->heartbeat.share_outcome != OUTCOME_OK)
            node->probe_failed_ms = now;
    }
    if (message->kind == MESSAGE_ORDER)
        hear_fetch(node, now, &message->order);
    uint32_t server = emission->agent - baseline->plant->station_count;
    if (message->kind == MESSAGE_SERVICE && server < PLANT_SERVERS_MAX)
        baseline->stopped[server] =
            message->service.state == SERVICE_STOPPED || message->service.state == SERVICE_FAILED;
}

// ---- rules -----------------------------------------------------------------------------------

static bool is_silent(const struct baseline *baseline, uint32_t node, int64_t now)
{
    const struct watched *watched = &baseline->nodes[node];
    return !watched->off && !baseline->link_down &&
           now - watched->heard_ms > SILENT_INTERVALS * (int64_t)baseline->plant->heartbeat_ms;
}

static void count_into(struct scope *scope, const struct watched *node, bool silent, int64_t now)
{
    scope->stations++;
    scope->silent += silent;
    scope->fetching += now - node->fetched_ms < WINDOW_MS;
    scope->failing += now - node->failed_ms < WINDOW_MS;
    scope->probing += now - node->probed_ms < WINDOW_MS;
    scope->unreached += now - node->probe_failed_ms < WINDOW_MS / 2;
}

static void count(struct baseline *baseline, int64_t now)
{
    const struct plant *plant = baseline->plant;
    for (uint32_t i = 0; i < PLANT_SERVERS_MAX; i++)
        baseline->servers[i] = (struct scope){0};
    for (uint32_t i = 0; i < plant->segment_count; i++)
        baseline->segments[i] = (struct scope){0};
    for (uint32_t i = 0; i < plant->station_count; i++) {
        bool silent = is_silent(baseline, i, now);
        count_into(&baseline->servers[plant->stations[i].server], &baseline->nodes[i], silent, now);
        count_into(&baseline->segments[plant->stations[i].segment], &baseline->nodes[i], silent,
                   now);
    }
}

static bool is_active(const struct baseline *baseline, enum rule rule, uint32_t who, int64_t now)
{
    const struct scope *scope = &baseline->servers[who % PLANT_SERVERS_MAX];
    const struct scope *segment = &baseline->segments[who];
    switch (rule) {
    case RULE_LINK:
        return baseline->link_down;
    case RULE_SERVER_SILENT:
        return baseline->plant->servers[who].agent &&
               is_silent(baseline, baseline->plant->station_count + who, now);
    case RULE_SEGMENT_SILENT:
        return baseline->kind == BASELINE_PARENTS && segment->silent > MOST * segment->stations;
    case RULE_SERVICE_STOPPED:
        return baseline->stopped[who];
    case RULE_SHARE:
        return scope->probing > LEAST_FETCHING && scope->unreached > MANY * scope->probing;
    case RULE_FETCHES:
        return scope->fetching >= LEAST_FETCHING && scope->failing > MANY * scope->fetching;
    case RULE_STATION_SILENT:
        return is_silent(baseline, who, now);
    case RULE_STATION_FAILS:
        return now - baseline->nodes[who].failures[0] < STATION_WINDOW_MS;
    default:
        return false;
    }
}

static bool notified(const struct baseline *baseline, enum rule rule, uint32_t who)
{
    return baseline->notified[rule][who];
}

// By the parents that were declared: an alarm of one of them stands.
static bool is_muted(const struct baseline *baseline, enum rule rule, uint32_t who)
{
    if (baseline->kind != BASELINE_PARENTS || rule == RULE_LINK)
        return false;
    if (notified(baseline, RULE_LINK, 0))
        return true;
    bool station = rule == RULE_STATION_SILENT || rule == RULE_STATION_FAILS;
    const struct plant_station *plan = station ? &baseline->plant->stations[who] : NULL;
    uint32_t server = station ? plan->server : who;
    if (rule == RULE_STATION_SILENT)
        return notified(baseline, RULE_SEGMENT_SILENT, plan->segment);
    if (rule == RULE_SERVER_SILENT || rule == RULE_SEGMENT_SILENT)
        return false;
    bool muted = notified(baseline, RULE_SERVER_SILENT, server);
    if (rule == RULE_FETCHES || station)
        muted |= notified(baseline, RULE_SERVICE_STOPPED, server) ||
                 notified(baseline, RULE_SHARE, server);
    if (station)
        muted |= notified(baseline, RULE_FETCHES, server);
    return muted;
}

static void name(const struct baseline *baseline, enum rule rule, uint32_t who, char *code,
                 char *component)
{
    static const char *const codes[] = {
        "BROKER_DOWN",      "SERVER_DOWN",         "SEGMENT_DOWN", "ORDER_SERVICE_STOPPED",
        "ORDER_SHARE_DOWN", "ORDER_FETCH_FAILING", "AGENT_LOST",   "STATION_FAULT"};
    const struct plant *plant = baseline->plant;
    char segment[16];
    text_copy(code, CODE_SIZE, codes[rule]);
    if (rule == RULE_LINK)
        text_copy(component, COMPONENT_SIZE, "broker");
    else if (rule == RULE_SERVER_SILENT)
        snprintf(component, COMPONENT_SIZE, "server:%s", plant->servers[who].node);
    else if (rule == RULE_SHARE)
        snprintf(component, COMPONENT_SIZE, "share:%s", plant->servers[who].share);
    else if (rule == RULE_SERVICE_STOPPED || rule == RULE_FETCHES)
        snprintf(component, COMPONENT_SIZE, "service:%s/" PLANT_SERVICE, plant->servers[who].node);
    else if (rule == RULE_SEGMENT_SILENT)
        plant_segment_name(who, segment),
            snprintf(component, COMPONENT_SIZE, "label:segment=%s", segment);
    else
        snprintf(component, COMPONENT_SIZE, "station:%s", plant->stations[who].node);
}

static void notice(struct baseline *baseline, enum rule rule, uint32_t who, int64_t now)
{
    struct engine_run *run = baseline->run;
    if (run->count == RUN_RECORDS_MAX) {
        run->refused++;
        return;
    }
    struct incident_record *record = &run->records[run->count++];
    *record =
        (struct incident_record){.opened_ms = now, .told_ms = now, .resolved_ms = -1, .told = 1};
    struct named *named = &record->when_told;
    named->count = 1;
    named->items[0].probability = 1;
    name(baseline, rule, who, named->items[0].code, named->items[0].component);
    record->when_opened = record->at_last = *named;
}

static uint32_t entities(const struct plant *plant, enum rule rule)
{
    return rule == RULE_LINK             ? 1
           : rule == RULE_SEGMENT_SILENT ? plant->segment_count
           : rule < RULE_STATION_SILENT  ? plant->server_count
                                         : plant->station_count;
}

static void tick(struct baseline *baseline, int64_t now)
{
    count(baseline, now);
    for (int rule = 0; rule < RULE_COUNT; rule++) // parents first
        for (uint32_t i = 0; i < entities(baseline->plant, (enum rule)rule); i++) {
            bool *told = &baseline->notified[rule][i];
            if (!is_active(baseline, (enum rule)rule, i, now))
                *told = false;
            else if (!*told && !is_muted(baseline, (enum rule)rule, i))
                notice(baseline, (enum rule)rule, i, now), *told = true;
        }
}

static void run_ticks(struct baseline *baseline, int64_t t_ms)
{
    for (; baseline->ticked_ms + TICK_MS <= t_ms; baseline->ticked_ms += TICK_MS)
        if (baseline->ticked_ms >= WINDOW_MS / 2) // nobody is overdue at the start
            tick(baseline, baseline->ticked_ms + TICK_MS);
}

void baseline_hear(void *context, const struct emission *emission)
{
    struct baseline *baseline = context;
    run_ticks(baseline, emission->t_ms);
    if (emission->is_link) {
        baseline->link_down = !emission->link_up;
        for (uint32_t i = 0; i < node_count(baseline->plant); i++)
            baseline->nodes[i].heard_ms = emission->t_ms + WINDOW_MS / 4; // time to come back
    } else if (!emission->retained) {
        hear_message(baseline, emission);
    }
}

const struct engine_run *baseline_end(struct baseline *baseline, int64_t length_ms)
{
    run_ticks(baseline, length_ms);
    return baseline->run;
}
