// SPDX-License-Identifier: Apache-2.0
// Another program as a child of a test: started, watched and ended by its process id alone.
#include "tests/support/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STOP_TIMEOUT_MS = 10000 };

// Runs in the child between fork and exec. A test may have threads, so only calls that are safe
// there; the new environment was made before the fork.
static void become(const char *const argv[], char **environment, int output, pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(127); // the parent was faster to die
    if (output >= 0) {
        dup2(output, STDOUT_FILENO);
        dup2(output, STDERR_FILENO);
    }
    execve(argv[0], (char *const *)argv, environment);
    _exit(127);
}

static size_t list_length(char *const *list)
{
    size_t length = 0;
    while (list && list[length])
        length++;
    return length;
}

// The parent's environment with `added` in front: the first of two equal names is the one found.
static char **environment_with(const char *const added[])
{
    size_t new_count = list_length((char *const *)added);
    size_t old_count = list_length(environ);
    char **all = calloc(new_count + old_count + 1, sizeof *all);
    if (!all)
        return NULL;
    if (new_count > 0)
        memcpy(all, added, new_count * sizeof *all);
    memcpy(all + new_count, environ, old_count * sizeof *all);
    return all;
}

bool process_start(struct process *process, const char *const argv[],
                   const char *const environment[], const char *output)
{
    *process = PROCESS_NONE;
    int file = -1;
    char **all = NULL;
    bool started = false;
    if (output) {
        file = open(output, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (file < 0)
            goto done;
    }
    all = environment_with(environment);
    if (!all)
        goto done;
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0)
        become(argv, all, file, parent);
    if (pid < 0)
        goto done;
    process->pid = pid;
    process->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    started = process->pidfd >= 0;
    if (!started)
        process_kill(process);
done:
    if (!started)
        fprintf(stderr, "test support: cannot start %s: %m\n", argv[0]);
    free(all);
    if (file >= 0)
        close(file);
    return started;
}

static void ended(struct process *process)
{
    process->pid = 0;
    if (process->pidfd >= 0)
        close(process->pidfd);
    process->pidfd = -1;
}

bool process_wait(struct process *process, int timeout_ms)
{
    if (process->pid == 0)
        return true;
    struct pollfd wait = {.fd = process->pidfd, .events = POLLIN};
    int ready;
    do
        ready = poll(&wait, 1, timeout_ms);
    while (ready < 0 && errno == EINTR);
    if (ready != 1)
        return false;
    // It has ended; that its status can be had may take the kernel a moment longer, as when a leak
    // checker's tracer lets go of it.
    while (waitpid(process->pid, &process->status, 0) < 0 && errno == EINTR)
        ;
    ended(process);
    return true;
}

bool process_running(struct process *process)
{
    return !process_wait(process, 0);
}

void process_signal(const struct process *process, int signal)
{
    if (process->pid > 0)
        kill(process->pid, signal);
}

bool process_stop(struct process *process)
{
    process_signal(process, SIGTERM);
    process_signal(process, SIGCONT); // a paused process would never see the other one
    if (process_wait(process, STOP_TIMEOUT_MS))
        return true;
    process_kill(process);
    return false;
}

void process_kill(struct process *process)
{
    if (process->pid == 0)
        return;
    process_signal(process, SIGKILL);
    while (waitpid(process->pid, &process->status, 0) < 0 && errno == EINTR)
        ;
    ended(process);
}

int process_exit_code(const struct process *process)
{
    if (WIFSIGNALED(process->status))
        return 128 + WTERMSIG(process->status);
    return WEXITSTATUS(process->status);
}

void process_fini(struct process *process)
{
    process_kill(process);
}
