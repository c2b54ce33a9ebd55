// SPDX-License-Identifier: Apache-2.0
// Connect, send, gather.
#include "tests/unit/collector_shell/http_client.h"

#include "tests/support/loop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void on_space(uv_handle_t *handle, size_t suggested, uv_buf_t *ret_buffer)
{
    struct http *http = handle->data;
    (void)suggested;
    if (http->capacity - http->size < 65536) {
        http->capacity = http->capacity * 2 + 131072;
        http->answer = realloc(http->answer, http->capacity);
        assert_non_null(http->answer);
    }
    *ret_buffer = uv_buf_init(http->answer + http->size, 65535);
}

static void on_bytes(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer)
{
    struct http *http = stream->data;
    (void)buffer;
    if (count < 0)
        http->ended = true;
    else
        http->size += (size_t)count;
    http->answer[http->size] = '\0';
}

static void on_connect(uv_connect_t *request, int status)
{
    struct http *http = request->data;
    assert_int_equal(status, 0);
    http->connected = true;
    uv_buf_t buffer = uv_buf_init(http->request, (unsigned)strlen(http->request));
    assert_int_equal(uv_write(&http->write, (uv_stream_t *)&http->tcp, &buffer, 1, NULL), 0);
    if (http->reading)
        assert_int_equal(uv_read_start((uv_stream_t *)&http->tcp, on_space, on_bytes), 0);
}

struct http *http_open(uv_loop_t *loop, uint16_t port, const char *request, bool silent)
{
    struct http *http = calloc(1, sizeof *http);
    struct sockaddr_in address;
    assert_non_null(http);
    http->loop = loop;
    http->reading = !silent;
    http->capacity = 131072;
    http->answer = calloc(1, http->capacity);
    assert_non_null(http->answer);
    assert_true(strlen(request) < sizeof http->request);
    strcpy(http->request, request);
    assert_int_equal(uv_ip4_addr("127.0.0.1", port, &address), 0);
    assert_int_equal(uv_tcp_init(loop, &http->tcp), 0);
    http->tcp.data = http->connect.data = http;
    assert_int_equal(
        uv_tcp_connect(&http->connect, &http->tcp, (struct sockaddr *)&address, on_connect), 0);
    return http;
}

static void on_closed(uv_handle_t *handle)
{
    struct http *http = handle->data;
    free(http->answer);
    free(http);
}

void http_free(struct http *http)
{
    uv_close((uv_handle_t *)&http->tcp, on_closed);
}

struct wait {
    struct http *http;
    const char *text;
};

static bool has_text(void *context)
{
    struct wait *wait = context;
    return wait->http->ended || strstr(wait->http->answer, wait->text) != NULL;
}

bool http_wait_for(struct http *http, const char *text)
{
    struct wait wait = {http, text};
    return loop_until(http->loop, has_text, &wait, LOOP_PATIENCE_MS) &&
           strstr(http->answer, text) != NULL;
}

static bool has_ended(void *context)
{
    return ((struct http *)context)->ended;
}

bool http_wait_for_end(struct http *http)
{
    return loop_until(http->loop, has_ended, http, LOOP_PATIENCE_MS);
}

int http_get(uv_loop_t *loop, uint16_t port, const char *path, char **ret_body)
{
    char request[1000];
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n",
             path);
    struct http *http = http_open(loop, port, request, false);
    assert_true(http_wait_for_end(http));
    assert_int_equal(strncmp(http->answer, "HTTP/1.1 ", 9), 0);
    int code = (int)strtol(http->answer + 9, NULL, 10);
    const char *body = strstr(http->answer, "\r\n\r\n");
    assert_non_null(body);
    *ret_body = strdup(body + 4);
    assert_non_null(*ret_body);
    http_free(http);
    return code;
}
