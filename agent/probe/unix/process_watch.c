// SPDX-License-Identifier: Apache-2.0
// The end of a process by pidfd, which epoll reports as readable.
#include "agent/probe/process_watch.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

struct process_watch {
    uv_poll_t poll;
    int pidfd;
    void (*ended)(void *context);
    void *context;
    void (*closed)(void *context);
    void *closed_context;
};

static void on_readable(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events; // an error on a pidfd would come again and again; the owner looks for itself
    struct process_watch *watch = poll->data;
    uv_poll_stop(poll);
    watch->ended(watch->context);
}

static enum status open_pidfd(const struct process_identity *process, int *ret_pidfd)
{
    struct process_identity now;
    int pidfd = (int)syscall(SYS_pidfd_open, (pid_t)process->pid, 0);
    if (pidfd < 0 && errno == ESRCH)
        return STATUS_NOT_FOUND;
    if (pidfd < 0)
        return errno == ENOSYS || errno == EPERM ? STATUS_UNSUPPORTED : STATUS_IO;
    // The pid may have passed on to another process before it was opened.
    if (process_identify(process->pid, &now) != STATUS_OK || now.started != process->started) {
        close(pidfd);
        return STATUS_NOT_FOUND;
    }
    *ret_pidfd = pidfd;
    return STATUS_OK;
}

static void on_closed(uv_handle_t *handle)
{
    struct process_watch *watch = handle->data;
    close(watch->pidfd);
    if (watch->closed != NULL)
        watch->closed(watch->closed_context);
    free(watch);
}

enum status process_watch_open(uv_loop_t *loop, const struct process_identity *process,
                               void (*ended)(void *context), void *context,
                               struct process_watch **ret_watch)
{
    struct process_watch *watch = calloc(1, sizeof(*watch));
    if (watch == NULL)
        return STATUS_NO_MEMORY;
    watch->ended = ended;
    watch->context = context;
    enum status status = open_pidfd(process, &watch->pidfd);
    if (status == STATUS_OK && uv_poll_init(loop, &watch->poll, watch->pidfd) != 0) {
        close(watch->pidfd);
        status = STATUS_UNSUPPORTED;
    }
    if (status != STATUS_OK) {
        free(watch);
        return status;
    }
    watch->poll.data = watch;
    uv_poll_start(&watch->poll, UV_READABLE, on_readable);
    *ret_watch = watch;
    return STATUS_OK;
}

void process_watch_close(struct process_watch *watch, void (*closed)(void *context), void *context)
{
    watch->closed = closed;
    watch->closed_context = context;
    uv_close((uv_handle_t *)&watch->poll, on_closed);
}
