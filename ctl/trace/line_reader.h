// SPDX-License-Identifier: Apache-2.0
// Lines of a file or of standard input, fast and bounded.
//
// Ownership: line_reader_close; a line is valid until the next one is read. Thread: one at a time.
// Failure: STATUS_NOT_FOUND at the end, STATUS_FULL for a line above the limit, STATUS_IO with
// errno set.
#ifndef CTL_TRACE_LINE_READER_H
#define CTL_TRACE_LINE_READER_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

enum { LINE_READER_LINE_MAX = 1 << 18, LINE_READER_BUFFER = 1 << 20 };

struct line_reader;

// `path` "-" is standard input. STATUS_NO_MEMORY, or STATUS_IO with errno set.
MUST_CHECK enum status line_reader_open(const char *path, struct line_reader **ret_reader);
// Takes NULL.
void line_reader_close(struct line_reader *reader);
// The next line without its line break; a last line needs none.
MUST_CHECK enum status line_reader_next(struct line_reader *reader, const char **ret_line,
                                        size_t *ret_size);
// Of the line read last, from 1.
uint64_t line_reader_number(const struct line_reader *reader);

#endif
