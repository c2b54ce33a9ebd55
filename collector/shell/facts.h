// SPDX-License-Identifier: Apache-2.0
// What the collector knows about itself, gathered when somebody asks: for health, status, metrics.
//
// Ownership: texts live until the next turn of the loop. Thread: the loop's. Failure: none.
#ifndef COLLECTOR_SHELL_FACTS_H
#define COLLECTOR_SHELL_FACTS_H

#include "collector/shell/store_writer.h"
#include "runtime/mqtt/mqtt.h"
#include "wire/codec.h"

struct facts {
    struct wall_time started_at;
    bool link_up;
    struct wall_time link_since; // when it came up or went down
    const char *link_reason;     // why it is down
    int protocol;                // 5 or 4; 0 = never connected
    struct mqtt_counters mqtt;
    bool broker_dropped_known;
    uint64_t broker_dropped;
    const uint64_t *accepted; // [MESSAGE_KIND_COUNT]
    const uint64_t *rejected; // [WIRE_REJECT_COUNT]
    struct store_writer_stats store;
    const char *store_problem; // "" = none
    uint64_t acks_sent, publishes_refused, alerts_told, gaps, notes;
    size_t outboxes_held;
    bool recording;
    uint64_t record_dropped; // lines
};

#endif
