// SPDX-License-Identifier: Apache-2.0
// A line reader over one large buffer: what is left of a line moves to the front, then more is
// read.
#include "ctl/trace/line_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct line_reader {
    int file;
    bool at_end;
    size_t start, end; // of what is not yet handed out
    uint64_t number;
    char buffer[LINE_READER_BUFFER];
};

enum status line_reader_open(const char *path, struct line_reader **ret_reader)
{
    struct line_reader *reader = malloc(sizeof *reader);
    if (reader == NULL)
        return STATUS_NO_MEMORY;
    reader->file = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (reader->file < 0) {
        int cause = errno;
        free(reader);
        errno = cause;
        return STATUS_IO;
    }
    reader->at_end = false;
    reader->start = reader->end = 0;
    reader->number = 0;
    *ret_reader = reader;
    return STATUS_OK;
}

void line_reader_close(struct line_reader *reader)
{
    if (reader == NULL)
        return;
    if (reader->file != STDIN_FILENO)
        close(reader->file);
    free(reader);
}

// Makes room and reads once.
static enum status fill(struct line_reader *reader)
{
    if (reader->end - reader->start > LINE_READER_LINE_MAX)
        return STATUS_FULL;
    memmove(reader->buffer, reader->buffer + reader->start, reader->end - reader->start);
    reader->end -= reader->start;
    reader->start = 0;
    ssize_t count;
    do {
        count =
            read(reader->file, reader->buffer + reader->end, sizeof reader->buffer - reader->end);
    } while (count < 0 && errno == EINTR);
    if (count < 0)
        return STATUS_IO;
    reader->at_end = count == 0;
    reader->end += (size_t)count;
    return STATUS_OK;
}

static enum status hand_out(struct line_reader *reader, size_t size, size_t skip,
                            const char **ret_line, size_t *ret_size)
{
    const char *line = reader->buffer + reader->start;
    reader->number++;
    reader->start += size + skip;
    if (size > LINE_READER_LINE_MAX)
        return STATUS_FULL;
    *ret_line = line;
    *ret_size = size;
    return STATUS_OK;
}

enum status line_reader_next(struct line_reader *reader, const char **ret_line, size_t *ret_size)
{
    size_t searched = 0;
    for (;;) {
        size_t left = reader->end - reader->start;
        const char *from = reader->buffer + reader->start;
        const char *end = memchr(from + searched, '\n', left - searched);
        if (end != NULL)
            return hand_out(reader, (size_t)(end - from), 1, ret_line, ret_size);
        if (reader->at_end && left == 0)
            return STATUS_NOT_FOUND;
        if (reader->at_end)
            return hand_out(reader, left, 0, ret_line, ret_size);
        searched = left;
        enum status status = fill(reader);
        if (status == STATUS_FULL)
            reader->number++;
        if (status != STATUS_OK)
            return status;
    }
}

uint64_t line_reader_number(const struct line_reader *reader)
{
    return reader->number;
}
