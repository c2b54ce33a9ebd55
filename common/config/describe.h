// SPDX-License-Identifier: Apache-2.0
// A setting and its value in words: its type, its bounds, its value as YAML.
//
// Ownership: the caller's buffers. Thread: any. Failure: none; what does not fit is cut.
#ifndef CONFIG_DESCRIBE_H
#define CONFIG_DESCRIBE_H

#include "config/config.h"

#define DESCRIBE_SIZE 64

// "5s": a duration in the largest unit that divides it.
const char *describe_duration(struct duration duration, char out[DESCRIBE_SIZE]);

// A real in the fewest digits that read back as the same number.
const char *describe_real(double value, char out[DESCRIBE_SIZE]);

// What a value of this type is called, with its article: "an integer".
const char *describe_type(enum setting_type type);

bool setting_has_min(const struct setting *setting);
bool setting_has_max(const struct setting *setting);

// "1 to 100", "at least 5s"; for choices "one of a, b"; nothing when there is no bound.
void describe_range(const struct setting *setting, struct text *out);

// A text as a YAML scalar, quoted where it has to be.
void describe_text(const char *value, struct text *out);

// The scalar in `field` as YAML.
void describe_value(const struct setting *setting, const void *field, struct text *out);

// The scalar is what it would be without preset and without being set, so that it may be left out.
bool value_is_unset(const struct setting *setting, const void *field);

#endif
