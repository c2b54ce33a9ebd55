// SPDX-License-Identifier: Apache-2.0
// THE CROSSING between the loop and the store's thread. The rule: whatever stands under "shared" is
// touched only with `mutex` held, which nobody holds while doing input or output; what is under
// "the thread's" belongs to the thread; the rest to the loop. The thread wakes the loop by `wake`.
#include "collector/shell/store_writer.h"

#include "base/text.h"
#include "collector/shell/store_pack.h"

#include <stdlib.h>
#include <string.h>

enum { ITEMS_PER_COMMIT = 1000, MARKS_BYTES_MAX = 8 << 20 };
#define RETRY_AFTER_NS UINT64_C(500000000)

struct store_writer {
    // the loop's
    const struct store_writer_events *events;
    void *context;
    void (*closed)(void *context);
    void *closed_context;
    uv_async_t wake;
    uv_thread_t thread;
    struct store_pack delivering; // marks on their way to `committed`
    bool told_failing;
    // the thread's
    struct store *store;
    struct store_pack working;
    // shared
    uv_mutex_t mutex;
    uv_cond_t work_or_stop;
    struct store_pack filling;
    struct store_pack committed; // marks
    struct store_read *reads, *reads_done;
    size_t read_count;
    bool waiting, stopping, finished;
    char problem[STORE_PROBLEM_SIZE];
    struct store_writer_stats stats;
};

// ---- the thread -------------------------------------------------------------------------------

static void report_failure(struct store_writer *self, const char *problem)
{
    uv_mutex_lock(&self->mutex);
    self->stats.failures++;
    self->stats.failing = true;
    text_set(self->problem, problem);
    uv_mutex_unlock(&self->mutex);
    uv_async_send(&self->wake);
}

static bool same_outbox(const struct store_mark *a, const struct store_mark *b)
{
    return text_equal(a->node, b->node) && text_equal(a->outbox_id, b->outbox_id);
}

// Puts the marks of working[from, to) for the loop; of a run of the same outbox only the last.
static void put_marks(struct store_writer *self, size_t from, size_t to)
{
    struct store_item item, last = {.kind = STORE_NOTE};
    for (size_t cursor = from; cursor < to && store_pack_next(&self->working, &cursor, &item);) {
        if (item.kind != STORE_MARK)
            continue;
        bool other = last.kind == STORE_MARK && !same_outbox(&last.mark, &item.mark);
        if (other && store_pack_put(&self->committed, &last) != STATUS_OK)
            self->stats.acks_dropped++;
        last = item;
    }
    if (last.kind == STORE_MARK && store_pack_put(&self->committed, &last) != STATUS_OK)
        self->stats.acks_dropped++;
}

static void report_commit(struct store_writer *self, size_t from, size_t to, size_t written,
                          size_t unwritable)
{
    uv_mutex_lock(&self->mutex);
    put_marks(self, from, to);
    self->stats.commits++;
    self->stats.written += written;
    self->stats.unwritable += unwritable;
    self->stats.failing = false;
    uv_mutex_unlock(&self->mutex);
    uv_async_send(&self->wake);
}

// One transaction of the items from `*cursor` on, which moves behind what was committed.
static enum status commit_some(struct store_writer *self, size_t *cursor)
{
    const struct store_backend *backend = self->store->backend;
    char problem[STORE_PROBLEM_SIZE];
    size_t at = *cursor, written = 0, unwritable = 0;
    struct store_item item;
    enum status status = backend->begin(self->store, problem);
    while (status == STATUS_OK && written + unwritable < ITEMS_PER_COMMIT &&
           store_pack_next(&self->working, &at, &item)) {
        status = backend->write(self->store, &item, problem);
        if (status == STATUS_OK)
            written++;
        else
            unwritable++;
        if (status == STATUS_INVALID)
            status = STATUS_OK;
    }
    if (status == STATUS_OK)
        status = backend->commit(self->store, problem);
    if (status != STATUS_OK) {
        backend->rollback(self->store);
        report_failure(self, problem);
        return status;
    }
    report_commit(self, *cursor, at, written, unwritable);
    *cursor = at;
    return STATUS_OK;
}

// False: the writer is to stop.
static bool wait_to_retry(struct store_writer *self)
{
    uv_mutex_lock(&self->mutex);
    if (!self->stopping)
        (void)uv_cond_timedwait(&self->work_or_stop, &self->mutex, RETRY_AFTER_NS);
    bool stopping = self->stopping;
    uv_mutex_unlock(&self->mutex);
    return !stopping;
}

static void read_all(struct store_writer *self, struct store_read *read)
{
    const struct store_backend *backend = self->store->backend;
    char problem[STORE_PROBLEM_SIZE];
    while (read != NULL) {
        struct store_read *next = read->next;
        if (read->kind == STORE_READ_INCIDENT)
            read->status = backend->find_incident(self->store, read->id, &read->text, problem);
        else
            read->status =
                backend->closed_incidents(self->store, read->limit, &read->text, problem);
        uv_mutex_lock(&self->mutex);
        read->next = self->reads_done;
        self->reads_done = read;
        uv_mutex_unlock(&self->mutex);
        uv_async_send(&self->wake);
        read = next;
    }
}

// A disk that takes no writes can mostly still be read: whoever asks does not wait for its repair.
static void read_waiting(struct store_writer *self)
{
    uv_mutex_lock(&self->mutex);
    struct store_read *reads = self->reads;
    self->reads = NULL;
    uv_mutex_unlock(&self->mutex);
    read_all(self, reads);
}

static void write_all(struct store_writer *self)
{
    size_t cursor = 0;
    while (cursor < self->working.size) {
        if (commit_some(self, &cursor) == STATUS_OK)
            continue;
        read_waiting(self);
        if (!wait_to_retry(self))
            break;
    }
    store_pack_clear(&self->working);
}

// Waits for work and takes it. False: none is left and none will come.
static bool take_work(struct store_writer *self, struct store_read **ret_reads)
{
    uv_mutex_lock(&self->mutex);
    while (self->filling.size == 0 && self->reads == NULL && !self->stopping) {
        self->waiting = true;
        uv_cond_wait(&self->work_or_stop, &self->mutex);
    }
    self->waiting = false;
    bool any = self->filling.size > 0 || self->reads != NULL;
    struct store_pack empty = self->working;
    self->working = self->filling;
    self->filling = empty;
    *ret_reads = self->reads;
    self->reads = NULL;
    uv_mutex_unlock(&self->mutex);
    return any;
}

static void run(void *argument)
{
    struct store_writer *self = argument;
    struct store_read *reads;
    while (take_work(self, &reads)) {
        write_all(self);
        read_all(self, reads);
    }
    self->store->backend->close(self->store);
    uv_mutex_lock(&self->mutex);
    self->finished = true;
    uv_mutex_unlock(&self->mutex);
    uv_async_send(&self->wake);
}

// ---- the loop ---------------------------------------------------------------------------------

static void free_writer(struct store_writer *self)
{
    uv_mutex_destroy(&self->mutex);
    uv_cond_destroy(&self->work_or_stop);
    store_pack_fini(&self->filling);
    store_pack_fini(&self->working);
    store_pack_fini(&self->committed);
    store_pack_fini(&self->delivering);
    free(self);
}

static void on_wake_closed(uv_handle_t *handle)
{
    struct store_writer *self = handle->data;
    void (*closed)(void *context) = self->closed;
    void *context = self->closed_context;
    free_writer(self);
    if (closed != NULL)
        closed(context);
}

static void deliver_marks(struct store_writer *self)
{
    struct store_item item;
    size_t cursor = 0;
    while (store_pack_next(&self->delivering, &cursor, &item))
        self->events->committed(self->context, &item.mark);
    store_pack_clear(&self->delivering);
}

static void deliver_reads(struct store_read *read)
{
    while (read != NULL) {
        struct store_read *next = read->next;
        read->done(read);
        read = next;
    }
}

static void on_wake(uv_async_t *handle)
{
    struct store_writer *self = handle->data;
    char problem[STORE_PROBLEM_SIZE];
    uv_mutex_lock(&self->mutex);
    struct store_pack empty = self->delivering;
    self->delivering = self->committed;
    self->committed = empty;
    struct store_read *reads = self->reads_done;
    self->reads_done = NULL;
    for (struct store_read *read = reads; read != NULL; read = read->next)
        self->read_count--;
    bool failing = self->stats.failing, finished = self->finished;
    text_set(problem, self->problem);
    uv_mutex_unlock(&self->mutex);

    deliver_marks(self);
    deliver_reads(reads);
    if (failing != self->told_failing) {
        self->told_failing = failing;
        self->events->trouble(self->context, failing ? problem : NULL);
    }
    if (finished && !uv_is_closing((uv_handle_t *)handle)) {
        uv_thread_join(&self->thread);
        uv_close((uv_handle_t *)handle, on_wake_closed);
    }
}

static enum status start(struct store_writer *self, uv_loop_t *loop)
{
    if (uv_mutex_init(&self->mutex) != 0)
        return STATUS_NO_MEMORY;
    if (uv_cond_init(&self->work_or_stop) != 0)
        goto no_condition;
    if (uv_async_init(loop, &self->wake, on_wake) != 0)
        goto no_wake;
    self->wake.data = self;
    if (uv_thread_create(&self->thread, run, self) == 0)
        return STATUS_OK;
    // The handle is already the loop's: it frees the writer when it is closed.
    self->closed = NULL;
    uv_close((uv_handle_t *)&self->wake, on_wake_closed);
    return STATUS_FULL;
no_wake:
    uv_cond_destroy(&self->work_or_stop);
no_condition:
    uv_mutex_destroy(&self->mutex);
    free(self);
    return STATUS_NO_MEMORY;
}

enum status store_writer_open(uv_loop_t *loop, struct store *store, size_t queue_bytes_max,
                              const struct store_writer_events *events, void *context,
                              struct store_writer **ret_writer)
{
    struct store_writer *self = calloc(1, sizeof *self);
    if (self == NULL)
        return STATUS_NO_MEMORY;
    self->events = events;
    self->context = context;
    self->store = store;
    self->stats.queue_bytes_max = queue_bytes_max;
    store_pack_init(&self->filling, queue_bytes_max);
    store_pack_init(&self->working, queue_bytes_max);
    store_pack_init(&self->committed, MARKS_BYTES_MAX);
    store_pack_init(&self->delivering, MARKS_BYTES_MAX);
    enum status status = start(self, loop);
    if (status == STATUS_OK)
        *ret_writer = self;
    return status;
}

// With the mutex held.
static void wake_thread(struct store_writer *self)
{
    if (self->waiting) {
        self->waiting = false;
        uv_cond_signal(&self->work_or_stop);
    }
}

enum status store_writer_put(struct store_writer *self, const struct store_item *item)
{
    // Agents repeat their events, and what is learned is learned again; incidents and marks come
    // only once, so room is kept for them.
    bool repeatable =
        item->kind == STORE_EVENT || item->kind == STORE_NOTE || item->kind == STORE_MEMORY;
    enum status status = STATUS_OK;
    uv_mutex_lock(&self->mutex);
    size_t limit = self->stats.queue_bytes_max;
    if (self->stopping)
        status = STATUS_UNAVAILABLE;
    else if (repeatable && self->filling.size > limit - limit / 4)
        status = STATUS_FULL;
    else
        status = store_pack_put(&self->filling, item);
    if (status == STATUS_OK)
        wake_thread(self);
    else
        self->stats.refused++;
    uv_mutex_unlock(&self->mutex);
    return status;
}

enum status store_writer_read(struct store_writer *self, struct store_read *read)
{
    enum status status = STATUS_OK;
    uv_mutex_lock(&self->mutex);
    if (self->stopping)
        status = STATUS_UNAVAILABLE;
    else if (self->read_count == STORE_READS_MAX)
        status = STATUS_FULL;
    if (status == STATUS_OK) {
        read->next = self->reads;
        self->reads = read;
        self->read_count++;
        wake_thread(self);
    }
    uv_mutex_unlock(&self->mutex);
    return status;
}

struct store_writer_stats store_writer_stats(struct store_writer *self)
{
    uv_mutex_lock(&self->mutex);
    struct store_writer_stats stats = self->stats;
    stats.queue_bytes = self->filling.size;
    uv_mutex_unlock(&self->mutex);
    return stats;
}

void store_writer_close(struct store_writer *self, void (*closed)(void *context), void *context)
{
    self->closed = closed;
    self->closed_context = context;
    uv_mutex_lock(&self->mutex);
    self->stopping = true;
    uv_cond_signal(&self->work_or_stop);
    uv_mutex_unlock(&self->mutex);
}
