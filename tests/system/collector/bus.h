// SPDX-License-Identifier: Apache-2.0
// The test's own place on the bus: speaks as any node, hears the whole site, waits for what it
// wants to hear.
//
// Ownership: the caller's storage, bus_fini closes the client. Thread: the loop's. Failure:
// asserts.
#ifndef TESTS_SYSTEM_COLLECTOR_BUS_H
#define TESTS_SYSTEM_COLLECTOR_BUS_H

#include "domain/observation.h"
#include "runtime/mqtt/mqtt.h"

enum { BUS_HEARD_MAX = 4000, BUS_TEXT_SIZE = 4096 };

struct bus_message {
    char topic[300]; // without "stationwatch/v1/plant/"
    char text[BUS_TEXT_SIZE];
    size_t size;
    bool retained;
};

struct bus {
    uv_loop_t *loop;
    struct mqtt_client *client;
    bool connected, closed;
    size_t heard_count;
    struct bus_message *heard; // of BUS_HEARD_MAX, what is above is not kept
    uint64_t acked;            // the highest ack to anybody
    size_t unpublished;        // publishes without their PUBACK yet
};

void bus_init(struct bus *bus, uv_loop_t *loop, const char *url);
void bus_fini(struct bus *bus);

void bus_forget(struct bus *bus); // what was heard
void bus_publish(struct bus *bus, const char *topic, const void *payload, size_t size,
                 bool retained);
void bus_say(struct bus *bus, const char *node, const struct message *message);
// Every publish has been taken by the broker.
void bus_flush(struct bus *bus);

// Runs the loop until a message on `topic` whose payload contains `text` was heard; with `text`
// NULL an empty one.
const struct bus_message *bus_wait(struct bus *bus, const char *topic, const char *text);
const struct bus_message *bus_find(const struct bus *bus, const char *topic, const char *text);
void bus_wait_ack(struct bus *bus, uint64_t seq);

#endif
