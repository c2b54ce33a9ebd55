// SPDX-License-Identifier: Apache-2.0
// A client on everything below the site.
#include "tests/system/collector/bus.h"

#include "base/text.h"
#include "tests/support/loop.h"
#include "wire/codec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SITE "stationwatch/v1/plant/"

static void on_connected(void *context, int protocol)
{
    (void)protocol;
    ((struct bus *)context)->connected = true;
}

static void on_disconnected(void *context, const char *reason)
{
    (void)reason;
    ((struct bus *)context)->connected = false;
}

static void take_ack(struct bus *bus, const struct mqtt_message *message)
{
    struct message decoded;
    if (wire_decode(MESSAGE_ACK, message->payload, message->size, &decoded) == WIRE_ACCEPTED &&
        decoded.ack.seq > bus->acked)
        bus->acked = decoded.ack.seq;
}

static void on_message(void *context, const struct mqtt_message *message)
{
    struct bus *bus = context;
    const char *topic = message->topic + strlen(SITE);
    size_t length = strlen(topic);
    if (length > 4 && text_equal(topic + length - 4, "/ack"))
        take_ack(bus, message);
    if (bus->heard_count == BUS_HEARD_MAX || topic[0] != '_')
        return;
    struct bus_message *heard = &bus->heard[bus->heard_count++];
    size_t size = message->size < BUS_TEXT_SIZE - 1 ? message->size : BUS_TEXT_SIZE - 1;
    text_set(heard->topic, topic);
    memcpy(heard->text, message->payload, size);
    heard->text[size] = '\0';
    heard->size = message->size;
    heard->retained = message->retained;
}

static void on_published(void *context, uint64_t token, enum status status)
{
    (void)token;
    assert_int_equal(status, STATUS_OK);
    ((struct bus *)context)->unpublished--;
}

static bool is_connected(void *context)
{
    return ((struct bus *)context)->connected;
}

void bus_init(struct bus *bus, uv_loop_t *loop, const char *url)
{
    static const struct mqtt_events events = {.connected = on_connected,
                                              .disconnected = on_disconnected,
                                              .message = on_message,
                                              .published = on_published};
    struct mqtt_settings settings = {.url = url,
                                     .client_id = "test",
                                     .keepalive_s = 30,
                                     .connect_timeout = duration_s(5),
                                     .backoff_min = duration_ms(20),
                                     .backoff_max = duration_ms(200),
                                     .receive_queue_messages = 20000,
                                     .send_window = 20000,
                                     .subscriptions = {{SITE "#", 1}},
                                     .subscription_count = 1};
    *bus = (struct bus){.loop = loop, .heard = calloc(BUS_HEARD_MAX, sizeof *bus->heard)};
    assert_non_null(bus->heard);
    assert_int_equal(mqtt_paho.open(loop, &settings, &events, bus, &bus->client), STATUS_OK);
    assert_true(loop_until(loop, is_connected, bus, LOOP_PATIENCE_MS));
}

static void on_closed(void *context)
{
    ((struct bus *)context)->closed = true;
}

static bool is_closed(void *context)
{
    return ((struct bus *)context)->closed;
}

void bus_fini(struct bus *bus)
{
    mqtt_close(bus->client, on_closed, bus);
    assert_true(loop_until(bus->loop, is_closed, bus, LOOP_PATIENCE_MS));
    free(bus->heard);
}

void bus_forget(struct bus *bus)
{
    bus->heard_count = 0;
    bus->acked = 0;
}

void bus_publish(struct bus *bus, const char *topic, const void *payload, size_t size,
                 bool retained)
{
    char whole[400];
    snprintf(whole, sizeof whole, SITE "%s", topic);
    struct mqtt_message message = {
        .topic = whole, .payload = payload, .size = size, .qos = 1, .retained = retained};
    assert_int_equal(mqtt_publish(bus->client, &message, 1), STATUS_OK);
    bus->unpublished++;
}

void bus_say(struct bus *bus, const char *node, const struct message *message)
{
    uint8_t bytes[WIRE_MESSAGE_MAX];
    char topic[200];
    size_t size;
    assert_int_equal(wire_encode(message, bytes, sizeof bytes, &size), STATUS_OK);
    snprintf(topic, sizeof topic, "%s/%s", node, message_kind_name(message->kind));
    bus_publish(bus, topic, bytes, size, message->kind == MESSAGE_BIRTH);
}

static bool is_flushed(void *context)
{
    return ((struct bus *)context)->unpublished == 0;
}

void bus_flush(struct bus *bus)
{
    assert_true(loop_until(bus->loop, is_flushed, bus, LOOP_PATIENCE_MS));
}

const struct bus_message *bus_find(const struct bus *bus, const char *topic, const char *text)
{
    for (size_t i = 0; i < bus->heard_count; i++) {
        const struct bus_message *heard = &bus->heard[i];
        if (strncmp(heard->topic, topic, strlen(topic)) == 0 &&
            (text == NULL ? heard->size == 0 : strstr(heard->text, text) != NULL))
            return heard;
    }
    return NULL;
}

struct wait {
    struct bus *bus;
    const char *topic, *text;
    uint64_t seq;
};

static bool was_heard(void *context)
{
    struct wait *wait = context;
    return bus_find(wait->bus, wait->topic, wait->text) != NULL;
}

const struct bus_message *bus_wait(struct bus *bus, const char *topic, const char *text)
{
    struct wait wait = {.bus = bus, .topic = topic, .text = text};
    if (!loop_until(bus->loop, was_heard, &wait, LOOP_PATIENCE_MS))
        fail_msg("nothing with '%s' came on %s", text != NULL ? text : "", topic);
    return bus_find(bus, topic, text);
}

static bool is_acked(void *context)
{
    struct wait *wait = context;
    return wait->bus->acked >= wait->seq;
}

void bus_wait_ack(struct bus *bus, uint64_t seq)
{
    struct wait wait = {.bus = bus, .seq = seq};
    assert_true(loop_until(bus->loop, is_acked, &wait, LOOP_PATIENCE_MS));
}
