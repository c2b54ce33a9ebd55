// SPDX-License-Identifier: Apache-2.0
// What the plant's nodes report: order fetches, services, hosts; and the outbox it goes through.
#include "tests/scenario/plant.h"

#include "base/name_table.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ORDERS_FLOW_AGE_MS = 2000, DISK_BYTES_LOG2 = 39 };

static struct event_key *key_of(struct message *message)
{
    switch (message->kind) {
    case MESSAGE_ORDER:
        return &message->order.key;
    case MESSAGE_SERVICE:
        return &message->service.key;
    default:
        return &message->host.key;
    }
}

static void mark_spoken(struct plant_node *node, uint64_t seq)
{
    if (seq >= node->said_size) {
        uint64_t wanted = seq * 2 + 16;
        uint8_t *grown = plant_allocate(wanted, 1);
        if (node->said_size > 0)
            memcpy(grown, node->said, node->said_size);
        free(node->said);
        node->said = grown;
        node->said_size = wanted;
    }
    // Before it is spoken: the collector may record it during the call.
    if (node->said[seq] == SAID_NOTHING)
        node->said[seq] = SAID_SPOKEN;
}

static bool speak_event(struct plant *plant, struct instant now, struct plant_node *node,
                        const struct message *message)
{
    if (!node->linked)
        return false;
    uint64_t seq = message_event_key(message)->seq;
    mark_spoken(node, seq);
    if (plant->speak(plant->context, now, node->name, false, message)) {
        if (node->last == NULL)
            node->last = plant_allocate(1, sizeof *node->last);
        *node->last = *message;
        return true;
    }
    if (node->said[seq] == SAID_SPOKEN)
        node->said[seq] = SAID_NOTHING;
    return false;
}

static void keep(struct plant_node *node, struct instant now, const struct message *message)
{
    if (node->kept == NULL)
        node->kept = plant_allocate(OUTBOX_KEPT_MAX, sizeof *node->kept);
    if (node->kept_count == OUTBOX_KEPT_MAX) {
        fprintf(stderr, "%s keeps more events than a scenario may\n", node->name);
        abort();
    }
    struct duration age = duration_ms(message_event_key(message)->age_ms);
    node->kept[node->kept_count++] = (struct kept_event){*message, {now.mono.us - age.us}};
}

void plant_say_event(struct plant *plant, struct instant now, struct plant_node *node,
                     struct message *message, int64_t age_ms)
{
    struct event_key *key = key_of(message);
    text_set(key->outbox_id, node->outbox_id);
    key->seq = ++node->seq;
    key->at_ms = now.wall.ms - age_ms;
    key->age_ms = age_ms;
    if (!node->alive || node->kept_count > 0 || !speak_event(plant, now, node, message))
        keep(node, now, message);
}

void plant_say_kept(struct plant *plant, struct instant now, struct plant_node *node)
{
    uint32_t said = 0;
    for (; said < node->kept_count; said++) {
        struct kept_event *kept = &node->kept[said];
        key_of(&kept->message)->age_ms = duration_to_ms(mono_sub(now.mono, kept->at));
        if (!speak_event(plant, now, node, &kept->message))
            break;
    }
    if (said == 0)
        return;
    node->kept_count -= said;
    memmove(node->kept, node->kept + said, node->kept_count * sizeof *node->kept);
}

void plant_repeat(struct plant *plant, struct instant now, struct plant_node *node)
{
    if (node->last != NULL)
        (void)plant->speak(plant->context, now, node->name, false, node->last);
}

void plant_say_order(struct plant *plant, struct instant now, struct plant_node *node,
                     const char *order, enum outcome outcome, int64_t age_ms)
{
    struct message *message = plant_allocate(1, sizeof *message);
    message->kind = MESSAGE_ORDER;
    message->order.outcome = outcome;
    message->order.latency_ms = outcome == OUTCOME_TIMEOUT ? 10000 : 40;
    message->order.source = SOURCE_LOG;
    text_set(message->order.order, order);
    text_set(message->order.product, "HARNESS-7");
    plant_say_event(plant, now, node, message, age_ms);
    free(message);
}

void plant_fetch(struct plant *plant, struct instant now, struct plant_node *node, bool again,
                 struct agenda_entry *next)
{
    if (!node->alive)
        return;
    if (!again) {
        node->generation++;
        snprintf(node->order, sizeof node->order, "O-%s-%llu", node->name,
                 (unsigned long long)++node->order_count);
    }
    bool well = node->fetch == OUTCOME_OK ||
                (!again && node->keeping > 0 && random_unit(&node->random) < node->keeping);
    plant_say_order(plant, now, node, node->order, well ? OUTCOME_OK : node->fetch, 0);
    if (!well && plant->retry_after.us > 0)
        next->at = mono_add(now.mono, plant->retry_after);
}

void plant_say_service(struct plant *plant, struct instant now, struct plant_server *server,
                       int64_t age_ms)
{
    if (server->node == NAME_NONE || server->service[0] == '\0')
        return;
    struct message *message = plant_allocate(1, sizeof *message);
    message->kind = MESSAGE_SERVICE;
    message->service = server->state;
    plant_say_event(plant, now, &plant->nodes[server->node], message, age_ms);
    free(message);
}

double plant_disk_free(const struct plant_server *server, struct mono_time now)
{
    double hours = duration_to_s(mono_sub(now, server->disk_at)) / 3600;
    double free = server->disk_free - server->disk_falls * hours;
    return free < 0 ? 0 : free > 1 ? 1 : free;
}

void plant_say_output(struct plant *plant, struct instant now, struct plant_server *server)
{
    if (server->node == NAME_NONE || !plant->nodes[server->node].alive)
        return;
    struct message *message = plant_allocate(1, sizeof *message);
    message->kind = MESSAGE_HOST;
    struct host_event *host = &message->host;
    host->event = HOST_ORDER_OUTPUT;
    host->newest_order_age_ms =
        server->output == OUTPUT_FLOWS
            ? ORDERS_FLOW_AGE_MS
            : ORDERS_FLOW_AGE_MS + duration_to_ms(mono_sub(now.mono, server->newest_order_at));
    host->order_files = 400;
    host->backlog = server->backlog;
    host->disk_total_bytes = (uint64_t)1 << DISK_BYTES_LOG2;
    host->disk_free_bytes =
        (uint64_t)((double)host->disk_total_bytes * plant_disk_free(server, now.mono));
    plant_say_event(plant, now, &plant->nodes[server->node], message, 0);
    free(message);
}

void plant_say_host(struct plant *plant, struct instant now, struct plant_node *node,
                    enum host_event_kind event, const char *reason)
{
    struct message *message = plant_allocate(1, sizeof *message);
    message->kind = MESSAGE_HOST;
    message->host.event = event;
    message->host.newest_order_age_ms = -1;
    message->host.backlog = -1;
    text_set(message->host.reason, reason);
    plant_say_event(plant, now, node, message, 0);
    free(message);
}
