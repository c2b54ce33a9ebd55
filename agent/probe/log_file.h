// SPDX-License-Identifier: Apache-2.0
// A file that somebody else writes, read by place; told from others by device and inode.
//
// Ownership: open and close, the struct is the caller's. Thread: any. Failure: a status; STATUS_OK
// with 0 bytes is the end of the file. Only regular files are opened: a pipe could block the
// reader.
#ifndef AGENT_PROBE_LOG_FILE_H
#define AGENT_PROBE_LOG_FILE_H

#include "base/status.h"
#include "base/time.h"
#include "domain/ids.h"

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct log_file {
    uv_file handle; // -1 = none
    uint64_t device, inode;
};

struct log_file_facts {
    uint64_t device, inode, size;
    struct wall_time changed_at;
    bool link; // the path is a symbolic link to it
};

// STATUS_NOT_FOUND, STATUS_DENIED, STATUS_INVALID (no regular file), STATUS_IO.
MUST_CHECK enum status log_file_open(const char *path, struct log_file *ret);
void log_file_close(struct log_file *file);
MUST_CHECK enum status log_file_facts(const struct log_file *file, struct log_file_facts *ret);
// Of what stands at `path` now.
MUST_CHECK enum status log_file_look(const char *path, struct log_file_facts *ret);
MUST_CHECK enum status log_file_read(const struct log_file *file, uint64_t offset, uint8_t *out,
                                     size_t size, size_t *ret_count);
// Opens the file of that device and inode in `folder`, whatever its name now.
MUST_CHECK enum status log_file_find(const char *folder, uint64_t device, uint64_t inode,
                                     struct log_file *ret);

#endif
