// SPDX-License-Identifier: Apache-2.0
// Reads pid files.
#include "agent/probe/unix/pid_file.h"

#include "base/text.h"
#include "runtime/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SLACK_MS = 2000 }; // clock ticks, file times and the daemon's own order of doing things

struct pid_note {
    uint32_t pid;
    struct wall_time written_at;
};

// A decimal number, blanks around it allowed; 0 = none.
static uint32_t parse_pid(const char *text)
{
    char *end;
    unsigned long pid = strtoul(text, &end, 10);
    end += strspn(end, " \t\r\n");
    return *end == '\0' && pid <= INT_MAX ? (uint32_t)pid : 0;
}

static bool read_note(const char *path, struct pid_note *ret, struct text *reason)
{
    char buffer[32];
    struct stat facts;
    ssize_t count = -1;
    int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (file >= 0 && fstat(file, &facts) == 0)
        count = read(file, buffer, sizeof(buffer) - 1);
    int error = errno;
    if (file >= 0)
        close(file);
    if (count < 0) {
        text_printf(reason, "pid file %s: %s", path, strerror(error));
        return false;
    }
    buffer[count] = '\0';
    ret->pid = parse_pid(buffer);
    ret->written_at.ms = (int64_t)facts.st_mtim.tv_sec * 1000 + facts.st_mtim.tv_nsec / 1000000;
    if (ret->pid == 0)
        text_printf(reason, "pid file %s holds no pid", path);
    return ret->pid != 0;
}

static bool is_younger_than_note(const struct process_identity *process,
                                 const struct pid_note *note)
{
    int64_t process_age_ms = duration_to_ms(process_age(process));
    int64_t note_age_ms = clock_now().wall.ms - note->written_at.ms;
    return process->started != 0 && process_age_ms + SLACK_MS < note_age_ms;
}

enum status pid_file_look(const char *path, const char *command, struct process_identity *ret,
                          char reason[TEXT_SIZE])
{
    struct text text;
    struct pid_note note;
    struct process_identity process;
    text_init(&text, reason, TEXT_SIZE);
    if (!read_note(path, &note, &text))
        return STATUS_NOT_FOUND;
    const char *wrong = NULL;
    if (process_identify(note.pid, &process) != STATUS_OK)
        wrong = "is not running";
    else if (command[0] != '\0' && !process_runs(note.pid, command))
        wrong = "is another program";
    else if (command[0] == '\0' && is_younger_than_note(&process, &note))
        wrong = "was started after it was written";
    if (wrong != NULL) {
        text_printf(&text, "pid file %s names pid %" PRIu32 ", which %s", path, note.pid, wrong);
        return STATUS_NOT_FOUND;
    }
    *ret = process;
    return STATUS_OK;
}
