// SPDX-License-Identifier: Apache-2.0
// libmicrohttpd with its own epoll, watched by the loop: it runs when its epoll says so or its own
// timeout has come, and never otherwise.
#include "collector/shell/web/web.h"

#include "base/text.h"
#include "collector/shell/web/listen_socket.h"
#include "collector/shell/web/request.h"
#include "collector/shell/web/stations.h"

#include <stdlib.h>
#include <unistd.h>

enum {
    CONNECTIONS_MAX = 256,
    CONNECTION_BYTES = 32768, // of request line and headers; more is refused by the library
    IDLE_S = 30,
    FEED_BYTES = 1 << 20,
    FEED_READERS_MAX = 64,
    LOOK_EVERY_MS = 1000,
    LOOK_NODES_PER_S = 10000, // a larger fleet is looked at less often
    CHANGES_MAX = 300,
    CHANGES_BYTES = 262144,
    RUNS_TO_END = 4
};

struct web {
    struct MHD_Daemon *server;
    struct web_source source;
    struct request_context context;
    struct station_watch *watch;
    uint16_t port;
    uv_poll_t poll;
    uv_timer_t timeout; // the server's own
    uv_timer_t look;    // for changes of stations, while somebody reads
    int open_handles;
    char changes[CHANGES_BYTES];
};

static void run(struct web *web);

static void on_timeout(uv_timer_t *timer)
{
    run(timer->data);
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    run(poll->data);
}

static void run(struct web *web)
{
    MHD_UNSIGNED_LONG_LONG wait_ms;
    (void)MHD_run(web->server);
    if (MHD_get_timeout(web->server, &wait_ms) == MHD_YES)
        uv_timer_start(&web->timeout, on_timeout, wait_ms, 0);
    else
        uv_timer_stop(&web->timeout);
}

// Runs the server in the loop's next turn, once, however often it is asked.
static void wake(void *context)
{
    struct web *web = context;
    uv_timer_start(&web->timeout, on_timeout, 0, 0);
}

// ---- live events ------------------------------------------------------------------------------

void web_event(struct web *web, const char *name, const char *json)
{
    if (feed_readers(web->context.feed) == 0)
        return;
    feed_event(web->context.feed, name, json);
    wake(web);
}

void web_status(struct web *web, struct instant now)
{
    if (feed_readers(web->context.feed) == 0)
        return;
    struct facts facts = {0};
    struct body body = {0};
    web->source.facts(web->source.context, &facts);
    api_status(&body, &web->source, &facts, now, web->context.scratch);
    if (!body.failed)
        web_event(web, "status", body.data);
    body_fini(&body);
}

size_t web_readers(const struct web *web)
{
    return feed_readers(web->context.feed);
}

static uint64_t look_interval(const struct web *web)
{
    uint64_t nodes = engine_node_count(web->source.engine);
    return LOOK_EVERY_MS + nodes * 1000 / LOOK_NODES_PER_S;
}

static void on_look(uv_timer_t *timer)
{
    struct web *web = timer->data;
    uv_timer_start(timer, on_look, look_interval(web), 0);
    if (feed_readers(web->context.feed) == 0)
        return;
    struct text text;
    text_init(&text, web->changes, sizeof web->changes);
    uint32_t changed = station_watch_look(web->watch, CHANGES_MAX, &text);
    if (changed > 0)
        web_event(web, text.length > 0 ? "stations" : "reload", text.length > 0 ? text.data : "{}");
}

// ---- opening and closing ----------------------------------------------------------------------

static void free_web(struct web *web)
{
    feed_free(web->context.feed);
    api_scratch_free(web->context.scratch);
    station_watch_free(web->watch);
    free(web);
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct web *web = handle->data;
    if (--web->open_handles == 0)
        free_web(web);
}

static enum status make_parts(const struct web_source *source, struct web **ret_web)
{
    struct web *web = calloc(1, sizeof *web);
    if (web == NULL)
        return STATUS_NO_MEMORY;
    web->source = *source;
    web->context.source = &web->source;
    web->context.wake = wake;
    web->context.wake_context = web;
    enum status status = feed_new(FEED_BYTES, FEED_READERS_MAX, &web->context.feed);
    if (status == STATUS_OK)
        status = api_scratch_new(&web->context.scratch);
    if (status == STATUS_OK)
        status = station_watch_new(source->engine, &web->watch);
    if (status == STATUS_OK)
        *ret_web = web;
    else
        free_web(web);
    return status;
}

static struct MHD_Daemon *start_server(struct web *web, int listener)
{
    return MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, request_handle,
                            &web->context, MHD_OPTION_LISTEN_SOCKET, listener,
                            MHD_OPTION_NOTIFY_COMPLETED, request_completed, &web->context,
                            MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES,
                            MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S, MHD_OPTION_END);
}

static void start_handles(struct web *web, uv_loop_t *loop)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(web->server, MHD_DAEMON_INFO_EPOLL_FD);
    // Cannot fail: the descriptor is an epoll's, the callbacks are given.
    (void)uv_poll_init(loop, &web->poll, info->epoll_fd);
    (void)uv_timer_init(loop, &web->timeout);
    (void)uv_timer_init(loop, &web->look);
    web->poll.data = web->timeout.data = web->look.data = web;
    web->open_handles = 3;
    (void)uv_poll_start(&web->poll, UV_READABLE, on_ready);
    uv_timer_start(&web->look, on_look, LOOK_EVERY_MS, 0);
}

enum status web_open(uv_loop_t *loop, const struct listen_address *address,
                     const struct web_source *source, struct web **ret_web, char problem[TEXT_SIZE])
{
    struct web *web;
    int listener;
    text_copy(problem, TEXT_SIZE, "the HTTP server cannot start: out of memory");
    enum status status = make_parts(source, &web);
    if (status != STATUS_OK)
        return status;
    status = listen_socket_open(address, &listener, &web->port, problem);
    if (status != STATUS_OK) {
        free_web(web);
        return status;
    }
    web->server = start_server(web, listener);
    if (web->server == NULL) {
        close(listener);
        free_web(web);
        return STATUS_NO_MEMORY;
    }
    start_handles(web, loop);
    *ret_web = web;
    return STATUS_OK;
}

uint16_t web_port(const struct web *web)
{
    return web->port;
}

void web_close(struct web *web)
{
    if (web == NULL)
        return;
    // Stopping the server with a suspended connection would abort the program.
    feed_end(web->context.feed);
    request_end_all(&web->context);
    for (int i = 0; i < RUNS_TO_END; i++)
        (void)MHD_run(web->server);
    uv_poll_stop(&web->poll);
    uv_close((uv_handle_t *)&web->poll, on_handle_closed);
    uv_close((uv_handle_t *)&web->timeout, on_handle_closed);
    uv_close((uv_handle_t *)&web->look, on_handle_closed);
    MHD_stop_daemon(web->server);
}
