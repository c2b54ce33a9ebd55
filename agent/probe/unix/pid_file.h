// SPDX-License-Identifier: Apache-2.0
// The process that a daemon's pid file names, if that is still the one that wrote it.
//
// Ownership: plain values. Thread: any. Failure: STATUS_NOT_FOUND and the reason in words.
#ifndef AGENT_PROBE_UNIX_PID_FILE_H
#define AGENT_PROBE_UNIX_PID_FILE_H

#include "agent/probe/process_table.h"
#include "domain/ids.h"

// A pid is used again after a crash or a reboot. With a `command` (may be "") the process has to
// run it; without, it must not be younger than the file, which goes wrong where the clock is set by
// more than a moment after the service's start: give the command too on such a machine.
MUST_CHECK enum status pid_file_look(const char *path, const char *command,
                                     struct process_identity *ret, char reason[TEXT_SIZE]);

#endif
