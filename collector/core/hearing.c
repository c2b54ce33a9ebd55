// SPDX-License-Identifier: Apache-2.0
// From messages to sightings: what of a message is new, and what it says in the vocabulary.
#include "collector/core/fleet_state.h"

#include "base/hash.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    LATE_MS = 30000,   // an outcome older than this only corrects history
    DAY_MS = 86400000, // an uptime above this says nothing of a boot just now
};

void sight(struct sightings *out, struct sighting sighting)
{
    // SIGHTINGS_MAX covers what one message or deadline can say.
    if (sighting.symptom < SYMPTOM_COUNT && out->count < SIGHTINGS_MAX)
        out->items[out->count++] = sighting;
}

bool fleet_is_late(const struct event_key *key)
{
    return key->age_ms < 0 || key->age_ms > LATE_MS;
}

// ---- life ------------------------------------------------------------------------------------

static void come_alive(struct fleet *fleet, uint32_t index, struct instant now,
                       struct sightings *out)
{
    struct node *node = &fleet->nodes[index];
    presence_returned(fleet, index, now);
    if (node->presence == PRESENCE_SILENT)
        sight(out, (struct sighting){.symptom = node->role == ROLE_SERVER ? SYMPTOM_SERVER_RETURNED
                                                                          : SYMPTOM_LIFE_RETURNED,
                                     .node = index,
                                     .component = NAME_NONE,
                                     .since = now.mono});
    bool returned = node->presence == PRESENCE_SILENT && node->role == ROLE_SERVER;
    if (node->presence != PRESENCE_PENDING)
        node->presence = PRESENCE_ON;
    for (uint32_t i = 0; returned && i < fleet->service_count; i++)
        if (fleet->services[i].server_node == index)
            service_heard_anew(fleet, i, now.mono);
    node->heard = true;
    node->will_heard = node->resolved_lost = false;
    node->heard_at = now.mono;
    node->heard_wall = now.wall;
    if (node->presence == PRESENCE_ON)
        fleet_watch(fleet, index, mono_add(now.mono, fleet_grace(node)));
}

static void say_goodbye(struct fleet *fleet, uint32_t index, const struct birth *birth,
                        char note[TEXT_SIZE])
{
    struct node *node = &fleet->nodes[index];
    if (node->presence == PRESENCE_PENDING)
        return;
    node->presence = PRESENCE_OFF;
    node->offline_reason = birth->offline_reason;
    node->asked = false;
    node->due = MONO_NEVER;
    if (node->role != ROLE_SERVER)
        return;
    services_forget(fleet, index);
    struct text text;
    text_init(&text, note, TEXT_SIZE);
    text_printf(&text, "The agent of server %s said goodbye (%s): nothing on it reports now",
                fleet_node_name(fleet, index), offline_reason_name(birth->offline_reason));
}

static void last_will(struct fleet *fleet, uint32_t index, struct instant now,
                      const struct birth *birth)
{
    struct node *node = &fleet->nodes[index];
    // Only the session last heard can die: a late will of an older one says nothing.
    if (!node->heard || birth->incarnation != node->incarnation ||
        (node->session != 0 && birth->session != node->session))
        return;
    node->will_heard = true;
    if (node->presence == PRESENCE_SILENT && !node->resolved_lost)
        fleet_watch(fleet, index, mono_min(node->due, mono_add(now.mono, duration_s(2))));
}

// ---- birth -----------------------------------------------------------------------------------

static enum status take_labels(struct node *node, const struct birth *birth)
{
    struct label *labels = calloc(birth->label_count + 1, sizeof *labels);
    if (labels == NULL)
        return STATUS_NO_MEMORY;
    memcpy(labels, birth->labels, birth->label_count * sizeof *labels);
    free(node->labels);
    node->labels = labels;
    node->label_count = birth->label_count;
    return STATUS_OK;
}

static bool same_labels(const struct node *node, const struct birth *birth)
{
    if (node->label_count != birth->label_count)
        return false;
    for (uint32_t i = 0; i < node->label_count; i++)
        if (!text_equal(node->labels[i].key, birth->labels[i].key) ||
            !text_equal(node->labels[i].value, birth->labels[i].value))
            return false;
    return true;
}

static enum status attach_all_stations(struct fleet *fleet)
{
    for (uint32_t i = 0; i < name_table_count(fleet->names); i++) {
        enum status status =
            fleet->nodes[i].component_count > 0 && fleet->nodes[i].role != ROLE_SERVER
                ? topology_attach(fleet, i, ROLE_STATION)
                : STATUS_OK;
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

// Without configured services a server speaks for those it says it watches.
static enum status take_services(struct fleet *fleet, const char *server, const struct birth *birth)
{
    bool added = false;
    for (uint32_t i = 0; fleet->config->service_count == 0 && i < birth->service_count; i++) {
        if (topology_find_service(fleet, server, birth->services[i]) != NAME_NONE)
            continue;
        struct engine_service service = {0};
        text_set(service.server, server);
        text_set(service.name, birth->services[i]);
        enum status status = topology_add_service(fleet, &service);
        if (status != STATUS_OK)
            return status;
        added = true;
    }
    return added ? attach_all_stations(fleet) : STATUS_OK;
}

static bool is_pending(const struct fleet *fleet, const struct node *node, enum role role)
{
    return role != ROLE_SERVER && fleet->config->stations_listed && !node->listed;
}

// When the machine booted, on our clock: both times are the reporter's own, so their difference
// holds.
static struct mono_time booted_before(const struct birth *birth, struct mono_time now)
{
    int64_t up_ms = 0;
    bool told = birth->boot_at_ms > 0 &&
                !__builtin_sub_overflow(birth->sent_at_ms, birth->boot_at_ms, &up_ms) &&
                up_ms >= 0 && up_ms < DAY_MS;
    return told ? mono_add(now, duration_ms(-up_ms)) : now;
}

static enum status take_identity(struct fleet *fleet, struct mono_time now, uint32_t index,
                                 const struct birth *birth)
{
    struct node *node = &fleet->nodes[index];
    if (birth->online && node->boot_id[0] != '\0' && !text_equal(node->boot_id, birth->boot_id))
        services_note_boot(fleet, index, birth->boot_id, booted_before(birth, now));
    enum status status = STATUS_OK;
    enum role role = node->listed || birth->role == ROLE_UNSPECIFIED ? node->role : birth->role;
    bool changed = node->component_count == 0 || role != node->role;
    text_set(node->version, birth->version);
    text_set(node->hostname, birth->hostname);
    text_set(node->boot_id, birth->boot_id);
    if (!node->listed && !same_labels(node, birth)) {
        status = take_labels(node, birth);
        changed = true;
    }
    if (status == STATUS_OK && changed && !is_pending(fleet, node, role)) {
        status = topology_attach(fleet, index, role == ROLE_SERVER ? role : ROLE_STATION);
    }
    if (status == STATUS_OK && role == ROLE_SERVER)
        status = take_services(fleet, fleet_node_name(fleet, index), birth);
    return status;
}

static enum status hear_birth(struct fleet *fleet, struct instant now, uint32_t index,
                              bool retained, const struct birth *birth, struct sightings *out,
                              char note[TEXT_SIZE])
{
    struct node *node = &fleet->nodes[index];
    if (!retained && birth->online)
        presence_compare(node, birth->incarnation, birth->boot_id);
    if (!birth->online && birth->offline_reason == OFFLINE_WILL) {
        if (!retained)
            last_will(fleet, index, now, birth);
        else if (!node->heard && !node->expected) {
            node->expected = true;
            fleet_watch(fleet, index, mono_add(fleet->started, fleet->config->silent_after_start));
        }
        return take_identity(fleet, now.mono, index, birth);
    }
    enum status status = take_identity(fleet, now.mono, index, birth);
    if (!birth->online) {
        bool current = !node->heard || birth->incarnation == node->incarnation;
        if (current)
            say_goodbye(fleet, index, birth, note);
        return status;
    }
    if (birth->heartbeat_interval_ms > 0)
        node->interval = duration_ms(birth->heartbeat_interval_ms);
    if (retained && node->heard) // an old copy beside a node that speaks
        return status;
    node->incarnation = birth->incarnation;
    node->session = birth->session;
    if (!retained) {
        come_alive(fleet, index, now, out);
    } else if (!node->expected && node->presence == PRESENCE_UNKNOWN) {
        node->expected = true;
        fleet_watch(fleet, index,
                    mono_max(mono_add(now.mono, fleet_grace(node)),
                             mono_add(fleet->started, fleet->config->silent_after_start)));
    }
    return status;
}

// ---- heartbeat and fetches -------------------------------------------------------------------

static void hear_heartbeat(struct fleet *fleet, struct instant now, uint32_t index,
                           const struct heartbeat *heartbeat, struct sightings *out)
{
    struct node *node = &fleet->nodes[index];
    if (heartbeat->interval_ms > 0)
        node->interval = duration_ms(heartbeat->interval_ms);
    if (heartbeat->incarnation != node->incarnation) {
        node->incarnation = heartbeat->incarnation;
        node->session = 0; // not known until the birth comes
    }
    node->outbox_depth = heartbeat->outbox_depth;
    // A probe counts once: the first one, and whenever its age fell.
    int64_t age = heartbeat->share_probe_age_ms;
    bool is_new = age >= 0 && (node->probe_age_ms < 0 || age < node->probe_age_ms);
    node->probe_age_ms = age;
    if (!is_new || age > LATE_MS)
        return;
    node->share = heartbeat->share_outcome;
    node->probed_at = mono_add(now.mono, duration_ms(-age));
    if (node->role != ROLE_SERVER && node->presence == PRESENCE_ON)
        sight(out, (struct sighting){.symptom = symptom_of_probe(heartbeat->share_outcome),
                                     .node = index,
                                     .component = NAME_NONE,
                                     .since = node->probed_at});
}

// The order failed. True: it is one of the latest that failed here, so the operator tried it again.
static bool remember_failure(struct node *node, uint64_t order)
{
    node->failing = true;
    for (int i = 0; order != 0 && i < FAILED_ORDERS; i++)
        if (node->failed_orders[i] == order)
            return true;
    node->failed_orders[node->failed_next++ % FAILED_ORDERS] = order;
    return false;
}

static void forget_failure(struct node *node, uint64_t order)
{
    node->failing = false;
    for (int i = 0; i < FAILED_ORDERS; i++)
        if (node->failed_orders[i] == order)
            node->failed_orders[i] = 0;
}

static void hear_order(struct fleet *fleet, struct instant now, uint32_t index,
                       const struct order_fetch *fetch, struct sightings *out)
{
    struct node *node = &fleet->nodes[index];
    bool ok = fetch->outcome == OUTCOME_OK;
    if (ok)
        node->fetch_ok++;
    else
        node->fetch_failed++;
    if (fleet_is_late(&fetch->key) || node->role == ROLE_SERVER ||
        node->presence == PRESENCE_PENDING)
        return;
    node->last_fetch = fetch->outcome;
    node->fetch_wall = now.wall;
    uint64_t order = fetch->order[0] == '\0' ? 0 : hash_text(fetch->order) | 1;
    bool retry = !ok && remember_failure(node, order);
    if (ok)
        forget_failure(node, order);
    if (retry) // the operator scanned the same harness again: nothing new
        return;
    bool probe = fetch->source == SOURCE_PROBE && order == 0;
    sight(out, (struct sighting){.symptom = probe ? symptom_of_probe(fetch->outcome)
                                                  : symptom_of_fetch(fetch->outcome),
                                 .node = index,
                                 .component = NAME_NONE,
                                 .subject = order,
                                 .since = mono_add(now.mono, duration_ms(-fetch->key.age_ms))});
}

// ---- the door --------------------------------------------------------------------------------

static enum status find_or_add(struct fleet *fleet, const char *name, uint32_t *ret_index)
{
    enum status status = fleet_add_node(fleet, name, ret_index);
    if (status != STATUS_OK)
        return status;
    struct node *node = &fleet->nodes[*ret_index];
    if (!node->listed && !node->heard && node->role == ROLE_UNSPECIFIED &&
        fleet->config->stations_listed)
        node->presence = PRESENCE_PENDING; // until a birth says that it is a server
    return STATUS_OK;
}

enum status fleet_hear(struct fleet *fleet, struct instant now, const char *name, bool retained,
                       const struct message *message, struct sightings *out, char note[TEXT_SIZE])
{
    uint32_t index = NAME_NONE;
    note[0] = '\0';
    enum status status = find_or_add(fleet, name, &index);
    if (status != STATUS_OK)
        return status;
    struct node *node = &fleet->nodes[index];
    if (message->kind == MESSAGE_BIRTH) {
        if (message->birth.role == ROLE_SERVER && node->presence == PRESENCE_PENDING)
            node->presence = PRESENCE_UNKNOWN;
        return hear_birth(fleet, now, index, retained, &message->birth, out, note);
    }
    if (retained) // no other kind is ever retained by a node of ours
        return STATUS_OK;
    if (node->component_count == 0 && node->presence != PRESENCE_PENDING) {
        // A node that speaks before its birth was seen: a station, until it says otherwise.
        status = topology_attach(fleet, index, ROLE_STATION);
        if (status != STATUS_OK)
            return status;
    }
    if (message->kind == MESSAGE_HEARTBEAT)
        presence_compare(node, message->heartbeat.incarnation, NULL);
    come_alive(fleet, index, now, out);
    switch (message->kind) {
    case MESSAGE_HEARTBEAT:
        hear_heartbeat(fleet, now, index, &message->heartbeat, out);
        break;
    case MESSAGE_ORDER:
        hear_order(fleet, now, index, &message->order, out);
        break;
    case MESSAGE_SERVICE:
        serving_hear_service(fleet, now, index, &message->service, out);
        break;
    case MESSAGE_HOST:
        serving_hear_host(fleet, now, index, &message->host, out);
        break;
    default:
        break;
    }
    return STATUS_OK;
}
