// SPDX-License-Identifier: Apache-2.0
// Configuration from YAML, driven by one settings table per program.
//
// The table drives parsing, validation, --print-config and the reference page: a setting that is
// not in it does not exist, and an unknown key is an error. Errors name file:line:column, what is
// wrong and what to do.
//
//   static const struct setting settings[] = {
//       SETTING_TEXT(struct agent_config, site, "site", .required = true, .help = "…"),
//       SETTING_DURATION(struct agent_config, interval, "heartbeat.interval", .preset = "1s", …),
//       SETTING_LIST(struct agent_config, services, service_count, "services", service_settings,
//       …),
//   };
//
// Ownership: the caller's struct, filled in place with fixed-size fields; a list's storage is an
// array inside that struct. Thread: any. Failure: STATUS_CONFIG (also for a missing or too large
// file), STATUS_DENIED, STATUS_IO or STATUS_NO_MEMORY with the first problem in `error`; the
// struct's content is then undefined.
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "base/status.h"
#include "base/text.h"
#include "base/time.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CONFIG_FILE_MAX_BYTES = 1 << 20, CONFIG_LIST_MAX = 100000 };

enum setting_type {
    SETTING_TYPE_TEXT,     // char[size]
    SETTING_TYPE_SECRET,   // char[size] with the PATH of a file; the path is printed, its content
                           // never read
    SETTING_TYPE_BOOL,     // bool: true or false, nothing else
    SETTING_TYPE_INTEGER,  // int64_t, decimal
    SETTING_TYPE_REAL,     // double, finite
    SETTING_TYPE_DURATION, // struct duration: "250ms", "5s", "2min", "1h", "7d"
    SETTING_TYPE_CHOICE,   // int: index into `choices`
    SETTING_TYPE_LIST,     // array of structs, a YAML sequence of mappings
    SETTING_TYPE_TEXT_LIST // array of char[size], a YAML sequence of scalars
};

struct setting {
    const char *key; // dotted for nesting: "broker.url" is key url in mapping broker
    enum setting_type type;
    size_t offset;      // of the field in the struct
    size_t size;        // of the field; for lists, of one element
    const char *preset; // default, as it would stand in YAML; NULL = zero value, empty
    bool required;
    double min, max;  // numbers; durations in seconds; both 0 = no bound, max < min = no max
    const char *unit; // for the reference page
    const char *help; // one line
    const char *const *choices; // NULL-terminated, for CHOICE
    // Lists: the element's table, where the element count (size_t) stands, and the capacity.
    const struct setting *elements;
    size_t element_settings;
    size_t count_offset;
    size_t capacity;
    // A further check of a text: one sentence on what is wrong, NULL when fine.
    const char *(*check)(const char *value);
};

#define SETTING_FIELD(type_, struct_, field_, key_, ...)                                           \
    {                                                                                              \
        .key = (key_), .type = (type_), .offset = offsetof(struct_, field_),                       \
        .size = sizeof(((struct_ *)0)->field_), __VA_ARGS__                                        \
    }
#define SETTING_TEXT(s, f, k, ...)     SETTING_FIELD(SETTING_TYPE_TEXT, s, f, k, __VA_ARGS__)
#define SETTING_SECRET(s, f, k, ...)   SETTING_FIELD(SETTING_TYPE_SECRET, s, f, k, __VA_ARGS__)
#define SETTING_BOOL(s, f, k, ...)     SETTING_FIELD(SETTING_TYPE_BOOL, s, f, k, __VA_ARGS__)
#define SETTING_INTEGER(s, f, k, ...)  SETTING_FIELD(SETTING_TYPE_INTEGER, s, f, k, __VA_ARGS__)
#define SETTING_REAL(s, f, k, ...)     SETTING_FIELD(SETTING_TYPE_REAL, s, f, k, __VA_ARGS__)
#define SETTING_DURATION(s, f, k, ...) SETTING_FIELD(SETTING_TYPE_DURATION, s, f, k, __VA_ARGS__)
#define SETTING_CHOICE(s, f, k, c, ...)                                                            \
    SETTING_FIELD(SETTING_TYPE_CHOICE, s, f, k, .choices = (c), __VA_ARGS__)
#define SETTING_LIST(s, f, n, k, table, ...)                                                       \
    {                                                                                              \
        .key = (k), .type = SETTING_TYPE_LIST, .offset = offsetof(s, f),                           \
        .size = sizeof(((s *)0)->f[0]), .elements = (table),                                       \
        .element_settings = sizeof(table) / sizeof((table)[0]), .count_offset = offsetof(s, n),    \
        .capacity = sizeof(((s *)0)->f) / sizeof(((s *)0)->f[0]), __VA_ARGS__                      \
    }
#define SETTING_TEXT_LIST(s, f, n, k, ...)                                                         \
    {                                                                                              \
        .key = (k), .type = SETTING_TYPE_TEXT_LIST, .offset = offsetof(s, f),                      \
        .size = sizeof(((s *)0)->f[0]), .count_offset = offsetof(s, n),                            \
        .capacity = sizeof(((s *)0)->f) / sizeof(((s *)0)->f[0]), __VA_ARGS__                      \
    }

struct config_error {
    char file[256];
    uint32_t line, column; // from 1; 0 = the whole file
    char text[512];        // what is wrong and what to do
};

// Reads `path` into `target` (whose size the table implies), presets first.
MUST_CHECK enum status config_load(const char *path, const struct setting *settings, size_t count,
                                   void *target, struct config_error *error);
// The same from memory; `name` stands for the file in errors.
MUST_CHECK enum status config_parse(const char *name, const char *yaml, size_t size,
                                    const struct setting *settings, size_t count, void *target,
                                    struct config_error *error);
// "FILE:LINE:COLUMN: TEXT" into `out`.
void config_error_format(const struct config_error *error, struct text *out);
// The whole configuration as YAML that reads back to the same struct: every setting with its help
// as comment, unset ones as comments too. A secret shows as the path of its file.
void config_print(const struct setting *settings, size_t count, const void *target,
                  struct text *out);
// The reference page: a Markdown table of every setting.
void config_reference(const struct setting *settings, size_t count, struct text *out);

// A value of SETTING_TYPE_DURATION. False: not such a text.
bool config_parse_duration(const char *text, struct duration *ret);

#endif
