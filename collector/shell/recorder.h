// SPDX-License-Identifier: Apache-2.0
// The setting `record`: what the collector receives, its link and its operators, as a trace file.
//
// Lines gather in memory and are written by libuv's thread pool, one write at a time; when the disk
// does not keep up, lines are dropped and counted, never waited for.
// Ownership: recorder_close frees. Thread: the loop's. Failure: a write error ends the recording
// and is told once by the log.
#ifndef COLLECTOR_SHELL_RECORDER_H
#define COLLECTOR_SHELL_RECORDER_H

#include "collector/core/engine.h"
#include "runtime/mqtt/mqtt.h"
#include "wire/topic.h"

#include <uv.h>

struct recorder;

// Appends to `path`. STATUS_DENIED, STATUS_IO with a sentence in `problem`.
MUST_CHECK enum status recorder_open(uv_loop_t *loop, const char *path, const char *site,
                                     struct recorder **ret_recorder, char problem[TEXT_SIZE]);
void recorder_message(struct recorder *recorder, struct instant now, const struct event *event);
void recorder_undecoded(struct recorder *recorder, struct instant now, const struct topic *topic,
                        const struct mqtt_message *message);
void recorder_link(struct recorder *recorder, struct instant now, bool up);
void recorder_operator(struct recorder *recorder, struct instant now,
                       const struct operator_action *action);
uint64_t recorder_dropped(const struct recorder *recorder);
// Writes what is left and frees, at the latest when the loop has run to its end. Takes NULL.
void recorder_close(struct recorder *recorder);

#endif
