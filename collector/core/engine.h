// SPDX-License-Identifier: Apache-2.0
// The collector's pure core: an event and a time go in, effects come out.
//
// engine_step -> delivery (each outbox event once) -> fleet (who is there) -> diagnosis (what
// explains it) -> incident (one per cause) -> effects, which the shell performs. The same events in
// the same order give the same effects, bit for bit: no clock, no I/O, no random source, ids from
// counters. Replay, the scenario tests and the collector run this same code.
//
// Ownership: the engine copies what it keeps; the configuration's arrays have to outlive it.
// Effects and views belong to the engine and are valid until its next step. Thread: one at a time,
// any. Failure: engine_new reports a status; a step never fails: what does not fit a limit is
// counted in engine_counters and told by EFFECT_NOTE.
#ifndef COLLECTOR_CORE_ENGINE_H
#define COLLECTOR_CORE_ENGINE_H

#include "base/status.h"
#include "collector/core/core_config.h"
#include "collector/core/effect.h"
#include "collector/core/event.h"
#include "domain/bus.h"

struct engine;

MUST_CHECK enum status engine_new(const struct engine_config *config, struct instant start,
                                  struct engine **ret_engine);
void engine_free(struct engine *engine);

// One step at `now`, which never goes back. Deadlines that are due are worked off first, each at
// its own time, so that a late call gives the same result as a timely one.
struct effects engine_step(struct engine *engine, struct instant now, const struct event *event);

// When engine_step wants to be called with EVENT_TIMER; MONO_NEVER = not by itself.
struct mono_time engine_next_deadline(const struct engine *engine);

// ---- views -----------------------------------------------------------------------------------

struct node_view {
    const char *node;
    enum role role;
    enum presence presence;
    enum offline_reason offline_reason; // when off
    struct wall_time last_heard;        // WALL_UNKNOWN = never
    struct wall_time last_fetch_at;
    enum outcome last_fetch;         // UNSPECIFIED = none yet
    enum outcome share;              // the latest probe
    uint64_t fetch_ok, fetch_failed; // outcomes received
    uint64_t outbox_depth;
    const char *version, *hostname;
    uint32_t label_count;
    const struct label *labels;
    const char *incident_id; // the open incident that covers it, "" = none
};

uint32_t engine_node_count(const struct engine *engine);
void engine_node(const struct engine *engine, uint32_t index, struct node_view *ret_view);

// Incidents not yet closed, oldest first, and by id (also closed ones still held for reopening).
uint32_t engine_incident_count(const struct engine *engine);
const struct incident *engine_incident(const struct engine *engine, uint32_t index);
const struct incident *engine_find_incident(const struct engine *engine, const char *id);

void engine_site_status(const struct engine *engine, struct instant now, struct site_status *ret);
// "green", "yellow" or "red".
const char *engine_andon(const struct engine *engine);

struct engine_counters {
    uint64_t events, duplicates, gaps, late, unauthorized, nodes_refused, candidates, effects;
    double threshold; // the alarm threshold h, in nats
};
struct engine_counters engine_counters(const struct engine *engine);

#endif
