// SPDX-License-Identifier: Apache-2.0
// What to say about a key that the settings table does not know.
//
// Ownership: none. Thread: any. Failure: unknown_key always returns STATUS_CONFIG, filled in.
#ifndef CONFIG_UNKNOWN_H
#define CONFIG_UNKNOWN_H

#include "config/config.h"

// Suggests the nearest key at this place, else the place where a key of that name lives, else lists
// what is known here.
MUST_CHECK enum status unknown_key(const struct setting *settings, size_t count, const char *prefix,
                                   const char *path, const char *key, uint32_t line,
                                   uint32_t column, struct config_error *error);

// "url, ca_file": the keys right below `prefix`, each once.
void unknown_list_keys(const struct setting *settings, size_t count, const char *prefix,
                       struct text *out);

#endif
