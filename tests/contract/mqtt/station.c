// SPDX-License-Identifier: Apache-2.0
// One MQTT client under test, with a record of all it was told.
#include "tests/contract/mqtt/station.h"

#include "tests/support/loop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void on_will(void *context, struct mqtt_message *ret_will)
{
    struct station *station = context;
    station->will_asked++;
    if (station->will.topic[0] == '\0')
        return;
    *ret_will = (struct mqtt_message){.topic = station->will.topic,
                                      .payload = station->will.payload,
                                      .size = strlen(station->will.payload),
                                      .qos = station->will.qos,
                                      .retained = station->will.retained,
                                      .expiry_s = station->will_expiry_s};
}

static void on_connected(void *context, int protocol_version)
{
    struct station *station = context;
    station->late += station->closed;
    station->connected++;
    station->version = protocol_version;
    if (station->on_connected)
        station->on_connected(station);
}

static void on_disconnected(void *context, const char *reason)
{
    struct station *station = context;
    station->late += station->closed;
    station->disconnected++;
    snprintf(station->reason, sizeof station->reason, "%s", reason);
}

static void on_message(void *context, const struct mqtt_message *message)
{
    struct station *station = context;
    station->late += station->closed;
    assert_true(station->message_count < STATION_RECORDS);
    struct station_message *record = &station->messages[station->message_count++];
    snprintf(record->topic, sizeof record->topic, "%s", message->topic);
    snprintf(record->payload, sizeof record->payload, "%.*s", (int)message->size,
             (const char *)message->payload);
    record->qos = message->qos;
    record->retained = message->retained;
}

static void on_published(void *context, uint64_t token, enum status status)
{
    struct station *station = context;
    station->late += station->closed;
    assert_true(station->published_count < STATION_RECORDS);
    station->published[station->published_count].token = token;
    station->published[station->published_count++].status = status;
}

static void on_closed(void *context)
{
    ((struct station *)context)->closed++;
}

void station_init(struct station *station, uv_loop_t *loop, const char *url, const char *client_id)
{
    memset(station, 0, sizeof *station);
    station->loop = loop;
    station->settings = (struct mqtt_settings){.url = url,
                                               .client_id = client_id,
                                               .keepalive_s = 60,
                                               .connect_timeout = duration_s(10),
                                               .backoff_min = duration_ms(20),
                                               .backoff_max = duration_ms(200),
                                               .jitter_seed = 1,
                                               .receive_queue_messages = 4096,
                                               .send_window = 64};
}

void station_subscribe(struct station *station, const char *filter, int qos)
{
    size_t index = station->settings.subscription_count++;
    assert_true(index < MQTT_SUBSCRIPTIONS_MAX);
    station->settings.subscriptions[index].topic_filter = filter;
    station->settings.subscriptions[index].qos = qos;
}

void station_open(struct station *station)
{
    static const struct mqtt_events EVENTS = {.will = on_will,
                                              .connected = on_connected,
                                              .disconnected = on_disconnected,
                                              .message = on_message,
                                              .published = on_published};
    assert_int_equal(
        mqtt_paho.open(station->loop, &station->settings, &EVENTS, station, &station->client),
        STATUS_OK);
}

void station_connect(struct station *station)
{
    station_open(station);
    wait_connected(station, 1);
}

static bool is_closed(void *context)
{
    return ((struct station *)context)->closed > 0;
}

void station_close(struct station *station)
{
    if (!station->client)
        return;
    mqtt_close(station->client, on_closed, station);
    assert_true(loop_until(station->loop, is_closed, station, LOOP_PATIENCE_MS));
    station->client = NULL;
    assert_int_equal(station->closed, 1);
    assert_int_equal(station->late, 0);
}

enum status station_publish(struct station *station, const char *topic, const char *payload,
                            int qos, bool retained, uint64_t token)
{
    struct mqtt_message message = {.topic = topic,
                                   .payload = payload,
                                   .size = strlen(payload),
                                   .qos = qos,
                                   .retained = retained};
    return mqtt_publish(station->client, &message, token);
}

int station_told(const struct station *station, uint64_t token, enum status *ret_status)
{
    int times = 0;
    for (size_t i = 0; i < station->published_count; i++) {
        if (station->published[i].token != token)
            continue;
        times++;
        if (ret_status)
            *ret_status = station->published[i].status;
    }
    return times;
}

const struct station_message *station_message(const struct station *station, const char *topic)
{
    for (size_t i = station->message_count; i-- > 0;) {
        if (strcmp(station->messages[i].topic, topic) == 0)
            return &station->messages[i];
    }
    return NULL;
}

// ---- waiting -----------------------------------------------------------------------------------

struct wanted {
    struct station *station;
    int connected, disconnected;
    size_t messages, published;
    const char *topic, *payload;
};

static bool is_reached(void *context)
{
    const struct wanted *wanted = context;
    const struct station *station = wanted->station;
    if (wanted->topic) {
        const struct station_message *message = station_message(station, wanted->topic);
        if (!message || strcmp(message->payload, wanted->payload) != 0)
            return false;
    }
    return station->connected >= wanted->connected &&
           station->disconnected >= wanted->disconnected &&
           station->message_count >= wanted->messages &&
           station->published_count >= wanted->published;
}

static void wait_for(struct wanted wanted)
{
    struct station *station = wanted.station;
    if (loop_until(station->loop, is_reached, &wanted, LOOP_PATIENCE_MS))
        return;
    fail_msg("%s: connected %d, disconnected %d, messages %zu, published %zu; wanted %d, %d, %zu, "
             "%zu; last reason: %s",
             station->settings.client_id, station->connected, station->disconnected,
             station->message_count, station->published_count, wanted.connected,
             wanted.disconnected, wanted.messages, wanted.published, station->reason);
}

void wait_connected(struct station *station, int times)
{
    wait_for((struct wanted){.station = station, .connected = times});
}

void wait_disconnected(struct station *station, int times)
{
    wait_for((struct wanted){.station = station, .disconnected = times});
}

void wait_messages(struct station *station, size_t count)
{
    wait_for((struct wanted){.station = station, .messages = count});
}

void wait_published(struct station *station, size_t count)
{
    wait_for((struct wanted){.station = station, .published = count});
}

void wait_payload(struct station *station, const char *topic, const char *payload)
{
    wait_for((struct wanted){.station = station, .topic = topic, .payload = payload});
}

void wait_round_trip(struct station *station)
{
    static unsigned marks;
    char mark[32];
    snprintf(mark, sizeof mark, "mark %u", ++marks);
    assert_int_equal(station_publish(station, "mark", mark, 1, false, 0), STATUS_OK);
    wait_payload(station, "mark", mark);
}
