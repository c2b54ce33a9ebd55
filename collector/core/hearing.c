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
    BOOTING_S = 120,   // after its boot a station's failures count less
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

static void say_goodbye(struct fleet *fleet, uint32_t index, struct mono_time now,
                        const struct birth *birth, struct sightings *out, char note[TEXT_SIZE])
{
    struct node *node = &fleet->nodes[index];
    if (node->presence == PRESENCE_PENDING)
        return;
    node->presence = PRESENCE_OFF;
    node->offline_reason = birth->offline_reason;
    node->asked = false;
    node->due = MONO_NEVER;
    condition_forget(fleet, index, now);
    if (node->role != ROLE_SERVER)
        return;
    services_forget(fleet, index);
    if (birth->offline_reason == OFFLINE_SHUTDOWN || birth->offline_reason == OFFLINE_SUSPEND)
        restart_announced(fleet, index, now, out);
    struct text text;
    text_init(&text, note, TEXT_SIZE);
    text_printf(&text, "The agent of server %s said goodbye (%s): nothing on it reports now",
                fleet_node_name(fleet, index), offline_reason_name(birth->offline_reason));
}

static void last_will(struct fleet *fleet, uint32_t index, struct instant now,
                      const struct birth *birth, struct sightings *out)
{
    struct node *node = &fleet->nodes[index];
    // Only the session last heard can die: a late will of an older one says nothing.
    if (!node->heard || birth->incarnation != node->incarnation ||
        (node->session != 0 && birth->session != node->session))
        return;
    node->will_heard = true;
    if (node->presence == PRESENCE_SILENT)
        sight(out, (struct sighting){.symptom = SYMPTOM_WILL_HEARD,
                                     .node = index,
                                     .component = fleet->site,
                                     .since = now.mono});
    if (node->presence == PRESENCE_SILENT && !node->resolved_lost)
        fleet_watch(fleet, index, mono_min(node->due, mono_add(now.mono, duration_s(2))));
}

// ---- birth -----------------------------------------------------------------------------------

static bool same_labels(const struct label *a, const struct label *b, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (!text_equal(a[i].key, b[i].key) || !text_equal(a[i].value, b[i].value))
            return false;
    return true;
}

static bool has_label(const struct label *labels, uint32_t count, const char *key)
{
    for (uint32_t i = 0; i < count; i++)
        if (text_equal(labels[i].key, key))
            return true;
    return false;
}

// The station list overrules the birth, key by key.
static enum status take_labels(const struct fleet *fleet, uint32_t index, const struct birth *birth,
                               bool *ret_changed)
{
    struct node *node = &fleet->nodes[index];
    const struct engine_station *listed =
        node->listed ? topology_listed(fleet, fleet_node_name(fleet, index)) : NULL;
    uint32_t count = listed == NULL ? 0 : listed->label_count;
    struct label *labels = calloc(count + birth->label_count + 1, sizeof *labels);
    if (labels == NULL)
        return STATUS_NO_MEMORY;
    for (uint32_t i = 0; i < count; i++)
        labels[i] = listed->labels[i];
    for (uint32_t i = 0; i < birth->label_count; i++)
        if (!has_label(labels, count, birth->labels[i].key))
            labels[count++] = birth->labels[i];
    *ret_changed = count != node->label_count || !same_labels(labels, node->labels, count);
    free(*ret_changed ? node->labels : labels);
    if (*ret_changed) {
        node->labels = labels;
        node->label_count = count;
    }
    return STATUS_OK;
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

// The component of the software it runs, NAME_NONE = not told.
static uint32_t software_of(const struct fleet *fleet, const struct node *node)
{
    for (uint32_t i = 0; i < node->component_count; i++)
        if (components_get(fleet->components, node->components[i])->kind == COMPONENT_VERSION)
            return node->components[i];
    return NAME_NONE;
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
    bool relabelled = false;
    if (birth->online || !node->listed)
        status = take_labels(fleet, index, birth, &relabelled);
    changed |= relabelled;
    uint32_t before = software_of(fleet, node);
    if (status == STATUS_OK && changed && !is_pending(fleet, node, role))
        status = topology_attach(fleet, index, role == ROLE_SERVER ? role : ROLE_STATION);
    uint32_t software = software_of(fleet, node);
    if (before != NAME_NONE && software != NAME_NONE && software != before)
        components_edit(fleet->components, software)->joined_at = now;
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
            last_will(fleet, index, now, birth, out);
        else if (!node->heard && !node->expected) {
            node->expected = true;
            fleet_watch(fleet, index, mono_add(fleet->started, fleet->config->silent_after_start));
        }
        return take_identity(fleet, now.mono, index, birth);
    }
    bool new_boot = node->boot_id[0] != '\0' && !text_equal(node->boot_id, birth->boot_id);
    enum status status = take_identity(fleet, now.mono, index, birth);
    if (!birth->online) {
        bool current = !node->heard || birth->incarnation == node->incarnation;
        if (current)
            say_goodbye(fleet, index, now.mono, birth, out, note);
        certificates_hear(fleet, index, now, birth, out);
        return status;
    }
    if (birth->heartbeat_interval_ms > 0)
        node->interval = duration_ms(birth->heartbeat_interval_ms);
    if (!retained) {
        if (new_boot || birth->boot_at_ms > 0)
            node->booted_at = booted_before(birth, now.mono);
        condition_hear_birth(fleet, index, now.mono, birth, out);
        restart_ended(fleet, index, now.mono, out);
        services_note_birth(fleet, index, birth, now.mono);
    }
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
    certificates_hear(fleet, index, now, birth, out);
    return status;
}

// What it sees just after its boot is its own start-up as often as anybody's fault.
static bool is_booting(const struct node *node, struct mono_time now)
{
    return !mono_is_never(node->booted_at) &&
           mono_before(now, mono_add(node->booted_at, duration_s(BOOTING_S)));
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
    condition_hear_heartbeat(fleet, index, now, heartbeat, out);
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
                                     .booting = is_booting(node, now.mono),
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

// As components of products and orders have it; 0 = no name.
static uint64_t hash_name(const char *name)
{
    return name[0] == '\0' ? 0 : hash_text(name) | 1;
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
    uint64_t order = hash_name(fetch->order);
    enum follows follows = !ok ? FOLLOWS_NOTHING : node->failing ? FOLLOWS_FAILURE : FOLLOWS_GOOD;
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
                                 .order = order,
                                 .product = hash_name(fetch->product),
                                 .order_name = fetch->order,
                                 .product_name = fetch->product,
                                 .follows = follows,
                                 .booting = is_booting(node, now.mono),
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

void fleet_hear_steady(struct fleet *fleet, struct instant now, const char *name,
                       struct mono_time until, struct sightings *out)
{
    uint32_t index = name_table_find(fleet->names, name);
    if (index == NAME_NONE)
        return;
    struct node *node = &fleet->nodes[index];
    come_alive(fleet, index, now, out);
    if (node->presence != PRESENCE_ON || mono_before(until, now.mono))
        return;
    node->heard_at = until;
    fleet_watch(fleet, index, mono_add(until, fleet_grace(node)));
}
