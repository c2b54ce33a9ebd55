// SPDX-License-Identifier: Apache-2.0
// Where in a configuration file a setting stands, for what only a look at several settings shows.
//
// Ownership: none kept. Thread: any. Failure: line and column 0 when the file has no such setting
// or changed meanwhile.
#ifndef COLLECTOR_CONFIG_SETTING_PLACE_H
#define COLLECTOR_CONFIG_SETTING_PLACE_H

#include <stddef.h>
#include <stdint.h>

struct setting_place {
    uint32_t line, column; // from 1
};

#define PLACE_NO_INDEX SIZE_MAX

// The value of `key` in element `index` of the top-level list `list`; with an `element` of
// PLACE_NO_INDEX a top-level value named `list`. `item` picks from a list inside the element, with
// PLACE_NO_INDEX the value itself.
struct setting_place setting_place(const char *path, const char *list, size_t element,
                                   const char *key, size_t item);

#endif
