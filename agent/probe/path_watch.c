// SPDX-License-Identifier: Apache-2.0
// A libuv file system event on a folder or its nearest existing ancestor.
#include "agent/probe/path_watch.h"

#include "agent/probe/path_name.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { RETRY_MS = 5000, ARM_TRIES = 8, PATH_WATCH_HANDLES = 2 };

struct path_watch {
    uv_fs_event_t event;
    uv_timer_t retry;
    char folder[TEXT_SIZE];
    char watched[TEXT_SIZE]; // the folder, or the nearest that exists above it; "" = nothing
    uint64_t device, inode;  // of `watched`
    void (*changed)(void *context);
    void *context;
    unsigned handles;
    void (*closed)(void *context);
    void *closed_context;
};

struct place {
    char path[TEXT_SIZE];
    uint64_t device, inode;
};

static bool folder_exists(struct place *place)
{
    uv_fs_t request;
    int error = uv_fs_stat(NULL, &request, place->path, NULL);
    bool folder = error == 0 && (request.statbuf.st_mode & S_IFMT) == S_IFDIR;
    place->device = request.statbuf.st_dev;
    place->inode = request.statbuf.st_ino;
    uv_fs_req_cleanup(&request);
    return folder;
}

static bool nearest(const char *folder, struct place *ret)
{
    text_set(ret->path, folder);
    while (!folder_exists(ret)) {
        char above[TEXT_SIZE];
        path_folder(ret->path, above);
        if (text_equal(above, ret->path))
            return false;
        text_set(ret->path, above);
    }
    return true;
}

static bool is_watched(const struct path_watch *watch, const struct place *place)
{
    return text_equal(watch->watched, place->path) && watch->device == place->device &&
           watch->inode == place->inode;
}

static void on_event(uv_fs_event_t *event, const char *name, int events, int status);

// True: the nearest folder is being watched, a different one than before.
static bool arm_once(struct path_watch *watch, bool *ret_failed)
{
    struct place place;
    *ret_failed = !nearest(watch->folder, &place);
    if (*ret_failed || is_watched(watch, &place))
        return false;
    uv_fs_event_stop(&watch->event);
    watch->watched[0] = '\0';
    *ret_failed = uv_fs_event_start(&watch->event, on_event, place.path, 0) != 0;
    if (*ret_failed)
        return false;
    text_set(watch->watched, place.path);
    watch->device = place.device;
    watch->inode = place.inode;
    return true;
}

static void on_retry(uv_timer_t *timer);

// Repeated, as a nearer folder may appear between the look and the watch.
static void arm(struct path_watch *watch)
{
    bool failed = false;
    int tries = 0;
    while (tries < ARM_TRIES && arm_once(watch, &failed))
        tries++;
    if (failed || tries == ARM_TRIES)
        uv_timer_start(&watch->retry, on_retry, RETRY_MS, 0);
}

static void on_retry(uv_timer_t *timer)
{
    struct path_watch *watch = timer->data;
    arm(watch);
    watch->changed(watch->context);
}

static void on_event(uv_fs_event_t *event, const char *name, int events, int status)
{
    (void)name;
    (void)events;
    (void)status; // whatever it is, looking tells
    struct path_watch *watch = event->data;
    arm(watch);
    watch->changed(watch->context);
}

enum status path_watch_open(uv_loop_t *loop, const char *folder, void (*changed)(void *context),
                            void *context, struct path_watch **ret_watch)
{
    struct path_watch *watch = calloc(1, sizeof(*watch));
    if (watch == NULL)
        return STATUS_NO_MEMORY;
    watch->changed = changed;
    watch->context = context;
    text_set(watch->folder, folder);
    uv_timer_init(loop, &watch->retry);
    uv_fs_event_init(loop, &watch->event);
    watch->retry.data = watch;
    watch->event.data = watch;
    arm(watch);
    *ret_watch = watch;
    return STATUS_OK;
}

bool path_watch_is_there(const struct path_watch *watch)
{
    return text_equal(watch->watched, watch->folder);
}

static void on_closed(uv_handle_t *handle)
{
    struct path_watch *watch = handle->data;
    if (--watch->handles > 0)
        return;
    if (watch->closed != NULL)
        watch->closed(watch->closed_context);
    free(watch);
}

void path_watch_close(struct path_watch *watch, void (*closed)(void *context), void *context)
{
    watch->closed = closed;
    watch->closed_context = context;
    watch->handles = PATH_WATCH_HANDLES;
    uv_close((uv_handle_t *)&watch->event, on_closed);
    uv_close((uv_handle_t *)&watch->retry, on_closed);
}
