// SPDX-License-Identifier: Apache-2.0
// A start command of a service, run in a session of its own so that it outlives the agent.
//
// Ownership: the child record frees itself after close; the process is never killed by it. Thread:
// the loop's; libuv reaps the process when it ends, as long as the record is open. Failure: a
// status and a sentence when it cannot be started.
#ifndef AGENT_PROBE_UNIX_SERVICE_CHILD_H
#define AGENT_PROBE_UNIX_SERVICE_CHILD_H

#include "base/status.h"
#include "domain/ids.h"

#include <uv.h>

struct service_child;

// Splits `command` without a shell (argument_list.h). `ended` comes at most once: with exit status
// and 0, or with the signal that killed it.
MUST_CHECK enum status service_child_spawn(uv_loop_t *loop, const char *command,
                                           void (*ended)(void *context, int exit_status,
                                                         int signal_number),
                                           void *context, struct service_child **ret_child,
                                           char problem[TEXT_SIZE]);
uint32_t service_child_pid(const struct service_child *child);
// `closed` may be NULL.
void service_child_close(struct service_child *child, void (*closed)(void *context), void *context);

#endif
