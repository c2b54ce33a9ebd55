// SPDX-License-Identifier: Apache-2.0
// MQTT glue: messages to topics and back.
#include "agent/shell/session.h"

#include "agent/shell/certificate.h"
#include "base/text.h"
#include "runtime/clock.h"
#include "runtime/log.h"
#include "wire/codec.h"
#include "wire/topic.h"

#include <inttypes.h>
#include <stdlib.h>

enum { GOODBYE_PATIENCE_MS = 3000 };

// What a publish was, told back with its PUBACK.
enum token { TOKEN_NONE, TOKEN_BIRTH, TOKEN_EVENT, TOKEN_GOODBYE };

struct session {
    struct mqtt_client *client;
    struct identity *identity;
    const char *certificate_file; // of the settings, NULL = none
    struct session_events events;
    char topics[MESSAGE_KIND_COUNT][TOPIC_SIZE];
    uint8_t will[WIRE_MESSAGE_MAX];
    bool connected;
    bool birth_due; // the last birth did not reach the broker, or was denied just now
    struct mono_time repeated_at;
    char reason[TEXT_SIZE]; // of the latest failure
    struct session_counters counters;
    bool closing;
    uv_timer_t patience; // with the goodbye
    void (*closed)(void *context);
    void *closed_context;
};

static enum status publish(struct session *session, const struct message *message, int qos,
                           bool retained, uint32_t expiry_s, enum token token)
{
    uint8_t payload[WIRE_MESSAGE_MAX];
    size_t size;
    enum status status = wire_encode(message, payload, sizeof payload, &size);
    if (status != STATUS_OK)
        return status;
    const struct mqtt_message packet = {.topic = session->topics[message->kind],
                                        .payload = payload,
                                        .size = size,
                                        .qos = qos,
                                        .retained = retained,
                                        .expiry_s = expiry_s};
    return mqtt_publish(session->client, &packet, token);
}

static struct outbox_view look_at_outbox(const struct session *session)
{
    return session->events.outbox(session->events.context);
}

static void on_will(void *context, struct mqtt_message *ret_will)
{
    struct session *session = context;
    struct message will;
    size_t size;
    struct outbox_view outbox = look_at_outbox(session);
    identity_next_session(session->identity);
    // Each connection reads the file anew, so a renewed certificate is told with the first that
    // uses it.
    session->identity->certificate_expires_at_ms =
        certificate_expires_at_ms(session->certificate_file);
    identity_goodbye(session->identity, OFFLINE_WILL, &outbox, clock_now(), &will);
    enum status status = wire_encode(&will, session->will, sizeof session->will, &size);
    if (status != STATUS_OK) {
        log_error("mqtt", "the will can't be written: %s", status_text(status));
        return;
    }
    *ret_will = (struct mqtt_message){.topic = session->topics[MESSAGE_BIRTH],
                                      .payload = session->will,
                                      .size = size,
                                      .qos = 1,
                                      .retained = true};
}

void session_birth(struct session *session)
{
    if (!session->connected || session->closing)
        return;
    struct message birth;
    struct outbox_view outbox = look_at_outbox(session);
    identity_birth(session->identity, &outbox, clock_now(), &birth);
    enum status status = publish(session, &birth, 1, true, 0, TOKEN_BIRTH);
    session->birth_due = status != STATUS_OK;
    if (status != STATUS_OK)
        log_warning("mqtt", "the birth was not sent: %s; it is tried again", status_text(status));
}

void session_tick(struct session *session)
{
    if (session->birth_due)
        session_birth(session);
}

static void on_connected(void *context, int protocol_version)
{
    struct session *session = context;
    session->connected = true;
    session->reason[0] = '\0';
    log_info("mqtt", "connected to the broker, MQTT %s, session %" PRIu32,
             protocol_version == 5 ? "5" : "3.1.1", session->identity->session);
    session_birth(session);
    session->events.connected(session->events.context);
}

static void on_disconnected(void *context, const char *reason)
{
    struct session *session = context;
    // An outage is told once, and again when its reason changes: not at every attempt.
    if (session->connected || !text_equal(session->reason, reason))
        log_warning("mqtt", "no connection to the broker: %s; connecting again", reason);
    text_set(session->reason, reason);
    session->connected = false;
    session->events.disconnected(session->events.context, reason);
}

// At once, but not more often than once a second: whoever keeps denying us sets no pace.
static void overturned(struct session *session)
{
    struct mono_time now = clock_now().mono;
    session->birth_due = true;
    if (mono_before(now, mono_add(session->repeated_at, duration_s(1))))
        return;
    session->repeated_at = now;
    session->counters.births_repeated++;
    log_info("mqtt", "the bus says that this node is gone: saying again that it is here");
    session_birth(session);
}

static void deliver(struct session *session, const struct message *message, bool retained)
{
    switch (message->kind) {
    case MESSAGE_BIRTH:
        if (identity_is_overturned(&message->birth))
            overturned(session);
        break;
    case MESSAGE_ACK:
        session->events.ack(session->events.context, &message->ack);
        break;
    case MESSAGE_COMMAND:
        session->events.command(session->events.context, &message->command, retained);
        break;
    default:
        break;
    }
}

static void on_message(void *context, const struct mqtt_message *packet)
{
    struct session *session = context;
    struct topic topic;
    struct message message;
    // A cleared retained birth (empty payload) says nothing about us; nor does our own goodbye.
    if (packet->size == 0 || session->closing)
        return;
    if (topic_parse(packet->topic, &topic) != STATUS_OK || topic.node[0] == '\0') {
        session->counters.bad_messages++;
        return;
    }
    enum wire_reject reject = wire_decode(topic.kind, packet->payload, packet->size, &message);
    if (reject != WIRE_ACCEPTED) {
        session->counters.bad_messages++;
        log_debug("mqtt", "%s: refused, %s", packet->topic, wire_reject_name(reject));
        return;
    }
    deliver(session, &message, packet->retained);
}

static void on_patience_closed(uv_handle_t *handle)
{
    struct session *session = handle->data;
    void (*closed)(void *) = session->closed;
    void *context = session->closed_context;
    free(session);
    closed(context);
}

static void on_client_closed(void *context)
{
    struct session *session = context;
    session->client = NULL;
    uv_close((uv_handle_t *)&session->patience, on_patience_closed);
}

// The goodbye is with the broker, or it won't be: now the connection.
static void part(struct session *session)
{
    if (session->closing && uv_is_active((uv_handle_t *)&session->patience)) {
        uv_timer_stop(&session->patience);
        mqtt_close(session->client, on_client_closed, session);
    }
}

static void on_patience(uv_timer_t *timer)
{
    struct session *session = timer->data;
    log_warning("mqtt", "the broker did not confirm the goodbye in time");
    mqtt_close(session->client, on_client_closed, session);
}

static void on_published(void *context, uint64_t token, enum status status)
{
    struct session *session = context;
    if (token == TOKEN_GOODBYE)
        part(session);
    else if (session->closing)
        return;
    else if (token == TOKEN_BIRTH && status != STATUS_OK)
        session->birth_due = true;
    else if (token == TOKEN_EVENT)
        session->events.room(session->events.context);
}

static void nothing(void *context)
{
    (void)context;
}

static void nothing_said(void *context, const char *reason)
{
    (void)context;
    (void)reason;
}

void session_close(struct session *session, enum offline_reason reason,
                   void (*closed)(void *context), void *context)
{
    struct message goodbye;
    struct outbox_view outbox = look_at_outbox(session);
    session->closing = true;
    session->closed = closed;
    session->closed_context = context;
    session->events.connected = nothing;
    session->events.disconnected = nothing_said;
    identity_goodbye(session->identity, reason, &outbox, clock_now(), &goodbye);
    uv_timer_start(&session->patience, on_patience, GOODBYE_PATIENCE_MS, 0);
    enum status status = session->connected ? publish(session, &goodbye, 1, true, 0, TOKEN_GOODBYE)
                                            : STATUS_UNAVAILABLE;
    if (status != STATUS_OK)
        part(session); // nobody there to say goodbye to
}

static void subscribe(struct session *session, struct mqtt_settings *settings)
{
    static const enum message_kind heard[] = {MESSAGE_BIRTH, MESSAGE_ACK, MESSAGE_COMMAND};
    settings->subscription_count = sizeof heard / sizeof heard[0];
    for (size_t i = 0; i < settings->subscription_count; i++) {
        settings->subscriptions[i].topic_filter = session->topics[heard[i]];
        settings->subscriptions[i].qos = 1;
    }
}

enum status session_open(uv_loop_t *loop, const struct session_settings *settings,
                         struct identity *identity, const struct session_events *events,
                         struct session **ret_session)
{
    static const struct mqtt_events mqtt_events = {.will = on_will,
                                                   .connected = on_connected,
                                                   .disconnected = on_disconnected,
                                                   .message = on_message,
                                                   .published = on_published};
    struct session *session = calloc(1, sizeof *session);
    if (session == NULL)
        return STATUS_NO_MEMORY;
    session->identity = identity;
    session->certificate_file = settings->mqtt.tls_certificate_file;
    session->events = *events;
    for (int kind = 0; kind < MESSAGE_KIND_COUNT; kind++)
        topic_node(session->topics[kind], settings->site, settings->node, (enum message_kind)kind);
    struct mqtt_settings mqtt = settings->mqtt;
    mqtt.client_id = settings->node;
    subscribe(session, &mqtt);
    enum status status =
        settings->backend->open(loop, &mqtt, &mqtt_events, session, &session->client);
    if (status != STATUS_OK) {
        free(session);
        return status;
    }
    uv_timer_init(loop, &session->patience);
    session->patience.data = session;
    *ret_session = session;
    return STATUS_OK;
}

bool session_connected(const struct session *session)
{
    return session->connected;
}

struct session_counters session_counters(const struct session *session)
{
    return session->counters;
}

struct mqtt_counters session_mqtt_counters(const struct session *session)
{
    return mqtt_counters(session->client);
}

enum status session_heartbeat(struct session *session, const struct message *heartbeat)
{
    uint64_t expiry_ms = 3 * (uint64_t)heartbeat->heartbeat.interval_ms;
    uint32_t expiry_s = (uint32_t)((expiry_ms + 999) / 1000);
    return publish(session, heartbeat, 0, false, expiry_s, TOKEN_NONE);
}

enum status session_event(struct session *session, const struct message *event)
{
    return publish(session, event, 1, false, 0, TOKEN_EVENT);
}
