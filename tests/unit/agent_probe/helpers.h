// SPDX-License-Identifier: Apache-2.0
// Programs for tests of what runs other programs: small shell scripts in the temporary folder.
#ifndef TESTS_AGENT_PROBE_HELPERS_H
#define TESTS_AGENT_PROBE_HELPERS_H

#include "fake_sink.h"

#include <sys/types.h>

// An executable script of /bin/sh, "FOLDER/name"; `body` without its first line.
const char *make_script(struct fake_sink *fake, const char *name, const char *body);
// Starts a program that is a child of the test; its pid.
pid_t start_program(const char *path, const char *argument);
// Kills (when `signal_number` is not 0) and reaps it.
void end_program(pid_t pid, int signal_number);
// Whether there is such a process, not counting one that only waits to be reaped.
bool process_lives(pid_t pid);

#endif
