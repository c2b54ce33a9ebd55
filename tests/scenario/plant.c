// SPDX-License-Identifier: Apache-2.0
// The plant's life: births, heartbeats, goodbyes, wills, commands.
#include "tests/scenario/plant.h"

#include "base/name_table.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROBE_EVERY_S = 10, OUTPUT_EVERY_S = 10, COMMAND_TAKES_MS = 50 };

void *plant_allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (memory == NULL) {
        fprintf(stderr, "out of memory\n");
        abort();
    }
    return memory;
}

void plant_init(struct plant *plant)
{
    *plant = (struct plant){
        .seed = 1, .listed = true, .fetch_every = duration_s(90), .heartbeat = duration_s(1)};
}

void plant_fini(struct plant *plant)
{
    for (uint32_t i = 0; plant->nodes != NULL && i < plant->node_count; i++) {
        free(plant->nodes[i].last);
        free(plant->nodes[i].kept);
        free(plant->nodes[i].said);
    }
    free(plant->nodes);
    agenda_fini(&plant->agenda);
    *plant = (struct plant){0};
}

void plant_plan(struct plant *plant, struct mono_time at, enum plant_kind kind, uint32_t node,
                uint64_t generation)
{
    struct agenda_entry entry = {
        .at = at, .kind = (int)kind, .node = node, .generation = generation};
    if (agenda_add(&plant->agenda, entry) != STATUS_OK) {
        fprintf(stderr, "out of memory\n");
        abort();
    }
}

// ---- building
// --------------------------------------------------------------------------------------

static void set_label(struct plant_node *node, const char *key, const char *prefix, uint32_t number)
{
    struct label *label = &node->labels[node->label_count++];
    text_set(label->key, key);
    snprintf(label->value, sizeof label->value, "%s%u", prefix, number);
}

static void init_node(struct plant *plant, uint32_t index, enum role role)
{
    struct plant_node *node = &plant->nodes[index];
    node->role = role;
    snprintf(node->outbox_id, sizeof node->outbox_id, "box-%u", index);
    node->alive = node->linked = true;
    node->fetch = node->probe = node->probed = OUTCOME_OK;
    node->boots = node->session = 1;
    node->booted_at = plant->start.mono;
    random_seed(&node->random, plant->seed * 1000003 + index);
    node->incarnation = random_next(&node->random) >> 12;
    // Each node's probes have a phase of their own.
    node->probed_at.us =
        plant->start.mono.us - (int64_t)random_below(&node->random, PROBE_EVERY_S * 1000000);
}

static void init_station(struct plant *plant, uint32_t index)
{
    struct plant_node *node = &plant->nodes[index];
    init_node(plant, index, ROLE_STATION);
    snprintf(node->name, sizeof node->name, "ETS-%03u", index + 1);
    if (plant->segment_count > 0)
        set_label(node, "segment", "S", index * plant->segment_count / plant->station_count + 1);
    if (plant->line_count > 0)
        set_label(node, "line", "L", index * plant->line_count / plant->station_count + 1);
    if (plant->area_count > 0)
        set_label(node, "area", "A", index * plant->area_count / plant->station_count + 1);
}

static void init_server(struct plant *plant, uint32_t number, uint32_t *index)
{
    struct plant_server *server = &plant->servers[number];
    server->newest_order_at = plant->start.mono;
    server->disk_free = 0.5;
    server->disk_at = plant->start.mono;
    server->state.state = SERVICE_RUNNING;
    server->state.start_mode = START_AUTO;
    server->state.since_ms = plant->start.wall.ms;
    server->state.pid = 4711;
    text_set(server->state.service, server->service);
    if (server->node == NAME_NONE)
        return;
    server->node = *index;
    init_node(plant, *index, ROLE_SERVER);
    text_set(plant->nodes[*index].name, server->name);
    ++*index;
}

// Steps of the golden section spread neighbours over the whole interval, as real agents are.
static struct duration heartbeat_phase(const struct plant *plant, uint32_t node)
{
    double turns = node * 0.6180339887498949;
    return (struct duration){
        (int64_t)((turns - (double)(uint64_t)turns) * (double)plant->heartbeat.us)};
}

void plant_start(struct plant *plant, struct instant start)
{
    plant->start = start;
    plant->node_count = plant->station_count;
    for (uint32_t s = 0; s < plant->server_count; s++)
        plant->node_count += plant->servers[s].node != NAME_NONE ? 1 : 0;
    plant->nodes = plant_allocate(plant->node_count + 1, sizeof *plant->nodes);
    uint32_t index = 0;
    for (; index < plant->station_count; index++)
        init_station(plant, index);
    for (uint32_t s = 0; s < plant->server_count; s++)
        init_server(plant, s, &index);
    for (uint32_t i = 0; i < plant->node_count; i++) {
        struct duration phase = heartbeat_phase(plant, i);
        struct mono_time first = mono_add(start.mono, phase);
        plant_plan(plant, first, PLANT_HEARTBEAT, i, 0);
        struct plant_node *node = &plant->nodes[i];
        uint64_t every = (uint64_t)plant->fetch_every.us;
        if (node->role == ROLE_SERVER)
            plant_plan(plant, mono_add(first, duration_s(OUTPUT_EVERY_S)), PLANT_OUTPUT, i, 0);
        else if (every > 0)
            plant_plan(
                plant,
                mono_add(first, (struct duration){(int64_t)random_below(&node->random, every)}),
                PLANT_FETCH, i, 0);
    }
}

uint32_t plant_find(const struct plant *plant, const char *name)
{
    for (uint32_t i = 0; i < plant->node_count; i++)
        if (text_equal(plant->nodes[i].name, name))
            return i;
    return NAME_NONE;
}

struct plant_server *plant_server_of(struct plant *plant, uint32_t node)
{
    for (uint32_t s = 0; s < plant->server_count; s++)
        if (plant->servers[s].node == node)
            return &plant->servers[s];
    return NULL;
}

// ---- life
// ------------------------------------------------------------------------------------------

static bool say(struct plant *plant, struct instant now, struct plant_node *node, bool retained,
                const struct message *message)
{
    return node->linked && plant->speak(plant->context, now, node->name, retained, message);
}

static void say_birth(struct plant *plant, struct instant now, struct plant_node *node, bool online,
                      enum offline_reason reason, bool retained)
{
    struct message *message = plant_allocate(1, sizeof *message);
    message->kind = MESSAGE_BIRTH;
    struct birth *birth = &message->birth;
    *birth = (struct birth){.online = online,
                            .offline_reason = reason,
                            .role = node->role,
                            .label_count = node->label_count,
                            .incarnation = node->incarnation,
                            .session = node->session,
                            .outbox_oldest_seq = node->acked + 1,
                            .heartbeat_interval_ms = (uint32_t)duration_to_ms(plant->heartbeat),
                            .sent_at_ms = now.wall.ms};
    memcpy(birth->labels, node->labels, sizeof node->labels);
    text_set(birth->hostname, node->name);
    text_set(birth->platform, "Windows 10");
    text_set(birth->version, "0.1.0");
    snprintf(birth->boot_id, sizeof birth->boot_id, "boot-%u-%u", (unsigned)(node - plant->nodes),
             node->boots);
    birth->boot_at_ms = now.wall.ms - duration_to_ms(mono_sub(now.mono, node->booted_at));
    birth->certificate_expires_at_ms = node->certificate_expires_at_ms;
    text_set(birth->outbox_id, node->outbox_id);
    struct plant_server *server = plant_server_of(plant, (uint32_t)(node - plant->nodes));
    if (server != NULL && server->service[0] != '\0') {
        birth->service_count = 1;
        text_set(birth->services[0], server->service);
    }
    (void)say(plant, now, node, retained, message);
    free(message);
}

// An agent tells all that it watches whenever it has connected.
void plant_connect(struct plant *plant, struct instant now, struct plant_node *node)
{
    node->goodbye = OFFLINE_UNSPECIFIED;
    say_birth(plant, now, node, true, OFFLINE_UNSPECIFIED, false);
    node->started = true;
    plant_say_kept(plant, now, node);
    struct plant_server *server = plant_server_of(plant, (uint32_t)(node - plant->nodes));
    if (server != NULL) {
        plant_say_service(plant, now, server, 0);
        plant_say_output(plant, now, server);
    }
}

void plant_boot(struct plant *plant, struct instant now, struct plant_node *node, bool planned)
{
    node->alive = false;
    node->boots++;
    node->session = 1;
    node->incarnation = random_next(&node->random) >> 12;
    node->booted_at = now.mono;
    node->heartbeat_seq = 0;
    // The boot is in the outbox before there is a connection to tell it by.
    plant_say_host(plant, now, node, HOST_BOOTED, planned ? "planned restart" : "unexpected");
    node->alive = true;
    plant_connect(plant, now, node);
}

void plant_goodbye(struct plant *plant, struct instant now, struct plant_node *node,
                   enum offline_reason reason)
{
    say_birth(plant, now, node, false, reason, false);
    node->goodbye = reason;
    node->alive = false;
}

void plant_will(struct plant *plant, struct instant now, struct plant_node *node)
{
    say_birth(plant, now, node, false, OFFLINE_WILL, false);
}

void plant_say_retained_births(struct plant *plant, struct instant now)
{
    for (uint32_t i = 0; i < plant->node_count; i++) {
        struct plant_node *node = &plant->nodes[i];
        bool linked = node->linked;
        node->linked = true; // the broker speaks, whatever became of the node
        if (node->started)
            say_birth(plant, now, node, node->goodbye == OFFLINE_UNSPECIFIED, node->goodbye, true);
        node->linked = linked;
    }
}

void plant_broker_down(struct plant *plant)
{
    for (uint32_t i = 0; i < plant->node_count; i++)
        plant->nodes[i].linked = false;
}

// Agents come back with jitter: within 1 to 5 s.
void plant_broker_up(struct plant *plant, struct instant now)
{
    for (uint32_t i = 0; i < plant->node_count; i++) {
        struct duration jitter = {
            (int64_t)(1000000 + random_below(&plant->nodes[i].random, 4000000))};
        plant_plan(plant, mono_add(now.mono, jitter), PLANT_RECONNECT, i, 0);
    }
}

static void say_heartbeat(struct plant *plant, struct instant now, struct plant_node *node)
{
    struct message message = {.kind = MESSAGE_HEARTBEAT};
    struct duration since_probe = mono_sub(now.mono, node->probed_at);
    if (since_probe.us >= PROBE_EVERY_S * 1000000) {
        node->probed_at = now.mono;
        node->probed = node->probe;
        since_probe.us = 0;
    }
    message.heartbeat = (struct heartbeat){
        .incarnation = node->incarnation,
        .seq = ++node->heartbeat_seq,
        .interval_ms = (uint32_t)duration_to_ms(plant->heartbeat),
        .uptime_ms = duration_to_ms(mono_sub(now.mono, node->booted_at)),
        .sent_at_ms = now.wall.ms,
        .outbox_oldest_seq = node->acked + 1,
        .outbox_depth = node->seq - node->acked,
        .share_outcome = node->probed,
        .share_probe_age_ms = duration_to_ms(since_probe),
        .software_running = true,
    };
    text_set(message.heartbeat.outbox_id, node->outbox_id);
    (void)say(plant, now, node, false, &message);
}

static void heartbeat_due(struct plant *plant, struct instant now, uint32_t index)
{
    struct plant_node *node = &plant->nodes[index];
    plant_plan(plant, mono_add(now.mono, plant->heartbeat), PLANT_HEARTBEAT, index, 0);
    if (!node->alive || !node->linked)
        return;
    if (!node->started)
        plant_connect(plant, now, node);
    plant_say_kept(plant, now, node);
    say_heartbeat(plant, now, node);
}

static void fetch_due(struct plant *plant, struct instant now, const struct agenda_entry *entry)
{
    struct plant_node *node = &plant->nodes[entry->node];
    struct agenda_entry next = {0};
    bool again = entry->kind == PLANT_RETRY;
    if (again && (!node->alive || entry->generation != node->generation))
        return;
    plant_fetch(plant, now, node, again, &next);
    if (next.at.us != 0)
        plant_plan(plant, next.at, PLANT_RETRY, entry->node, node->generation);
    if (again)
        return;
    // Within a fifth more or less, so that no two stations stay in step.
    double factor = 0.8 + 0.4 * random_unit(&node->random);
    struct duration pause = {(int64_t)((double)plant->fetch_every.us * factor)};
    plant_plan(plant, mono_add(now.mono, pause), PLANT_FETCH, entry->node, 0);
}

static void output_due(struct plant *plant, struct instant now, uint32_t index)
{
    plant_plan(plant, mono_add(now.mono, duration_s(OUTPUT_EVERY_S)), PLANT_OUTPUT, index, 0);
    plant_say_output(plant, now, plant_server_of(plant, index));
}

void plant_step(struct plant *plant, struct instant now)
{
    struct agenda_entry entry = agenda_take(&plant->agenda);
    struct plant_node *node = &plant->nodes[entry.node];
    switch ((enum plant_kind)entry.kind) {
    case PLANT_HEARTBEAT:
        heartbeat_due(plant, now, entry.node);
        break;
    case PLANT_FETCH:
    case PLANT_RETRY:
        fetch_due(plant, now, &entry);
        break;
    case PLANT_OUTPUT:
        output_due(plant, now, entry.node);
        break;
    case PLANT_PROBE:
        node->probed_at = now.mono;
        node->probed = node->probe;
        if (node->alive)
            say_heartbeat(plant, now, node);
        break;
    case PLANT_RESYNC:
        if (node->alive && plant_server_of(plant, entry.node) != NULL) {
            plant_say_service(plant, now, plant_server_of(plant, entry.node), 0);
            plant_say_output(plant, now, plant_server_of(plant, entry.node));
        }
        break;
    case PLANT_RECONNECT:
        node->linked = true;
        node->session++;
        if (node->alive)
            plant_connect(plant, now, node);
        break;
    }
}

void plant_obey(struct plant *plant, struct instant now, const char *name,
                const struct command *command)
{
    uint32_t node = plant_find(plant, name);
    if (node == NAME_NONE)
        return;
    struct mono_time at = mono_add(now.mono, duration_ms(COMMAND_TAKES_MS));
    if (text_equal(command->action, "probe"))
        plant_plan(plant, at, PLANT_PROBE, node, 0);
    else if (text_equal(command->action, "resync"))
        plant_plan(plant, at, PLANT_RESYNC, node, 0);
}

// ---- what the collector answers
// ----------------------------------------------------------------------

static bool is_own_outbox(const struct plant *plant, uint32_t node, const char *outbox_id)
{
    return node != NAME_NONE && text_equal(plant->nodes[node].outbox_id, outbox_id);
}

const char *plant_recorded(struct plant *plant, const char *name, const struct event_key *key)
{
    uint32_t index = plant_find(plant, name);
    if (!is_own_outbox(plant, index, key->outbox_id))
        return NULL;
    struct plant_node *node = &plant->nodes[index];
    if (key->seq >= node->said_size || node->said[key->seq] == SAID_NOTHING)
        return "an event is recorded that was never spoken";
    if (node->said[key->seq] == SAID_RECORDED)
        return "an event is recorded twice";
    node->said[key->seq] = SAID_RECORDED;
    return NULL;
}

const char *plant_acked(struct plant *plant, const char *name, const char *outbox_id, uint64_t seq)
{
    uint32_t index = plant_find(plant, name);
    if (seq == 0 || !is_own_outbox(plant, index, outbox_id))
        return NULL;
    struct plant_node *node = &plant->nodes[index];
    if (seq < node->acked)
        return "an ack goes back";
    if (seq > node->seq)
        return "an ack covers what was never sent";
    for (uint64_t s = node->acked + 1; s <= seq; s++)
        if (node->said[s] == SAID_SPOKEN)
            return "an ack covers an event that was not recorded";
    node->acked = seq;
    return NULL;
}

const struct plant_node *plant_unrecorded(const struct plant *plant, uint64_t *ret_seq)
{
    for (uint32_t i = 0; i < plant->node_count; i++)
        for (uint64_t seq = 1; seq < plant->nodes[i].said_size; seq++)
            if (plant->nodes[i].said[seq] == SAID_SPOKEN) {
                *ret_seq = seq;
                return &plant->nodes[i];
            }
    return NULL;
}
