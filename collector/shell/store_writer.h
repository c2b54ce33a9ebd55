// SPDX-License-Identifier: Apache-2.0
// The store's own thread, so that a slow or hung disk never delays the diagnosis.
//
// Items are committed in the order they were put, many at a time under load. A mark that was put
// comes back by `committed` once it and everything put before it is on the disk: that is when the
// ack may go out. While the disk refuses, the thread tries again and the queue fills up to its
// limit; a put is then refused, and what was refused must not be acked.
// Ownership: the writer owns the store from opening on; a read belongs to its caller and must live
// until its `done`. Thread: everything here is called and calls back on the loop's thread. Failure:
// STATUS_FULL above the limit; what the disk said comes by `trouble`.
#ifndef COLLECTOR_SHELL_STORE_WRITER_H
#define COLLECTOR_SHELL_STORE_WRITER_H

#include "collector/shell/store.h"

#include <uv.h>

enum { STORE_READS_MAX = 64 };

struct store_writer;

struct store_writer_events { // all on the loop's thread
    void (*committed)(void *context, const struct store_mark *mark);
    // The disk refuses: in words; NULL: it works again.
    void (*trouble)(void *context, const char *problem);
};

enum store_read_kind { STORE_READ_INCIDENT, STORE_READ_CLOSED_INCIDENTS };

struct store_read {
    enum store_read_kind kind;
    char id[INCIDENT_ID_SIZE]; // STORE_READ_INCIDENT
    size_t limit;              // STORE_READ_CLOSED_INCIDENTS
    void (*done)(struct store_read *read);
    void *context;
    enum status status;     // when done
    struct store_text text; // when STATUS_OK: the receiver frees its data
    struct store_read *next;
};

struct store_writer_stats {
    uint64_t written, commits, failures; // items; transactions; tries that the disk refused
    uint64_t unwritable;                 // items that no try can write, passed over
    uint64_t refused;                    // puts above the limit
    uint64_t acks_dropped;               // marks that found no room on the way back
    size_t queue_bytes, queue_bytes_max;
    bool failing;
};

// On failure the store stays the caller's.
MUST_CHECK enum status store_writer_open(uv_loop_t *loop, struct store *store,
                                         size_t queue_bytes_max,
                                         const struct store_writer_events *events, void *context,
                                         struct store_writer **ret_writer);
MUST_CHECK enum status store_writer_put(struct store_writer *writer, const struct store_item *item);
MUST_CHECK enum status store_writer_read(struct store_writer *writer, struct store_read *read);
struct store_writer_stats store_writer_stats(struct store_writer *writer);
// Commits what is queued (one try if the disk refuses), calls back what that completes, closes the
// store, frees the writer, then calls `closed`.
void store_writer_close(struct store_writer *writer, void (*closed)(void *context), void *context);

#endif
