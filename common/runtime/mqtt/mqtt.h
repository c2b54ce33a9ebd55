// SPDX-License-Identifier: Apache-2.0
// An MQTT client on a libuv loop, behind a plug point: one backend is one more file.
//
// What it does: connects and reconnects by itself with jittered exponential back-off (each time
// with a will made anew by the owner), subscribes again after each connect, speaks MQTT 5 and falls
// back to 3.1.1, TLS with client certificates, and tells of delivery by PUBACK where asked. What it
// does not: store anything. What was not acknowledged end to end is the caller's outbox to repeat.
//
// Ownership: the client is the caller's to free by mqtt_close; every pointer given to a callback
// belongs to the backend and is valid only within it; publish copies. Thread: everything here is
// called from, and calls back on, the loop's thread. A backend with threads of its own crosses them
// in exactly one bounded queue. Failure: a publish while not connected, or with the send window
// full, is refused with a status and counted, never queued without bound.
#ifndef RUNTIME_MQTT_MQTT_H
#define RUNTIME_MQTT_MQTT_H

#include "base/status.h"
#include "base/time.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

enum { MQTT_PAYLOAD_MAX = 65536, MQTT_SUBSCRIPTIONS_MAX = 16 };

struct mqtt_message {
    const char *topic;
    const void *payload;
    size_t size;
    int qos;
    bool retained;
    uint32_t expiry_s; // MQTT 5 message expiry; 0 = none; silently absent under 3.1.1
};

struct mqtt_settings {     // strings live as long as the client
    const char *url;       // "mqtt://host:1883" or "mqtts://host:8883"
    const char *client_id; // the node
    uint32_t keepalive_s;
    struct duration connect_timeout;          // a backend may be up to 4 s later to notice
    struct duration backoff_min, backoff_max; // jittered: uniform in [d/2, d]
    uint64_t jitter_seed;
    const char *username, *password;                               // NULL = none
    const char *tls_ca_file, *tls_certificate_file, *tls_key_file; // NULL = none
    size_t
        receive_queue_messages; // the one crossing's bound; above it a message is dropped, counted
    size_t send_window;         // publishes in flight
    struct {
        const char *topic_filter;
        int qos;
    } subscriptions[MQTT_SUBSCRIPTIONS_MAX];
    size_t subscription_count;
};

struct mqtt_events { // all on the loop's thread; any may be NULL
    // About to connect: fill the will for this connection (topic NULL = none). What it points to
    // has to live until the loop's next turn, so not on the callback's stack; the backend copies.
    void (*will)(void *context, struct mqtt_message *ret_will);
    void (*connected)(void *context, int protocol_version); // 5 or 4; subscriptions are in place
    // A connection ended, or an attempt failed (then without a `connected` before it): the reason
    // in a sentence for people. The next attempt is scheduled.
    void (*disconnected)(void *context, const char *reason);
    // Only between `connected` and `disconnected`.
    void (*message)(void *context, const struct mqtt_message *message);
    // Exactly once for each accepted publish with a token other than 0: STATUS_OK at the PUBACK
    // (QoS 1) or the hand-over to the network (QoS 0); STATUS_DENIED or STATUS_IO as the broker
    // refused it (MQTT 5); STATUS_UNAVAILABLE when the connection or the client ended before. What
    // ended unavailable may still arrive at the broker.
    void (*published)(void *context, uint64_t token, enum status status);
};

// received: handed to `message`; published: accepted; connects: `connected` was told;
// connect_failures: attempts that failed, subscriptions included.
struct mqtt_counters {
    uint64_t received, received_dropped, published, publish_refused, connects, connect_failures;
};

struct mqtt_client; // a backend's state begins with `const struct mqtt_backend *`

struct mqtt_backend {
    const char *name; // "paho"
    MUST_CHECK enum status (*open)(uv_loop_t *loop, const struct mqtt_settings *settings,
                                   const struct mqtt_events *events, void *context,
                                   struct mqtt_client **ret_client);
    // Hands a copy to the network. STATUS_UNAVAILABLE: not connected; STATUS_FULL: window full;
    // STATUS_INVALID: topic or payload too large.
    MUST_CHECK enum status (*publish)(struct mqtt_client *client,
                                      const struct mqtt_message *message, uint64_t token);
    bool (*is_connected)(const struct mqtt_client *client);
    struct mqtt_counters (*counters)(const struct mqtt_client *client);
    // Ends the connection with a DISCONNECT, so the broker discards the old will unsent, and
    // connects anew at once, with a will made anew: for an agent that has to change its will. While
    // not connected it makes the next attempt come now. What is in flight ends unavailable.
    void (*reconnect)(struct mqtt_client *client);
    // Says DISCONNECT after what was published went out, frees everything, then calls `closed`
    // (on the loop's thread); bounded by a deadline of a few seconds. Until then only `published`
    // may come, after it nothing. A second close is ignored.
    void (*close)(struct mqtt_client *client, void (*closed)(void *context), void *context);
};

struct mqtt_client {
    const struct mqtt_backend *backend;
};

extern const struct mqtt_backend mqtt_paho;

MUST_CHECK static inline enum status mqtt_publish(struct mqtt_client *client,
                                                  const struct mqtt_message *message,
                                                  uint64_t token)
{
    return client->backend->publish(client, message, token);
}

static inline bool mqtt_is_connected(const struct mqtt_client *client)
{
    return client->backend->is_connected(client);
}

static inline struct mqtt_counters mqtt_counters(const struct mqtt_client *client)
{
    return client->backend->counters(client);
}

static inline void mqtt_reconnect(struct mqtt_client *client)
{
    client->backend->reconnect(client);
}

static inline void mqtt_close(struct mqtt_client *client, void (*closed)(void *context),
                              void *context)
{
    client->backend->close(client, closed, context);
}

#endif
