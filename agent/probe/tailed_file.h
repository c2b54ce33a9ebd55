// SPDX-License-Identifier: Apache-2.0
// The file a tail is at: how far it was read, and its first bytes, by which it is known again and a
// rewriting of it is noticed.
//
// Ownership: the caller's struct; leave closes the file. Thread: one at a time. Failure: what
// cannot be read is reported as a status or as "no".
#ifndef AGENT_PROBE_TAILED_FILE_H
#define AGENT_PROBE_TAILED_FILE_H

#include "agent/probe/log_bookmark.h"
#include "agent/probe/log_file.h"

struct tailed_file {
    struct log_file file;
    uint8_t head[LOG_HEAD_MAX]; // its first bytes, as far as read
    size_t head_length;
    uint64_t read_at; // the next byte to read
};

void tailed_file_init(struct tailed_file *tailed); // no file
bool tailed_file_is_open(const struct tailed_file *tailed);
// Takes an open file, to be read from its beginning; false: it cannot be read. Leave it then.
bool tailed_file_adopt(struct tailed_file *tailed, struct log_file file);
void tailed_file_leave(struct tailed_file *tailed);

// Reads on from read_at. 0 bytes: its end.
MUST_CHECK enum status tailed_file_read(struct tailed_file *tailed, uint8_t *out, size_t size,
                                        size_t *ret_count);
// It is shorter than what was read of it, or begins otherwise.
bool tailed_file_was_rewritten(const struct tailed_file *tailed);
// To be read from its beginning, which is new.
void tailed_file_restart(struct tailed_file *tailed);

// The place `offset`, in words for the next start; with no file: "none yet".
struct log_bookmark tailed_file_bookmark(const struct tailed_file *tailed, uint64_t offset);
bool tailed_file_is_bookmarked(const struct tailed_file *tailed,
                               const struct log_bookmark *bookmark);
// Nothing shows that its content is another than at the bookmark.
bool tailed_file_has_content_of(const struct tailed_file *tailed,
                                const struct log_bookmark *bookmark);
// Another file is at `path`, and is being written to.
bool tailed_file_has_successor(const struct tailed_file *tailed, const char *path);

// The start of the line that the file ends in, in units of 1 or 2 bytes; the end itself where that
// line is longer than `limit`. `buffer` has `limit` bytes.
uint64_t tailed_file_last_line(const struct tailed_file *tailed, size_t unit, uint8_t *buffer,
                               size_t limit);

#endif
