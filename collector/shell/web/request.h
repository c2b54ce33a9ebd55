// SPDX-License-Identifier: Apache-2.0
// One HTTP request: its route, and the wait for the store where it needs history.
//
// Ownership: a request lives from the first call of the server until the server has completed it
// and the store has answered, whichever is later. Thread: the loop's. Failure: an error document.
#ifndef COLLECTOR_SHELL_WEB_REQUEST_H
#define COLLECTOR_SHELL_WEB_REQUEST_H

#include "collector/shell/web/api.h"
#include "collector/shell/web/feed.h"
#include "collector/shell/web/web.h"

struct request;

// What requests are answered from.
struct request_context {
    const struct web_source *source;
    struct feed *feed;
    struct api_scratch *scratch;
    struct request *waiting; // for the store
    bool closing;
    void *wake_context;
    void (*wake)(void *wake_context); // the server has something to do
};

// The server's callbacks: MHD_AccessHandlerCallback and MHD_RequestCompletedCallback; `context` is
// the request_context.
enum MHD_Result request_handle(void *context, struct MHD_Connection *connection, const char *url,
                               const char *method, const char *version, const char *upload,
                               size_t *upload_size, void **request);
void request_completed(void *context, struct MHD_Connection *connection, void **request,
                       enum MHD_RequestTerminationCode code);
// Resumes every request that waits, to be answered that the collector ends.
void request_end_all(struct request_context *context);

#endif
