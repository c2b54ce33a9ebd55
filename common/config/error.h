// SPDX-License-Identifier: Apache-2.0
// How this room reports: one place, one sentence, a status to return.
//
// Ownership: the caller's config_error. Thread: any. Failure: none; what does not fit is cut.
#ifndef CONFIG_ERROR_H
#define CONFIG_ERROR_H

#include "config/config.h"

// Starts a report about `file` with no place and no text.
void config_error_init(struct config_error *error, const char *file);

// Fills in place and sentence (the file stays) and returns STATUS_CONFIG.
enum status config_fail(struct config_error *error, uint32_t line, uint32_t column,
                        const char *format, ...) __attribute__((format(printf, 4, 5)));

// A user's bytes made fit for one line of a report: control characters become '?', long text ends
// in "...". Returns `out`.
#define CONFIG_QUOTE_SIZE 64
const char *config_quote(const char *value, char out[CONFIG_QUOTE_SIZE]);

#endif
