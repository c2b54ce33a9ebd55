// SPDX-License-Identifier: Apache-2.0
// The backend of the tests' client; only publishing does anything.
#include "tests/unit/collector_shell/fake_client.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

static enum status fake_publish(struct mqtt_client *base, const struct mqtt_message *message,
                                uint64_t token)
{
    struct fake_client *client = (struct fake_client *)base;
    (void)token;
    if (!client->connected)
        return STATUS_UNAVAILABLE;
    if (message->size > MQTT_PAYLOAD_MAX)
        return STATUS_INVALID;
    if (client->count >= client->window)
        return STATUS_FULL;
    client->count++;
    const char *topic = strstr(message->topic, "stationwatch/v1/");
    size_t used = strlen(client->log);
    snprintf(client->log + used, sizeof client->log - used, "%s;",
             topic == message->topic ? topic + strlen("stationwatch/v1/") : message->topic);
    text_set(client->last_topic, message->topic);
    memcpy(client->last_payload, message->payload, message->size);
    client->last_payload[message->size] = '\0';
    client->last_size = message->size;
    client->last_retained = message->retained;
    client->last_qos = message->qos;
    return STATUS_OK;
}

static bool fake_is_connected(const struct mqtt_client *base)
{
    return ((const struct fake_client *)base)->connected;
}

static struct mqtt_counters fake_counters(const struct mqtt_client *base)
{
    return (struct mqtt_counters){.published = ((const struct fake_client *)base)->count};
}

static const struct mqtt_backend fake_backend = {.name = "fake",
                                                 .publish = fake_publish,
                                                 .is_connected = fake_is_connected,
                                                 .counters = fake_counters};

void fake_client_init(struct fake_client *client)
{
    memset(client, 0, sizeof *client);
    client->base.backend = &fake_backend;
    client->connected = true;
    client->window = 1000;
}

void fake_client_forget(struct fake_client *client)
{
    client->count = 0;
    client->log[0] = '\0';
}
