// SPDX-License-Identifier: Apache-2.0
// Wiring. Every event goes through `step`: the engine decides, the performer performs, the timer is
// set to the engine's next deadline.
#include "collector/shell/collector.h"

#include "collector/shell/effects.h"
#include "collector/shell/history.h"
#include "collector/shell/ingest.h"
#include "collector/shell/known_nodes.h"
#include "collector/shell/link.h"
#include "collector/shell/recorder.h"
#include "collector/shell/web/web.h"
#include "runtime/clock.h"
#include "runtime/log.h"

#include <stdio.h>
#include <stdlib.h>

enum { STORE_PATIENCE_MS = 8000, TIMERS = 3 };

struct collector {
    uv_loop_t *loop;
    const struct collector_config *config;
    struct wall_time started_at;
    struct link link;
    struct ingest *ingest;
    struct ingest_handlers handlers;
    struct engine *engine;
    struct known_nodes *nodes;
    struct publisher *publisher;
    struct store_writer *store;
    struct effect_performer *performer;
    struct recorder *recorder; // NULL: nothing is recorded
    struct web *web;           // NULL: no server
    struct mqtt_client *mqtt;
    uv_timer_t deadline, status, patience;
    bool timers_open;
    struct mono_time armed_for;
    bool stopping, leaving, hung;
    char store_problem[STORE_PROBLEM_SIZE];
};

// ---- the step ---------------------------------------------------------------------------------

static void on_deadline(uv_timer_t *timer);

static void arm(struct collector *self, struct instant now)
{
    struct mono_time next = engine_next_deadline(self->engine);
    if (next.us == self->armed_for.us)
        return;
    self->armed_for = next;
    if (mono_is_never(next)) {
        uv_timer_stop(&self->deadline);
        return;
    }
    int64_t wait_us = mono_sub(next, now.mono).us;
    uv_update_time(self->loop);
    uv_timer_start(&self->deadline, on_deadline, wait_us > 0 ? (uint64_t)(wait_us + 999) / 1000 : 0,
                   0);
}

static void step(struct collector *self, struct instant now, const struct event *event,
                 const struct mqtt_message *origin)
{
    struct effects effects = engine_step(self->engine, now, event);
    effects_perform(self->performer, now, effects, event, origin);
    arm(self, now);
}

static void on_deadline(uv_timer_t *timer)
{
    struct collector *self = timer->data;
    self->armed_for = MONO_NEVER;
    step(self, clock_now(), &(struct event){.kind = EVENT_TIMER}, NULL);
}

static void on_status_due(uv_timer_t *timer)
{
    struct collector *self = timer->data;
    effects_status(self->performer, clock_now());
}

// ---- to the page ------------------------------------------------------------------------------

static void show_incident(void *context, const char *json)
{
    struct collector *self = context;
    if (self->web != NULL)
        web_event(self->web, "incident", json);
}

static void show_status(void *context, struct instant now)
{
    struct collector *self = context;
    if (self->web != NULL)
        web_status(self->web, now);
}

// ---- from the bus -----------------------------------------------------------------------------

static void learn_node(struct collector *self, const struct event *event)
{
    enum role role = event->message->birth.role;
    if (!known_nodes_learn(self->nodes, event->node, role))
        return;
    struct store_item item = {.kind = STORE_NODE, .node = {event->node, role}};
    if (store_writer_put(self->store, &item) != STATUS_OK)
        known_nodes_forget(self->nodes, event->node);
}

static void on_node_event(void *context, struct instant now, const struct event *event,
                          const struct mqtt_message *origin)
{
    struct collector *self = context;
    if (self->recorder != NULL)
        recorder_message(self->recorder, now, event);
    step(self, now, event, origin);
    if (event->message->kind == MESSAGE_BIRTH)
        learn_node(self, event);
}

static void on_retained_incident(void *context, const char *id)
{
    struct collector *self = context;
    const struct incident *incident = engine_find_incident(self->engine, id);
    if (incident != NULL && incident->state != INCIDENT_CLOSED)
        return;
    log_info("incident", "%s is no open incident of ours: cleared from the bus", id);
    publisher_clear_incident(self->publisher, id);
}

static void on_undecoded(void *context, struct instant now, const struct topic *topic,
                         const struct mqtt_message *origin)
{
    struct collector *self = context;
    if (self->recorder != NULL)
        recorder_undecoded(self->recorder, now, topic, origin);
}

static void on_message(void *context, const struct mqtt_message *message)
{
    struct collector *self = context;
    if (!self->stopping)
        ingest_message(self->ingest, clock_now(), message);
}

static void on_will(void *context, struct mqtt_message *ret_will)
{
    struct collector *self = context;
    publisher_will(self->publisher, ret_will);
}

static void tell_link(struct collector *self, struct instant now, bool up)
{
    if (self->recorder != NULL)
        recorder_link(self->recorder, now, up);
    step(self, now, &(struct event){.kind = EVENT_LINK, .link_up = up}, NULL);
    show_status(self, now);
}

static void on_connected(void *context, int protocol)
{
    struct collector *self = context;
    struct instant now = clock_now();
    if (link_went_up(&self->link, now.wall, protocol) && !self->stopping)
        tell_link(self, now, true);
    publisher_connected(self->publisher, now);
}

static void on_disconnected(void *context, const char *reason)
{
    struct collector *self = context;
    struct instant now = clock_now();
    if (!self->stopping && link_went_down(&self->link, now.wall, reason))
        tell_link(self, now, false);
}

static void on_published(void *context, uint64_t token, enum status status)
{
    struct collector *self = context;
    (void)token;
    if (status == STATUS_OK)
        publisher_room(self->publisher, clock_now());
}

// ---- from the store ---------------------------------------------------------------------------

static void on_committed(void *context, const struct store_mark *mark)
{
    struct collector *self = context;
    effects_committed(self->performer, mark);
}

static void on_store_trouble(void *context, const char *problem)
{
    struct collector *self = context;
    if (problem != NULL) {
        text_set(self->store_problem, problem);
        log_error("store", "%s; trying again, agents keep what is not stored", problem);
        return;
    }
    self->store_problem[0] = '\0';
    log_info("store", "writes succeed again");
    effects_store_works(self->performer);
}

static void gather_facts(void *context, struct facts *ret_facts)
{
    struct collector *self = context;
    struct publisher_counters published = publisher_counters(self->publisher);
    struct effect_counters performed = effects_counters(self->performer);
    *ret_facts = (struct facts){.started_at = self->started_at,
                                .link_up = self->link.up,
                                .link_since = self->link.since,
                                .link_reason = self->link.reason,
                                .protocol = self->link.protocol,
                                .mqtt = mqtt_counters(self->mqtt),
                                .broker_dropped_known = self->ingest->broker_dropped_known,
                                .broker_dropped = self->ingest->broker_dropped,
                                .accepted = self->ingest->accepted,
                                .rejected = self->ingest->rejects.count,
                                .store = store_writer_stats(self->store),
                                .store_problem = self->store_problem,
                                .acks_sent = published.acks,
                                .publishes_refused = published.refused,
                                .alerts_told = performed.told,
                                .gaps = performed.gaps,
                                .notes = performed.notes,
                                .outboxes_held = holds_count(effects_holds(self->performer)),
                                .recording = self->recorder != NULL,
                                .record_dropped =
                                    self->recorder != NULL ? recorder_dropped(self->recorder) : 0};
}

// ---- start ------------------------------------------------------------------------------------

static void open_timers(struct collector *self)
{
    uv_timer_t *const timers[TIMERS] = {&self->deadline, &self->status, &self->patience};
    for (size_t i = 0; i < TIMERS; i++) {
        (void)uv_timer_init(self->loop, timers[i]); // cannot fail
        timers[i]->data = self;
    }
    self->timers_open = true;
}

enum status collector_new(uv_loop_t *loop, const struct collector_config *config,
                          struct collector **ret_collector)
{
    struct collector *self = calloc(1, sizeof *self);
    if (self == NULL)
        return STATUS_NO_MEMORY;
    self->ingest = calloc(1, sizeof *self->ingest);
    if (self->ingest == NULL) {
        free(self);
        return STATUS_NO_MEMORY;
    }
    self->loop = loop;
    self->config = config;
    self->armed_for = MONO_NEVER;
    *ret_collector = self;
    return STATUS_OK;
}

static enum status open_engine(struct collector *self, struct instant now)
{
    const struct engine_config *config = &self->config->engine;
    enum status status = engine_new(config, now, &self->engine);
    if (status == STATUS_OK)
        status = known_nodes_new(config->nodes_max, &self->nodes);
    if (status == STATUS_OK)
        status = publisher_new(config->site, STATIONWATCH_VERSION, now.wall, self->engine,
                               &self->publisher);
    if (status != STATUS_OK)
        log_error("collector", "the engine cannot start: %s", status_text(status));
    return status;
}

static enum status open_store(struct collector *self, struct restore *ret_restore)
{
    static const struct store_writer_events events = {on_committed, on_store_trouble};
    char problem[STORE_PROBLEM_SIZE];
    enum status status = history_open(self->loop, &self->config->store, &events, self, &self->store,
                                      ret_restore, problem);
    if (status != STATUS_OK)
        log_error("store", "%s", problem);
    return status;
}

static enum status open_performer(struct collector *self)
{
    struct effect_parts parts = {.engine = self->engine,
                                 .publisher = self->publisher,
                                 .store = self->store,
                                 .display = {self, show_incident, show_status},
                                 .sinks = {sink_log()},
                                 .sink_count = 1};
    return effects_new(&parts, 2 * (size_t)self->config->engine.nodes_max, &self->performer);
}

static void on_restored(void *context, const struct event *event)
{
    struct collector *self = context;
    if (event->kind == EVENT_RESTORE_NODE)
        (void)known_nodes_learn(self->nodes, event->node, event->role);
    step(self, clock_now(), event, NULL);
}

static void on_unreadable(void *context, const char *id, const char *problem)
{
    (void)context;
    log_error("store", "incident %s cannot be read and is not taken up again: %s", id, problem);
}

static enum status open_recorder(struct collector *self)
{
    char problem[TEXT_SIZE];
    if (self->config->record[0] == '\0')
        return STATUS_OK;
    enum status status = recorder_open(self->loop, self->config->record, self->config->site,
                                       &self->recorder, problem);
    if (status != STATUS_OK)
        log_error("record", "%s", problem);
    return status;
}

static enum status open_web(struct collector *self)
{
    struct listen_address address;
    char problem[TEXT_SIZE];
    if (text_equal(self->config->http.listen, LISTEN_OFF))
        return STATUS_OK;
    struct web_source source = {.site = self->config->site,
                                .timezone = self->config->timezone,
                                .engine = self->engine,
                                .store = self->store,
                                .context = self,
                                .facts = gather_facts};
    (void)listen_address_parse(self->config->http.listen, &address); // checked with the file
    enum status status = web_open(self->loop, &address, &source, &self->web, problem);
    if (status != STATUS_OK)
        log_error("http", "%s", problem);
    else
        log_info("http", "listening on %s port %u",
                 address.host[0] != '\0' ? address.host : "every address", web_port(self->web));
    return status;
}

static enum status open_bus(struct collector *self)
{
    static const struct mqtt_events events = {.will = on_will,
                                              .connected = on_connected,
                                              .disconnected = on_disconnected,
                                              .message = on_message,
                                              .published = on_published};
    ingest_subscribe(self->ingest, &self->link.settings);
    enum status status =
        mqtt_paho.open(self->loop, &self->link.settings, &events, self, &self->mqtt);
    if (status == STATUS_OK)
        publisher_attach(self->publisher, self->mqtt);
    else
        log_error("link", "the MQTT client for %s cannot start: %s", self->config->broker.url,
                  status_text(status));
    return status;
}

static enum status start_parts(struct collector *self, struct restore *restore)
{
    struct restore_handlers handlers = {self, on_restored, on_unreadable};
    enum status status = open_performer(self);
    if (status == STATUS_OK)
        status = open_recorder(self);
    if (status == STATUS_OK)
        status = restore_give(restore, &handlers);
    if (status == STATUS_OK)
        status = open_bus(self);
    return status == STATUS_OK ? open_web(self) : status;
}

enum status collector_start(struct collector *self)
{
    struct instant now = clock_now();
    char problem[TEXT_SIZE];
    self->started_at = now.wall;
    self->handlers =
        (struct ingest_handlers){self, on_node_event, on_retained_incident, on_undecoded};
    open_timers(self);
    ingest_init(self->ingest, self->config->site, &self->handlers);
    enum status status =
        link_init(&self->link, &self->config->broker, now.wall, (uint64_t)now.mono.us, problem);
    if (status != STATUS_OK) {
        log_error("link", "%s", problem);
        return status;
    }
    struct restore restore;
    status = open_engine(self, now);
    if (status == STATUS_OK)
        status = open_store(self, &restore);
    if (status != STATUS_OK)
        return status;
    status = start_parts(self, &restore);
    restore_fini(&restore);
    if (status != STATUS_OK)
        return status;
    uint64_t every_ms = (uint64_t)duration_to_ms(self->config->status_valid_for) / 3;
    uv_timer_start(&self->status, on_status_due, every_ms, every_ms);
    arm(self, now);
    return STATUS_OK;
}

// ---- stop -------------------------------------------------------------------------------------

static void on_bus_closed(void *context)
{
    struct collector *self = context;
    self->mqtt = NULL;
    recorder_close(self->recorder);
    self->recorder = NULL;
    uv_timer_t *const timers[TIMERS] = {&self->deadline, &self->status, &self->patience};
    for (size_t i = 0; self->timers_open && i < TIMERS; i++)
        uv_close((uv_handle_t *)timers[i], NULL);
    self->timers_open = false;
    if (self->hung)
        uv_stop(self->loop); // the store's thread keeps the loop alive, maybe for ever
}

// After the last acks have gone out.
static void leave_bus(struct collector *self)
{
    if (self->leaving)
        return;
    self->leaving = true;
    if (self->mqtt == NULL) {
        on_bus_closed(self);
        return;
    }
    publisher_goodbye(self->publisher);
    mqtt_close(self->mqtt, on_bus_closed, self);
}

static void on_store_closed(void *context)
{
    struct collector *self = context;
    self->store = NULL;
    leave_bus(self);
}

static void on_patience_ended(uv_timer_t *timer)
{
    struct collector *self = timer->data;
    self->hung = true;
    log_error("store", "the disk does not answer: what is not stored stays with the agents");
    leave_bus(self);
}

void collector_stop(struct collector *self)
{
    if (self->stopping)
        return;
    self->stopping = true;
    web_close(self->web);
    self->web = NULL;
    if (self->store == NULL) {
        leave_bus(self);
        return;
    }
    uv_timer_stop(&self->deadline);
    uv_timer_stop(&self->status);
    uv_timer_start(&self->patience, on_patience_ended, STORE_PATIENCE_MS, 0);
    store_writer_close(self->store, on_store_closed, self);
}

bool collector_hung(const struct collector *self)
{
    return self->hung;
}

void collector_free(struct collector *self)
{
    if (self == NULL)
        return;
    effects_free(self->performer);
    publisher_free(self->publisher);
    known_nodes_free(self->nodes);
    engine_free(self->engine);
    free(self->ingest);
    free(self);
}
