// SPDX-License-Identifier: Apache-2.0
// Processes by /proc.
#include "agent/probe/process_table.h"

#include "agent/probe/number_reader.h"
#include "agent/probe/path_name.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { COMM_SIZE = 16, STAT_SIZE = 1024 };

// The whole of a small file in /proc/PID, cut at the buffer's end; -1 = none.
static ssize_t read_entry(uint32_t pid, const char *name, char *out, size_t size)
{
    char path[64];
    snprintf(path, sizeof(path), "/proc/%" PRIu32 "/%s", pid, name);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return -1;
    ssize_t count = read(file, out, size - 1);
    close(file);
    out[count > 0 ? count : 0] = '\0';
    return count;
}

// Fields 3 (state) and 22 (start); the name before them stands in brackets and may hold anything.
static bool parse_stat(const char *line, char *ret_state, uint64_t *ret_started)
{
    const char *at = strrchr(line, ')');
    if (at == NULL || at[1] != ' ' || at[2] == '\0')
        return false;
    *ret_state = at[2];
    at += 3;
    for (int field = 4; field < 22; field++) {
        at += strspn(at, " ");
        at += strcspn(at, " ");
    }
    return number_read_unsigned(&at, 10, ret_started);
}

enum status process_identify(uint32_t pid, struct process_identity *ret)
{
    char line[STAT_SIZE];
    if (pid == 0 || pid > INT_MAX)
        return STATUS_NOT_FOUND;
    if (read_entry(pid, "stat", line, sizeof(line)) <= 0) {
        // With hidepid the entry is hidden, and a signal is refused rather than without a target.
        if (kill((pid_t)pid, 0) == 0 || errno != EPERM)
            return STATUS_NOT_FOUND;
        *ret = (struct process_identity){.pid = pid};
        return STATUS_OK;
    }
    char state;
    uint64_t started;
    if (!parse_stat(line, &state, &started) || state == 'Z' || state == 'X' || state == 'x')
        return STATUS_NOT_FOUND;
    *ret = (struct process_identity){.pid = pid, .started = started};
    return STATUS_OK;
}

// The path of its executable; false: not visible to this user, or a kernel thread.
static bool executable_of(uint32_t pid, char *out, size_t size)
{
    char link[64];
    static const char deleted[] = " (deleted)"; // replaced by an update while it runs
    snprintf(link, sizeof(link), "/proc/%" PRIu32 "/exe", pid);
    ssize_t length = readlink(link, out, size - 1);
    if (length <= 0)
        return false;
    out[length] = '\0';
    size_t tail = sizeof(deleted) - 1;
    if ((size_t)length > tail && text_equal(out + length - tail, deleted))
        out[(size_t)length - tail] = '\0';
    return true;
}

// The kernel's name of it: at most 15 bytes of the file that was executed, a script's own.
static bool has_short_name(uint32_t pid, const char *name)
{
    char comm[COMM_SIZE + 1];
    if (read_entry(pid, "comm", comm, sizeof(comm)) <= 0)
        return false;
    comm[strcspn(comm, "\n")] = '\0';
    return strncmp(comm, name, COMM_SIZE - 1) == 0;
}

// Its first two arguments are the program, or the interpreter and the script.
static bool was_called_as(uint32_t pid, const char *path)
{
    char arguments[2 * PATH_MAX];
    ssize_t count = read_entry(pid, "cmdline", arguments, sizeof(arguments));
    if (count <= 0)
        return false;
    size_t first = strlen(arguments) + 1;
    return text_equal(arguments, path) ||
           (first < (size_t)count && text_equal(arguments + first, path));
}

struct wanted {
    const char *command;
    char real[PATH_MAX]; // the executable's path without links; "" = a name only
};

static void want(struct wanted *wanted, const char *command)
{
    wanted->command = command;
    wanted->real[0] = '\0';
    if (strchr(command, '/') != NULL && realpath(command, wanted->real) == NULL)
        text_set(wanted->real, command);
}

static bool runs(uint32_t pid, const struct wanted *wanted)
{
    char executable[PATH_MAX];
    bool visible = executable_of(pid, executable, sizeof(executable));
    if (wanted->real[0] == '\0')
        return (visible && text_equal(path_base(executable), wanted->command)) ||
               has_short_name(pid, wanted->command);
    if (visible && text_equal(executable, wanted->real))
        return true;
    return has_short_name(pid, path_base(wanted->command)) && was_called_as(pid, wanted->command);
}

bool process_runs(uint32_t pid, const char *command)
{
    struct wanted wanted;
    want(&wanted, command);
    return runs(pid, &wanted);
}

static bool is_older(const struct process_identity *a, const struct process_identity *b)
{
    return a->started != b->started ? a->started < b->started : a->pid < b->pid;
}

enum status process_find(const char *command, struct process_identity *ret)
{
    struct wanted wanted;
    want(&wanted, command);
    DIR *folder = opendir("/proc");
    if (folder == NULL)
        return STATUS_IO;
    bool found = false;
    struct process_identity best = {0}, one;
    struct dirent *entry;
    while ((entry = readdir(folder)) != NULL) {
        char *end;
        unsigned long pid = strtoul(entry->d_name, &end, 10);
        if (*end != '\0' || pid == 0 || pid > INT_MAX || !runs((uint32_t)pid, &wanted) ||
            process_identify((uint32_t)pid, &one) != STATUS_OK)
            continue;
        if (!found || is_older(&one, &best))
            best = one;
        found = true;
    }
    closedir(folder);
    if (!found)
        return STATUS_NOT_FOUND;
    *ret = best;
    return STATUS_OK;
}

struct duration process_age(const struct process_identity *process)
{
    struct timespec now;
    long ticks = sysconf(_SC_CLK_TCK);
    if (process->started == 0 || ticks <= 0 || clock_gettime(CLOCK_BOOTTIME, &now) != 0)
        return (struct duration){-1};
    int64_t now_us = (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
    int64_t started_us = (int64_t)(process->started * (1000000 / (uint64_t)ticks));
    int64_t age = now_us - started_us;
    return (struct duration){age > 0 ? age : 0};
}
