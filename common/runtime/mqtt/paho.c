// SPDX-License-Identifier: Apache-2.0
// The backend on paho.mqtt.c: the plug point's functions. The client's life is in paho_life.c.
#include "runtime/mqtt/paho_client.h"

#include <stdlib.h>
#include <string.h>

enum { WINDOW_MAX = 32768, QUEUE_MAX = 1 << 20 };

static bool settings_are_valid(const struct mqtt_settings *settings)
{
    return settings->client_id && settings->client_id[0] != '\0' && settings->keepalive_s > 0 &&
           settings->keepalive_s <= UINT16_MAX && settings->connect_timeout.us > 0 &&
           settings->connect_timeout.us <= duration_s(3600).us &&
           settings->backoff_min.us >= 1000 &&
           settings->backoff_min.us <= settings->backoff_max.us && settings->send_window > 0 &&
           settings->send_window <= WINDOW_MAX && settings->receive_queue_messages > 0 &&
           settings->receive_queue_messages <= QUEUE_MAX &&
           settings->subscription_count <= MQTT_SUBSCRIPTIONS_MAX;
}

static enum status create_parts(struct paho_client *client, uv_loop_t *loop)
{
    struct crossing_limits limits = {.messages = client->settings.receive_queue_messages,
                                     .receipts = client->settings.send_window};
    enum status status = STATUS_INVALID;
    if (paho_create(&client->settings, &client->url, &client->handle) != MQTTASYNC_SUCCESS)
        return status;
    status = crossing_new(loop, limits, paho_on_wake, client, &client->crossing);
    if (status != STATUS_OK)
        goto destroy;
    status = window_init(&client->window, (uint32_t)client->settings.send_window, client->crossing);
    if (status != STATUS_OK)
        goto destroy;
    return STATUS_OK;
destroy:
    MQTTAsync_destroy(&client->handle);
    return status;
}

static void on_failed_open_closed(void *context)
{
    free(context);
}

static enum status paho_open(uv_loop_t *loop, const struct mqtt_settings *settings,
                             const struct mqtt_events *events, void *context,
                             struct mqtt_client **ret_client)
{
    struct mqtt_url url;
    enum status status = mqtt_url_parse(settings->url, &url, NULL);
    if (status != STATUS_OK || !settings_are_valid(settings))
        return STATUS_INVALID;
    struct paho_client *client = calloc(1, sizeof *client);
    if (!client)
        return STATUS_NO_MEMORY;
    client->base.backend = &mqtt_paho;
    client->settings = *settings;
    client->events = *events;
    client->context = context;
    client->url = url;
    client->loop = loop;
    client->version = MQTTVERSION_5;
    client->open_parts = 2;
    backoff_init(&client->backoff, settings->backoff_min, settings->backoff_max,
                 settings->jitter_seed);
    status = create_parts(client, loop);
    if (status != STATUS_OK) {
        if (client->crossing)
            crossing_free(client->crossing, on_failed_open_closed);
        else
            free(client);
        return status;
    }
    (void)uv_timer_init(loop, &client->timer); // never fails
    client->timer.data = client;
    client->state = PAHO_WAITING;
    paho_set_deadline(client, 0); // the very first attempt is not delayed
    *ret_client = &client->base;
    return STATUS_OK;
}

static bool is_publishable(const struct mqtt_message *message)
{
    if (!message->topic || message->size > MQTT_PAYLOAD_MAX || message->qos < 0 || message->qos > 1)
        return false;
    size_t length = strlen(message->topic);
    return length > 0 && length <= UINT16_MAX && !strpbrk(message->topic, "+#");
}

static enum status try_publish(struct paho_client *client, const struct mqtt_message *message,
                               uint64_t token)
{
    if (!is_publishable(message))
        return STATUS_INVALID;
    if (client->state != PAHO_CONNECTED)
        return STATUS_UNAVAILABLE;
    struct window_slot *slot = window_take(&client->window, token);
    if (!slot)
        return STATUS_FULL;
    int code = paho_publish(client->handle, client->version, message, slot);
    if (code == MQTTASYNC_SUCCESS)
        return STATUS_OK;
    uint64_t unused;
    (void)window_finish(&client->window, slot->index, &unused);
    return paho_publish_status(code);
}

static enum status paho_client_publish(struct mqtt_client *base, const struct mqtt_message *message,
                                       uint64_t token)
{
    struct paho_client *client = (struct paho_client *)base;
    enum status status = try_publish(client, message, token);
    if (status == STATUS_OK)
        client->counters.published++;
    else
        client->counters.publish_refused++;
    return status;
}

static bool paho_is_connected(const struct mqtt_client *base)
{
    return ((const struct paho_client *)base)->state == PAHO_CONNECTED;
}

static struct mqtt_counters paho_counters(const struct mqtt_client *base)
{
    const struct paho_client *client = (const struct paho_client *)base;
    struct mqtt_counters counters = client->counters;
    counters.received_dropped += crossing_dropped(client->crossing);
    return counters;
}

static void paho_reconnect(struct mqtt_client *base)
{
    struct paho_client *client = (struct paho_client *)base;
    switch (client->state) {
    case PAHO_WAITING:
        paho_set_deadline(client, 0);
        break;
    case PAHO_SUBSCRIBING:
    case PAHO_CONNECTED:
        client->reconnect_at_once = true;
        paho_leave_connection(client, "reconnecting as asked for");
        break;
    case PAHO_CONNECTING: // with the old will: again as soon as it is connected
    case PAHO_DISCONNECTING:
        client->reconnect_at_once = true;
        break;
    case PAHO_DRAINING:
    case PAHO_LEAVING:
    case PAHO_DESTROYING:
        break;
    }
}

static void paho_close(struct mqtt_client *base, void (*closed)(void *context), void *context)
{
    struct paho_client *client = (struct paho_client *)base;
    if (paho_is_closing(client))
        return;
    client->closed = closed;
    client->closed_context = context;
    paho_begin_close(client);
}

const struct mqtt_backend mqtt_paho = {
    .name = "paho",
    .open = paho_open,
    .publish = paho_client_publish,
    .is_connected = paho_is_connected,
    .counters = paho_counters,
    .reconnect = paho_reconnect,
    .close = paho_close,
};
