// SPDX-License-Identifier: Apache-2.0
// A real order generation service: for each request in one folder it makes an order file in
// another, and removes the request. It works on notice of the file system, never by polling.
//
// Ownership: the service is the caller's to free by order_service_close; settings' strings outlive
// it. Thread: the loop's. Failure: open reports a status and a sentence; later trouble (a full
// disk, a folder gone) leaves the request where it is, for the next notice or start.
#ifndef SIM_ORDERS_ORDER_SERVICE_H
#define SIM_ORDERS_ORDER_SERVICE_H

#include "base/status.h"
#include "domain/ids.h"

#include <stdint.h>
#include <uv.h>

struct order_service_settings {
    const char *requests; // folder of ORDER.req files, each holding a product
    const char *orders;   // folder of ORDER.ord files
    // Folder where the host system puts PRODUCT.data; a request waits for its product's. NULL:
    // every product is known.
    const char *upstream;
};

struct order_service_counters {
    uint64_t made;    // orders written
    uint64_t waiting; // requests left at the last look: no data, or no room
    uint64_t refused; // requests that are not ones, renamed to *.bad
};

struct order_service;

// Works off the backlog before it returns, then by notice.
MUST_CHECK enum status order_service_open(uv_loop_t *loop,
                                          const struct order_service_settings *settings,
                                          struct order_service **ret_service,
                                          char problem[TEXT_SIZE]);
struct order_service_counters order_service_counters(const struct order_service *service);
// Stops and frees; `closed` comes on the loop's thread.
void order_service_close(struct order_service *service, void (*closed)(void *context),
                         void *context);

#endif
