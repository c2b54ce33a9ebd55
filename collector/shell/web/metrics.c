// SPDX-License-Identifier: Apache-2.0
// One line of help and type per family, then its samples.
#include "collector/shell/web/metrics.h"

#include "collector/shell/web/stations.h"

#include <inttypes.h>

#define PREFIX "stationwatch_"

static void family(struct body *body, const char *name, const char *type, const char *help)
{
    body_printf(body, "# HELP " PREFIX "%s %s\n# TYPE " PREFIX "%s %s\n", name, help, name, type);
}

static void number(struct body *body, const char *name, const char *type, const char *help,
                   uint64_t value)
{
    family(body, name, type, help);
    body_printf(body, PREFIX "%s %" PRIu64 "\n", name, value);
}

static void labelled(struct body *body, const char *name, const char *label, const char *value,
                     uint64_t count)
{
    body_printf(body, PREFIX "%s{%s=\"%s\"} %" PRIu64 "\n", name, label, value, count);
}

static void write_ingest(struct body *body, const struct facts *facts)
{
    family(body, "messages_total", "counter", "Messages understood, by kind.");
    for (int kind = 0; kind < MESSAGE_ACK; kind++)
        labelled(body, "messages_total", "kind", message_kind_name((enum message_kind)kind),
                 facts->accepted[kind]);
    family(body, "rejects_total", "counter", "Messages refused, by reason.");
    for (int reason = WIRE_ACCEPTED + 1; reason < WIRE_REJECT_COUNT; reason++)
        labelled(body, "rejects_total", "reason", wire_reject_name((enum wire_reject)reason),
                 facts->rejected[reason]);
}

static void write_engine(struct body *body, const struct engine *engine)
{
    struct engine_counters counters = engine_counters(engine);
    number(body, "events_total", "counter", "Events the engine has taken.", counters.events);
    number(body, "duplicates_total", "counter", "Outbox events that came again.",
           counters.duplicates);
    number(body, "gaps_total", "counter", "Holes that outboxes reported.", counters.gaps);
    number(body, "late_total", "counter", "Outcomes that came late.", counters.late);
    number(body, "unauthorized_total", "counter", "Reports about what the node may not speak for.",
           counters.unauthorized);
    number(body, "nodes_refused_total", "counter", "Nodes above the limit.",
           counters.nodes_refused);
    number(body, "candidates", "gauge", "Causes that are weighed.", counters.candidates);
    number(body, "incidents_open", "gauge", "Incidents not closed.", engine_incident_count(engine));
    struct station_counts stations = stations_count(engine);
    family(body, "stations", "gauge", "Stations by presence.");
    for (int presence = 0; presence < PRESENCE_COUNT; presence++)
        labelled(body, "stations", "presence", presence_name((enum presence)presence),
                 stations.presence[presence]);
}

static void write_bus(struct body *body, const struct facts *facts)
{
    const struct mqtt_counters *mqtt = &facts->mqtt;
    number(body, "link_up", "gauge", "1 with a connection to the broker.", facts->link_up);
    number(body, "mqtt_received_total", "counter", "Messages received.", mqtt->received);
    number(body, "mqtt_received_dropped_total", "counter", "Messages that found the queue full.",
           mqtt->received_dropped);
    number(body, "mqtt_published_total", "counter", "Messages published.", mqtt->published);
    number(body, "mqtt_publish_refused_total", "counter", "Messages that could not be published.",
           mqtt->publish_refused);
    number(body, "mqtt_connects_total", "counter", "Connections made.", mqtt->connects);
    number(body, "mqtt_connect_failures_total", "counter", "Connections that failed.",
           mqtt->connect_failures);
    if (facts->broker_dropped_known)
        number(body, "broker_dropped_total", "counter",
               "Messages the broker dropped for slow subscribers.", facts->broker_dropped);
    number(body, "acks_sent_total", "counter", "Acks sent to outboxes.", facts->acks_sent);
    number(body, "alerts_total", "counter", "Transitions that people were told of.",
           facts->alerts_told);
}

static void write_store(struct body *body, const struct facts *facts)
{
    const struct store_writer_stats *store = &facts->store;
    number(body, "store_failing", "gauge", "1 while the disk refuses.", store->failing);
    number(body, "store_queue_bytes", "gauge", "Waiting to be written.", store->queue_bytes);
    number(body, "store_queue_limit_bytes", "gauge", "Room of the queue.", store->queue_bytes_max);
    number(body, "store_written_total", "counter", "Items written.", store->written);
    number(body, "store_commits_total", "counter", "Transactions.", store->commits);
    number(body, "store_failures_total", "counter", "Transactions the disk refused.",
           store->failures);
    number(body, "store_refused_total", "counter", "Items that found the queue full.",
           store->refused);
    number(body, "store_unwritable_total", "counter", "Items that no try can write.",
           store->unwritable);
    number(body, "store_acks_dropped_total", "counter", "Acks that found no room on the way back.",
           store->acks_dropped);
    number(body, "outboxes_held", "gauge", "Outboxes whose acks are held back.",
           facts->outboxes_held);
    number(body, "record_dropped_total", "counter", "Lines missing in the recording.",
           facts->record_dropped);
}

void metrics_write(struct body *body, const struct web_source *source, const struct facts *facts,
                   size_t live_readers)
{
    family(body, "collector_info", "gauge", "The collector's version.");
    body_printf(body, PREFIX "collector_info{version=\"%s\",site=\"%s\"} 1\n", STATIONWATCH_VERSION,
                source->site);
    family(body, "start_time_seconds", "gauge", "Unix time of the collector's start.");
    body_printf(body, PREFIX "start_time_seconds %.3f\n", (double)facts->started_at.ms / 1000.0);
    write_ingest(body, facts);
    write_engine(body, source->engine);
    write_bus(body, facts);
    write_store(body, facts);
    number(body, "live_readers", "gauge", "Readers of the live events.", live_readers);
}
