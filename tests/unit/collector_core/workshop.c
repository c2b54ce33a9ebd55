// SPDX-License-Identifier: Apache-2.0
// The workshop's messages, one by one.
#include "tests/unit/collector_core/workshop.h"

#include "base/text.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { INTERVAL_MS = 1000, BEAT_MS = 500 };

static const int64_t wall_start_ms = INT64_C(1730869200000);

void workshop_init(struct workshop *workshop, uint32_t stations, uint32_t servers)
{
    *workshop = (struct workshop){.now_ms = 0};
    engine_config_init(&workshop->config);
    for (uint32_t i = 0; i < stations; i++)
        snprintf(workshop->stations[i].node, sizeof workshop->stations[i].node, "ST-%02u", i + 1);
    for (uint32_t i = 0; i < servers; i++) {
        snprintf(workshop->servers[i].name, sizeof workshop->servers[i].name, "SRV-%u", i + 1);
        text_set(workshop->services[i].server, workshop->servers[i].name);
        text_set(workshop->services[i].name, "Orders");
        snprintf(workshop->services[i].share, sizeof workshop->services[i].share, "orders-%u",
                 i + 1);
    }
    workshop->config.site = "workshop";
    workshop->config.nodes_max = WORKSHOP_STATIONS_MAX + WORKSHOP_SERVERS_MAX;
    workshop->config.stations_listed = true;
    workshop->config.stations = workshop->stations;
    workshop->config.station_count = stations;
    workshop->config.services = workshop->services;
    workshop->config.service_count = servers;
    workshop->config.servers = workshop->servers;
    workshop->config.server_count = servers;
}

void workshop_label(struct workshop *workshop, uint32_t station, const char *key, const char *value)
{
    struct engine_station *of = &workshop->stations[station];
    struct label *label = &of->labels[of->label_count++];
    text_set(label->key, key);
    text_set(label->value, value);
}

static struct workshop_incident *keep(struct workshop *workshop, const char *id)
{
    for (uint32_t i = 0; i < workshop->incident_count; i++)
        if (text_equal(workshop->incidents[i].latest.id, id))
            return &workshop->incidents[i];
    if (workshop->incident_count == WORKSHOP_INCIDENTS_MAX)
        fail_msg("more than %d incidents", WORKSHOP_INCIDENTS_MAX);
    struct workshop_incident *made = &workshop->incidents[workshop->incident_count++];
    made->opened_ms = workshop->now_ms;
    return made;
}

static struct instant instant_of(int64_t ms)
{
    return (struct instant){{ms * 1000}, {wall_start_ms + ms}};
}

static void step(struct workshop *workshop, const struct event *event)
{
    struct effects effects = engine_step(workshop->engine, instant_of(workshop->now_ms), event);
    for (size_t i = 0; i < effects.count; i++) {
        const struct effect *effect = &effects.items[i];
        if (effect->kind != EFFECT_TRANSITION)
            continue;
        struct workshop_incident *incident = keep(workshop, effect->incident->id);
        incident->latest = *effect->incident;
        incident->told += effect->annunciated;
        incident->resolved =
            effect->transition == TRANSITION_RESOLVED || effect->transition == TRANSITION_CLOSED;
    }
}

static void say(struct workshop *workshop, uint32_t station, const struct message *message)
{
    step(workshop, &(struct event){.kind = EVENT_MESSAGE,
                                   .node = workshop->stations[station].node,
                                   .message = message});
}

static void keep_heard(struct workshop *workshop, uint32_t station, int64_t until_ms)
{
    if (!workshop->silent[station])
        step(workshop, &(struct event){.kind = EVENT_STEADY,
                                       .node = workshop->stations[station].node,
                                       .until = {until_ms * 1000}});
}

void workshop_birth(struct workshop *workshop, uint32_t station, const char *boot_id,
                    uint64_t incarnation)
{
    static struct message message;
    message = (struct message){.kind = MESSAGE_BIRTH};
    message.birth = (struct birth){.online = true,
                                   .role = ROLE_STATION,
                                   .incarnation = incarnation,
                                   .session = 1,
                                   .boot_at_ms = wall_start_ms + workshop->now_ms - 1000,
                                   .outbox_oldest_seq = workshop->seq[station] + 1,
                                   .heartbeat_interval_ms = INTERVAL_MS,
                                   .sent_at_ms = wall_start_ms + workshop->now_ms};
    text_set(message.birth.boot_id, boot_id);
    snprintf(message.birth.outbox_id, sizeof message.birth.outbox_id, "box-%u", station);
    say(workshop, station, &message);
}

void workshop_boot(struct workshop *workshop, uint32_t station)
{
    char boot_id[ID_SIZE];
    snprintf(boot_id, sizeof boot_id, "boot-%u-%" PRId64, station, workshop->now_ms);
    workshop_birth(workshop, station, boot_id, (uint64_t)workshop->now_ms + 1000);
}

void workshop_heartbeat(struct workshop *workshop, uint32_t station, struct heartbeat beat)
{
    struct message message = {.kind = MESSAGE_HEARTBEAT, .heartbeat = beat};
    struct heartbeat *said = &message.heartbeat;
    said->interval_ms = INTERVAL_MS;
    said->outbox_oldest_seq = workshop->seq[station] + 1;
    if (said->incarnation == 0)
        said->incarnation = 1;
    if (said->sent_at_ms == 0)
        said->sent_at_ms = wall_start_ms + workshop->now_ms;
    if (said->share_outcome == OUTCOME_UNSPECIFIED)
        said->share_probe_age_ms = -1;
    snprintf(said->outbox_id, sizeof said->outbox_id, "box-%u", station);
    say(workshop, station, &message);
}

void workshop_start(struct workshop *workshop)
{
    assert_int_equal(engine_new(&workshop->config, instant_of(0), &workshop->engine), STATUS_OK);
    for (uint32_t i = 0; i < workshop->config.station_count; i++)
        workshop_heartbeat(workshop, i, (struct heartbeat){.software_running = true});
}

void workshop_fini(struct workshop *workshop)
{
    engine_free(workshop->engine);
}

void workshop_wait(struct workshop *workshop, int64_t ms)
{
    for (int64_t end = workshop->now_ms + ms; workshop->now_ms < end;) {
        int64_t next = workshop->now_ms + BEAT_MS < end ? workshop->now_ms + BEAT_MS : end;
        for (uint32_t i = 0; i < workshop->config.station_count; i++)
            keep_heard(workshop, i, next);
        workshop->now_ms = next;
        step(workshop, &(struct event){.kind = EVENT_TIMER});
    }
}

void workshop_silence(struct workshop *workshop, uint32_t station)
{
    workshop->silent[station] = true;
}

void workshop_fetch(struct workshop *workshop, uint32_t station, const char *order,
                    const char *product, enum outcome outcome)
{
    static struct message message;
    message = (struct message){.kind = MESSAGE_ORDER};
    struct order_fetch *fetch = &message.order;
    fetch->key = (struct event_key){.seq = ++workshop->seq[station],
                                    .at_ms = wall_start_ms + workshop->now_ms};
    snprintf(fetch->key.outbox_id, sizeof fetch->key.outbox_id, "box-%u", station);
    snprintf(fetch->order, sizeof fetch->order, "O-%u-%" PRIu64, station, fetch->key.seq);
    if (order != NULL)
        text_set(fetch->order, order);
    text_set(fetch->product, product);
    fetch->outcome = outcome;
    fetch->source = SOURCE_LOG;
    say(workshop, station, &message);
}

const struct workshop_incident *workshop_find(const struct workshop *workshop, const char *code)
{
    for (uint32_t i = workshop->incident_count; i-- > 0;)
        if (text_equal(workshop->incidents[i].latest.code, code))
            return &workshop->incidents[i];
    return NULL;
}
