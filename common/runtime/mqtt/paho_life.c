// SPDX-License-Identifier: Apache-2.0
// The life of one client of the paho backend, as a state machine on the loop's thread.
//
// Paho's own reconnect is not used, and its state is never asked for: a connect while connected is
// accepted and never answered, so the state here decides what may be called. One handle serves all
// connections of a client; every connection has a generation, and an event that carries another one
// comes too late to matter. A broker that refused MQTT 5 is spoken to in 3.1.1 for the client's
// life, so that a reconnect costs one round trip less; a broker that was upgraded meanwhile is met
// in 5 again after the program's restart.
#include "base/text.h"
#include "runtime/mqtt/paho_client.h"
#include "runtime/mqtt/paho_reason.h"

#include <stdlib.h>

enum {
    BATCH = 64,                 // messages taken from the crossing at once
    MESSAGES_A_TURN = 512,      // then the loop's other handles have their turn
    WATCHDOG_MARGIN_MS = 10000, // paho looks at its own timeouts every 3 s
    DRAIN_TIMEOUT_MS = 2000,
    LEAVE_TIMEOUT_MS = 2000,
};

static void start_attempt(struct paho_client *client);
static void begin_leave(struct paho_client *client);
static void begin_destroy(struct paho_client *client);
static void on_timer(uv_timer_t *timer);

static struct paho_attempt *attempt_of(struct paho_client *client)
{
    return &client->attempts[client->generation % PAHO_ATTEMPTS];
}

void paho_set_deadline(struct paho_client *client, uint64_t ms)
{
    uv_update_time(client->loop);
    (void)uv_timer_start(&client->timer, on_timer, ms, 0); // fails only without a callback
}

static void wait_for_next_attempt(struct paho_client *client)
{
    client->state = PAHO_WAITING;
    paho_set_deadline(client, (uint64_t)duration_to_ms(backoff_next(&client->backoff)));
}

static void tell_published(struct paho_client *client, uint64_t token, enum status status)
{
    if (token != 0 && client->events.published)
        client->events.published(client->context, token, status);
}

static void tell_disconnected(struct paho_client *client, const char *reason)
{
    if (client->events.disconnected)
        client->events.disconnected(client->context, reason);
}

static void take_receipts(struct paho_client *client)
{
    struct crossing_receipt receipt;
    uint64_t token;
    while (crossing_take_receipt(client->crossing, &receipt)) {
        if (window_finish(&client->window, receipt.slot, &token))
            tell_published(client, token, receipt.status);
    }
    if (client->state == PAHO_DRAINING && client->window.waiting == 0)
        begin_leave(client);
}

static void give_up_publishes(struct paho_client *client)
{
    uint32_t cursor = 0;
    uint64_t token;
    while (window_abandon_next(&client->window, &cursor, &token))
        tell_published(client, token, STATUS_UNAVAILABLE);
}

// Hands out at most `limit` queued messages; before the subscriptions are in place they wait, and
// of a connection that never came up they are dropped. True: there may be more.
static bool deliver(struct paho_client *client, size_t limit)
{
    struct crossing_message *batch[BATCH];
    if (client->state == PAHO_SUBSCRIBING)
        return false;
    while (limit > 0) {
        size_t count =
            crossing_take_messages(client->crossing, batch, limit < BATCH ? limit : BATCH);
        if (count == 0)
            return false;
        for (size_t i = 0; i < count; i++) {
            if (client->up) // a callback may close the client
                client->counters.received++;
            else
                client->counters.received_dropped++;
            if (client->up && client->events.message)
                client->events.message(client->context, &batch[i]->message);
            free(batch[i]);
        }
        limit -= count;
    }
    return true;
}

// ---- connecting --------------------------------------------------------------------------------

static void attempt_failed(struct paho_client *client, int code, const char *reason)
{
    bool refuses_5 = code == CONNACK_BAD_PROTOCOL || code == CONNACK_UNSUPPORTED_PROTOCOL;
    if (client->version >= MQTTVERSION_5 && refuses_5) {
        client->version = MQTTVERSION_3_1_1;
        start_attempt(client);
        return;
    }
    client->counters.connect_failures++;
    wait_for_next_attempt(client);
    tell_disconnected(client, reason);
}

static void start_attempt(struct paho_client *client)
{
    uv_timer_stop(&client->timer);
    client->state = PAHO_CONNECTING;
    client->reconnect_at_once = false;
    struct mqtt_message will = {0};
    if (client->events.will)
        client->events.will(client->context, &will);
    if (client->state != PAHO_CONNECTING)
        return; // closed by the callback
    client->generation++;
    struct paho_attempt *attempt = attempt_of(client);
    *attempt = (struct paho_attempt){.crossing = client->crossing,
                                     .settings = &client->settings,
                                     .url = &client->url,
                                     .generation = client->generation,
                                     .version = client->version};
    paho_set_deadline(client, (uint64_t)duration_to_ms(client->settings.connect_timeout) +
                                  WATCHDOG_MARGIN_MS);
    int code = paho_connect(client->handle, &will, attempt);
    if (code != MQTTASYNC_SUCCESS)
        attempt_failed(client, 0, MQTTAsync_strerror(code));
}

static void connection_ended(struct paho_client *client, const char *reason)
{
    bool at_once = client->reconnect_at_once;
    take_receipts(client); // what was acknowledged before the end counts
    client->state = PAHO_DISCONNECTING;
    while (deliver(client, BATCH))
        ;
    if (paho_is_closing(client))
        return; // by a callback, which saw to the rest
    bool was_up = client->up;
    client->up = false;
    if (was_up && uv_now(client->loop) - client->up_since >=
                      (uint64_t)duration_to_ms(client->settings.backoff_max))
        backoff_reset(&client->backoff);
    if (!was_up)
        client->counters.connect_failures++;
    wait_for_next_attempt(client);
    give_up_publishes(client);
    if (!paho_is_closing(client))
        tell_disconnected(client, reason);
    if (at_once && client->state == PAHO_WAITING)
        start_attempt(client);
}

void paho_leave_connection(struct paho_client *client, const char *reason)
{
    text_set(client->leave_reason, reason);
    client->state = PAHO_DISCONNECTING;
    uv_timer_stop(&client->timer); // a dead link is found by the keepalive
    if (paho_disconnect(client->handle, attempt_of(client)) != MQTTASYNC_SUCCESS)
        connection_ended(client, client->leave_reason); // it has ended by itself
}

static void connection_up(struct paho_client *client)
{
    uv_timer_stop(&client->timer);
    client->state = PAHO_CONNECTED;
    client->up = true;
    client->up_since = uv_now(client->loop);
    client->counters.connects++;
    if (client->events.connected)
        client->events.connected(client->context, client->version);
}

static void subscribe(struct paho_client *client)
{
    client->state = PAHO_SUBSCRIBING;
    if (client->reconnect_at_once) {
        paho_leave_connection(client, "reconnecting as asked for");
        return;
    }
    if (client->settings.subscription_count == 0) {
        connection_up(client);
        return;
    }
    int code = paho_subscribe(client->handle, attempt_of(client));
    if (code != MQTTASYNC_SUCCESS)
        paho_leave_connection(client, MQTTAsync_strerror(code));
    else
        paho_set_deadline(client, (uint64_t)duration_to_ms(client->settings.connect_timeout));
}

// ---- events ------------------------------------------------------------------------------------

static void on_event_while_closing(struct paho_client *client, const struct crossing_event *event)
{
    bool ended = event->kind == CROSSING_LOST || event->kind == CROSSING_DISCONNECTED;
    if (ended && client->state != PAHO_DESTROYING)
        begin_destroy(client);
}

static void on_connection_end(struct paho_client *client, const struct crossing_event *event)
{
    switch (client->state) {
    case PAHO_DISCONNECTING:
        connection_ended(client, client->leave_reason);
        break;
    case PAHO_SUBSCRIBING:
    case PAHO_CONNECTED:
        connection_ended(client,
                         event->kind == CROSSING_LOST ? event->text : "a late DISCONNECT went out");
        break;
    default: // told of already
        break;
    }
}

static void on_event(struct paho_client *client, const struct crossing_event *event)
{
    bool current = event->generation == client->generation;
    if (paho_is_closing(client)) {
        on_event_while_closing(client, event);
        return;
    }
    switch (event->kind) {
    case CROSSING_CONNECTED:
        if (current && client->state == PAHO_CONNECTING)
            subscribe(client);
        break;
    case CROSSING_CONNECT_FAILED:
        if (current && client->state == PAHO_CONNECTING)
            attempt_failed(client, event->code, event->text);
        break;
    case CROSSING_SUBSCRIBED:
        if (current && client->state == PAHO_SUBSCRIBING)
            connection_up(client);
        break;
    case CROSSING_SUBSCRIBE_FAILED:
        if (current && client->state == PAHO_SUBSCRIBING)
            paho_leave_connection(client, event->text);
        break;
    case CROSSING_LOST:
        if (current)
            on_connection_end(client, event);
        break;
    case CROSSING_DISCONNECTED:
        // Also one of an older generation: a DISCONNECT that waited behind a full socket ends the
        // connection it meets.
        on_connection_end(client, event);
        break;
    }
}

void paho_on_wake(void *context)
{
    struct paho_client *client = context;
    struct crossing_event event;
    take_receipts(client);
    while (crossing_take_event(client->crossing, &event))
        on_event(client, &event);
    if (deliver(client, MESSAGES_A_TURN))
        crossing_wake_again(client->crossing);
}

static void on_timer(uv_timer_t *timer)
{
    struct paho_client *client = timer->data;
    switch (client->state) {
    case PAHO_WAITING:
        start_attempt(client);
        break;
    case PAHO_CONNECTING: // paho has its own, earlier timeout; this one holds if it is silent
        attempt_failed(client, 0, "no answer within the connect timeout");
        break;
    case PAHO_SUBSCRIBING:
        paho_leave_connection(client, "the broker does not answer the subscription");
        break;
    case PAHO_DRAINING:
        begin_leave(client);
        break;
    case PAHO_LEAVING:
        begin_destroy(client);
        break;
    case PAHO_CONNECTED:
    case PAHO_DISCONNECTING:
    case PAHO_DESTROYING:
        break;
    }
}

// ---- closing -----------------------------------------------------------------------------------

static void on_part_closed(struct paho_client *client)
{
    if (--client->open_parts > 0)
        return;
    void (*closed)(void *) = client->closed;
    void *context = client->closed_context;
    window_fini(&client->window);
    free(client);
    if (closed)
        closed(context);
}

static void on_crossing_closed(void *context)
{
    on_part_closed(context);
}

static void on_timer_closed(uv_handle_t *handle)
{
    on_part_closed(handle->data);
}

// On a thread of the pool: paho may take a second to end its own threads, or wait for a name
// server. What it could not write on a stalled link it forgets to free, a send window at most.
static void destroy_handle(uv_work_t *work)
{
    struct paho_client *client = work->data;
    MQTTAsync_destroy(&client->handle);
}

static void on_destroyed(uv_work_t *work, int status)
{
    struct paho_client *client = work->data;
    (void)status;
    take_receipts(client);
    give_up_publishes(client);
    uv_close((uv_handle_t *)&client->timer, on_timer_closed);
    crossing_free(client->crossing, on_crossing_closed);
}

static void begin_destroy(struct paho_client *client)
{
    client->state = PAHO_DESTROYING;
    uv_timer_stop(&client->timer);
    client->destroying.data = client;
    if (uv_queue_work(client->loop, &client->destroying, destroy_handle, on_destroyed) != 0) {
        destroy_handle(&client->destroying);
        on_destroyed(&client->destroying, 0);
    }
}

static void begin_leave(struct paho_client *client)
{
    client->state = PAHO_LEAVING;
    if (paho_disconnect(client->handle, attempt_of(client)) == MQTTASYNC_SUCCESS)
        paho_set_deadline(client, LEAVE_TIMEOUT_MS);
    else
        begin_destroy(client);
}

void paho_begin_close(struct paho_client *client)
{
    client->up = false;
    switch (client->state) {
    case PAHO_CONNECTED:
        client->state = PAHO_DRAINING;
        paho_set_deadline(client, client->window.waiting > 0 ? DRAIN_TIMEOUT_MS : 0);
        break;
    case PAHO_DISCONNECTING:
        client->state = PAHO_LEAVING;
        paho_set_deadline(client, LEAVE_TIMEOUT_MS);
        break;
    case PAHO_SUBSCRIBING:
        begin_leave(client);
        break;
    default:
        begin_destroy(client);
        break;
    }
}
