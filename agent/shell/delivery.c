// SPDX-License-Identifier: Apache-2.0
// The way of an event from the outbox to its ack.
#include "agent/shell/delivery.h"

#include "runtime/log.h"

#include <inttypes.h>

enum { NOTE_SIZE = 1200 };

static void retry_later(struct delivery *delivery, struct instant now)
{
    delivery->retry_at = mono_add(now.mono, DELIVERY_RETRY);
}

static void open_outbox(struct delivery *delivery, struct instant now)
{
    char buffer[NOTE_SIZE];
    struct text note;
    text_init(&note, buffer, sizeof buffer);
    enum status status =
        outbox_open(&delivery->settings.outbox, now.wall, &delivery->outbox, &note);
    if (status != STATUS_OK) {
        delivery->outbox = NULL;
        retry_later(delivery, now);
        if (!delivery->told)
            log_error("outbox", "no events are accepted: %s; tried again every 10 s", buffer);
        delivery->told = true;
        return;
    }
    if (note.length > 0)
        log_error("outbox", "%s", buffer);
    delivery->retry_at = MONO_NEVER;
    delivery->told = false;
    struct outbox_view view = outbox_look(delivery->outbox);
    delivery->dropped_told = outbox_dropped(delivery->outbox);
    outbox_policy_attach(&delivery->policy, view.id, view.oldest, view.next);
    log_info("outbox", "%s: %" PRIu64 " events wait, next seq %" PRIu64,
             delivery->settings.outbox.path, view.next - view.oldest, view.next);
}

static void close_outbox(struct delivery *delivery)
{
    outbox_close(delivery->outbox);
    delivery->outbox = NULL;
    outbox_policy_detach(&delivery->policy);
}

// The file has turned out to be damaged while in use.
static void begin_anew(struct delivery *delivery, struct instant now)
{
    char buffer[NOTE_SIZE];
    struct text note;
    text_init(&note, buffer, sizeof buffer);
    close_outbox(delivery);
    enum status status = outbox_set_aside(delivery->settings.outbox.path, now.wall, &note);
    log_error("outbox", "%s", status == STATUS_OK ? buffer : status_text(status));
    open_outbox(delivery, now);
    if (delivery->outbox == NULL)
        return;
    delivery->retry_at = now.mono; // what was not accepted is asked for again
    delivery->events.begun(delivery->events.context);
}

void delivery_init(struct delivery *delivery, const struct delivery_settings *settings,
                   const struct delivery_events *events, struct instant now)
{
    *delivery = (struct delivery){.settings = *settings, .events = *events, .retry_at = MONO_NEVER};
    outbox_policy_init(&delivery->policy, &settings->policy);
    open_outbox(delivery, now);
}

void delivery_fini(struct delivery *delivery)
{
    close_outbox(delivery);
    delivery->retry_at = MONO_NEVER;
}

static void tell_drops(struct delivery *delivery)
{
    uint64_t dropped = outbox_dropped(delivery->outbox);
    uint64_t step = delivery->dropped_told == 0 ? 1 : delivery->dropped_told;
    // Each doubling: a full outbox must not fill the log as well.
    if (dropped < delivery->dropped_told + step)
        return;
    delivery->dropped_told = dropped;
    log_warning("outbox", "full: %" PRIu64 " oldest events dropped so far", dropped);
}

static enum status not_accepted(struct delivery *delivery, enum status status, struct instant now)
{
    if (status == STATUS_CORRUPT) {
        begin_anew(delivery, now);
        return STATUS_UNAVAILABLE;
    }
    retry_later(delivery, now);
    if (!delivery->told)
        log_error("outbox", "%s: %s; no events are accepted, tried again every 10 s",
                  delivery->settings.outbox.path,
                  status == STATUS_FULL ? "no space on the disk" : status_text(status));
    delivery->told = true;
    return status;
}

static void accepted(struct delivery *delivery, size_t refused)
{
    if (delivery->told)
        log_info("outbox", "events are accepted again");
    delivery->told = false;
    if (refused > 0) {
        delivery->refused += refused;
        log_warning("outbox", "%zu events broke the contract and were left out, %" PRIu64 " so far",
                    refused, delivery->refused);
    }
    tell_drops(delivery);
    struct outbox_view view = outbox_look(delivery->outbox);
    outbox_policy_changed(&delivery->policy, view.oldest, view.next);
}

enum status delivery_append(struct delivery *delivery, struct message *messages, size_t count,
                            struct instant at, const struct bookmark *bookmark, struct instant now)
{
    if (delivery->outbox == NULL)
        return STATUS_UNAVAILABLE;
    struct event_stamp stamp = {.at = at.mono};
    text_set(stamp.boot_id, delivery->settings.boot_id);
    size_t refused;
    enum status status =
        outbox_append(delivery->outbox, messages, count, &stamp, bookmark, &refused);
    if (status != STATUS_OK)
        return not_accepted(delivery, status, now);
    accepted(delivery, refused);
    delivery_pump(delivery, now);
    return STATUS_OK;
}

enum status delivery_bookmark(struct delivery *delivery, const char *name,
                              char value[BOOKMARK_VALUE_SIZE])
{
    if (delivery->outbox == NULL)
        return STATUS_UNAVAILABLE;
    return outbox_bookmark(delivery->outbox, name, value);
}

void delivery_connected(struct delivery *delivery)
{
    outbox_policy_connected(&delivery->policy);
}

void delivery_disconnected(struct delivery *delivery)
{
    outbox_policy_disconnected(&delivery->policy);
}

void delivery_ack(struct delivery *delivery, const struct ack *ack, struct instant now)
{
    enum ack_verdict verdict = outbox_policy_ack(&delivery->policy, ack, now);
    if (verdict == ACK_FOREIGN || verdict == ACK_BEYOND) {
        delivery->acks_ignored++;
        log_debug("outbox", "ack %s/%" PRIu64 " does not belong here", ack->outbox_id, ack->seq);
    }
    if (verdict != ACK_ADVANCED)
        return;
    enum status status = outbox_forget(delivery->outbox, ack->seq);
    if (status == STATUS_CORRUPT) {
        begin_anew(delivery, now);
        return;
    }
    // Not forgotten now is forgotten with a later ack, or acked once more after a restart.
    if (status != STATUS_OK)
        log_debug("outbox", "acked events are not deleted yet: %s", status_text(status));
    delivery_pump(delivery, now);
}

static void set_age(struct message *event, int64_t age_ms)
{
    switch (event->kind) {
    case MESSAGE_ORDER:
        event->order.key.age_ms = age_ms;
        break;
    case MESSAGE_SERVICE:
        event->service.key.age_ms = age_ms;
        break;
    case MESSAGE_HOST:
        event->host.key.age_ms = age_ms;
        break;
    default:
        break;
    }
}

void delivery_pump(struct delivery *delivery, struct instant now)
{
    uint64_t seq;
    while (delivery->outbox != NULL && outbox_policy_next(&delivery->policy, &seq)) {
        struct message event;
        struct event_stamp stamp;
        enum status status = outbox_read(delivery->outbox, seq, &event, &stamp);
        if (status == STATUS_CORRUPT || status == STATUS_NOT_FOUND) {
            begin_anew(delivery, now);
            return;
        }
        if (status != STATUS_OK) {
            retry_later(delivery, now);
            return;
        }
        set_age(&event, event_stamp_age_ms(&stamp, delivery->settings.boot_id, now));
        if (delivery->events.publish(delivery->events.context, &event) != STATUS_OK)
            return;
        outbox_policy_sent(&delivery->policy, now);
    }
}

struct mono_time delivery_deadline(const struct delivery *delivery)
{
    return mono_min(delivery->retry_at, outbox_policy_deadline(&delivery->policy));
}

static void retry(struct delivery *delivery, struct instant now)
{
    delivery->retry_at = MONO_NEVER;
    if (delivery->outbox == NULL) {
        open_outbox(delivery, now);
        if (delivery->outbox == NULL)
            return;
        delivery->events.begun(delivery->events.context);
    }
    delivery->events.room(delivery->events.context);
}

void delivery_expire(struct delivery *delivery, struct instant now)
{
    if (!mono_is_never(delivery->retry_at) && !mono_before(now.mono, delivery->retry_at))
        retry(delivery, now);
    outbox_policy_expire(&delivery->policy, now);
    delivery_pump(delivery, now);
}

struct outbox_view delivery_look(const struct delivery *delivery)
{
    if (delivery->outbox == NULL)
        return (struct outbox_view){.oldest = 1, .next = 1};
    return outbox_look(delivery->outbox);
}
