// SPDX-License-Identifier: Apache-2.0
// Routes are one table; each ends in a handler.
#include "collector/shell/web/request.h"

#include "base/text.h"
#include "collector/shell/web/assets.h"
#include "collector/shell/web/metrics.h"
#include "collector/shell/web/respond.h"
#include "collector/shell/web/stations.h"
#include "config/arguments.h"
#include "runtime/clock.h"

#include <stdlib.h>
#include <string.h>

enum { CLOSED_LISTED = 50 };
enum stage { STAGE_NEW, STAGE_ROUTED, STAGE_WAITING, STAGE_ANSWERED };

#define API      "/api/v1/"
#define MARKDOWN "text/markdown; charset=utf-8"

struct request {
    struct request_context *context;
    struct MHD_Connection *connection;
    struct request *previous, *next; // among the waiting
    enum stage stage;
    bool suspended, completed, wants_report;
    struct store_read read;
};

typedef enum MHD_Result handler(struct request *request, const char *rest);

// ---- plain documents --------------------------------------------------------------------------

static struct facts gather_facts(const struct request *request)
{
    const struct web_source *source = request->context->source;
    struct facts facts = {0};
    source->facts(source->context, &facts);
    return facts;
}

static enum MHD_Result answer_status(struct request *request, const char *rest)
{
    (void)rest;
    struct facts facts = gather_facts(request);
    struct body body = {0};
    api_status(&body, request->context->source, &facts, clock_now(), request->context->scratch);
    return respond_body(request->connection, MHD_HTTP_OK, TYPE_JSON, &body);
}

static enum MHD_Result answer_verdict(struct request *request, bool ok, struct body *body)
{
    return respond_body(request->connection, ok ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE,
                        TYPE_JSON, body);
}

static enum MHD_Result answer_health(struct request *request, const char *rest)
{
    (void)rest;
    struct facts facts = gather_facts(request);
    struct body body = {0};
    bool ok = api_health(&body, &facts);
    return answer_verdict(request, ok, &body);
}

static enum MHD_Result answer_ready(struct request *request, const char *rest)
{
    (void)rest;
    struct facts facts = gather_facts(request);
    struct body body = {0};
    bool ok = api_ready(&body, &facts);
    return answer_verdict(request, ok, &body);
}

static enum MHD_Result answer_metrics(struct request *request, const char *rest)
{
    (void)rest;
    struct facts facts = gather_facts(request);
    struct body body = {0};
    metrics_write(&body, request->context->source, &facts, feed_readers(request->context->feed));
    return respond_body(request->connection, MHD_HTTP_OK, "text/plain; version=0.0.4", &body);
}

static enum MHD_Result answer_stations(struct request *request, const char *rest)
{
    (void)rest;
    return stations_respond(request->connection, request->context->source->engine);
}

static enum MHD_Result answer_events(struct request *request, const char *rest)
{
    (void)rest;
    enum status status = feed_subscribe(request->context->feed, request->connection);
    if (status == STATUS_FULL)
        return respond_error(request->connection, MHD_HTTP_SERVICE_UNAVAILABLE, "too_many_readers",
                             "too many pages are open; close one and load again");
    return status == STATUS_OK ? MHD_YES : MHD_NO;
}

static enum MHD_Result answer_not_found(struct request *request)
{
    return respond_error(request->connection, MHD_HTTP_NOT_FOUND, "not_found",
                         "there is nothing under this address; the API begins at /api/v1/status");
}

static enum MHD_Result answer_asset(struct request *request, const char *url)
{
    for (size_t i = 0; i < asset_count; i++)
        if (text_equal(assets[i].path, url))
            return respond_static(request->connection, assets[i].type, assets[i].data,
                                  assets[i].size);
    return answer_not_found(request);
}

// ---- incidents, which may have to be read from the store --------------------------------------

static void wait_in_line(struct request *request)
{
    struct request_context *context = request->context;
    request->next = context->waiting;
    if (context->waiting != NULL)
        context->waiting->previous = request;
    context->waiting = request;
}

static void leave_line(struct request *request)
{
    if (request->previous != NULL)
        request->previous->next = request->next;
    else if (request->context->waiting == request)
        request->context->waiting = request->next;
    if (request->next != NULL)
        request->next->previous = request->previous;
    request->previous = request->next = NULL;
}

static void resume(struct request *request)
{
    if (!request->suspended)
        return;
    request->suspended = false;
    MHD_resume_connection(request->connection);
    request->context->wake(request->context->wake_context);
}

static void on_read(struct store_read *read)
{
    struct request *request = read->context;
    if (request->completed) {
        // The server has let go of it while the disk was busy; its context may be gone too.
        free(read->status == STATUS_OK ? read->text.data : NULL);
        free(request);
        return;
    }
    leave_line(request);
    request->stage = STAGE_ANSWERED;
    resume(request);
}

static enum MHD_Result read_store(struct request *request, enum store_read_kind kind)
{
    request->read.kind = kind;
    request->read.done = on_read;
    request->read.context = request;
    if (store_writer_read(request->context->source->store, &request->read) != STATUS_OK)
        return respond_error(request->connection, MHD_HTTP_SERVICE_UNAVAILABLE, "busy",
                             "too many requests wait for the store; try again");
    request->stage = STAGE_WAITING;
    request->suspended = true;
    wait_in_line(request);
    MHD_suspend_connection(request->connection);
    return MHD_YES;
}

static enum MHD_Result answer_incidents(struct request *request, const char *rest)
{
    (void)rest;
    int64_t limit = CLOSED_LISTED;
    const char *text =
        MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, "limit");
    if (text != NULL && !argument_integer(text, 0, STORE_LIST_MAX, &limit))
        return respond_error(request->connection, MHD_HTTP_BAD_REQUEST, "bad_limit",
                             "limit is a number of closed incidents from 0 to 1000");
    request->read.limit = (size_t)limit;
    return read_store(request, STORE_READ_CLOSED_INCIDENTS);
}

static enum MHD_Result answer_held_incident(struct request *request,
                                            const struct incident *incident)
{
    struct request_context *context = request->context;
    struct body body = {0};
    if (request->wants_report)
        api_report(&body, context->source->site, incident, context->scratch);
    else
        api_incident(&body, incident, context->scratch);
    return respond_body(request->connection, MHD_HTTP_OK,
                        request->wants_report ? MARKDOWN : TYPE_JSON, &body);
}

// `rest` is ID or ID/report.
static enum MHD_Result answer_incident(struct request *request, const char *rest)
{
    const char *slash = strchr(rest, '/');
    size_t length = slash != NULL ? (size_t)(slash - rest) : strlen(rest);
    request->wants_report = slash != NULL && text_equal(slash, "/report");
    if (length == 0 || length >= INCIDENT_ID_SIZE || (slash != NULL && !request->wants_report))
        return answer_not_found(request);
    memcpy(request->read.id, rest, length);
    request->read.id[length] = '\0';
    const struct incident *incident =
        engine_find_incident(request->context->source->engine, request->read.id);
    return incident != NULL ? answer_held_incident(request, incident)
                            : read_store(request, STORE_READ_INCIDENT);
}

static enum MHD_Result answer_stored(struct request *request)
{
    struct request_context *context = request->context;
    const struct store_text *text = &request->read.text;
    struct body body = {0};
    if (request->read.kind == STORE_READ_CLOSED_INCIDENTS)
        api_incidents(&body, context->source->engine, text, context->scratch);
    else if (!request->wants_report)
        body_add(&body, text->data, text->size);
    else if (api_stored_report(&body, context->source->site, text, context->scratch) != STATUS_OK)
        body.failed = true;
    if (body.failed) {
        body_fini(&body);
        return respond_error(request->connection, MHD_HTTP_INTERNAL_SERVER_ERROR, "unreadable",
                             "what the store has under this address cannot be shown");
    }
    return respond_body(request->connection, MHD_HTTP_OK,
                        request->wants_report ? MARKDOWN : TYPE_JSON, &body);
}

static enum MHD_Result answer_after_read(struct request *request)
{
    if (request->read.status == STATUS_NOT_FOUND)
        return respond_error(request->connection, MHD_HTTP_NOT_FOUND, "not_found",
                             "there is no incident with this id");
    if (request->read.status != STATUS_OK)
        return respond_error(request->connection, MHD_HTTP_SERVICE_UNAVAILABLE, "store",
                             "the store cannot be read at the moment");
    enum MHD_Result result = answer_stored(request);
    free(request->read.text.data);
    request->read.text.data = NULL;
    return result;
}

// ---- the server's calls -----------------------------------------------------------------------

static const struct {
    const char *path;
    bool prefix; // what follows is the handler's
    handler *handle;
} routes[] = {
    {API "status", false, answer_status},       {API "stations", false, answer_stations},
    {API "incidents", false, answer_incidents}, {API "incidents/", true, answer_incident},
    {API "events", false, answer_events},       {"/healthz", false, answer_health},
    {"/readyz", false, answer_ready},           {"/metrics", false, answer_metrics},
};

static enum MHD_Result route(struct request *request, const char *url)
{
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
        size_t length = strlen(routes[i].path);
        if (strncmp(url, routes[i].path, length) == 0 && (routes[i].prefix || url[length] == '\0'))
            return routes[i].handle(request, url + length);
    }
    return answer_asset(request, url);
}

static enum MHD_Result begin(struct request_context *context, struct MHD_Connection *connection,
                             const char *method, void **ret_request)
{
    if (!text_equal(method, "GET") && !text_equal(method, "HEAD"))
        return respond_error(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "method_not_allowed",
                             "only GET is answered here");
    struct request *request = calloc(1, sizeof *request);
    if (request == NULL)
        return MHD_NO;
    request->context = context;
    request->connection = connection;
    *ret_request = request;
    return MHD_YES;
}

enum MHD_Result request_handle(void *context, struct MHD_Connection *connection, const char *url,
                               const char *method, const char *version, const char *upload,
                               size_t *upload_size, void **ret_request)
{
    (void)version;
    (void)upload;
    if (*ret_request == NULL)
        return begin(context, connection, method, ret_request);
    struct request *request = *ret_request;
    if (*upload_size > 0) {
        *upload_size = 0; // a GET's body means nothing
        return MHD_YES;
    }
    if (request->context->closing)
        return respond_error(connection, MHD_HTTP_SERVICE_UNAVAILABLE, "closing",
                             "the collector is ending");
    if (request->stage == STAGE_ANSWERED)
        return answer_after_read(request);
    if (request->stage != STAGE_NEW)
        return MHD_YES;
    request->stage = STAGE_ROUTED;
    return route(request, url);
}

void request_completed(void *context, struct MHD_Connection *connection, void **ret_request,
                       enum MHD_RequestTerminationCode code)
{
    (void)context;
    (void)connection;
    (void)code;
    struct request *request = *ret_request;
    *ret_request = NULL;
    if (request == NULL)
        return;
    leave_line(request);
    request->completed = true;
    if (request->stage == STAGE_WAITING)
        return; // on_read frees it
    if (request->stage == STAGE_ANSWERED && request->read.status == STATUS_OK)
        free(request->read.text.data);
    free(request);
}

void request_end_all(struct request_context *context)
{
    context->closing = true;
    for (struct request *request = context->waiting; request != NULL; request = request->next)
        resume(request);
}
