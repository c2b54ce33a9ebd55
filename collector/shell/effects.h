// SPDX-License-Identifier: Apache-2.0
// Performing what the core decided: bus first, then page and sinks, then the store; acks only after
// the commit.
//
// Ownership: the parts belong to the caller and outlive this; effects_free frees only itself.
// Thread: the loop's. Failure: what a part refuses is counted; what the store's queue refuses is
// held back from acking (holds.h).
#ifndef COLLECTOR_SHELL_EFFECTS_H
#define COLLECTOR_SHELL_EFFECTS_H

#include "collector/core/engine.h"
#include "collector/shell/holds.h"
#include "collector/shell/publisher.h"
#include "collector/shell/sink.h"
#include "collector/shell/store_writer.h"

enum { EFFECT_SINKS_MAX = 8 };

// Where transitions and the site's status are shown live; may be NULL.
struct effect_display {
    void *context;
    void (*incident)(void *context, const char *json); // a transition line
    void (*status)(void *context, struct instant now); // the site's status changed
};

struct effect_parts {
    const struct engine *engine;
    struct publisher *publisher;
    struct store_writer *store;
    struct effect_display display;
    struct sink *sinks[EFFECT_SINKS_MAX];
    size_t sink_count;
};

struct effect_counters {
    uint64_t told, gaps, notes, incidents_unsaved;
};

struct effect_performer;

MUST_CHECK enum status effects_new(const struct effect_parts *parts, size_t outboxes_max,
                                   struct effect_performer **ret_performer);
void effects_free(struct effect_performer *performer); // takes NULL

// `event` and `origin` as they came from the bus, NULL when a timer or the link did it.
void effects_perform(struct effect_performer *performer, struct instant now, struct effects effects,
                     const struct event *event, const struct mqtt_message *origin);
// A mark came back from the store: the ack goes out.
void effects_committed(struct effect_performer *performer, const struct store_mark *mark);
// The store works again: incidents it refused are put once more.
void effects_store_works(struct effect_performer *performer);
// Says status and andon again.
void effects_status(struct effect_performer *performer, struct instant now);

const struct holds *effects_holds(const struct effect_performer *performer);
struct effect_counters effects_counters(const struct effect_performer *performer);

#endif
