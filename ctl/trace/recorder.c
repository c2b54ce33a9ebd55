// SPDX-License-Identifier: Apache-2.0
// The recorder: a subscription to one site, a line for each packet, flushed whenever the loop
// rests.
#include "ctl/trace/recorder.h"

#include "runtime/clock.h"
#include "wire/codec.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_SIZE = 256 * 1024 };

struct recorder {
    FILE *file;
    struct recorder_events events;
    struct mqtt_settings settings;
    struct mqtt_client *client;
    struct recorder_counters counters;
    uv_prepare_t flush;
    struct instant start; // wall time of the trace goes on by the monotonic clock from here
    bool failed, link_up;
    char filter[TOPIC_SIZE];
    char line[LINE_SIZE];
};

static struct wall_time time_of_trace(const struct recorder *recorder)
{
    return wall_add(recorder->start.wall, mono_sub(clock_now().mono, recorder->start.mono));
}

static void write_out(struct recorder *recorder, const struct text *line)
{
    if (recorder->failed || fwrite(line->data, 1, line->length, recorder->file) == line->length)
        return;
    recorder->failed = true;
    recorder->events.failed(recorder->events.context, strerror(errno));
}

static void write_line(struct recorder *recorder, const struct trace_line *line)
{
    struct text out;
    text_init(&out, recorder->line, sizeof recorder->line);
    trace_write_line(&out, line);
    write_out(recorder, &out);
}

// Which kind of line a packet on this topic is.
static void classify(struct trace_line *line, const struct mqtt_message *packet)
{
    if (line->topic.node[0] == '\0') {
        line->kind = TRACE_SITE_WIDE;
        return;
    }
    enum wire_reject reject =
        wire_decode(line->topic.kind, packet->payload, packet->size, &line->message);
    line->kind = reject == WIRE_ACCEPTED ? TRACE_MESSAGE : TRACE_UNDECODED;
}

static bool make_line(struct trace_line *line, struct wall_time t,
                      const struct mqtt_message *packet)
{
    *line = (struct trace_line){
        .t = t,
        .retained = packet->retained,
        .payload = packet->payload,
        .payload_size = packet->size,
    };
    if (topic_parse(packet->topic, &line->topic) != STATUS_OK)
        return false;
    classify(line, packet);
    return true;
}

void recorder_line(struct text *out, struct wall_time t, const struct mqtt_message *packet)
{
    struct trace_line line;
    if (make_line(&line, t, packet))
        trace_write_line(out, &line);
}

static void on_message(void *context, const struct mqtt_message *packet)
{
    struct recorder *recorder = context;
    struct trace_line line;
    if (!make_line(&line, time_of_trace(recorder), packet)) {
        recorder->counters.undecoded++;
        return;
    }
    recorder->counters.messages++;
    recorder->counters.undecoded += line.kind == TRACE_UNDECODED;
    write_line(recorder, &line);
}

// A failed attempt to connect is no news; a change of the link is.
static void on_link(struct recorder *recorder, bool up, const char *reason)
{
    bool changed = up != recorder->link_up;
    recorder->link_up = up;
    struct trace_line line = {.t = time_of_trace(recorder), .kind = TRACE_LINK, .link_up = up};
    if (changed)
        write_line(recorder, &line);
    if (recorder->events.link != NULL)
        recorder->events.link(recorder->events.context, up, reason);
}

static void on_connected(void *context, int protocol_version)
{
    (void)protocol_version;
    on_link(context, true, "");
}

static void on_disconnected(void *context, const char *reason)
{
    on_link(context, false, reason);
}

static void on_rest(uv_prepare_t *prepare)
{
    struct recorder *recorder = prepare->data;
    if (fflush(recorder->file) != 0 && !recorder->failed) {
        recorder->failed = true;
        recorder->events.failed(recorder->events.context, strerror(errno));
    }
}

enum status recorder_open(uv_loop_t *loop, const struct mqtt_settings *settings, const char *site,
                          FILE *file, const struct recorder_events *events,
                          struct recorder **ret_recorder, char problem[TEXT_SIZE])
{
    static const struct mqtt_events mqtt_events = {
        .connected = on_connected, .disconnected = on_disconnected, .message = on_message};
    struct recorder *recorder = calloc(1, sizeof *recorder);
    if (recorder == NULL) {
        snprintf(problem, TEXT_SIZE, "%s", status_text(STATUS_NO_MEMORY));
        return STATUS_NO_MEMORY;
    }
    recorder->file = file;
    recorder->events = *events;
    recorder->start = clock_now();
    recorder->settings = *settings;
    topic_site(recorder->filter, site, "#");
    recorder->settings.subscription_count = 1;
    recorder->settings.subscriptions[0].topic_filter = recorder->filter;
    recorder->settings.subscriptions[0].qos = 1;
    enum status status =
        mqtt_paho.open(loop, &recorder->settings, &mqtt_events, recorder, &recorder->client);
    if (status != STATUS_OK) {
        snprintf(problem, TEXT_SIZE, "cannot use the broker %.150s: %s", settings->url,
                 status_text(status));
        free(recorder);
        return status;
    }
    uv_prepare_init(loop, &recorder->flush);
    recorder->flush.data = recorder;
    uv_prepare_start(&recorder->flush, on_rest);
    uv_unref((uv_handle_t *)&recorder->flush);
    *ret_recorder = recorder;
    return STATUS_OK;
}

struct recorder_counters recorder_counters(const struct recorder *recorder)
{
    struct recorder_counters counters = recorder->counters;
    counters.dropped = mqtt_counters(recorder->client).received_dropped;
    return counters;
}

static void on_flush_closed(uv_handle_t *handle)
{
    struct recorder *recorder = handle->data;
    struct recorder_events events = recorder->events;
    free(recorder);
    events.closed(events.context);
}

static void on_client_closed(void *context)
{
    struct recorder *recorder = context;
    struct trace_line line = {.t = time_of_trace(recorder), .kind = TRACE_END};
    write_line(recorder, &line);
    on_rest(&recorder->flush);
    uv_close((uv_handle_t *)&recorder->flush, on_flush_closed);
}

void recorder_close(struct recorder *recorder)
{
    mqtt_close(recorder->client, on_client_closed, recorder);
}
