// SPDX-License-Identifier: Apache-2.0
// Blocking HTTP for tests whose server is another process.
//
// Ownership: texts go into the caller's buffer. Thread: any. Failure: 0, or false.
#ifndef TESTS_SYSTEM_COLLECTOR_HTTP_H
#define TESTS_SYSTEM_COLLECTOR_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// GET; the status code, 0 without an answer; the body into `out`.
long http_get(uint16_t port, const char *path, char *out, size_t size);

// A connection whose request was sent, to be read from bit by bit.
int http_stream(uint16_t port, const char *path);
// Reads on until what came so far contains `text`; `out` keeps what came.
bool http_stream_until(int stream, const char *text, char *out, size_t size);

#endif
