// SPDX-License-Identifier: Apache-2.0
// The walk over a YAML tree along a settings table: every value into its field.
//
// Ownership: the caller's target. Thread: any. Failure: STATUS_CONFIG with the first problem;
// STATUS_NO_MEMORY. The target's content is then undefined.
#ifndef CONFIG_APPLY_H
#define CONFIG_APPLY_H

#include "config/config.h"
#include "config/yaml_tree.h"

enum { CONFIG_KEY_MAX = 128 }; // a dotted key, terminator included

// Every field to its preset, or to zero.
MUST_CHECK enum status apply_presets(const struct setting *settings, size_t count, void *target,
                                     struct config_error *error);

// The tree's values over what is there; missing required keys are an error.
MUST_CHECK enum status apply_tree(const struct yaml_tree *tree, const struct setting *settings,
                                  size_t count, void *target, struct config_error *error);

// `key` lies below the dotted `prefix` (which ends in a dot, or is empty): the rest, else NULL.
const char *key_below(const char *key, const char *prefix);

#endif
