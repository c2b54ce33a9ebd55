// SPDX-License-Identifier: Apache-2.0
// A whole file into memory, up to a limit.
//
// Ownership: *ret_data belongs to the caller (free), NUL-terminated behind its size. Thread: any.
// Failure: STATUS_DENIED without permission, STATUS_CONFIG when it is missing or too large,
// STATUS_IO, STATUS_NO_MEMORY; `error` says it in words.
#ifndef CONFIG_FILE_H
#define CONFIG_FILE_H

#include "config/config.h"

MUST_CHECK enum status config_read_file(const char *path, size_t max_bytes, char **ret_data,
                                        size_t *ret_size, struct config_error *error);

#endif
