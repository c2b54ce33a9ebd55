// SPDX-License-Identifier: Apache-2.0
// Log lines as testers write them; the shipped patterns (packaging/patterns) read them back.
#include "sim/testers/tester_log.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LINE_SIZE = 1024, LOG_PATH_SIZE = 512 };

static void append_time(struct text *out, struct wall_time at)
{
    time_t seconds = (time_t)(at.ms / 1000);
    struct tm local;
    char stamp[32] = "";
    if (localtime_r(&seconds, &local) != NULL)
        strftime(stamp, sizeof stamp, "%Y-%m-%d %H:%M:%S", &local);
    text_printf(out, "%s.%03d", stamp, (int)(at.ms % 1000));
}

static const char *failure_words(enum outcome outcome)
{
    switch (outcome) {
    case OUTCOME_MISSING:
        return "order file not found";
    case OUTCOME_DENIED:
        return "access denied";
    case OUTCOME_INVALID:
        return "order file invalid";
    default:
        return "share not reachable";
    }
}

void tester_log_line(struct text *out, struct wall_time at, const struct scan_result *result)
{
    append_time(out, at);
    text_printf(out, " [%s] ", result->node);
    if (result->outcome == OUTCOME_OK) {
        text_printf(out, "Order %s loaded (product %s, %" PRId64 " ms)\n", result->order,
                    result->product, result->latency_ms);
        return;
    }
    text_printf(out, "ERROR %s: %s (product %s)", failure_words(result->outcome), result->path,
                result->product);
    if (result->outcome != OUTCOME_MISSING)
        text_printf(out, ": %s", result->reason);
    text_append(out, "\n");
}

static enum status open_log(const char *logs, const char *node, int *ret_file)
{
    char folder[LOG_PATH_SIZE], path[LOG_PATH_SIZE + 16];
    if (snprintf(folder, sizeof folder, "%s/%s", logs, node) >= LOG_PATH_SIZE)
        return STATUS_INVALID;
    snprintf(path, sizeof path, "%s/tester.log", folder);
    int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0 && errno == ENOENT && mkdir(folder, 0755) == 0)
        file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0)
        return STATUS_IO;
    *ret_file = file;
    return STATUS_OK;
}

enum status tester_log_append(const char *logs, struct wall_time at,
                              const struct scan_result *result)
{
    char buffer[LINE_SIZE];
    struct text line;
    text_init(&line, buffer, sizeof buffer);
    tester_log_line(&line, at, result);
    int file;
    enum status status = open_log(logs, result->node, &file);
    if (status != STATUS_OK)
        return status;
    ssize_t written = write(file, line.data, line.length);
    if (close(file) != 0 || written != (ssize_t)line.length)
        return STATUS_IO;
    return STATUS_OK;
}
