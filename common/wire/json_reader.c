// SPDX-License-Identifier: Apache-2.0
// The strict JSON reader: structure and texts. Numbers are in json_number.c.
#include "wire/json_reader.h"

#include "base/text.h"

#include <stdarg.h>
#include <string.h>

void json_reader_init(struct json_reader *reader, const char *json, size_t size,
                      char problem[TEXT_SIZE])
{
    reader->start = reader->at = json;
    reader->end = json + size;
    reader->depth = 0;
    reader->fresh = reader->failed = false;
    reader->problem = problem;
    reader->key = NULL;
    reader->key_length = 0;
}

void json_reader_of_part(struct json_reader *reader, const struct json_reader *whole,
                         struct json_slice part)
{
    json_reader_init(reader, part.bytes, part.size, whole->problem);
    reader->start = whole->start;
    reader->depth = 1;
}

bool json_fail(struct json_reader *reader, const char *format, ...)
{
    if (reader->failed)
        return false;
    reader->failed = true;
    struct text text;
    text_init(&text, reader->problem, TEXT_SIZE);
    va_list args;
    va_start(args, format);
    text_vprintf(&text, format, args);
    va_end(args);
    return false;
}

static bool fail_here(struct json_reader *reader, const char *expected)
{
    return json_fail(reader, "not valid JSON at byte %zu: %s",
                     (size_t)(reader->at - reader->start) + 1, expected);
}

bool json_fail_value(struct json_reader *reader, const char *complaint)
{
    if (reader->key == NULL)
        return json_fail(reader, "the document %s", complaint);
    int shown = reader->key_length < 64 ? (int)reader->key_length : 64;
    return json_fail(reader, "\"%.*s\" %s", shown, reader->key, complaint);
}

static void skip_space(struct json_reader *reader)
{
    while (reader->at < reader->end && (*reader->at == ' ' || *reader->at == '\t' ||
                                        *reader->at == '\n' || *reader->at == '\r'))
        reader->at++;
}

char json_peek(struct json_reader *reader)
{
    skip_space(reader);
    return reader->at < reader->end ? *reader->at : '\0';
}

static bool open_container(struct json_reader *reader, char bracket, const char *complaint)
{
    if (reader->failed)
        return false;
    char next = json_peek(reader);
    if (next == '\0')
        return fail_here(reader, "it ends early");
    if (next != bracket)
        return json_fail_value(reader, complaint);
    if (reader->depth == JSON_DEPTH_MAX)
        return fail_here(reader, "nested too deeply");
    reader->depth++;
    reader->at++;
    reader->fresh = true;
    return true;
}

bool json_open_object(struct json_reader *reader)
{
    return open_container(reader, '{', "must be an object");
}

bool json_open_array(struct json_reader *reader)
{
    return open_container(reader, '[', "must be an array");
}

// Past the comma to the next member, or past the closing bracket: then false without failure.
static bool next_member(struct json_reader *reader, char bracket, const char *expected)
{
    if (reader->failed)
        return false;
    char next = json_peek(reader);
    if (next == bracket) {
        reader->at++;
        reader->depth--;
        reader->fresh = false;
        return false;
    }
    if (!reader->fresh) {
        if (next != ',')
            return fail_here(reader, expected);
        reader->at++;
        skip_space(reader);
    }
    reader->fresh = false;
    return true;
}

bool json_next_item(struct json_reader *reader)
{
    return next_member(reader, ']', "expected ',' or ']'");
}

static bool four_hex(struct json_reader *reader, uint32_t *ret)
{
    if (reader->end - reader->at < 4)
        return fail_here(reader, "expected four hexadecimal digits");
    uint32_t value = 0;
    for (int i = 0; i < 4; i++, reader->at++) {
        char c = *reader->at;
        uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
                         : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a') + 10
                         : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A') + 10
                                                : 16;
        if (digit == 16)
            return fail_here(reader, "expected four hexadecimal digits");
        value = value * 16 + digit;
    }
    *ret = value;
    return true;
}

static size_t utf8_encode(uint32_t code, char out[4])
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = length - 1; i > 0; i--, code >>= 6)
        out[i] = (char)(0x80U | (code & 0x3FU));
    out[0] = (char)(lead[length] | code);
    return length;
}

// After "\u": one or, for a surrogate pair, two groups of digits.
static bool unicode_escape(struct json_reader *reader, struct text *out)
{
    uint32_t code = 0, low = 0;
    if (!four_hex(reader, &code))
        return false;
    if (code == 0)
        return fail_here(reader, "\\u0000 is not allowed in a text");
    if (code >= 0xD800 && code <= 0xDFFF) {
        bool pair = code < 0xDC00 && reader->end - reader->at >= 2 && reader->at[0] == '\\' &&
                    reader->at[1] == 'u';
        if (!pair)
            return fail_here(reader, "a lone surrogate");
        reader->at += 2;
        if (!four_hex(reader, &low))
            return false;
        if (low < 0xDC00 || low > 0xDFFF)
            return fail_here(reader, "a lone surrogate");
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    char bytes[4];
    size_t length = utf8_encode(code, bytes);
    if (out != NULL)
        text_append_bytes(out, bytes, length);
    return true;
}

static bool escape(struct json_reader *reader, struct text *out)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    char c = reader->at + 1 < reader->end ? reader->at[1] : '\0';
    const char *known = c == '\0' ? NULL : strchr(names, c);
    if (known == NULL && c != 'u')
        return fail_here(reader, "an unknown escape");
    reader->at += 2;
    if (c == 'u')
        return unicode_escape(reader, out);
    if (out != NULL)
        text_append_bytes(out, &values[known - names], 1);
    return true;
}

static bool is_plain(char c)
{
    return (unsigned char)c >= 0x20 && c != '"' && c != '\\';
}

// A whole text with its quotes; `out` NULL passes over it.
static bool read_string(struct json_reader *reader, struct text *out)
{
    if (reader->failed)
        return false;
    const char *first = ++reader->at;
    for (;;) {
        const char *run = reader->at;
        while (reader->at < reader->end && is_plain(*reader->at))
            reader->at++;
        if (out != NULL && reader->at > run)
            text_append_bytes(out, run, (size_t)(reader->at - run));
        if (reader->at == reader->end)
            return fail_here(reader, "a text without its closing quote");
        if (*reader->at == '"')
            break;
        if (*reader->at != '\\')
            return fail_here(reader, "a control character in a text");
        if (!escape(reader, out))
            return false;
    }
    if (!text_is_utf8(first, (size_t)(reader->at - first)))
        return fail_here(reader, "a text that is not UTF-8");
    reader->at++;
    return true;
}

// The usual key is plain and stays where it is; one with escapes is spelled out in the buffer.
static bool read_key(struct json_reader *reader)
{
    const char *quote = reader->at;
    if (!read_string(reader, NULL))
        return false;
    reader->key = quote + 1;
    reader->key_length = (size_t)(reader->at - quote) - 2;
    if (memchr(reader->key, '\\', reader->key_length) == NULL)
        return true;
    struct text text;
    text_init(&text, reader->key_buffer, sizeof reader->key_buffer);
    reader->at = quote;
    if (!read_string(reader, &text))
        return false;
    reader->key = reader->key_buffer;
    reader->key_length = text.length;
    return !text.truncated || json_fail_value(reader, "is too long for a key");
}

bool json_next_key(struct json_reader *reader)
{
    if (!next_member(reader, '}', "expected ',' or '}'"))
        return false;
    if (json_peek(reader) != '"')
        return fail_here(reader, "expected a key in quotes");
    if (!read_key(reader))
        return false;
    if (json_peek(reader) != ':')
        return fail_here(reader, "expected ':' after a key");
    reader->at++;
    return true;
}

bool json_key_is(const struct json_reader *reader, const char *name, size_t length)
{
    return reader->key_length == length && memcmp(reader->key, name, length) == 0;
}

static bool take_word(struct json_reader *reader, const char *word)
{
    size_t length = strlen(word);
    skip_space(reader);
    if (reader->failed || (size_t)(reader->end - reader->at) < length ||
        memcmp(reader->at, word, length) != 0)
        return false;
    reader->at += length;
    return true;
}

bool json_read_null(struct json_reader *reader)
{
    return take_word(reader, "null") || json_fail_value(reader, "must be null");
}

bool json_read_bool(struct json_reader *reader, bool *ret)
{
    bool yes = take_word(reader, "true");
    if (!yes && !take_word(reader, "false"))
        return json_fail_value(reader, "must be true or false");
    *ret = yes;
    return true;
}

bool json_read_text(struct json_reader *reader, char *out, size_t size, bool cut)
{
    if (json_peek(reader) != '"')
        return json_fail_value(reader, "must be a text");
    struct text text;
    text_init(&text, out, size);
    if (!read_string(reader, &text))
        return false;
    if (text.truncated && !cut)
        return json_fail(reader, "\"%.*s\" is longer than %zu bytes",
                         (int)(reader->key_length < 64 ? reader->key_length : 64),
                         reader->key == NULL ? "" : reader->key, size - 1);
    return true;
}

static bool skip_container(struct json_reader *reader, char bracket)
{
    if (bracket == '[') {
        if (json_open_array(reader))
            while (json_next_item(reader) && json_skip(reader, NULL)) {
            }
    } else if (json_open_object(reader)) {
        while (json_next_key(reader) && json_skip(reader, NULL)) {
        }
    }
    return !reader->failed;
}

// Recursion is bounded by JSON_DEPTH_MAX.
static bool skip_value(struct json_reader *reader)
{
    struct json_number number;
    switch (json_peek(reader)) {
    case '{':
    case '[':
        return skip_container(reader, *reader->at);
    case '"':
        return read_string(reader, NULL);
    case 't':
        return take_word(reader, "true") || fail_here(reader, "expected a value");
    case 'f':
        return take_word(reader, "false") || fail_here(reader, "expected a value");
    case 'n':
        return take_word(reader, "null") || fail_here(reader, "expected a value");
    default:
        if (*reader->at != '-' && (*reader->at < '0' || *reader->at > '9'))
            return fail_here(reader, "expected a value");
        return json_read_number(reader, &number);
    }
}

bool json_skip(struct json_reader *reader, struct json_slice *ret)
{
    if (reader->failed)
        return false;
    if (json_peek(reader) == '\0')
        return fail_here(reader, "it ends early");
    const char *first = reader->at;
    if (!skip_value(reader))
        return false;
    if (ret != NULL)
        *ret = (struct json_slice){first, (size_t)(reader->at - first)};
    return true;
}

bool json_end(struct json_reader *reader)
{
    if (reader->failed)
        return false;
    skip_space(reader);
    return reader->at == reader->end || fail_here(reader, "more after the end");
}
