// SPDX-License-Identifier: Apache-2.0
// Bytes of a growing file to complete lines in UTF-8, with each line's place in the file.
//
// A line counts only with its line break (LF, an ending CR is dropped). A line longer than the
// limit is counted and skipped as a whole. A byte order mark at offset 0 is dropped.
// Ownership: the reader is the caller's by new and free; pushed bytes stay the caller's until
// line_reader_next returns false; a line's text is valid until the next call. Thread: one at a
// time; pure. Failure: STATUS_NO_MEMORY at creation, none later.
#ifndef AGENT_PROBE_LINE_READER_H
#define AGENT_PROBE_LINE_READER_H

#include "agent/probe/encoding.h"
#include "base/status.h"

struct line_reader;

struct line {
    const char *text; // NUL-terminated
    size_t length;
    uint64_t end; // offset in the file just after its line break
};

// `limit`: the most bytes of a line in the file, its break not counted; at least 2.
MUST_CHECK enum status line_reader_new(enum encoding encoding, size_t limit,
                                       struct line_reader **ret_reader);
void line_reader_free(struct line_reader *reader);

// Forgets a begun line; the next byte pushed stands at `offset`, where a line begins.
void line_reader_seek(struct line_reader *reader, uint64_t offset);
// What was pushed before has to be drained by line_reader_next.
void line_reader_push(struct line_reader *reader, const uint8_t *bytes, size_t count);
// The next complete line; false: more bytes are needed.
bool line_reader_next(struct line_reader *reader, struct line *ret);

// Where the begun line starts: all before it was returned or skipped.
uint64_t line_reader_place(const struct line_reader *reader);
// Whether bytes of a line without its break are held.
bool line_reader_has_partial(const struct line_reader *reader);
uint64_t line_reader_overlong(const struct line_reader *reader);

#endif
