// SPDX-License-Identifier: Apache-2.0
// A strict reader of comma-separated lists such as the stations list (RFC 4180).
//
// The first line names the columns, in any order, of any case. A byte-order mark, CRLF and empty
// lines are accepted, and ';' as separator where the first line has no comma (spreadsheets in many
// countries write that). Blanks around a field without quotes do not count. Everything else that
// is not exact is an error with file, line and column.
// Ownership: a row's texts live for the callback only. Thread: any. Failure: STATUS_CONFIG and the
// place and sentence in `error` (also for limits), STATUS_DENIED, STATUS_IO, STATUS_NO_MEMORY, or
// whatever else the callback returns.
#ifndef CONFIG_CSV_H
#define CONFIG_CSV_H

#include "config/config.h"

enum {
    CSV_FILE_MAX_BYTES = 32 << 20,
    CSV_ROW_MAX = 100000,
    CSV_COLUMN_MAX = 32,
    CSV_FIELD_MAX_BYTES = 255
};

struct csv_column {
    const char *name;
    bool required; // the column must be there, and no field in it empty
};

struct csv_row {
    uint32_t line; // where it begins
    // Fields of the known columns in the order of the caller's table; "" where a column is absent.
    const char *const *known;
    // The other columns, in the order of the file, with their names as the first line spells them.
    size_t extra_count;
    const char *const *extra_names;
    const char *const *extra;
};

// Anything but STATUS_OK ends the reading. To refuse a row: text into error->text, STATUS_CONFIG;
// the place is filled in by the reader.
typedef enum status csv_row_function(void *context, const struct csv_row *row,
                                     struct config_error *error);

struct csv_format {
    const struct csv_column *columns; // at most CSV_COLUMN_MAX
    size_t column_count;
    csv_row_function *row;
    void *context;
};

MUST_CHECK enum status csv_load(const char *path, const struct csv_format *format,
                                struct config_error *error);
// The same from memory, whose bytes are changed; `name` stands for the file in errors.
MUST_CHECK enum status csv_parse(const char *name, char *data, size_t size,
                                 const struct csv_format *format, struct config_error *error);

#endif
