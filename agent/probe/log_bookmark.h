// SPDX-License-Identifier: Apache-2.0
// The place in a log file up to which its lines are reported: which file, how far, and a
// fingerprint of its first bytes, since a file system gives the number of a deleted file to the
// next one.
//
// Ownership: plain values. Thread: any; pure. Failure: parse returns false, *ret untouched.
#ifndef AGENT_PROBE_LOG_BOOKMARK_H
#define AGENT_PROBE_LOG_BOOKMARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The first bytes of a file that tell it from another.
enum { LOG_HEAD_MAX = 256 };

struct log_bookmark {
    uint64_t device, inode; // both 0: no file yet; what comes is read from its beginning
    uint64_t offset;        // the first byte not yet reported; a line begins there
    uint32_t head_length;   // bytes under the fingerprint: min(offset, LOG_HEAD_MAX)
    uint64_t head_hash;
};

// FNV-1a, 64 bits.
uint64_t log_head_hash(const uint8_t *head, size_t count);

// "1 DEVICE INODE OFFSET HEAD_LENGTH HEAD_HASH", the 1 being the version.
void log_bookmark_format(const struct log_bookmark *bookmark, char *out, size_t size);
bool log_bookmark_parse(const char *value, struct log_bookmark *ret);

#endif
