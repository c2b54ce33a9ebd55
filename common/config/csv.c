// SPDX-License-Identifier: Apache-2.0
// Reading CSV in place: fields are terminated and unquoted where they stand.
#include "config/csv.h"

#include "config/error.h"
#include "config/file.h"
#include "config/suggest.h"

#include <stdlib.h>
#include <string.h>

struct field {
    char *text;
    uint32_t line, column;
    bool quoted;
};

struct reader {
    const struct csv_format *format;
    struct config_error *error;
    char *at, *end; // what is left
    uint32_t line;
    const char *line_start;
    char separator;
    struct field fields[CSV_COLUMN_MAX];
    size_t field_count;
    size_t column_count;               // of the first line
    size_t to_known[CSV_COLUMN_MAX];   // column of the file -> column of the format, or NO_COLUMN
    const char *names[CSV_COLUMN_MAX]; // of the extra columns
    size_t extra_count;
};

enum { NO_COLUMN = CSV_COLUMN_MAX };

// Column of `at` in its line, in characters from 1.
static uint32_t column_of(const struct reader *reader, const char *at)
{
    uint32_t column = 1;
    for (const char *c = reader->line_start; c < at; c++)
        column += ((unsigned char)*c & 0xC0U) != 0x80U;
    return column;
}

static enum status fail_at(const struct reader *reader, const char *at, const char *sentence)
{
    return config_fail(reader->error, reader->line, column_of(reader, at), "%s", sentence);
}

static bool at_line_end(const struct reader *reader)
{
    if (reader->at == reader->end || *reader->at == '\n')
        return true;
    return *reader->at == '\r' && reader->at + 1 < reader->end && reader->at[1] == '\n';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

// A quoted field; `at` is behind the opening quote. "" stands for one quote.
static enum status read_quoted(struct reader *reader, struct field *field, char **ret_end)
{
    char *out = reader->at;
    field->text = out;
    field->quoted = true;
    for (; reader->at < reader->end; reader->at++) {
        bool quote = *reader->at == '"';
        if (quote && (reader->at + 1 == reader->end || reader->at[1] != '"'))
            break;
        if ((unsigned char)*reader->at < 0x20 && *reader->at != '\t')
            break;
        reader->at += quote;
        *out++ = *reader->at;
    }
    if (reader->at == reader->end || *reader->at != '"')
        return config_fail(reader->error, field->line, field->column,
                           "this quoted field has no closing quote in its line");
    reader->at++;
    while (reader->at < reader->end && is_blank(*reader->at))
        reader->at++;
    if (!at_line_end(reader) && *reader->at != reader->separator)
        return fail_at(reader, reader->at,
                       "text behind a closing quote; write a quote inside a field twice (\"\")");
    *ret_end = out;
    return STATUS_OK;
}

static enum status read_plain(struct reader *reader, struct field *field, char **ret_end)
{
    field->text = reader->at;
    for (; !at_line_end(reader) && *reader->at != reader->separator; reader->at++) {
        if (*reader->at == '"')
            return fail_at(reader, reader->at,
                           "a quote inside a field; put the whole field in quotes and write a "
                           "quote inside it twice (\"\")");
        if ((unsigned char)*reader->at < 0x20 && *reader->at != '\t')
            return fail_at(reader, reader->at, "a control character; remove it");
    }
    char *out = reader->at;
    while (out > field->text && is_blank(out[-1]))
        out--;
    *ret_end = out;
    return STATUS_OK;
}

// One field; its terminator is put in place by the caller, which still has to see the separator.
static enum status read_field(struct reader *reader, char **ret_end)
{
    if (reader->field_count == CSV_COLUMN_MAX)
        return fail_at(reader, reader->at, "too many columns; at most 32 fit");
    while (reader->at < reader->end && is_blank(*reader->at) && *reader->at != reader->separator)
        reader->at++;
    struct field *field = &reader->fields[reader->field_count];
    *field = (struct field){.line = reader->line, .column = column_of(reader, reader->at)};
    enum status status;
    if (reader->at < reader->end && *reader->at == '"') {
        reader->at++;
        status = read_quoted(reader, field, ret_end);
    } else {
        status = read_plain(reader, field, ret_end);
    }
    if (status != STATUS_OK)
        return status;
    size_t length = (size_t)(*ret_end - field->text);
    if (length > CSV_FIELD_MAX_BYTES)
        return config_fail(reader->error, field->line, field->column,
                           "this field has %zu bytes; at most %d fit", length, CSV_FIELD_MAX_BYTES);
    if (!text_is_utf8(field->text, length))
        return config_fail(reader->error, field->line, field->column,
                           "this field is not UTF-8; save the file as 'CSV UTF-8'");
    reader->field_count++;
    return STATUS_OK;
}

// One line into `fields`; `at` then begins the next line.
static enum status read_line(struct reader *reader)
{
    reader->line_start = reader->at;
    reader->field_count = 0;
    for (bool more = true; more;) {
        char *end = reader->at;
        enum status status = read_field(reader, &end);
        if (status != STATUS_OK)
            return status;
        more = !at_line_end(reader);
        if (more)
            reader->at++; // the separator
        else if (reader->at < reader->end)
            reader->at += *reader->at == '\r' ? 2 : 1;
        *end = '\0'; // the byte behind the data is a terminator already
    }
    return STATUS_OK;
}

static bool is_empty_line(const struct reader *reader)
{
    return reader->field_count == 1 && reader->fields[0].text[0] == '\0' &&
           !reader->fields[0].quoted;
}

// Tells the separator by the first line.
static char choose_separator(const struct reader *reader)
{
    const char *line_end = memchr(reader->at, '\n', (size_t)(reader->end - reader->at));
    size_t length = (size_t)((line_end != NULL ? line_end : reader->end) - reader->at);
    bool comma = memchr(reader->at, ',', length) != NULL;
    return memchr(reader->at, ';', length) != NULL && !comma ? ';' : ',';
}

static size_t find_known(const struct csv_format *format, const char *name)
{
    for (size_t i = 0; i < format->column_count; i++)
        if (text_equal_nocase(format->columns[i].name, name))
            return i;
    return NO_COLUMN;
}

static enum status check_missing(const struct reader *reader)
{
    for (size_t known = 0; known < reader->format->column_count; known++) {
        const char *name = reader->format->columns[known].name;
        bool there = !reader->format->columns[known].required;
        const char *closest = NULL;
        for (size_t i = 0; i < reader->column_count; i++) {
            there = there || reader->to_known[i] == known;
            closest = suggest_closer(name, closest, reader->fields[i].text);
        }
        if (there)
            continue;
        char quoted[CONFIG_QUOTE_SIZE];
        return config_fail(
            reader->error, reader->line, 1, "the first line must name the column '%s'%s%s%s", name,
            closest != NULL ? "; did you mean it by '" : "",
            closest != NULL ? config_quote(closest, quoted) : "", closest != NULL ? "'?" : "");
    }
    return STATUS_OK;
}

// The first line: which column is which.
static enum status take_header(struct reader *reader)
{
    reader->column_count = reader->field_count;
    for (size_t i = 0; i < reader->column_count; i++) {
        const struct field *field = &reader->fields[i];
        if (field->text[0] == '\0')
            return config_fail(reader->error, field->line, field->column,
                               "a column without a name; the first line names the columns");
        for (size_t j = 0; j < i; j++)
            if (text_equal_nocase(reader->fields[j].text, field->text))
                return config_fail(reader->error, field->line, field->column,
                                   "the column '%s' is there twice", field->text);
        reader->to_known[i] = find_known(reader->format, field->text);
        if (reader->to_known[i] == NO_COLUMN)
            reader->names[reader->extra_count++] = field->text;
    }
    return check_missing(reader);
}

static enum status take_row(struct reader *reader, uint32_t line)
{
    const char *known[CSV_COLUMN_MAX];
    const char *extra[CSV_COLUMN_MAX];
    size_t extra_count = 0;
    if (reader->field_count != reader->column_count)
        return config_fail(reader->error, line, 1, "%zu fields here, but the first line names %zu",
                           reader->field_count, reader->column_count);
    for (size_t i = 0; i < reader->format->column_count; i++)
        known[i] = "";
    for (size_t i = 0; i < reader->column_count; i++) {
        const struct field *field = &reader->fields[i];
        size_t column = reader->to_known[i];
        if (column == NO_COLUMN) {
            extra[extra_count++] = field->text;
            continue;
        }
        known[column] = field->text;
        if (reader->format->columns[column].required && field->text[0] == '\0')
            return config_fail(reader->error, field->line, field->column, "'%s' is empty",
                               reader->format->columns[column].name);
    }
    struct csv_row row = {line, known, extra_count, reader->names, extra};
    enum status status = reader->format->row(reader->format->context, &row, reader->error);
    if (status != STATUS_OK) {
        reader->error->line = line;
        reader->error->column = 1;
    }
    return status;
}

static enum status read_rows(struct reader *reader)
{
    size_t rows = 0;
    bool header = false;
    for (; reader->at < reader->end; reader->line++) {
        enum status status = read_line(reader);
        if (status != STATUS_OK)
            return status;
        if (is_empty_line(reader))
            continue;
        if (!header) {
            status = take_header(reader);
            header = true;
        } else if (rows++ == CSV_ROW_MAX) {
            status = config_fail(reader->error, reader->line, 1, "more than %d rows", CSV_ROW_MAX);
        } else {
            status = take_row(reader, reader->line);
        }
        if (status != STATUS_OK)
            return status;
    }
    if (!header)
        return config_fail(reader->error, 1, 1,
                           "the file is empty; its first line names the "
                           "columns");
    return STATUS_OK;
}

enum status csv_parse(const char *name, char *data, size_t size, const struct csv_format *format,
                      struct config_error *error)
{
    static const char mark[] = "\xEF\xBB\xBF";
    config_error_init(error, name);
    struct reader reader = {.format = format, .error = error, .at = data, .end = data + size};
    reader.line = 1;
    if (size >= 3 && memcmp(data, mark, 3) == 0)
        reader.at += 3;
    while (reader.at < reader.end && (*reader.at == '\n' || *reader.at == '\r'))
        reader.line += *reader.at++ == '\n';
    reader.separator = choose_separator(&reader);
    return read_rows(&reader);
}

enum status csv_load(const char *path, const struct csv_format *format, struct config_error *error)
{
    char *data;
    size_t size;
    enum status status = config_read_file(path, CSV_FILE_MAX_BYTES, &data, &size, error);
    if (status != STATUS_OK)
        return status;
    status = csv_parse(path, data, size, format, error);
    free(data);
    return status;
}
