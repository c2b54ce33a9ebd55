// SPDX-License-Identifier: Apache-2.0
// The system's processes: is this one running, and which one runs that program.
//
// Ownership: plain values. Thread: any. Failure: STATUS_NOT_FOUND: it does not run; a process that
// has ended but was not yet reaped by its parent does not run either.
#ifndef AGENT_PROBE_PROCESS_TABLE_H
#define AGENT_PROBE_PROCESS_TABLE_H

#include "base/status.h"
#include "base/time.h"

#include <stdbool.h>
#include <stdint.h>

// A pid alone is used again; with its start it names one process for good.
struct process_identity {
    uint32_t pid;
    uint64_t started; // system's own unit; 0 = not visible
};

MUST_CHECK enum status process_identify(uint32_t pid, struct process_identity *ret);
// The oldest process that runs `command`: an executable's path (a script's too, when it is started
// by its #! line), or a program's name without a path.
MUST_CHECK enum status process_find(const char *command, struct process_identity *ret);
// Whether this process runs `command`.
bool process_runs(uint32_t pid, const char *command);
// How long ago it was started; negative: not known.
struct duration process_age(const struct process_identity *process);

#endif
