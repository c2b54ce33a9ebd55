// SPDX-License-Identifier: Apache-2.0
// Splits pushed bytes at line breaks and decodes each line.
#include "agent/probe/line_reader.h"

#include <stdlib.h>
#include <string.h>

struct line_reader {
    enum encoding encoding;
    size_t limit;
    uint64_t start;   // offset of the begun line
    uint64_t length;  // bytes of it seen so far, kept or not
    uint64_t skipped; // over-long lines
    uint8_t low;      // the latest low half of a unit
    uint8_t *raw;     // the first `limit` bytes of it
    char *decoded;
    size_t decoded_size;
    const uint8_t *bytes; // pushed, not yet looked at
    size_t left;
};

enum status line_reader_new(enum encoding encoding, size_t limit, struct line_reader **ret_reader)
{
    struct line_reader *reader = calloc(1, sizeof(*reader));
    if (reader == NULL)
        return STATUS_NO_MEMORY;
    reader->encoding = encoding;
    reader->limit = limit;
    reader->decoded_size = limit * ENCODING_GROWTH + 1;
    reader->raw = malloc(limit);
    reader->decoded = malloc(reader->decoded_size);
    if (reader->raw == NULL || reader->decoded == NULL) {
        line_reader_free(reader);
        return STATUS_NO_MEMORY;
    }
    *ret_reader = reader;
    return STATUS_OK;
}

void line_reader_free(struct line_reader *reader)
{
    if (reader == NULL)
        return;
    free(reader->raw);
    free(reader->decoded);
    free(reader);
}

void line_reader_seek(struct line_reader *reader, uint64_t offset)
{
    reader->start = offset;
    reader->length = 0;
    reader->bytes = NULL;
    reader->left = 0;
}

void line_reader_push(struct line_reader *reader, const uint8_t *bytes, size_t count)
{
    reader->bytes = bytes;
    reader->left = count;
}

static void keep(struct line_reader *reader, const uint8_t *bytes, size_t count)
{
    if (reader->length < reader->limit) {
        size_t room = reader->limit - (size_t)reader->length;
        memcpy(reader->raw + reader->length, bytes, count < room ? count : room);
    }
    reader->length += count;
}

// Moves pushed bytes into the begun line up to its break. True: the break was there.
static bool take_bytes(struct line_reader *reader)
{
    if (reader->left == 0)
        return false;
    const uint8_t *end = memchr(reader->bytes, '\n', reader->left);
    size_t count = end == NULL ? reader->left : (size_t)(end - reader->bytes);
    keep(reader, reader->bytes, count);
    size_t used = end == NULL ? count : count + 1;
    reader->bytes += used;
    reader->left -= used;
    return end != NULL;
}

// The same in units of two bytes; the line's own length tells which half comes next.
static bool take_units(struct line_reader *reader)
{
    while (reader->left > 0) {
        uint8_t byte = *reader->bytes++;
        reader->left--;
        if (reader->length % 2 == 0) {
            reader->low = byte;
        } else if (byte == 0 && reader->low == '\n') {
            reader->length--;
            return true;
        }
        keep(reader, &byte, 1);
    }
    return false;
}

static void decode(struct line_reader *reader, struct line *ret)
{
    struct text text;
    text_init(&text, reader->decoded, reader->decoded_size);
    encoding_decode(reader->encoding, reader->raw, (size_t)reader->length, &text);
    if (text.length > 0 && text.data[text.length - 1] == '\r')
        text.data[--text.length] = '\0';
    size_t mark = reader->start == 0 && strncmp(text.data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    ret->text = text.data + mark;
    ret->length = text.length - mark;
}

bool line_reader_next(struct line_reader *reader, struct line *ret)
{
    bool units = reader->encoding == ENCODING_UTF16LE;
    while (units ? take_units(reader) : take_bytes(reader)) {
        bool fits = reader->length <= reader->limit;
        if (fits)
            decode(reader, ret);
        else
            reader->skipped++;
        reader->start += reader->length + (units ? 2 : 1);
        reader->length = 0;
        ret->end = reader->start;
        if (fits)
            return true;
    }
    return false;
}

uint64_t line_reader_place(const struct line_reader *reader)
{
    return reader->start;
}

bool line_reader_has_partial(const struct line_reader *reader)
{
    return reader->length > 0;
}

uint64_t line_reader_overlong(const struct line_reader *reader)
{
    return reader->skipped;
}
