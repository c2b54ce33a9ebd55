// SPDX-License-Identifier: Apache-2.0
// A response's text of any length up to a limit, on the heap.
//
// Ownership: the caller's struct; body_fini frees, body_take hands the bytes on. Thread: one at a
// time. Failure: `failed` stays set (no memory, or above the limit) and nothing more is added.
#ifndef COLLECTOR_SHELL_WEB_BODY_H
#define COLLECTOR_SHELL_WEB_BODY_H

#include <stdbool.h>
#include <stddef.h>

enum { BODY_MAX_BYTES = 64 << 20 };

struct body {
    char *data; // NUL-terminated once something was added
    size_t size, capacity;
    bool failed;
};

void body_fini(struct body *body);
void body_add(struct body *body, const char *bytes, size_t count);
void body_printf(struct body *body, const char *format, ...) __attribute__((format(printf, 2, 3)));
void body_string(struct body *body, const char *s); // as a JSON string, quotes included

#endif
