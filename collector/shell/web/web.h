// SPDX-License-Identifier: Apache-2.0
// The HTTP server: read-only API, live events, health, metrics and the status page, on the loop.
//
// Ownership: web_close frees; the sources outlive it. Thread: the loop's; no request ever blocks
// it. Failure: STATUS_UNAVAILABLE or STATUS_DENIED with a sentence when the address cannot be had.
#ifndef COLLECTOR_SHELL_WEB_WEB_H
#define COLLECTOR_SHELL_WEB_WEB_H

#include "collector/config/listen_address.h"
#include "collector/core/engine.h"
#include "collector/shell/facts.h"

#include <uv.h>

struct web;

struct web_source { // what is shown
    const char *site, *timezone;
    const struct engine *engine;
    struct store_writer *store;
    void *context;
    void (*facts)(void *context, struct facts *ret_facts);
};

MUST_CHECK enum status web_open(uv_loop_t *loop, const struct listen_address *address,
                                const struct web_source *source, struct web **ret_web,
                                char problem[TEXT_SIZE]);
uint16_t web_port(const struct web *web);
// To every reader of /api/v1/events. `json` has no line breaks.
void web_event(struct web *web, const char *name, const char *json);
// The status document to the same readers.
void web_status(struct web *web, struct instant now);
size_t web_readers(const struct web *web);
// Ends every connection; memory goes when the loop has closed the handles. Takes NULL.
void web_close(struct web *web);

#endif
