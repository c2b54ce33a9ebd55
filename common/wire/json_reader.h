// SPDX-License-Identifier: Apache-2.0
// A strict RFC 8259 reader that the caller pulls values from, without a tree and without the heap.
//
// It is ours because messages need what a tree of doubles can't give: 64-bit integers to the last
// digit, a text with \u0000 refused rather than cut there, invalid UTF-8 refused.
// Ownership: borrows the JSON text and `problem`. Thread: one at a time. Failure: false; the first
// failure stays and is worded in `problem`, every later call fails too. Private to wire.
#ifndef WIRE_JSON_READER_H
#define WIRE_JSON_READER_H

#include "base/status.h"
#include "domain/ids.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { JSON_DEPTH_MAX = 32, JSON_KEY_MAX = COMPONENT_SIZE };

struct json_reader {
    const char *start, *at, *end;
    uint32_t depth;
    bool fresh; // a container was just opened: no comma is due
    bool failed;
    char *problem; // TEXT_SIZE bytes
    const char *key;
    size_t key_length;
    char key_buffer[JSON_KEY_MAX]; // only where a key has escapes
};

struct json_slice {
    const char *bytes;
    size_t size;
};

// digits x 10^exponent.
struct json_number {
    bool negative;
    bool cut; // more digits than 64 bits hold
    uint64_t digits;
    int64_t exponent;
};

void json_reader_init(struct json_reader *reader, const char *json, size_t size,
                      char problem[TEXT_SIZE]);
// A reader of a part that json_skip has found; positions in problems are those of the whole.
void json_reader_of_part(struct json_reader *reader, const struct json_reader *whole,
                         struct json_slice part);

// Both return false. json_fail_value names the key last read: `"seq" must be a whole number`.
bool json_fail(struct json_reader *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
bool json_fail_value(struct json_reader *reader, const char *complaint);

// The first character of the value that comes next, '\0' at the end.
char json_peek(struct json_reader *reader);
bool json_open_object(struct json_reader *reader);
bool json_open_array(struct json_reader *reader);
// False at the end of the object or array, which is closed then, and after a failure.
bool json_next_key(struct json_reader *reader);
bool json_next_item(struct json_reader *reader);
bool json_key_is(const struct json_reader *reader, const char *name, size_t length);

bool json_read_null(struct json_reader *reader);
bool json_read_bool(struct json_reader *reader, bool *ret);
// A text longer than `size` - 1 bytes fails, or is cut at a character where `cut` is set.
bool json_read_text(struct json_reader *reader, char *out, size_t size, bool cut);
bool json_read_number(struct json_reader *reader, struct json_number *ret);
// Passes over one value of any type. `ret` may be NULL.
bool json_skip(struct json_reader *reader, struct json_slice *ret);
// Nothing but white space may follow.
bool json_end(struct json_reader *reader);

// False: not a whole number, or out of range.
bool json_number_u64(struct json_number number, uint64_t *ret);
bool json_number_i64(struct json_number number, int64_t *ret);
// Rounded to thousandths, so that seconds become whole milliseconds. False: out of range.
bool json_number_thousandths(struct json_number number, int64_t *ret);
double json_number_double(struct json_number number);

#endif
