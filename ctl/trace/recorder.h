// SPDX-License-Identifier: Apache-2.0
// What the bus shows, written as a trace: every message below one site, and the recorder's own
// link.
//
// Ownership: the recorder is the caller's to free by recorder_close, which writes the end line; the
// file stays the caller's. Thread: the loop's. Failure: open gives a status and a sentence; when
// the file cannot be written any more, `failed` is told once.
#ifndef CTL_TRACE_RECORDER_H
#define CTL_TRACE_RECORDER_H

#include "runtime/mqtt/mqtt.h"
#include "wire/trace.h"

#include <stdio.h>

struct recorder_events {
    void (*link)(void *context, bool up, const char *reason); // may be NULL
    void (*failed)(void *context, const char *problem);
    void (*closed)(void *context);
    void *context;
};

struct recorder_counters {
    uint64_t messages, undecoded;
    uint64_t dropped; // came faster than they could be written
};

struct recorder;

// `settings` names broker and logon; its subscriptions are the recorder's to fill.
MUST_CHECK enum status recorder_open(uv_loop_t *loop, const struct mqtt_settings *settings,
                                     const char *site, FILE *file,
                                     const struct recorder_events *events,
                                     struct recorder **ret_recorder, char problem[TEXT_SIZE]);
struct recorder_counters recorder_counters(const struct recorder *recorder);
void recorder_close(struct recorder *recorder);

// How a packet becomes a line; for the recorder and its tests.
void recorder_line(struct text *out, struct wall_time t, const struct mqtt_message *packet);

#endif
