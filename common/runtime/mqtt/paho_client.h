// SPDX-License-Identifier: Apache-2.0
// One client of the paho backend: its state and what moves it. Private to paho.c, the plug point's
// functions, and paho_life.c, the state machine.
//
// Ownership: as in mqtt.h. Thread: the loop's. Failure: told by the events' `disconnected`.
#ifndef RUNTIME_MQTT_PAHO_CLIENT_H
#define RUNTIME_MQTT_PAHO_CLIENT_H

#include "runtime/mqtt/backoff.h"
#include "runtime/mqtt/paho_calls.h"

enum { PAHO_ATTEMPTS = 4 }; // contexts of the last attempts: a late callback still finds its own

enum paho_state {
    PAHO_WAITING,       // for the timer, then CONNECTING
    PAHO_CONNECTING,    // until CONNACK or failure
    PAHO_SUBSCRIBING,   // until SUBACK
    PAHO_CONNECTED,     // subscriptions are in place
    PAHO_DISCONNECTING, // DISCONNECT is on its way, then WAITING
    PAHO_DRAINING,      // closing: until what was published went out
    PAHO_LEAVING,       // closing: DISCONNECT is on its way
    PAHO_DESTROYING,    // closing: the handle is destroyed on a thread of the pool
};

struct paho_client {
    struct mqtt_client base;
    struct mqtt_settings settings;
    struct mqtt_events events;
    void *context;
    struct mqtt_url url;
    uv_loop_t *loop;
    uv_timer_t timer; // the back-off's, or the present state's deadline
    uv_work_t destroying;
    MQTTAsync handle;
    struct crossing *crossing;
    struct window window;
    struct backoff backoff;
    struct paho_attempt attempts[PAHO_ATTEMPTS];
    uint64_t generation; // of the newest attempt
    enum paho_state state;
    int version;            // 5, or 4 once 5 was refused
    bool up;                // `connected` was told, `disconnected` not yet
    uint64_t up_since;      // uv_now
    bool reconnect_at_once; // after DISCONNECTING
    char leave_reason[CROSSING_TEXT_SIZE];
    struct mqtt_counters counters;
    void (*closed)(void *context);
    void *closed_context;
    int open_parts; // crossing and timer
};

static inline bool paho_is_closing(const struct paho_client *client)
{
    return client->state >= PAHO_DRAINING;
}

// The one timer, for whatever `state` waits for.
void paho_set_deadline(struct paho_client *client, uint64_t ms);
// The crossing's wake-up.
void paho_on_wake(void *context);
// Ends the connection with a DISCONNECT: to subscribe again, or with another will.
void paho_leave_connection(struct paho_client *client, const char *reason);
// From any state to the end; `closed` is set.
void paho_begin_close(struct paho_client *client);

#endif
