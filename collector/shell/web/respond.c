// SPDX-License-Identifier: Apache-2.0
// Nothing is loaded from elsewhere, nothing is framed, nothing is sniffed, nothing is kept.
#include "collector/shell/web/respond.h"

static const struct {
    const char *name, *value;
} headers[] = {
    {"Cache-Control", "no-store"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
     "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
};

enum MHD_Result respond_with(struct MHD_Connection *connection, unsigned code, const char *type,
                             struct MHD_Response *response)
{
    if (response == NULL)
        return MHD_NO;
    enum MHD_Result result = MHD_add_response_header(response, "Content-Type", type);
    for (size_t i = 0; i < sizeof headers / sizeof headers[0] && result == MHD_YES; i++)
        result = MHD_add_response_header(response, headers[i].name, headers[i].value);
    if (result == MHD_YES && code == MHD_HTTP_METHOD_NOT_ALLOWED)
        result = MHD_add_response_header(response, "Allow", "GET, HEAD");
    if (result == MHD_YES)
        result = MHD_queue_response(connection, code, response);
    MHD_destroy_response(response);
    return result;
}

enum MHD_Result respond_body(struct MHD_Connection *connection, unsigned code, const char *type,
                             struct body *body)
{
    if (body->failed || body->data == NULL) {
        body_fini(body);
        return MHD_NO; // no memory, or an answer beyond all measure
    }
    struct MHD_Response *response =
        MHD_create_response_from_buffer(body->size, body->data, MHD_RESPMEM_MUST_FREE);
    if (response != NULL)
        body->data = NULL; // the response's now
    body_fini(body);
    return respond_with(connection, code, type, response);
}

enum MHD_Result respond_error(struct MHD_Connection *connection, unsigned code, const char *error,
                              const char *message)
{
    struct body body = {0};
    body_printf(&body, "{\"error\":\"%s\",\"message\":", error);
    body_string(&body, message);
    body_add(&body, "}\n", 2);
    return respond_body(connection, code, TYPE_JSON, &body);
}

enum MHD_Result respond_static(struct MHD_Connection *connection, const char *type,
                               const void *bytes, size_t size)
{
    // MHD does not write to persistent memory; its parameter merely lacks the const.
    union {
        const void *is_const;
        void *plain;
    } data = {.is_const = bytes};
    return respond_with(connection, MHD_HTTP_OK, type,
                        MHD_create_response_from_buffer(size, data.plain, MHD_RESPMEM_PERSISTENT));
}
