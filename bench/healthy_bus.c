// SPDX-License-Identifier: Apache-2.0
// Messages of the healthy plant to the engine, and what it does about them.
#include "bench/healthy_run.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { BATCH_ECHO_MS = 600000, SEEN_MAX = 64 };

// ---- what people are told --------------------------------------------------------------------

static bool is_known(const struct healthy_result *result, const char *id)
{
    uint32_t from = result->told > SEEN_MAX ? result->told - SEEN_MAX : 0;
    for (uint32_t i = from; i < result->told && i < TOLD_MAX; i++)
        if (strcmp(result->alarms[i].id, id) == 0)
            return true;
    return false;
}

static bool is_of_batch(struct healthy_run *run, const struct incident *incident)
{
    char product[COMPONENT_SIZE];
    bool now = run->batch_product >= 0 && run->now_ms < run->batch_ended_ms + BATCH_ECHO_MS;
    snprintf(product, sizeof product, "product:W%" PRId64, 200 + run->batch_product);
    return now && strcmp(incident->code, "ORDER_DATA_MISSING") == 0 &&
           strcmp(incident->component, product) == 0;
}

static void take(struct healthy_run *run, const struct effect *effect)
{
    struct healthy_result *result = &run->result;
    if (run->now_ms < run->count_from_ms)
        return;
    result->opened += effect->transition == TRANSITION_OPENED;
    if (!effect->annunciated || effect->transition > TRANSITION_UPDATED ||
        is_known(result, effect->incident->id))
        return;
    bool right = is_of_batch(run, effect->incident);
    if (result->told < TOLD_MAX) {
        struct told_alarm *alarm = &result->alarms[result->told];
        text_set(alarm->id, effect->incident->id);
        text_set(alarm->code, effect->incident->code);
        text_set(alarm->component, effect->incident->component);
        alarm->at_ms = run->now_ms;
        alarm->right = right;
    }
    result->told++;
    result->false_alarms += !right;
    run->batch_was_named |= right;
}

static void engine_take(struct healthy_run *run, struct instant now, const struct event *event)
{
    struct effects effects = engine_step(run->engine, now, event);
    bool asked = false;
    for (size_t i = 0; i < effects.count; i++) {
        if (effects.items[i].kind == EFFECT_TRANSITION)
            take(run, &effects.items[i]);
        asked |= effects.items[i].kind == EFFECT_COMMAND &&
                 strcmp(effects.items[i].command.action, "resync") == 0;
    }
    if (asked && run->stations[CALENDAR_STATIONS].on)
        healthy_service(run, SERVICE_RUNNING);
}

void healthy_step(struct healthy_run *run, const struct event *event)
{
    static const struct event timer = {.kind = EVENT_TIMER};
    int64_t now_ms = run->now_ms;
    int64_t now_us = (now_ms - run->start_ms) * 1000;
    for (;;) {
        struct mono_time due = engine_next_deadline(run->engine);
        if (mono_is_never(due) || due.us > now_us)
            break;
        run->now_ms = run->start_ms + due.us / 1000;
        engine_take(run, (struct instant){due, {run->now_ms}}, &timer);
    }
    run->now_ms = now_ms;
    run->result.played++;
    engine_take(run, (struct instant){{now_us}, {now_ms}}, event);
}

// ---- what is said ----------------------------------------------------------------------------

static void say(struct healthy_run *run, uint32_t node)
{
    struct event event = {
        .kind = EVENT_MESSAGE, .node = run->stations[node].node, .message = &run->message};
    healthy_step(run, &event);
    if (run->stations[node].on)
        healthy_steady(run, node);
}

void healthy_steady(struct healthy_run *run, uint32_t node)
{
    int64_t until = station_day_heard_until(&run->days[node], run->now_ms, run->horizon_ms);
    struct event event = {.kind = EVENT_STEADY,
                          .node = run->stations[node].node,
                          .until = {(until - run->start_ms) * 1000}};
    if (until > run->now_ms)
        healthy_step(run, &event);
}

void healthy_birth(struct healthy_run *run, uint32_t node, bool online, enum offline_reason reason)
{
    struct healthy_station *station = &run->stations[node];
    bool server = node == CALENDAR_STATIONS;
    memset(&run->message, 0, sizeof run->message);
    run->message.kind = MESSAGE_BIRTH;
    struct birth *birth = &run->message.birth;
    birth->online = online;
    birth->offline_reason = reason;
    birth->role = server ? ROLE_SERVER : ROLE_STATION;
    birth->incarnation = station->incarnation;
    birth->session = station->session;
    snprintf(birth->boot_id, sizeof birth->boot_id, "boot-%" PRIu64, station->boot);
    birth->sent_at_ms = run->now_ms;
    birth->boot_at_ms = run->now_ms - 60000;
    birth->heartbeat_interval_ms = 1000;
    text_set(birth->version, "1.0.0");
    text_set(birth->outbox_id, "box");
    birth->outbox_oldest_seq = station->seq + 1;
    birth->certificate_expires_at_ms = run->now_ms + 400 * DAY_IN_MS;
    if (server) {
        birth->service_count = 1;
        text_set(birth->services[0], run->config.service.name);
    } else {
        birth->label_count = 1;
        text_set(birth->labels[0].key, "version");
        snprintf(birth->labels[0].value, sizeof birth->labels[0].value, "5.%" PRId64,
                 (run->now_ms - run->start_ms) / (60 * DAY_IN_MS)); // new software every 60 days
    }
    say(run, node);
}

static struct event_key next_key(struct healthy_run *run, uint32_t node)
{
    struct event_key key = {
        .outbox_id = "box", .seq = ++run->stations[node].seq, .at_ms = run->now_ms, .age_ms = 20};
    return key;
}

void healthy_fetch(struct healthy_run *run, uint32_t station, uint64_t order, uint32_t product,
                   enum outcome outcome)
{
    run->message.kind = MESSAGE_ORDER;
    struct order_fetch *fetch = &run->message.order;
    fetch->key = next_key(run, station);
    snprintf(fetch->order, sizeof fetch->order, "K%" PRIu32 "-%" PRIu64, station, order);
    snprintf(fetch->product, sizeof fetch->product, "W%" PRIu32, 200 + product);
    fetch->outcome = outcome;
    fetch->latency_ms = 60;
    fetch->source = SOURCE_LOG;
    fetch->detail[0] = '\0';
    say(run, station);
}

void healthy_service(struct healthy_run *run, enum service_state state)
{
    run->message.kind = MESSAGE_SERVICE;
    run->message.service = (struct service_report){.key = next_key(run, CALENDAR_STATIONS),
                                                   .state = state,
                                                   .start_mode = START_AUTO,
                                                   .since_ms = run->now_ms};
    text_set(run->message.service.service, run->config.service.name);
    say(run, CALENDAR_STATIONS);
}

void healthy_host(struct healthy_run *run, enum host_event_kind kind, bool waiting)
{
    bool output = kind == HOST_ORDER_OUTPUT;
    bool busy = run->fetches_a_ms > 0;
    run->message.kind = MESSAGE_HOST;
    run->message.host = (struct host_event){
        .key = next_key(run, CALENDAR_STATIONS),
        .event = kind,
        .newest_order_age_ms = !output ? -1
                               : busy  ? draw_range(&run->random, 50, 4000)
                                       : 3600000,
        .order_files = 500,
        .backlog = !output   ? -1
                   : waiting ? 1
                             : 0,
        .disk_free_bytes = (UINT64_C(200) << 30) - random_below(&run->random, 1 << 30),
        .disk_total_bytes = UINT64_C(512) << 30};
    say(run, CALENDAR_STATIONS);
}
