// SPDX-License-Identifier: Apache-2.0
// What servers report of their services and of the orders they make, as sightings.
#include "collector/core/fleet_state.h"
#include "collector/core/signs.h"

#include "base/hash.h"
#include "base/text.h"

#include <inttypes.h>

enum {
    OUTPUT_LATE_MS = 5000,   // requests that wait this long without a new order are late …
    OUTPUT_STALE_MS = 60000, // … and this long, proof
    DAY_MS = 86400000,       // an order older than this is as good as none
};

// A server whose agent left or is silent tells nothing any more.
void services_forget(struct fleet *fleet, uint32_t server)
{
    for (uint32_t i = 0; i < fleet->service_count; i++)
        if (fleet->services[i].server_node == server) {
            fleet->services[i].state = fleet->services[i].output = SYMPTOM_COUNT;
            fleet->services[i].demand_since = MONO_NEVER;
        }
}

static void tell(struct fleet *fleet, const struct watched_service *service, uint32_t component,
                 enum symptom symptom, struct mono_time now, struct sightings *out)
{
    struct sighting sighting = {.symptom = symptom, .node = service->server_node, .since = now};
    sign_tell(fleet->components, component, &sighting, out);
}

// Newest for its object: a repeat or an older event of the same outbox is history.
static bool is_newest(const struct event_key *key, uint64_t *outbox, uint64_t *seq)
{
    uint64_t from = hash_text(key->outbox_id);
    if (from == *outbox && key->seq <= *seq)
        return false;
    *outbox = from;
    *seq = key->seq;
    return true;
}

static enum symptom state_symptom(const struct watched_service *service, struct mono_time now)
{
    switch (service->report.state) {
    case SERVICE_RUNNING:
        return SYMPTOM_STATE_UP;
    case SERVICE_START_PENDING:
    case SERVICE_STOP_PENDING:
        return SYMPTOM_STATE_PENDING;
    case SERVICE_STOPPED:
    case SERVICE_FAILED:
    case SERVICE_NOT_INSTALLED:
        return mono_before(now, service_grace_until(service)) ? SYMPTOM_STATE_PENDING
                                                              : SYMPTOM_STATE_DOWN;
    default:
        return SYMPTOM_COUNT;
    }
}

static void take_report(struct watched_service *service, const struct service_report *report,
                        struct mono_time now)
{
    bool ran = service->report.state == SERVICE_RUNNING && service->ran_since_boot;
    service->report = *report;
    service->state_told_at = now;
    if (report->state == SERVICE_RUNNING) {
        service->running_since = ran ? service->running_since : now;
        service->ran_since_boot = true;
        service->stopping_seen = false;
    } else if (report->state == SERVICE_STOP_PENDING) {
        service->stopping_seen = ran && mono_is_never(service->restarting_since);
    }
}

// How it would start after the next boot; of one that is stopped its fault tells more.
static void tell_start_mode(struct fleet *fleet, const struct watched_service *service,
                            struct mono_time now, struct sightings *out)
{
    enum start_mode mode = service->report.start_mode;
    if (mode == START_AUTO || mode == START_AUTO_DELAYED)
        tell(fleet, service, service->component, SYMPTOM_START_SURE, now, out);
    else if (mode != START_UNSPECIFIED && service->report.state == SERVICE_RUNNING)
        tell(fleet, service, service->component, SYMPTOM_START_UNSURE, now, out);
}

void serving_hear_service(struct fleet *fleet, struct instant now, uint32_t index,
                          const struct service_report *report, struct sightings *out)
{
    uint32_t number = topology_find_service(fleet, fleet_node_name(fleet, index), report->service);
    if (number == NAME_NONE) {
        fleet->unauthorized++;
        return;
    }
    struct watched_service *service = &fleet->services[number];
    if (!is_newest(&report->key, &service->report_outbox, &service->report_seq))
        return;
    take_report(service, report, now.mono);
    struct text text;
    text_init(&text, service->report_event, sizeof service->report_event);
    text_printf(&text, "%s/%s/%" PRIu64, fleet_node_name(fleet, index), report->key.outbox_id,
                report->key.seq);
    service->state = state_symptom(service, now.mono);
    service_watch(fleet, number, now.mono);
    sight(out, (struct sighting){.symptom = service->state,
                                 .node = index,
                                 .component = service->component,
                                 .since = now.mono});
    tell_start_mode(fleet, service, now.mono, out);
}

enum symptom service_output_at(const struct watched_service *service, struct mono_time now)
{
    if (service->output_seq == 0 || service->order_output.backlog < 0)
        return SYMPTOM_COUNT;
    if (service->order_output.backlog == 0)
        return SYMPTOM_OUTPUT_IDLE;
    struct mono_time contract = service_contract_until(service);
    if (mono_before(now, contract)) // neither well nor ill yet
        return SYMPTOM_COUNT;
    if (mono_before(mono_add(service->demand_since, duration_ms(OUTPUT_LATE_MS)), contract))
        return SYMPTOM_OUTPUT_STALE; // broken, and requests waited before its end
    int64_t waited_ms = duration_to_ms(mono_sub(now, service->demand_since));
    return waited_ms >= OUTPUT_STALE_MS  ? SYMPTOM_OUTPUT_STALE
           : waited_ms >= OUTPUT_LATE_MS ? SYMPTOM_OUTPUT_LATE
                                         : SYMPTOM_OUTPUT_FLOWING;
}

void service_watch(struct fleet *fleet, uint32_t number, struct mono_time now)
{
    struct watched_service *service = &fleet->services[number];
    struct mono_time next = restart_limit_at(fleet, service);
    if (service->state == SYMPTOM_STATE_PENDING && service->report.state != SERVICE_START_PENDING &&
        service->report.state != SERVICE_STOP_PENDING)
        next = mono_min(next, mono_max(now, service_grace_until(service)));
    struct mono_time contract = service_contract_until(service);
    if (service->order_output.backlog > 0 && mono_before(now, contract))
        next = mono_min(next, contract);
    if (service->output == SYMPTOM_OUTPUT_FLOWING)
        next = mono_min(next, mono_add(service->demand_since, duration_ms(OUTPUT_LATE_MS)));
    if (service->output == SYMPTOM_OUTPUT_LATE)
        next = mono_min(next, mono_add(service->demand_since, duration_ms(OUTPUT_STALE_MS)));
    fleet_watch(fleet, SERVICE_DEADLINE + number, next);
}

void service_heard_anew(struct fleet *fleet, uint32_t number, struct mono_time now)
{
    struct watched_service *service = &fleet->services[number];
    if (!mono_is_never(service->demand_since)) // what waited then may have been made since
        service->demand_since = now;
    service_watch(fleet, number, now);
}

static bool is_first_of_server(const struct fleet *fleet, uint32_t number)
{
    for (uint32_t i = 0; i < number; i++)
        if (fleet->services[i].server_node == fleet->services[number].server_node)
            return false;
    return true;
}

static void hear_disk(struct fleet *fleet, struct mono_time now, uint32_t number,
                      const struct host_event *event, struct sightings *out)
{
    struct watched_service *service = &fleet->services[number];
    if (!is_first_of_server(fleet, number))
        return;
    enum symptom symptom =
        order_disk_hear(&service->disk, now, event->disk_free_bytes, event->disk_total_bytes);
    if (symptom < SYMPTOM_COUNT)
        tell(fleet, service, service->server_component, symptom, now, out);
}

static void hear_output(struct fleet *fleet, struct instant now, uint32_t number,
                        const struct host_event *event, struct sightings *out)
{
    struct watched_service *service = &fleet->services[number];
    if (fleet_is_late(&event->key) ||
        !is_newest(&event->key, &service->output_outbox, &service->output_seq))
        return;
    service->order_output = *event;
    service->output_told_at = now.mono;
    bool made = event->newest_order_age_ms >= 0 && event->newest_order_age_ms < DAY_MS;
    if (made)
        service->newest_order_at =
            mono_add(now.mono, duration_ms(-event->newest_order_age_ms - event->key.age_ms));
    bool waiting = event->backlog > 0;
    service_output_since_boot(service, made, waiting);
    bool made_since = !mono_is_never(service->demand_since) && event->newest_order_age_ms >= 0 &&
                      mono_before(service->demand_since, service->newest_order_at);
    if (!waiting)
        service->demand_since = MONO_NEVER;
    else if (mono_is_never(service->demand_since) || made_since)
        service->demand_since = now.mono;
    enum symptom before = service->output;
    service->output = service_output_at(service, now.mono);
    service_watch(fleet, number, now.mono);
    sight(out, (struct sighting){.symptom = service->output,
                                 .node = service->server_node,
                                 .component = service->component,
                                 .repeated = service->output == before,
                                 .since = now.mono});
    hear_disk(fleet, now.mono, number, event, out);
}

void serving_hear_host(struct fleet *fleet, struct instant now, uint32_t index,
                       const struct host_event *event, struct sightings *out)
{
    bool late = fleet_is_late(&event->key);
    if (event->event == HOST_SHUTDOWN_PLANNED && !late)
        restart_announced(fleet, index, now.mono, out);
    if (event->event == HOST_BOOTED && !late)
        restart_ended(fleet, index, now.mono, out);
    if (event->event == HOST_BOOTED && !fleet_is_late(&event->key))
        services_note_boot(fleet, index, fleet->nodes[index].boot_id,
                           mono_add(now.mono, duration_ms(-event->key.age_ms)));
    for (uint32_t i = 0; event->event == HOST_ORDER_OUTPUT && i < fleet->service_count; i++)
        if (fleet->services[i].server_node == index)
            hear_output(fleet, now, i, event, out);
}

bool fleet_wants_resync(struct fleet *fleet, const char *name)
{
    uint32_t index = fleet_find(fleet, name);
    struct node *node = index == NAME_NONE ? NULL : &fleet->nodes[index];
    if (node == NULL || node->role != ROLE_SERVER || node->presence != PRESENCE_ON || node->asked)
        return false;
    for (uint32_t i = 0; i < fleet->service_count; i++)
        if (fleet->services[i].server_node == index && fleet->services[i].state == SYMPTOM_COUNT)
            return node->asked = true;
    return false;
}
