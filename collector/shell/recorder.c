// SPDX-License-Identifier: Apache-2.0
// Two buffers: one fills while the other is being written.
#include "collector/shell/recorder.h"

#include "base/text.h"
#include "runtime/log.h"
#include "wire/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUFFER_BYTES = 1 << 20 };

struct recorder {
    uv_loop_t *loop;
    const char *site;
    int file;
    bool writing, closing, broken;
    uv_fs_t request;
    uint64_t dropped;
    struct wall_time last; // a trace's times never go back
    struct trace_line line;
    size_t filled, written; // bytes in `filling`; of `flying` already on the disk
    size_t flying_size;
    char *filling, *flying;
    char buffers[2][BUFFER_BYTES];
};

enum status recorder_open(uv_loop_t *loop, const char *path, const char *site,
                          struct recorder **ret_recorder, char problem[TEXT_SIZE])
{
    struct recorder *self = calloc(1, sizeof *self);
    if (self == NULL)
        return STATUS_NO_MEMORY;
    self->file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    if (self->file < 0) {
        enum status status = errno == EACCES || errno == EPERM ? STATUS_DENIED : STATUS_IO;
        snprintf(problem, TEXT_SIZE, "%.160s: %s; correct 'record'", path, strerror(errno));
        free(self);
        return status;
    }
    self->loop = loop;
    self->site = site;
    self->request.data = self;
    self->filling = self->buffers[0];
    self->flying = self->buffers[1];
    *ret_recorder = self;
    return STATUS_OK;
}

static void finish(struct recorder *self)
{
    // The last bytes: at the end of the program waiting for the disk is right.
    for (size_t at = 0; !self->broken && at < self->filled;) {
        ssize_t count = write(self->file, self->filling + at, self->filled - at);
        if (count < 0 && errno != EINTR)
            break;
        at += count > 0 ? (size_t)count : 0;
    }
    close(self->file);
    free(self);
}

static void write_flying(struct recorder *self);

static void start_writing(struct recorder *self)
{
    if (self->writing || self->broken || self->filled == 0)
        return;
    char *full = self->filling;
    self->filling = self->flying;
    self->flying = full;
    self->flying_size = self->filled;
    self->filled = self->written = 0;
    write_flying(self);
}

static void give_up(struct recorder *self, int code)
{
    self->broken = true;
    log_error("record", "the recording ends here: %s", uv_strerror(code));
}

static void on_written(uv_fs_t *request)
{
    struct recorder *self = request->data;
    ssize_t result = request->result;
    uv_fs_req_cleanup(request);
    self->writing = false;
    if (result < 0)
        give_up(self, (int)result);
    else
        self->written += (size_t)result;
    if (!self->broken && self->written < self->flying_size)
        write_flying(self);
    else if (self->closing)
        finish(self);
    else
        start_writing(self);
}

static void write_flying(struct recorder *self)
{
    uv_buf_t buffer =
        uv_buf_init(self->flying + self->written, (unsigned)(self->flying_size - self->written));
    int code = uv_fs_write(self->loop, &self->request, self->file, &buffer, 1, -1, on_written);
    self->writing = code == 0;
    if (code != 0)
        give_up(self, code);
}

// Writes self->line; what does not fit whole is not there at all.
static void add_line(struct recorder *self, struct instant now)
{
    if (now.wall.ms > self->last.ms)
        self->last = now.wall;
    self->line.t = self->last;
    struct text text;
    text_init(&text, self->filling + self->filled, BUFFER_BYTES - self->filled);
    if (!self->broken)
        trace_write_line(&text, &self->line);
    if (self->broken || text.truncated)
        self->dropped++;
    else
        self->filled += text.length;
    start_writing(self);
}

void recorder_message(struct recorder *self, struct instant now, const struct event *event)
{
    struct trace_line *line = &self->line;
    line->kind = TRACE_MESSAGE;
    line->retained = event->retained;
    line->topic = (struct topic){.kind = event->message->kind};
    text_set(line->topic.site, self->site);
    text_set(line->topic.node, event->node);
    line->message = *event->message;
    add_line(self, now);
}

void recorder_undecoded(struct recorder *self, struct instant now, const struct topic *topic,
                        const struct mqtt_message *message)
{
    struct trace_line *line = &self->line;
    line->kind = TRACE_UNDECODED;
    line->retained = message->retained;
    line->topic = *topic;
    line->payload = message->payload;
    line->payload_size = message->size;
    add_line(self, now);
}

void recorder_link(struct recorder *self, struct instant now, bool up)
{
    self->line.kind = TRACE_LINK;
    self->line.retained = false;
    self->line.link_up = up;
    add_line(self, now);
}

void recorder_operator(struct recorder *self, struct instant now,
                       const struct operator_action *action)
{
    struct trace_operator *to = &self->line.operation;
    self->line.kind = TRACE_OPERATOR;
    self->line.retained = false;
    text_set(to->action, action->action);
    text_set(to->id, action->id);
    text_set(to->by, action->by);
    text_set(to->comment, action->comment);
    to->for_s = action->for_s;
    add_line(self, now);
}

uint64_t recorder_dropped(const struct recorder *self)
{
    return self->dropped;
}

void recorder_close(struct recorder *self)
{
    if (self == NULL)
        return;
    self->closing = true;
    if (!self->writing)
        finish(self);
}
