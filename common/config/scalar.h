// SPDX-License-Identifier: Apache-2.0
// One YAML scalar into one field, strictly: what is not exactly a value of the type is an error.
//
// Ownership: the caller's field. Thread: any. Failure: STATUS_CONFIG with place and words in
// `error`; the field is then untouched.
#ifndef CONFIG_SCALAR_H
#define CONFIG_SCALAR_H

#include "config/config.h"

struct scalar {
    const char *text; // terminated; `length` tells a NUL inside
    size_t length;
    bool plain; // not quoted
    uint32_t line, column;
};

// `path` is what the error calls the setting.
MUST_CHECK enum status scalar_read(const struct setting *setting, const char *path,
                                   const struct scalar *scalar, void *field,
                                   struct config_error *error);

#endif
