// SPDX-License-Identifier: Apache-2.0
// A notice from the system when a process ends that need not be our child.
//
// Ownership: the watch frees itself after close. Thread: the loop's. Failure: STATUS_NOT_FOUND: the
// process is gone already; STATUS_UNSUPPORTED: this system has no such notice; else STATUS_IO.
#ifndef AGENT_PROBE_PROCESS_WATCH_H
#define AGENT_PROBE_PROCESS_WATCH_H

#include "agent/probe/process_table.h"

#include <uv.h>

struct process_watch;

// `ended` comes at most once; close the watch all the same.
MUST_CHECK enum status process_watch_open(uv_loop_t *loop, const struct process_identity *process,
                                          void (*ended)(void *context), void *context,
                                          struct process_watch **ret_watch);
// `closed` (may be NULL) comes later on the loop's thread; `ended` no more.
void process_watch_close(struct process_watch *watch, void (*closed)(void *context), void *context);

#endif
