// SPDX-License-Identifier: Apache-2.0
// Answers of the HTTP server: headers in one place, errors as JSON.
//
// Ownership: bodies are taken over, also on failure. Thread: the loop's. Failure: MHD_NO, on which
// the server drops the connection.
#ifndef COLLECTOR_SHELL_WEB_RESPOND_H
#define COLLECTOR_SHELL_WEB_RESPOND_H

#include "collector/shell/web/body.h"

#include <microhttpd.h>

#define TYPE_JSON "application/json"

// Adds the headers that every answer has, queues `response` and lets go of it.
enum MHD_Result respond_with(struct MHD_Connection *connection, unsigned code, const char *type,
                             struct MHD_Response *response);
enum MHD_Result respond_body(struct MHD_Connection *connection, unsigned code, const char *type,
                             struct body *body);
// {"error":ERROR,"message":MESSAGE}
enum MHD_Result respond_error(struct MHD_Connection *connection, unsigned code, const char *error,
                              const char *message);
// Bytes that live for ever.
enum MHD_Result respond_static(struct MHD_Connection *connection, const char *type,
                               const void *bytes, size_t size);

#endif
