// SPDX-License-Identifier: Apache-2.0
// fork, a pipe, and the result through it.
#include "bench/year_worker.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static enum status write_all(int fd, const void *bytes, size_t size)
{
    const char *from = bytes;
    while (size > 0) {
        ssize_t written = write(fd, from, size);
        if (written < 0 && errno != EINTR)
            return STATUS_IO;
        if (written > 0) {
            from += written;
            size -= (size_t)written;
        }
    }
    return STATUS_OK;
}

static enum status read_all(int fd, void *bytes, size_t size)
{
    char *to = bytes;
    while (size > 0) {
        ssize_t got = read(fd, to, size);
        if (got == 0 || (got < 0 && errno != EINTR))
            return STATUS_IO;
        if (got > 0) {
            to += got;
            size -= (size_t)got;
        }
    }
    return STATUS_OK;
}

static enum status play_year(int year, uint64_t seed, double false_alarms_per_year, int fd)
{
    struct healthy_run *run = NULL;
    enum status status = healthy_run_new(year, seed, false_alarms_per_year, &run);
    if (status == STATUS_OK)
        status = healthy_run_play(run);
    if (status == STATUS_OK)
        status = write_all(fd, &run->result, sizeof run->result);
    healthy_run_free(run);
    return status;
}

enum status year_worker_start(struct year_worker *worker, int year, uint64_t seed,
                              double false_alarms_per_year)
{
    int ends[2];
    if (pipe(ends) != 0)
        return STATUS_IO;
    pid_t pid = fork();
    if (pid < 0) {
        close(ends[0]);
        close(ends[1]);
        return STATUS_UNAVAILABLE;
    }
    if (pid == 0) {
        close(ends[0]);
        // What the parent has printed and not yet written is the parent's to write.
        _exit(status_exit_code(play_year(year, seed, false_alarms_per_year, ends[1])));
    }
    close(ends[1]);
    *worker = (struct year_worker){.pid = pid, .result_fd = ends[0], .year = year};
    return STATUS_OK;
}

enum status year_worker_wait(struct year_worker *worker, struct healthy_result *ret)
{
    int ended = 0;
    enum status status = read_all(worker->result_fd, ret, sizeof *ret);
    close(worker->result_fd);
    while (waitpid(worker->pid, &ended, 0) < 0 && errno == EINTR) {
    }
    return status;
}
