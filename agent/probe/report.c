// SPDX-License-Identifier: Apache-2.0
// Serves the report socket.
#include "agent/probe/report.h"

#include "agent/probe/local_socket.h"
#include "base/text.h"
#include "runtime/clock.h"
#include "wire/json.h"

#include <stdlib.h>
#include <string.h>

struct client {
    struct report *report;
    uv_pipe_t pipe;
    uv_timer_t patience;
    uv_write_t write;
    char line[REPORT_LINE_MAX]; // bytes not yet handled
    size_t length;
    char answer[TEXT_SIZE + 16];
    bool writing;
    bool last_answer; // close when it is written
    bool ended;       // the client sends no more
    uint64_t last_heard;
    unsigned handles;
};

struct report {
    struct probe base;
    const struct probe_sink *sink;
    uv_pipe_t server;
    bool server_open;
    struct client *clients[REPORT_CLIENTS_MAX];
    struct report_counters counters;
    uint64_t heard; // counts what clients send, to tell who was silent longest
    bool closing;
    void (*closed)(void *context);
    void *closed_context;
};

static void finish_close(struct report *report)
{
    for (int i = 0; i < REPORT_CLIENTS_MAX; i++)
        if (report->clients[i] != NULL)
            return;
    if (!report->closing || report->server_open)
        return;
    if (report->closed != NULL)
        report->closed(report->closed_context);
    free(report);
}

static void on_client_closed(uv_handle_t *handle)
{
    struct client *client = handle->data;
    struct report *report = client->report;
    if (--client->handles > 0)
        return;
    for (int i = 0; i < REPORT_CLIENTS_MAX; i++)
        if (report->clients[i] == client)
            report->clients[i] = NULL;
    free(client);
    finish_close(report);
}

static void drop(struct client *client)
{
    if (uv_is_closing((uv_handle_t *)&client->pipe))
        return;
    uv_close((uv_handle_t *)&client->pipe, on_client_closed);
    uv_close((uv_handle_t *)&client->patience, on_client_closed);
}

static void drop_counted(struct client *client)
{
    client->report->counters.dropped++;
    drop(client);
}

static void on_impatient(uv_timer_t *patience)
{
    drop_counted(patience->data);
}

static void handle_next(struct client *client);

static void on_answered(uv_write_t *write, int status)
{
    struct client *client = write->data;
    client->writing = false;
    if (status != 0 || client->last_answer)
        drop(client);
    else
        handle_next(client);
}

static void answer(struct client *client, const char *text)
{
    struct text line;
    text_init(&line, client->answer, sizeof(client->answer) - 1);
    text_append(&line, text);
    client->answer[line.length] = '\n';
    uv_buf_t buffer = uv_buf_init(client->answer, (unsigned)line.length + 1);
    client->writing = true;
    client->write.data = client;
    uv_timer_start(&client->patience, on_impatient, REPORT_PATIENCE_MS, 0);
    if (uv_write(&client->write, (uv_stream_t *)&client->pipe, &buffer, 1, on_answered) != 0)
        drop(client);
}

static void refuse(struct client *client, const char *problem)
{
    char buffer[TEXT_SIZE + 16];
    struct text text;
    text_init(&text, buffer, sizeof(buffer));
    text_printf(&text, "error: %s", problem);
    client->report->counters.refused++;
    answer(client, buffer);
}

static void handle_line(struct client *client, const char *line, size_t length)
{
    char problem[TEXT_SIZE];
    struct report *report = client->report;
    struct message message = {.kind = MESSAGE_ORDER};
    if (json_read_order_report(line, length, &message.order, problem) != STATUS_OK) {
        refuse(client, problem);
        return;
    }
    struct instant now = clock_now();
    message.order.source = SOURCE_API;
    message.order.key = (struct event_key){.at_ms = now.wall.ms, .age_ms = 0};
    enum status status = report->sink->append(report->sink->context, &message, 1, now, NULL);
    if (status != STATUS_OK) {
        refuse(client, status_text(status));
        return;
    }
    report->counters.accepted++;
    answer(client, "ok");
}

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *ret_buffer)
{
    (void)suggested;
    struct client *client = handle->data;
    *ret_buffer = uv_buf_init(client->line + client->length,
                              (unsigned)(sizeof(client->line) - client->length));
}

static void on_bytes(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer);

static void want_more(struct client *client)
{
    if (client->length == sizeof(client->line)) {
        client->last_answer = true;
        refuse(client, "the line is too long");
    } else if (client->ended) {
        drop(client);
    } else {
        // Idle between lines is allowed for as long as it likes, half a line is not.
        if (client->length == 0)
            uv_timer_stop(&client->patience);
        else if (!uv_is_active((uv_handle_t *)&client->patience))
            uv_timer_start(&client->patience, on_impatient, REPORT_PATIENCE_MS, 0);
        uv_read_start((uv_stream_t *)&client->pipe, on_room, on_bytes);
    }
}

// Handles the first complete line, if any; the next one when this one's answer is out.
static void handle_next(struct client *client)
{
    if (client->writing || uv_is_closing((uv_handle_t *)&client->pipe))
        return;
    char *end = memchr(client->line, '\n', client->length);
    uv_timer_stop(&client->patience);
    if (end == NULL) {
        want_more(client);
        return;
    }
    uv_read_stop((uv_stream_t *)&client->pipe);
    size_t length = (size_t)(end - client->line);
    handle_line(client, client->line, length);
    client->length -= length + 1;
    memmove(client->line, end + 1, client->length);
}

static void on_bytes(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer)
{
    (void)buffer;
    struct client *client = stream->data;
    client->last_heard = ++client->report->heard;
    if (count < 0) {
        uv_read_stop(stream);
        client->ended = true;
        drop(client);
        return;
    }
    bool begun = client->length > 0;
    client->length += (size_t)count;
    if (begun && memchr(client->line, '\n', client->length) == NULL &&
        client->length < sizeof(client->line))
        return; // the patience with this line goes on, however often a byte comes
    handle_next(client);
}

// A free place, or that of the client silent for longest (which is then on its way out).
static struct client **place_for_client(struct report *report)
{
    struct client **oldest = NULL;
    for (int i = 0; i < REPORT_CLIENTS_MAX; i++) {
        struct client **place = &report->clients[i];
        if (*place == NULL)
            return place;
        if (oldest == NULL || (*place)->last_heard < (*oldest)->last_heard)
            oldest = place;
    }
    drop_counted(*oldest);
    return NULL;
}

static struct client *client_new(struct report *report)
{
    struct client *client = calloc(1, sizeof(*client));
    if (client == NULL)
        return NULL;
    client->report = report;
    client->handles = 2;
    client->last_heard = ++report->heard;
    uv_pipe_init(report->server.loop, &client->pipe, 0);
    uv_timer_init(report->server.loop, &client->patience);
    client->pipe.data = client->patience.data = client;
    return client;
}

static void on_connection(uv_stream_t *server, int status)
{
    struct report *report = server->data;
    struct client **place = status == 0 ? place_for_client(report) : NULL;
    if (status != 0)
        return;
    struct client *client = client_new(report);
    if (client == NULL)
        return;
    bool taken = uv_accept(server, (uv_stream_t *)&client->pipe) == 0;
    if (place != NULL)
        *place = client;
    if (!taken || place == NULL) {
        drop(client);
        return;
    }
    report->counters.clients++;
    want_more(client);
}

static void on_server_closed(uv_handle_t *handle)
{
    struct report *report = handle->data;
    report->server_open = false;
    finish_close(report);
}

static void report_close(struct probe *probe, void (*closed)(void *context), void *context)
{
    struct report *report = (struct report *)probe;
    report->closing = true;
    report->closed = closed;
    report->closed_context = context;
    for (int i = 0; i < REPORT_CLIENTS_MAX; i++)
        if (report->clients[i] != NULL)
            drop(report->clients[i]);
    uv_close((uv_handle_t *)&report->server, on_server_closed);
}

static const struct probe_ops report_ops = {.name = "report", .close = report_close};

struct report_counters report_counters(const struct probe *probe)
{
    return ((const struct report *)probe)->counters;
}

enum status report_open(uv_loop_t *loop, const struct report_settings *settings,
                        const struct probe_sink *sink, struct probe **ret_probe,
                        char problem[TEXT_SIZE])
{
    struct report *report = calloc(1, sizeof(*report));
    if (report == NULL) {
        text_copy(problem, TEXT_SIZE, status_text(STATUS_NO_MEMORY));
        return STATUS_NO_MEMORY;
    }
    report->base.ops = &report_ops;
    report->sink = sink;
    report->server_open = true;
    uv_pipe_init(loop, &report->server, 0);
    report->server.data = report;
    enum status status = local_socket_bind(&report->server, settings->socket, problem);
    if (status == STATUS_OK) {
        int error = uv_listen((uv_stream_t *)&report->server, REPORT_CLIENTS_MAX, on_connection);
        if (error != 0) {
            status = STATUS_IO;
            text_copy(problem, TEXT_SIZE, uv_strerror(error));
        }
    }
    if (status != STATUS_OK) {
        report_close(&report->base, NULL, NULL);
        return status;
    }
    *ret_probe = &report->base;
    return STATUS_OK;
}
