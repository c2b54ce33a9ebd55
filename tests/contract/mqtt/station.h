// SPDX-License-Identifier: Apache-2.0
// One MQTT client under test, with a record of all it was told.
//
// Ownership: the caller's storage; station_close frees the client. Thread: the loop's. Failure: the
// running test fails.
#ifndef TESTS_CONTRACT_MQTT_STATION_H
#define TESTS_CONTRACT_MQTT_STATION_H

#include "runtime/mqtt/mqtt.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STATION_RECORDS = 4096, STATION_TEXT_SIZE = 128 };

struct station_message {
    char topic[STATION_TEXT_SIZE], payload[STATION_TEXT_SIZE];
    int qos;
    bool retained;
};

struct station {
    uv_loop_t *loop;
    struct mqtt_settings settings;
    struct mqtt_client *client;
    // What the will callback gives; topic "" = no will. Each asking is counted.
    struct station_message will;
    uint32_t will_expiry_s;
    int will_asked;
    int connected, disconnected, closed; // how often each was told
    int version;
    char reason[512]; // of the last `disconnected`
    struct station_message messages[STATION_RECORDS];
    size_t message_count;
    struct {
        uint64_t token;
        enum status status;
    } published[STATION_RECORDS];
    size_t published_count;
    int late; // callbacks after close that should not have come
    void (*on_connected)(struct station *station);
};

// Settings for tests: short back-off, keepalive 60 s, no subscription. `url` has to outlive it.
void station_init(struct station *station, uv_loop_t *loop, const char *url, const char *client_id);
void station_subscribe(struct station *station, const char *filter, int qos);
void station_open(struct station *station);
// Opens and waits until it is connected.
void station_connect(struct station *station);
// Closes and waits for the end. A station that was never opened is left alone.
void station_close(struct station *station);

enum status station_publish(struct station *station, const char *topic, const char *payload,
                            int qos, bool retained, uint64_t token);
// How often `published` told of the token, and with which status last.
int station_told(const struct station *station, uint64_t token, enum status *ret_status);
// The newest message on the topic, or NULL.
const struct station_message *station_message(const struct station *station, const char *topic);

// Runs the loop until it is so; fails the test if it never comes.
void wait_connected(struct station *station, int times);
void wait_disconnected(struct station *station, int times);
void wait_messages(struct station *station, size_t count);
void wait_published(struct station *station, size_t count);
// Until the newest message on `topic` has this payload.
void wait_payload(struct station *station, const char *topic, const char *payload);
// One message from the station to itself and back: everything before it on the link was handled.
void wait_round_trip(struct station *station);

#endif
