// SPDX-License-Identifier: Apache-2.0
// The one place where the MQTT library's threads hand something to the loop's thread.
//
// The rule:
// 1. A library thread only ever calls crossing_post_*: it copies into a bounded queue under one
//    mutex and wakes the loop. It never waits, never calls back into the library, never fails.
// 2. The loop's thread only ever calls crossing_take_*, in its wake-up, and calls nothing of the
//    caller's while the mutex is held.
// 3. There are three queues, because they may not starve each other. State events and receipts are
//    never dropped: the library has at most one state change of each kind per connection, and one
//    receipt per slot of the send window, and a new connection begins only after the loop has taken
//    the events of the last. A message that finds its queue full is dropped and counted; numbers
//    end to end bring it again.
// 4. Order holds within a queue. A lost connection's messages are in theirs before its event is.
//
// Ownership: queues own copies; a message taken is the taker's, to free with free(). Thread: as
// above; init, close and fini on the loop's. Failure: creation only.
#ifndef RUNTIME_MQTT_CROSSING_H
#define RUNTIME_MQTT_CROSSING_H

#include "base/status.h"
#include "runtime/mqtt/mqtt.h"

enum { CROSSING_TEXT_SIZE = 256 };

enum crossing_kind {
    CROSSING_CONNECTED,
    CROSSING_CONNECT_FAILED,
    CROSSING_SUBSCRIBED,
    CROSSING_SUBSCRIBE_FAILED,
    CROSSING_LOST,
    CROSSING_DISCONNECTED, // as asked for
};

struct crossing_event {
    enum crossing_kind kind;
    uint64_t generation; // of the connection it speaks of
    int code;            // the library's or the broker's
    char text[CROSSING_TEXT_SIZE];
};

struct crossing_receipt { // the library has let go of a publish
    uint32_t slot;
    enum status status;
};

struct crossing_message {
    struct mqtt_message message; // points into `bytes`
    char bytes[];
};

struct crossing;

struct crossing_limits {
    size_t messages, receipts;
};

// `wake` is called on the loop's thread, once or more, after something was posted.
MUST_CHECK enum status crossing_new(uv_loop_t *loop, struct crossing_limits limits,
                                    void (*wake)(void *context), void *context,
                                    struct crossing **ret_crossing);
// Only after the library can post no more; frees what is still queued, then calls `closed`.
void crossing_free(struct crossing *crossing, void (*closed)(void *context));

void crossing_post_event(struct crossing *crossing, const struct crossing_event *event);
void crossing_post_receipt(struct crossing *crossing, struct crossing_receipt receipt);
// Copies topic (`topic_length` bytes, terminated in the copy) and payload.
void crossing_post_message(struct crossing *crossing, const struct mqtt_message *message,
                           size_t topic_length);
// A message that had to be refused before it could be posted.
void crossing_post_dropped(struct crossing *crossing);

bool crossing_take_event(struct crossing *crossing, struct crossing_event *ret_event);
bool crossing_take_receipt(struct crossing *crossing, struct crossing_receipt *ret_receipt);
// Up to `limit` messages; the count.
size_t crossing_take_messages(struct crossing *crossing, struct crossing_message *ret_messages[],
                              size_t limit);
// The loop's thread asks for another wake-up: it has left something for the next turn.
void crossing_wake_again(struct crossing *crossing);

uint64_t crossing_dropped(struct crossing *crossing);

#endif
