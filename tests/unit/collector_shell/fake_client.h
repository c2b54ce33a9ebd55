// SPDX-License-Identifier: Apache-2.0
// An MQTT client for tests: remembers what was published, with a window of its own size.
//
// Ownership: the test's struct. Thread: one. Failure: what the test sets.
#ifndef TESTS_UNIT_COLLECTOR_SHELL_FAKE_CLIENT_H
#define TESTS_UNIT_COLLECTOR_SHELL_FAKE_CLIENT_H

#include "runtime/mqtt/mqtt.h"

struct fake_client {
    struct mqtt_client base;
    bool connected;
    size_t window; // publishes taken before it is full
    size_t count;
    char log[8192]; // "topic=payload;" of each, without the common start of the topics
    char last_topic[400];
    unsigned char last_payload[70000];
    size_t last_size;
    bool last_retained;
    int last_qos;
};

void fake_client_init(struct fake_client *client);
void fake_client_forget(struct fake_client *client); // what was published, and frees the window

#endif
