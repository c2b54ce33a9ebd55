// SPDX-License-Identifier: Apache-2.0
// An HTTP client of raw bytes on the test's own loop, so that server and client need no threads.
//
// Ownership: http_free closes; memory goes when the loop has closed the handle. Thread: the loop's.
// Failure: asserts.
#ifndef TESTS_UNIT_COLLECTOR_SHELL_HTTP_CLIENT_H
#define TESTS_UNIT_COLLECTOR_SHELL_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

struct http {
    uv_tcp_t tcp;
    uv_connect_t connect;
    uv_write_t write;
    uv_loop_t *loop;
    char request[70000];
    char *answer; // everything that came, terminated
    size_t size, capacity;
    bool connected, ended; // ended: the server has closed
    bool reading;
};

// Connects and sends `request`; reads unless `silent`.
struct http *http_open(uv_loop_t *loop, uint16_t port, const char *request, bool silent);
void http_free(struct http *http);
// Runs the loop until the answer contains `text`, or the server closes.
bool http_wait_for(struct http *http, const char *text);
bool http_wait_for_end(struct http *http);

// GET of `path` with "Connection: close", whole: the status, and the body in *ret_body (free).
int http_get(uv_loop_t *loop, uint16_t port, const char *path, char **ret_body);

#endif
