// SPDX-License-Identifier: Apache-2.0
// The one place where the MQTT library's threads hand something to the loop's thread.
#include "runtime/mqtt/crossing.h"

#include <stdlib.h>
#include <string.h>

// Six kinds, and a stale one of the connection before: more can't be waiting at once.
enum { EVENT_LIMIT = 16 };

struct ring { // positions in an array of `capacity` entries
    size_t capacity, first, count;
};

struct crossing {
    uv_async_t wake;
    uv_mutex_t mutex; // guards everything below
    struct ring events, receipts, messages;
    struct crossing_event event_entries[EVENT_LIMIT];
    struct crossing_receipt *receipt_entries;
    struct crossing_message **message_entries;
    uint64_t dropped;
    // The loop's thread only.
    void (*on_wake)(void *context);
    void (*on_closed)(void *context);
    void *context;
};

// The position of a new last entry; the newest one again when full.
static size_t ring_push(struct ring *ring)
{
    if (ring->count < ring->capacity)
        ring->count++;
    return (ring->first + ring->count - 1) % ring->capacity;
}

static size_t ring_pop(struct ring *ring)
{
    size_t position = ring->first;
    ring->first = (ring->first + 1) % ring->capacity;
    ring->count--;
    return position;
}

static void on_async(uv_async_t *async)
{
    struct crossing *crossing = async->data;
    crossing->on_wake(crossing->context);
}

enum status crossing_new(uv_loop_t *loop, struct crossing_limits limits,
                         void (*wake)(void *context), void *context, struct crossing **ret_crossing)
{
    struct crossing *crossing = calloc(1, sizeof *crossing);
    if (!crossing)
        return STATUS_NO_MEMORY;
    crossing->events.capacity = EVENT_LIMIT;
    crossing->receipts.capacity = limits.receipts;
    crossing->messages.capacity = limits.messages;
    crossing->on_wake = wake;
    crossing->context = context;
    enum status status = STATUS_NO_MEMORY;
    crossing->receipt_entries = calloc(limits.receipts, sizeof *crossing->receipt_entries);
    crossing->message_entries = calloc(limits.messages, sizeof(struct crossing_message *));
    if (!crossing->receipt_entries || !crossing->message_entries)
        goto fail;
    if (uv_mutex_init(&crossing->mutex) != 0)
        goto fail;
    if (uv_async_init(loop, &crossing->wake, on_async) != 0) {
        uv_mutex_destroy(&crossing->mutex);
        status = STATUS_IO;
        goto fail;
    }
    crossing->wake.data = crossing;
    *ret_crossing = crossing;
    return STATUS_OK;
fail:
    free(crossing->receipt_entries);
    free(crossing->message_entries);
    free(crossing);
    return status;
}

static void on_closed(uv_handle_t *handle)
{
    struct crossing *crossing = handle->data;
    void (*closed)(void *) = crossing->on_closed;
    void *context = crossing->context;
    while (crossing->messages.count > 0)
        free(crossing->message_entries[ring_pop(&crossing->messages)]);
    uv_mutex_destroy(&crossing->mutex);
    free(crossing->receipt_entries);
    free(crossing->message_entries);
    free(crossing);
    closed(context);
}

void crossing_free(struct crossing *crossing, void (*closed)(void *context))
{
    crossing->on_closed = closed;
    uv_close((uv_handle_t *)&crossing->wake, on_closed);
}

void crossing_post_event(struct crossing *crossing, const struct crossing_event *event)
{
    uv_mutex_lock(&crossing->mutex);
    crossing->event_entries[ring_push(&crossing->events)] = *event;
    uv_mutex_unlock(&crossing->mutex);
    uv_async_send(&crossing->wake);
}

void crossing_post_receipt(struct crossing *crossing, struct crossing_receipt receipt)
{
    uv_mutex_lock(&crossing->mutex);
    crossing->receipt_entries[ring_push(&crossing->receipts)] = receipt;
    uv_mutex_unlock(&crossing->mutex);
    uv_async_send(&crossing->wake);
}

static struct crossing_message *copy_message(const struct mqtt_message *message,
                                             size_t topic_length)
{
    struct crossing_message *copy = malloc(sizeof *copy + topic_length + 1 + message->size);
    if (!copy)
        return NULL;
    char *payload = copy->bytes + topic_length + 1;
    memcpy(copy->bytes, message->topic, topic_length);
    copy->bytes[topic_length] = '\0';
    if (message->size > 0)
        memcpy(payload, message->payload, message->size);
    copy->message = *message;
    copy->message.topic = copy->bytes;
    copy->message.payload = payload;
    return copy;
}

void crossing_post_message(struct crossing *crossing, const struct mqtt_message *message,
                           size_t topic_length)
{
    struct crossing_message *copy = copy_message(message, topic_length);
    uv_mutex_lock(&crossing->mutex);
    bool queued = copy && crossing->messages.count < crossing->messages.capacity;
    if (queued)
        crossing->message_entries[ring_push(&crossing->messages)] = copy;
    else
        crossing->dropped++;
    uv_mutex_unlock(&crossing->mutex);
    if (!queued)
        free(copy);
    uv_async_send(&crossing->wake);
}

void crossing_post_dropped(struct crossing *crossing)
{
    uv_mutex_lock(&crossing->mutex);
    crossing->dropped++;
    uv_mutex_unlock(&crossing->mutex);
}

bool crossing_take_event(struct crossing *crossing, struct crossing_event *ret_event)
{
    uv_mutex_lock(&crossing->mutex);
    bool taken = crossing->events.count > 0;
    if (taken)
        *ret_event = crossing->event_entries[ring_pop(&crossing->events)];
    uv_mutex_unlock(&crossing->mutex);
    return taken;
}

bool crossing_take_receipt(struct crossing *crossing, struct crossing_receipt *ret_receipt)
{
    uv_mutex_lock(&crossing->mutex);
    bool taken = crossing->receipts.count > 0;
    if (taken)
        *ret_receipt = crossing->receipt_entries[ring_pop(&crossing->receipts)];
    uv_mutex_unlock(&crossing->mutex);
    return taken;
}

size_t crossing_take_messages(struct crossing *crossing, struct crossing_message *ret_messages[],
                              size_t limit)
{
    size_t count = 0;
    uv_mutex_lock(&crossing->mutex);
    while (count < limit && crossing->messages.count > 0)
        ret_messages[count++] = crossing->message_entries[ring_pop(&crossing->messages)];
    uv_mutex_unlock(&crossing->mutex);
    return count;
}

void crossing_wake_again(struct crossing *crossing)
{
    uv_async_send(&crossing->wake);
}

uint64_t crossing_dropped(struct crossing *crossing)
{
    uv_mutex_lock(&crossing->mutex);
    uint64_t dropped = crossing->dropped;
    uv_mutex_unlock(&crossing->mutex);
    return dropped;
}
