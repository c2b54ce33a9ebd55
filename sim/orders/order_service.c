// SPDX-License-Identifier: Apache-2.0
// The order service: every notice makes it look through the request folder, so that a notice lost
// in a burst costs nothing.
#include "sim/orders/order_service.h"

#include "base/text.h"
#include "runtime/log.h"
#include "sim/orders/order_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct order_service {
    struct order_service_settings settings;
    struct order_service_counters counters;
    uv_fs_event_t requests_watch, upstream_watch;
    int open_handles;
    void (*closed)(void *context);
    void *closed_context;
};

// What the host system knows of a product. STATUS_NOT_FOUND: nothing yet.
static enum status product_data(const struct order_service *service, const char *product,
                                char out[ORDER_FILE_MAX_BYTES])
{
    if (service->settings.upstream == NULL) {
        snprintf(out, ORDER_FILE_MAX_BYTES, "product=%s\n", product);
        return STATUS_OK;
    }
    char path[ORDER_PATH_SIZE];
    if (!order_path(path, service->settings.upstream, product, ".data"))
        return STATUS_INVALID;
    return order_file_read(path, out, ORDER_FILE_MAX_BYTES);
}

static void refuse_request(struct order_service *service, const char *path, const char *why)
{
    char aside[ORDER_PATH_SIZE + 8];
    snprintf(aside, sizeof aside, "%s.bad", path);
    if (rename(path, aside) != 0)
        return; // somebody took it away
    service->counters.refused++;
    log_warning("orders", "%s is refused (%s) and set aside as %s", path, why, aside);
}

// Reads the product of a request; a request that is not one is set aside.
static bool read_request(struct order_service *service, const char *path, char product[ID_SIZE])
{
    char content[ORDER_FILE_MAX_BYTES];
    enum status status = order_file_read(path, content, sizeof content);
    if (status == STATUS_FULL || status == STATUS_CORRUPT) {
        refuse_request(service, path, status_text(status));
        return false;
    }
    if (status != STATUS_OK)
        return false;
    content[strcspn(content, "\r\n")] = '\0';
    const char *wrong = id_problem(content);
    if (wrong != NULL) {
        refuse_request(service, path, wrong);
        return false;
    }
    text_copy(product, ID_SIZE, content);
    return true;
}

// True: the order is made and its request gone.
static bool make_order(struct order_service *service, const char *order)
{
    char path[ORDER_PATH_SIZE], product[ID_SIZE], data[ORDER_FILE_MAX_BYTES];
    char content[ORDER_FILE_MAX_BYTES + ID_SIZE + 16];
    if (!order_path(path, service->settings.requests, order, REQUEST_SUFFIX) ||
        !read_request(service, path, product) || product_data(service, product, data) != STATUS_OK)
        return false;
    snprintf(content, sizeof content, "order=%s\n%s", order, data);
    if (order_file_write(service->settings.orders, order, ORDER_SUFFIX, content) != STATUS_OK) {
        log_error("orders", "cannot write order %s to %s: %s", order, service->settings.orders,
                  strerror(errno));
        return false;
    }
    if (unlink(path) != 0 && errno != ENOENT)
        log_error("orders", "cannot remove the request %s: %s", path, strerror(errno));
    service->counters.made++;
    return true;
}

static void work_off(struct order_service *service)
{
    DIR *folder = opendir(service->settings.requests);
    if (folder == NULL) {
        log_error("orders", "cannot read %s: %s", service->settings.requests, strerror(errno));
        return;
    }
    service->counters.waiting = 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char order[ID_SIZE];
        if (!order_of_file_name(entry->d_name, REQUEST_SUFFIX, order))
            continue;
        if (!make_order(service, order))
            service->counters.waiting++;
    }
    closedir(folder);
}

static void on_notice(uv_fs_event_t *watch, const char *file_name, int events, int status)
{
    (void)file_name, (void)events;
    if (status < 0)
        log_error("orders", "the watch on a folder failed: %s", uv_strerror(status));
    work_off(watch->data);
}

static enum status watch_folder(struct order_service *service, uv_loop_t *loop,
                                uv_fs_event_t *watch, const char *path, char problem[TEXT_SIZE])
{
    uv_fs_event_init(loop, watch);
    watch->data = service;
    service->open_handles++;
    int error = uv_fs_event_start(watch, on_notice, path, 0);
    if (error == 0)
        return STATUS_OK;
    snprintf(problem, TEXT_SIZE, "cannot watch %.200s: %s", path, uv_strerror(error));
    return STATUS_IO;
}

enum status order_service_open(uv_loop_t *loop, const struct order_service_settings *settings,
                               struct order_service **ret_service, char problem[TEXT_SIZE])
{
    struct order_service *service = calloc(1, sizeof *service);
    if (service == NULL) {
        snprintf(problem, TEXT_SIZE, "%s", status_text(STATUS_NO_MEMORY));
        return STATUS_NO_MEMORY;
    }
    service->settings = *settings;
    enum status status =
        watch_folder(service, loop, &service->requests_watch, settings->requests, problem);
    if (status == STATUS_OK && settings->upstream != NULL)
        status = watch_folder(service, loop, &service->upstream_watch, settings->upstream, problem);
    if (status != STATUS_OK) {
        order_service_close(service, NULL, NULL);
        return status;
    }
    work_off(service); // the watch stands already: nothing falls between
    *ret_service = service;
    return STATUS_OK;
}

struct order_service_counters order_service_counters(const struct order_service *service)
{
    return service->counters;
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct order_service *service = handle->data;
    if (--service->open_handles > 0)
        return;
    void (*closed)(void *) = service->closed;
    void *context = service->closed_context;
    free(service);
    if (closed != NULL)
        closed(context);
}

void order_service_close(struct order_service *service, void (*closed)(void *context),
                         void *context)
{
    service->closed = closed;
    service->closed_context = context;
    bool has_upstream = service->open_handles > 1;
    uv_close((uv_handle_t *)&service->requests_watch, on_handle_closed);
    if (has_upstream)
        uv_close((uv_handle_t *)&service->upstream_watch, on_handle_closed);
}
