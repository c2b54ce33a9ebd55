// SPDX-License-Identifier: Apache-2.0
// Growing by doubling.
#include "collector/shell/web/body.h"

#include "domain/ids.h"
#include "wire/json.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BYTES = 4096, PIECE_BYTES = 8192 };

void body_fini(struct body *body)
{
    free(body->data);
    *body = (struct body){0};
}

void body_add(struct body *body, const char *bytes, size_t count)
{
    if (body->failed)
        return;
    if (count >= BODY_MAX_BYTES - body->size) {
        body->failed = true;
        return;
    }
    size_t capacity = body->capacity == 0 ? FIRST_BYTES : body->capacity;
    while (capacity < body->size + count + 1)
        capacity *= 2;
    if (capacity != body->capacity) {
        char *grown = realloc(body->data, capacity);
        if (grown == NULL) {
            body->failed = true;
            return;
        }
        body->data = grown;
        body->capacity = capacity;
    }
    memcpy(body->data + body->size, bytes, count);
    body->size += count;
    body->data[body->size] = '\0';
}

void body_printf(struct body *body, const char *format, ...)
{
    char piece[PIECE_BYTES];
    struct text text;
    text_init(&text, piece, sizeof piece);
    va_list args;
    va_start(args, format);
    text_vprintf(&text, format, args);
    va_end(args);
    if (text.truncated)
        body->failed = true;
    body_add(body, piece, text.length);
}

void body_string(struct body *body, const char *s)
{
    char piece[PIECE_BYTES]; // texts of ours are at most PARAGRAPH_SIZE, six bytes each escaped
    struct text text;
    text_init(&text, piece, sizeof piece);
    json_write_string(&text, s);
    if (text.truncated)
        body->failed = true;
    body_add(body, piece, text.length);
}
