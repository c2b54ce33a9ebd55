// SPDX-License-Identifier: Apache-2.0
// The bounded text builder and copies.
#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

void text_init(struct text *text, char *buffer, size_t size)
{
    *text = (struct text){.data = buffer, .size = size};
    buffer[0] = '\0';
}

// The longest prefix of at most `limit` bytes that does not end inside a UTF-8 sequence.
static size_t utf8_prefix(const char *bytes, size_t count, size_t limit)
{
    if (count <= limit)
        return count;
    size_t end = limit;
    while (end > 0 && ((unsigned char)bytes[end] & 0xC0U) == 0x80U)
        end--;
    return end;
}

void text_append_bytes(struct text *text, const char *bytes, size_t count)
{
    // Once cut, stay cut: a later short piece would otherwise follow a hole.
    size_t room = text->truncated ? 0 : text->size - 1 - text->length;
    size_t take = utf8_prefix(bytes, count, room);
    if (take < count)
        text->truncated = true;
    memcpy(text->data + text->length, bytes, take);
    text->length += take;
    text->data[text->length] = '\0';
}

void text_append(struct text *text, const char *s)
{
    text_append_bytes(text, s, strlen(s));
}

void text_vprintf(struct text *text, const char *format, va_list args)
{
    if (text->truncated)
        return;
    char *start = text->data + text->length;
    size_t room = text->size - text->length;
    int wanted = vsnprintf(start, room, format, args);
    if (wanted < 0) {
        *start = '\0';
        text->truncated = true;
    } else if ((size_t)wanted < room) {
        text->length += (size_t)wanted;
    } else {
        // vsnprintf cut after room - 1 bytes, maybe inside a character: step back to its start.
        size_t end = room - 1;
        while (end > 0 && ((unsigned char)start[end - 1] & 0xC0U) == 0x80U)
            end--;
        if (end > 0 && (unsigned char)start[end - 1] >= 0xC0U)
            end--;
        else
            end = room - 1;
        start[end] = '\0';
        text->length += end;
        text->truncated = true;
    }
}

void text_printf(struct text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    text_vprintf(text, format, args);
    va_end(args);
}

bool text_copy(char *out, size_t size, const char *source)
{
    struct text text;
    text_init(&text, out, size);
    text_append(&text, source);
    return !text.truncated;
}

bool text_equal(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static int fold(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

bool text_equal_nocase(const char *a, const char *b)
{
    for (; *a != '\0' && fold(*a) == fold(*b); a++, b++) {
    }
    return fold(*a) == fold(*b);
}

// Length of the valid sequence at `s`, 0 if none; the ranges are RFC 3629's table.
static size_t utf8_sequence(const unsigned char *s, size_t left)
{
    if (s[0] >= 0x01 && s[0] <= 0x7F)
        return 1;
    size_t length = s[0] >= 0xC2 && s[0] <= 0xDF   ? 2
                    : s[0] >= 0xE0 && s[0] <= 0xEF ? 3
                    : s[0] >= 0xF0 && s[0] <= 0xF4 ? 4
                                                   : 0;
    if (length == 0 || length > left)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((s[i] & 0xC0U) != 0x80U)
            return 0;
    bool overlong = (s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xF0 && s[1] < 0x90);
    bool surrogate = s[0] == 0xED && s[1] > 0x9F;
    bool beyond = s[0] == 0xF4 && s[1] > 0x8F;
    return overlong || surrogate || beyond ? 0 : length;
}

// Length of the run of ASCII without NUL at the start, in steps of eight bytes.
static size_t ascii_run(const char *bytes, size_t count)
{
    size_t at = 0;
    for (; count - at >= sizeof(uint64_t); at += sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, bytes + at, sizeof word);
        // A byte's top bit comes out set for 0x80 and above, and where subtracting 1 from 0
        // borrows.
        if (((word | (word - 0x0101010101010101U)) & 0x8080808080808080U) != 0)
            break;
    }
    return at;
}

bool text_is_utf8(const char *bytes, size_t count)
{
    const unsigned char *s = (const unsigned char *)bytes;
    for (size_t at = ascii_run(bytes, count); at < count;) {
        size_t length = utf8_sequence(s + at, count - at);
        if (length == 0)
            return false;
        at += length;
    }
    return true;
}
