// SPDX-License-Identifier: Apache-2.0
// Bounded text: a builder over a buffer of the caller's, and copies that never overrun.
//
// Ownership: the caller's buffer, always NUL-terminated. Thread: any, one at a time per builder.
// Failure: what does not fit is cut at a UTF-8 boundary and `truncated` stays set; nothing is
// written past the end.
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct text {
    char *data;
    size_t size; // of the buffer, terminator included; at least 1
    size_t length;
    bool truncated;
};

void text_init(struct text *text, char *buffer, size_t size);
void text_append(struct text *text, const char *s);
void text_append_bytes(struct text *text, const char *bytes, size_t count);
void text_printf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_vprintf(struct text *text, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

// Copies `source` into `out` of `size` bytes, cut at a UTF-8 boundary. True: it fitted whole.
bool text_copy(char *out, size_t size, const char *source);

// For an array member: text_set(record.owner, "Test Technology").
#define text_set(array, source) text_copy((array), sizeof(array), (source))

bool text_equal(const char *a, const char *b);
// ASCII case folded; ids are equal but for case by this rule.
bool text_equal_nocase(const char *a, const char *b);
// Valid UTF-8 of `count` bytes without NUL.
bool text_is_utf8(const char *bytes, size_t count);

#endif
