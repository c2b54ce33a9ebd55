// SPDX-License-Identifier: Apache-2.0
// The simulated messages, field by field.
#include "sim/trace/message_of.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const uint64_t DISK_BYTES = UINT64_C(512) << 30;

static int64_t clock_of(const struct world *world, const struct agent *agent, int64_t t_ms)
{
    return world->wall_ms + t_ms + agent->skew_ms;
}

static void outbox_of(const struct agent *agent, char out[ID_SIZE])
{
    snprintf(out, ID_SIZE, "box-%s", agent->node);
}

static uint64_t oldest(const struct agent *agent)
{
    return agent->held > 0 ? agent->outbox[0].seq : agent->next_seq + 1;
}

static void add_label(struct birth *birth, const char *key, const char *value)
{
    struct label *label = &birth->labels[birth->label_count++];
    text_set(label->key, key);
    text_set(label->value, value);
}

static void label_station(const struct world *world, const struct agent *agent, struct birth *birth)
{
    const struct plant_station *plan = &world->plant->stations[agent->index];
    char name[16];
    plant_line_name(plan->line, name);
    add_label(birth, "line", name);
    plant_area_name(plan->area, name);
    add_label(birth, "area", name);
    plant_segment_name(plan->segment, name);
    add_label(birth, "segment", name);
    add_label(birth, "version", plant_version(agent->new_version));
}

void message_of_birth(const struct world *world, const struct agent *agent,
                      const struct session *session, struct message *out)
{
    memset(out, 0, sizeof *out);
    out->kind = MESSAGE_BIRTH;
    struct birth *birth = &out->birth;
    birth->online = session->online;
    birth->offline_reason = session->reason;
    birth->role = agent->is_server ? ROLE_SERVER : ROLE_STATION;
    if (!agent->is_server)
        label_station(world, agent, birth);
    text_set(birth->hostname, agent->node);
    text_set(birth->platform, "windows");
    text_set(birth->version, "1.0.0");
    birth->incarnation = session->incarnation;
    birth->session = session->number;
    snprintf(birth->boot_id, sizeof birth->boot_id, "%016" PRIx64, session->boot);
    birth->boot_at_ms = clock_of(world, agent, session->boot_at_ms);
    outbox_of(agent, birth->outbox_id);
    birth->outbox_oldest_seq = oldest(agent);
    birth->heartbeat_interval_ms = world->plant->heartbeat_ms;
    if (agent->is_server) {
        birth->service_count = 1;
        text_set(birth->services[0], PLANT_SERVICE);
    }
    birth->sent_at_ms = clock_of(world, agent, session->sent_at_ms);
    birth->certificate_expires_at_ms = agent->certificate_expires_ms;
}

void message_of_heartbeat(const struct world *world, const struct agent *agent, struct message *out)
{
    out->kind = MESSAGE_HEARTBEAT;
    struct heartbeat *beat = &out->heartbeat;
    *beat = (struct heartbeat){.incarnation = agent->incarnation,
                               .seq = agent->beats,
                               .interval_ms = world->plant->heartbeat_ms,
                               .uptime_ms = world->now_ms - agent->started_at_ms,
                               .sent_at_ms = clock_of(world, agent, world->now_ms),
                               .fetch_ok = agent->fetch_ok,
                               .fetch_failed = agent->fetch_failed,
                               .outbox_oldest_seq = oldest(agent),
                               .outbox_depth = agent->held,
                               .share_outcome = agent->share,
                               .software_running = agent->software_running};
    outbox_of(agent, beat->outbox_id);
    beat->share_probe_age_ms = agent->probed_at_ms < 0 ? -1 : world->now_ms - agent->probed_at_ms;
}

static struct event_key key_of(const struct world *world, const struct agent *agent,
                               const struct told *told)
{
    struct event_key key = {.seq = told->seq,
                            .at_ms = clock_of(world, agent, told->at_ms),
                            .age_ms = world->now_ms - told->at_ms};
    outbox_of(agent, key.outbox_id);
    return key;
}

static void fill_order(const struct told *told, struct order_fetch *order)
{
    snprintf(order->order, sizeof order->order, "K%07" PRIu64, told->order);
    plant_product_name(told->product, order->product);
    order->outcome = told->outcome;
    order->latency_ms = told->latency_ms;
    order->source = SOURCE_LOG;
}

static void fill_service(const struct world *world, const struct agent *agent,
                         const struct told *told, struct service_report *service)
{
    text_set(service->service, PLANT_SERVICE);
    service->state = told->state;
    service->start_mode = told->start_mode;
    service->since_ms = clock_of(world, agent, told->at_ms);
    service->exit_code = told->exit_code;
    service->pid = told->state == SERVICE_RUNNING ? 4711 : 0;
    text_set(service->reason, told->reason != NULL ? told->reason : "");
}

void message_of_told(const struct world *world, const struct agent *agent, const struct told *told,
                     struct message *out)
{
    memset(out, 0, sizeof *out);
    out->kind = told->kind;
    struct event_key key = key_of(world, agent, told);
    if (told->kind == MESSAGE_ORDER) {
        out->order.key = key;
        fill_order(told, &out->order);
    } else if (told->kind == MESSAGE_SERVICE) {
        out->service.key = key;
        fill_service(world, agent, told, &out->service);
    } else {
        out->host = (struct host_event){.key = key,
                                        .event = told->host,
                                        .newest_order_age_ms = told->newest_age_ms,
                                        .order_files = told->files,
                                        .backlog = told->backlog,
                                        .disk_free_bytes = told->free_bytes,
                                        .disk_total_bytes = DISK_BYTES};
        text_set(out->host.reason, told->reason != NULL ? told->reason : "");
    }
}
