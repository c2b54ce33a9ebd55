// SPDX-License-Identifier: Apache-2.0
// A recording of the bus played through the collector's engine in virtual time, from an empty
// store: the same trace and configuration give the same transitions, to the byte.
//
// Time is the trace's alone: it starts at the first line's t, the engine's deadlines run in order,
// each exactly at its time, up to the last t, and none after.
// Ownership: replay_free; the configuration outlives it; what `transition` is given is valid within
// the call. Thread: one at a time. Failure: STATUS_INVALID with a sentence for a line that is none
// or goes back in time; the replay is to be freed then.
#ifndef CTL_TRACE_REPLAY_H
#define CTL_TRACE_REPLAY_H

#include "collector/core/engine.h"
#include "wire/trace.h"

struct replay_events {
    // One transition of one incident, at the trace's time.
    void (*transition)(void *context, struct wall_time t, const struct effect *effect);
    void *context;
};

struct replay_counters {
    uint64_t lines, events; // events: given to the engine
    uint64_t passed_over;   // site-wide, ack and command topics
    uint64_t undecoded;     // payload_base64
    uint64_t other_sites;
    uint64_t transitions;
};

struct replay;

MUST_CHECK enum status replay_new(const struct engine_config *config,
                                  const struct replay_events *events, struct replay **ret_replay);
// Takes NULL.
void replay_free(struct replay *replay);
// One line without its line break; a blank one is passed over.
MUST_CHECK enum status replay_line(struct replay *replay, const char *line, size_t size,
                                   char problem[TEXT_SIZE]);
// The last line was read: runs the deadlines up to its t.
void replay_finish(struct replay *replay);
struct replay_counters replay_counters(const struct replay *replay);
// The t of the latest line; WALL_UNKNOWN before the first.
struct wall_time replay_now(const struct replay *replay);

#endif
