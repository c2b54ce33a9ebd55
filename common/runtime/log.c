// SPDX-License-Identifier: Apache-2.0
// Log lines of a program, to standard error.
#include "runtime/log.h"

#include "base/text.h"
#include "runtime/clock.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINE_SIZE = 2048 };

// The one state of this file: a program has one log. Atomic, because any thread may write.
static _Atomic int lowest_level = LOG_LEVEL_INFO;

static const struct {
    const char *word;
    int journal_priority; // sd-daemon(3), as of syslog
} LEVELS[] = {
    [LOG_LEVEL_DEBUG] = {"debug", 7},
    [LOG_LEVEL_INFO] = {"info", 6},
    [LOG_LEVEL_WARNING] = {"warning", 4},
    [LOG_LEVEL_ERROR] = {"error", 3},
};

void log_set_level(enum log_level level)
{
    lowest_level = (int)level;
}

// JOURNAL_STREAM names the device and inode of the journal's pipe. It is inherited, so a standard
// error that was redirected since must not be taken for the journal.
static bool writes_to_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    struct stat status;
    if (!stream || fstat(STDERR_FILENO, &status) != 0)
        return false;
    char own[64];
    snprintf(own, sizeof own, "%llu:%llu", (unsigned long long)status.st_dev,
             (unsigned long long)status.st_ino);
    return strcmp(own, stream) == 0;
}

// A line stays one line, whatever a peer or a file put into the text.
static void mask_control_characters(char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            text[i] = ' ';
    }
}

static void write_whole(const char *line, size_t length)
{
    ssize_t written;
    do
        written = write(STDERR_FILENO, line, length);
    while (written < 0 && errno == EINTR);
}

void log_write(enum log_level level, const char *part, const char *format, ...)
{
    if ((int)level < lowest_level)
        return;
    char buffer[LINE_SIZE], when[WALL_TEXT_SIZE];
    struct text line;
    text_init(&line, buffer, sizeof buffer - 1); // room for the line feed
    if (writes_to_journal())
        text_printf(&line, "<%d>%s: ", LEVELS[level].journal_priority, part);
    else
        text_printf(&line, "%s %s %s: ", wall_format(clock_now().wall, when), LEVELS[level].word,
                    part);
    va_list args;
    va_start(args, format);
    text_vprintf(&line, format, args);
    va_end(args);
    mask_control_characters(buffer, line.length);
    buffer[line.length] = '\n';
    write_whole(buffer, line.length + 1);
}
