// SPDX-License-Identifier: Apache-2.0
// A broker of a few hundred lines that speaks MQTT 3.1.1 only, or misbehaves on purpose.
//
// It accepts connections on 127.0.0.1, answers CONNECT by its script, grants or refuses every
// SUBSCRIBE, acknowledges every PUBLISH with QoS 1 unless told otherwise, and records what it saw.
//
// Ownership: the caller's storage until the loop has closed its handles (fake_broker_close and one
// more run). Thread: the loop's. Failure: the running test fails.
#ifndef TESTS_CONTRACT_MQTT_FAKE_BROKER_H
#define TESTS_CONTRACT_MQTT_FAKE_BROKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

enum { FAKE_PEERS = 64, FAKE_INPUT_SIZE = 70000, FAKE_LEVELS = 64 };

struct fake_broker;

struct fake_peer {
    uv_tcp_t tcp;
    struct fake_broker *broker;
    bool open;
    uint8_t input[FAKE_INPUT_SIZE];
    size_t size;
};

struct fake_broker {
    uv_loop_t *loop;
    uv_tcp_t listener;
    struct fake_peer peers[FAKE_PEERS];
    size_t peer_count; // connections since the start
    char url[64];
    // The script.
    bool speaks_5;         // accepts protocol level 5, too (no subscriptions, no QoS 1 then)
    bool close_unanswered; // closes at CONNECT without a word
    bool mute;             // never answers CONNECT
    uint8_t refuse_with;   // CONNACK code for protocol level 4; 0 = accept. Level 5 gets code 1.
    const char *refuse_filter; // this one subscription is refused; NULL = none
    bool ignore_subscription, hold_acks;
    // What was seen.
    int levels[FAKE_LEVELS]; // protocol level of each CONNECT
    size_t connects, subscribes, publishes, disconnects, pings;
};

void fake_broker_open(struct fake_broker *broker, uv_loop_t *loop);
void fake_broker_close(struct fake_broker *broker);
// Writes raw bytes to the newest open connection.
void fake_broker_send(struct fake_broker *broker, const void *bytes, size_t size);
// Closes every connection.
void fake_broker_drop(struct fake_broker *broker);

#endif
