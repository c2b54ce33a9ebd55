// SPDX-License-Identifier: Apache-2.0
// The parts of the agent and the threads between them: what a probe tells goes to the outbox, what
// the bus says goes to its part, and one timer wakes whoever has a deadline.
#include "agent/shell/agent.h"

#include "agent/core/command_gate.h"
#include "agent/core/schedule.h"
#include "agent/core/vitals.h"
#include "agent/shell/delivery.h"
#include "agent/shell/probe_set.h"
#include "agent/shell/self.h"
#include "agent/shell/service_set.h"
#include "agent/shell/session.h"
#include "runtime/clock.h"
#include "runtime/log.h"

#include <signal.h>
#include <stdlib.h>

#define BOOT_BOOKMARK "boot"

// The monotonic clock counts from it.
static const struct mono_time boot = {0};

enum {
    SEND_WINDOW = 64, // events without an ack
    MQTT_WINDOW = 80, // publishes in flight: the events, births, a few heartbeats
    RECEIVE_QUEUE = 256,
    OUTBOX_BACKOFF_MIN_S = 2,
    OUTBOX_BACKOFF_MAX_S = 60,
};

struct agent {
    const struct agent_config *config;
    uv_loop_t loop;
    uv_prepare_t before_wait; // arms the timer
    uv_timer_t timer;         // to the earliest deadline of all
    uv_signal_t signals[2];   // SIGTERM, SIGINT
    char node[ID_SIZE];
    char outbox_path[TEXT_SIZE];
    char password[PASSWORD_SIZE];
    struct identity identity;
    struct vitals vitals;
    struct schedule heartbeat;
    struct command_gate gate;
    struct delivery delivery;
    struct session *session;
    struct service_set *services;
    struct probe_set *probes;
    size_t closing_parts;
    bool stopping;
};

// --- What probes tell.

static enum status sink_append(void *context, struct message *messages, size_t count,
                               struct instant at, const struct bookmark *bookmark)
{
    struct agent *agent = context;
    struct instant now = clock_now();
    enum status status = delivery_append(&agent->delivery, messages, count, at, bookmark, now);
    if (status != STATUS_OK)
        return status;
    bool suspicious = false;
    for (size_t i = 0; i < count; i++) {
        vitals_count(&agent->vitals, &messages[i]);
        suspicious |= vitals_suspect(&agent->vitals, &messages[i], now);
    }
    if (suspicious && agent->probes != NULL)
        probe_set_probe_now(agent->probes);
    return STATUS_OK;
}

static enum status sink_load(void *context, const char *name, char value[BOOKMARK_VALUE_SIZE])
{
    struct agent *agent = context;
    return delivery_bookmark(&agent->delivery, name, value);
}

static void sink_share(void *context, enum outcome outcome, struct instant at)
{
    struct agent *agent = context;
    if (outcome != agent->vitals.share_outcome)
        log_info("share", "the order share is now: %s", outcome_text(outcome));
    vitals_share(&agent->vitals, outcome, at);
}

static void sink_service(void *context, const struct service_report *report, struct instant at)
{
    struct agent *agent = context;
    log_info("service", "%s: %s%s%s", report->service, service_state_text(report->state),
             report->reason[0] != '\0' ? ", " : "", report->reason);
    service_set_observe(agent->services, report, at);
}

static void sink_software(void *context, bool running)
{
    struct agent *agent = context;
    if (running != agent->vitals.software_running)
        log_info("software", "the tester's software %s", running ? "runs" : "does not run");
    agent->vitals.software_running = running;
}

static void sink_trouble(void *context, const char *probe, const char *text)
{
    (void)context;
    log_warning(probe, "%s", text);
}

// --- What the bus and the outbox tell.

// The first start after a boot is an event, told once per boot: the boot id is saved with it.
static void tell_boot(struct agent *agent)
{
    char known[BOOKMARK_VALUE_SIZE] = "";
    enum status status = delivery_bookmark(&agent->delivery, BOOT_BOOKMARK, known);
    if (status != STATUS_OK && status != STATUS_NOT_FOUND)
        return;
    if (text_equal(known, agent->identity.boot_id))
        return;
    struct message event = {.kind = MESSAGE_HOST};
    event.host.event = HOST_BOOTED;
    event.host.key.at_ms = agent->identity.boot_at_ms;
    event.host.newest_order_age_ms = -1;
    event.host.backlog = -1;
    text_set(event.host.reason, "first start of the agent after a boot");
    const struct bookmark bookmark = {.name = BOOT_BOOKMARK, .value = agent->identity.boot_id};
    struct instant at = {.mono = boot, .wall = {agent->identity.boot_at_ms}};
    status = sink_append(agent, &event, 1, at, &bookmark);
    if (status != STATUS_OK)
        log_debug("agent", "the boot is told later: %s", status_text(status));
}

static void resync(struct agent *agent)
{
    service_set_resync(agent->services);
    probe_set_resync(agent->probes);
}

static void on_connected(void *context)
{
    struct agent *agent = context;
    resync(agent); // while the policy does not send yet: the oldest event goes first
    delivery_connected(&agent->delivery);
    delivery_pump(&agent->delivery, clock_now());
}

static void on_disconnected(void *context, const char *reason)
{
    struct agent *agent = context;
    (void)reason; // the session has logged it
    delivery_disconnected(&agent->delivery);
}

static void on_ack(void *context, const struct ack *ack)
{
    struct agent *agent = context;
    delivery_ack(&agent->delivery, ack, clock_now());
}

static void start_service(struct agent *agent, const struct command *command, struct instant now)
{
    const char *refusal = "is not watched here";
    enum status status = service_set_request(agent->services, command->argument, now, &refusal);
    if (status != STATUS_OK)
        log_warning("command", "start_service %s refused: the service %s", command->argument,
                    refusal);
}

static void on_command(void *context, const struct command *command, bool retained)
{
    struct agent *agent = context;
    struct instant now = clock_now();
    enum command_action action;
    enum command_verdict verdict =
        command_gate_check(&agent->gate, command, retained, now, &action);
    if (verdict != COMMAND_ACCEPTED) {
        log_warning("command", "%s (id %s) refused: %s", command->action, command->id,
                    command_verdict_text(verdict));
        return;
    }
    log_info("command", "%s %s (id %s)", command->action, command->argument, command->id);
    switch (action) {
    case COMMAND_RESYNC:
        resync(agent);
        break;
    case COMMAND_PROBE:
        probe_set_probe_now(agent->probes);
        break;
    case COMMAND_START_SERVICE:
        start_service(agent, command, now);
        break;
    }
}

static struct outbox_view on_outbox_asked(void *context)
{
    struct agent *agent = context;
    return delivery_look(&agent->delivery);
}

static void on_room_to_send(void *context)
{
    struct agent *agent = context;
    delivery_pump(&agent->delivery, clock_now());
}

static enum status on_publish(void *context, const struct message *event)
{
    struct agent *agent = context;
    return agent->session != NULL ? session_event(agent->session, event) : STATUS_UNAVAILABLE;
}

static void on_outbox_begun(void *context)
{
    struct agent *agent = context;
    if (agent->session != NULL)
        session_birth(agent->session);
}

static void on_room_to_store(void *context)
{
    struct agent *agent = context;
    tell_boot(agent);
    service_set_resume(agent->services);
    probe_set_resume(agent->probes);
}

// --- Time.

static void beat(struct agent *agent, struct instant now)
{
    if (!session_connected(agent->session) || !schedule_due(&agent->heartbeat, now))
        return;
    struct message heartbeat;
    struct outbox_view outbox = delivery_look(&agent->delivery);
    session_tick(agent->session);
    vitals_heartbeat(&agent->vitals, &agent->identity, &outbox, now, &heartbeat);
    enum status status = session_heartbeat(agent->session, &heartbeat);
    if (status != STATUS_OK) // the next one follows
        log_debug("mqtt", "a heartbeat was not sent: %s", status_text(status));
}

static struct mono_time earliest_deadline(const struct agent *agent)
{
    struct mono_time deadline = delivery_deadline(&agent->delivery);
    deadline = mono_min(deadline, service_set_deadline(agent->services));
    deadline = mono_min(deadline, probe_set_deadline(agent->probes));
    if (session_connected(agent->session))
        deadline = mono_min(deadline, agent->heartbeat.next);
    return deadline;
}

static void on_timer(uv_timer_t *timer)
{
    struct agent *agent = timer->data;
    if (agent->stopping)
        return;
    struct instant now = clock_now();
    beat(agent, now);
    delivery_expire(&agent->delivery, now);
    service_set_expire(agent->services, now);
    probe_set_expire(agent->probes, now);
}

// Before each wait of the loop, whatever happened in this turn: no one has to remember to arm it.
static void on_before_wait(uv_prepare_t *prepare)
{
    struct agent *agent = prepare->data;
    if (agent->stopping)
        return;
    struct mono_time deadline = earliest_deadline(agent);
    if (mono_is_never(deadline)) {
        uv_timer_stop(&agent->timer);
        return;
    }
    int64_t wait_us = mono_sub(deadline, clock_now().mono).us;
    uint64_t wait_ms = wait_us > 0 ? ((uint64_t)wait_us + 999) / 1000 : 0;
    uv_update_time(&agent->loop);
    uv_timer_start(&agent->timer, on_timer, wait_ms, 0);
}

// --- The end: goodbye first, as that is what others wait for; then the probes; then the outbox.

static void on_part_closed(void *context)
{
    struct agent *agent = context;
    if (--agent->closing_parts > 0)
        return;
    agent->services = NULL;
    agent->probes = NULL;
    delivery_fini(&agent->delivery);
    uv_close((uv_handle_t *)&agent->before_wait, NULL);
    uv_close((uv_handle_t *)&agent->timer, NULL);
    for (size_t i = 0; i < 2; i++)
        uv_close((uv_handle_t *)&agent->signals[i], NULL);
}

static void end_watchers(struct agent *agent)
{
    agent->stopping = true;
    agent->closing_parts = 1; // ourselves, until all have been asked
    if (agent->services != NULL) {
        agent->closing_parts++;
        service_set_close(agent->services, on_part_closed, agent);
    }
    if (agent->probes != NULL) {
        agent->closing_parts++;
        probe_set_close(agent->probes, on_part_closed, agent);
    }
    on_part_closed(agent);
}

static void on_session_closed(void *context)
{
    struct agent *agent = context;
    agent->session = NULL;
    end_watchers(agent);
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct agent *agent = handle->data;
    if (agent->stopping)
        return;
    log_info("agent", "stopping: signal %d", number);
    agent->stopping = true;
    uv_timer_stop(&agent->timer);
    delivery_disconnected(&agent->delivery); // nothing is sent behind the goodbye
    session_close(agent->session, OFFLINE_AGENT_STOP, on_session_closed, agent);
}

// --- The beginning.

static enum status make_state_dir(struct agent *agent, struct text *problem)
{
    const char *folder = agent->config->state_dir;
    struct text path;
    text_init(&path, agent->outbox_path, sizeof agent->outbox_path);
    text_printf(&path, "%s/outbox.db", folder);
    uv_fs_t request;
    int result = path.truncated ? UV_ENAMETOOLONG : uv_fs_mkdir(NULL, &request, folder, 0750, NULL);
    if (result == 0 || result == UV_EEXIST)
        return STATUS_OK;
    text_printf(problem, "state_dir: %s can't be made: %s; create it for this user, or set another",
                folder, uv_strerror(result));
    return result == UV_EACCES || result == UV_EPERM ? STATUS_DENIED : STATUS_IO;
}

static void open_delivery(struct agent *agent, struct instant now)
{
    const struct delivery_settings settings = {
        .outbox = {.path = agent->outbox_path,
                   .max_events = (uint64_t)agent->config->outbox_max_events,
                   .max_bytes = (uint64_t)agent->config->outbox_max_megabytes << 20},
        .policy = {.window = SEND_WINDOW,
                   .backoff_min = duration_s(OUTBOX_BACKOFF_MIN_S),
                   .backoff_max = duration_s(OUTBOX_BACKOFF_MAX_S),
                   .jitter_seed = agent->identity.incarnation},
        .boot_id = agent->identity.boot_id};
    const struct delivery_events events = {.publish = on_publish,
                                           .begun = on_outbox_begun,
                                           .room = on_room_to_store,
                                           .context = agent};
    delivery_init(&agent->delivery, &settings, &events, now);
}

static enum status read_password(struct agent *agent, struct text *problem)
{
    const char *path = agent->config->broker.password_file;
    if (path[0] == '\0')
        return STATUS_OK;
    enum status status = agent_config_password(path, agent->password);
    if (status == STATUS_OK)
        return STATUS_OK;
    text_printf(problem, "broker.password_file: %s: %s", path, status_text(status));
    return status == STATUS_DENIED ? STATUS_DENIED : STATUS_CONFIG;
}

static enum status open_session(struct agent *agent, struct text *problem)
{
    struct session_settings settings = {
        .backend = &mqtt_paho, .site = agent->config->site, .node = agent->node};
    const struct session_events events = {.connected = on_connected,
                                          .disconnected = on_disconnected,
                                          .ack = on_ack,
                                          .command = on_command,
                                          .room = on_room_to_send,
                                          .outbox = on_outbox_asked,
                                          .context = agent};
    agent_config_mqtt(agent->config, agent->password, &settings.mqtt);
    settings.mqtt.jitter_seed = agent->identity.incarnation;
    settings.mqtt.receive_queue_messages = RECEIVE_QUEUE;
    settings.mqtt.send_window = MQTT_WINDOW;
    enum status status =
        session_open(&agent->loop, &settings, &agent->identity, &events, &agent->session);
    if (status == STATUS_OK)
        return STATUS_OK;
    text_printf(problem, "broker.url: %s: %s", agent->config->broker.url, status_text(status));
    return status == STATUS_INVALID ? STATUS_CONFIG : status;
}

static enum status open_watchers(struct agent *agent)
{
    const struct probe_sink sink = {.append = sink_append,
                                    .load = sink_load,
                                    .share = sink_share,
                                    .service = sink_service,
                                    .software = sink_software,
                                    .trouble = sink_trouble,
                                    .context = agent};
    enum status status =
        service_set_open(&agent->loop, agent->config, &sink, boot, &agent->services);
    if (status == STATUS_OK)
        status = probe_set_open(&agent->loop, agent->config, agent->identity.incarnation, &sink,
                                &agent->probes);
    return status;
}

static void open_handles(struct agent *agent)
{
    static const int numbers[2] = {SIGTERM, SIGINT};
    uv_prepare_init(&agent->loop, &agent->before_wait);
    uv_timer_init(&agent->loop, &agent->timer);
    agent->before_wait.data = agent;
    agent->timer.data = agent;
    for (size_t i = 0; i < 2; i++) {
        uv_signal_init(&agent->loop, &agent->signals[i]);
        agent->signals[i].data = agent;
        uv_signal_start(&agent->signals[i], on_signal, numbers[i]);
    }
    uv_prepare_start(&agent->before_wait, on_before_wait);
}

static enum status prepare(struct agent *agent, struct instant now, struct text *problem)
{
    enum status status = agent_config_node(agent->config, agent->node);
    if (status == STATUS_OK)
        status = self_describe(agent->config, now, &agent->identity);
    if (status != STATUS_OK) {
        text_printf(problem, "this computer can't be told from others: %s", status_text(status));
        return status;
    }
    status = read_password(agent, problem);
    return status == STATUS_OK ? make_state_dir(agent, problem) : status;
}

static enum status begin(struct agent *agent, struct instant now, struct text *problem)
{
    vitals_init(&agent->vitals, now);
    command_gate_init(&agent->gate);
    schedule_start(&agent->heartbeat, agent->config->heartbeat_interval,
                   agent->identity.incarnation, now);
    open_delivery(agent, now);
    tell_boot(agent);
    enum status status = open_watchers(agent);
    if (status == STATUS_OK)
        status = open_session(agent, problem);
    return status;
}

static enum status run(struct agent *agent, struct text *problem)
{
    struct instant now = clock_now();
    enum status status = prepare(agent, now, problem);
    if (status != STATUS_OK)
        return status;
    if (uv_loop_init(&agent->loop) != 0)
        return STATUS_NO_MEMORY;
    open_handles(agent);
    status = begin(agent, now, problem);
    if (status == STATUS_OK)
        log_info("agent", "stationwatch-agent %s, node %s of site %s, %s", STATIONWATCH_VERSION,
                 agent->node, agent->config->site, role_name(agent->identity.role));
    else
        end_watchers(agent);
    uv_run(&agent->loop, UV_RUN_DEFAULT);
    uv_loop_close(&agent->loop);
    if (status == STATUS_OK)
        log_info("agent", "stopped");
    return status;
}

enum status agent_run(const struct agent_config *config, struct text *problem)
{
    struct agent *agent = calloc(1, sizeof *agent);
    if (agent == NULL)
        return STATUS_NO_MEMORY;
    agent->config = config;
    enum status status = run(agent, problem);
    free(agent);
    return status;
}
