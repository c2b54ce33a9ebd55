// SPDX-License-Identifier: Apache-2.0
// Every call into paho.mqtt.c's MQTTAsync and every callback from it. A callback only posts to the
// crossing; the state machine is in paho.c and never sees the library's structs.
//
// Ownership: as said per function; the library copies what a call is given. Thread: calls on the
// loop's; callbacks run on the library's threads. Failure: a call gives the library's code, 0 = it
// will call back.
#ifndef RUNTIME_MQTT_PAHO_CALLS_H
#define RUNTIME_MQTT_PAHO_CALLS_H

#include "runtime/mqtt/crossing.h"
#include "runtime/mqtt/mqtt.h"
#include "runtime/mqtt/url.h"
#include "runtime/mqtt/window.h"

#include <MQTTAsync.h>

// One attempt to connect and the connection that comes of it: what callbacks get as their context.
// Written on the loop's thread before the attempt; then `detail` is the library's threads' alone.
struct paho_attempt {
    struct crossing *crossing;
    const struct mqtt_settings *settings;
    const struct mqtt_url *url;
    uint64_t generation;
    int version;
    char detail[CROSSING_TEXT_SIZE]; // what TLS or the broker's DISCONNECT said
};

int paho_create(const struct mqtt_settings *settings, const struct mqtt_url *url,
                MQTTAsync *ret_handle);
// Posts CONNECTED or CONNECT_FAILED, later LOST; `will` with topic NULL is none.
int paho_connect(MQTTAsync handle, const struct mqtt_message *will, struct paho_attempt *attempt);
// All subscriptions in one packet: posts SUBSCRIBED or SUBSCRIBE_FAILED.
int paho_subscribe(MQTTAsync handle, struct paho_attempt *attempt);
// Posts DISCONNECTED, unless the connection is lost first.
int paho_disconnect(MQTTAsync handle, struct paho_attempt *attempt);
// Posts the slot's receipt; the slot's owner is the crossing.
int paho_publish(MQTTAsync handle, int version, const struct mqtt_message *message,
                 struct window_slot *slot);

// What a code that a call gave means for the caller of mqtt_publish.
enum status paho_publish_status(int code);

#endif
