// SPDX-License-Identifier: Apache-2.0
// Another program as a child of a test: started, watched and ended by its process id alone.
//
// The child ends with its parent (PR_SET_PDEATHSIG: with the THREAD that started it, so start from
// the main one). Ownership: the caller's storage; process_fini ends and reaps what still runs.
// Thread: one at a time per process. Failure: process_start gives false and says why on standard
// error; the waits give false when their deadline passes.
#ifndef TESTS_SUPPORT_PROCESS_H
#define TESTS_SUPPORT_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

struct process {
    pid_t pid;  // 0 = not running
    int pidfd;  // readable once the process has ended
    int status; // as waitpid gives it; valid once it has ended
};

#define PROCESS_NONE ((struct process){.pidfd = -1})

// argv[0] is a path; `output` is the file that gets standard output and error, NULL = inherited.
// `environment` is a NULL-terminated list of NAME=VALUE added to the parent's, or NULL.
bool process_start(struct process *process, const char *const argv[],
                   const char *const environment[], const char *output);
void process_fini(struct process *process);

bool process_running(struct process *process);
// Until it has ended, at most `timeout_ms`.
bool process_wait(struct process *process, int timeout_ms);
void process_signal(const struct process *process, int signal);
// SIGTERM, and SIGKILL if that does not end it in ten seconds. True: SIGTERM was enough.
bool process_stop(struct process *process);
// SIGKILL, reaped.
void process_kill(struct process *process);
// The exit code of an ended process, or 128 + the signal that ended it.
int process_exit_code(const struct process *process);

#endif
