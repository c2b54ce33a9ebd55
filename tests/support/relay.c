// SPDX-License-Identifier: Apache-2.0
// A TCP relay in front of a server, to break connections as a network does.
#include "tests/support/relay.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdlib.h>

enum { CHUNK_SIZE = 65536, BACKLOG = 128 };

struct link { // one relayed connection: both ends live and die together
    struct relay *relay;
    struct link *next, *previous;
    uv_tcp_t client, server;
    uv_connect_t connect;
    int open_handles;
    bool connected, closing;
};

struct relay {
    uv_loop_t *loop;
    uv_tcp_t listener;
    struct link *links;
    uint16_t port, target_port;
    size_t accepted;
    bool held, freed, listener_closed;
};

struct write {
    uv_write_t request;
    char bytes[];
};

static void release_relay(struct relay *relay)
{
    if (relay->freed && relay->listener_closed && !relay->links)
        free(relay);
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct link *link = handle->data;
    if (--link->open_handles > 0)
        return;
    struct relay *relay = link->relay;
    if (link->previous)
        link->previous->next = link->next;
    else
        relay->links = link->next;
    if (link->next)
        link->next->previous = link->previous;
    free(link);
    release_relay(relay);
}

static void close_link(struct link *link)
{
    if (link->closing)
        return;
    link->closing = true;
    uv_close((uv_handle_t *)&link->client, on_handle_closed);
    uv_close((uv_handle_t *)&link->server, on_handle_closed);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    (void)handle;
    (void)suggested;
    struct write *write = malloc(sizeof *write + CHUNK_SIZE);
    *buffer = write ? uv_buf_init(write->bytes, CHUNK_SIZE) : uv_buf_init(NULL, 0);
}

static struct write *write_of(const uv_buf_t *buffer)
{
    return buffer->base ? (struct write *)(buffer->base - offsetof(struct write, bytes)) : NULL;
}

static void on_written(uv_write_t *request, int status)
{
    struct link *link = request->data;
    free(request);
    if (status < 0)
        close_link(link);
}

static void on_read(uv_stream_t *from, ssize_t size, const uv_buf_t *buffer)
{
    struct link *link = from->data;
    struct write *write = write_of(buffer);
    if (size <= 0 || link->closing) {
        free(write);
        if (size < 0)
            close_link(link);
        return;
    }
    uv_stream_t *to =
        (uv_stream_t *)(from == (uv_stream_t *)&link->client ? &link->server : &link->client);
    uv_buf_t out = uv_buf_init(write->bytes, (unsigned)size);
    write->request.data = link;
    if (uv_write(&write->request, to, &out, 1, on_written) != 0) {
        free(write);
        close_link(link);
    }
}

static void flow(struct link *link)
{
    if (!link->connected || link->closing || link->relay->held)
        return;
    uv_read_start((uv_stream_t *)&link->client, on_alloc, on_read);
    uv_read_start((uv_stream_t *)&link->server, on_alloc, on_read);
}

static void on_connected(uv_connect_t *request, int status)
{
    struct link *link = request->data;
    if (status < 0) {
        close_link(link);
        return;
    }
    link->connected = true;
    flow(link);
}

static void on_connection(uv_stream_t *listener, int status)
{
    struct relay *relay = listener->data;
    struct link *link = status == 0 ? calloc(1, sizeof *link) : NULL;
    if (!link)
        return;
    link->relay = relay;
    link->client.data = link->server.data = link->connect.data = link;
    uv_tcp_init(relay->loop, &link->client);
    uv_tcp_init(relay->loop, &link->server);
    link->open_handles = 2;
    link->next = relay->links;
    if (link->next)
        link->next->previous = link;
    relay->links = link;
    relay->accepted++;
    struct sockaddr_in target;
    uv_ip4_addr("127.0.0.1", relay->target_port, &target);
    if (uv_accept(listener, (uv_stream_t *)&link->client) != 0 ||
        uv_tcp_connect(&link->connect, &link->server, (const struct sockaddr *)&target,
                       on_connected) != 0)
        close_link(link);
}

static void on_listener_closed(uv_handle_t *handle)
{
    struct relay *relay = handle->data;
    relay->listener_closed = true;
    release_relay(relay);
}

struct relay *relay_new(uv_loop_t *loop, uint16_t target_port)
{
    struct relay *relay = calloc(1, sizeof *relay);
    if (!relay)
        return NULL;
    relay->loop = loop;
    relay->target_port = target_port;
    uv_tcp_init(loop, &relay->listener);
    relay->listener.data = relay;
    struct sockaddr_in address;
    int size = sizeof address;
    uv_ip4_addr("127.0.0.1", 0, &address);
    if (uv_tcp_bind(&relay->listener, (const struct sockaddr *)&address, 0) != 0 ||
        uv_listen((uv_stream_t *)&relay->listener, BACKLOG, on_connection) != 0 ||
        uv_tcp_getsockname(&relay->listener, (struct sockaddr *)&address, &size) != 0) {
        relay_free(relay);
        return NULL;
    }
    relay->port = ntohs(address.sin_port);
    return relay;
}

void relay_free(struct relay *relay)
{
    if (!relay)
        return;
    relay->freed = true;
    relay_cut(relay);
    uv_close((uv_handle_t *)&relay->listener, on_listener_closed);
}

uint16_t relay_port(const struct relay *relay)
{
    return relay->port;
}

size_t relay_accepted(const struct relay *relay)
{
    return relay->accepted;
}

void relay_cut(struct relay *relay)
{
    for (struct link *link = relay->links; link; link = link->next)
        close_link(link);
}

void relay_hold(struct relay *relay)
{
    relay->held = true;
    for (struct link *link = relay->links; link; link = link->next) {
        if (link->connected && !link->closing) {
            uv_read_stop((uv_stream_t *)&link->client);
            uv_read_stop((uv_stream_t *)&link->server);
        }
    }
}

void relay_release(struct relay *relay)
{
    relay->held = false;
    for (struct link *link = relay->links; link; link = link->next)
        flow(link);
}
