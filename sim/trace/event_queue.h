// SPDX-License-Identifier: Apache-2.0
// What will happen in the simulated plant, earliest first: a binary heap.
//
// Events of the same time come in the order in which they were pushed. Ownership: the queue owns
// its array. Thread: one at a time. Failure: STATUS_FULL at EVENT_QUEUE_MAX, STATUS_NO_MEMORY.
#ifndef SIM_TRACE_EVENT_QUEUE_H
#define SIM_TRACE_EVENT_QUEUE_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EVENT_QUEUE_MAX = 1 << 22 };

struct queued {
    int64_t at_ms;
    uint64_t order; // of pushing
    uint32_t kind, who;
    uint64_t detail;
};

struct event_queue {
    struct queued *items;
    size_t count, size;
    uint64_t pushed;
};

void event_queue_init(struct event_queue *queue);
void event_queue_fini(struct event_queue *queue);
MUST_CHECK enum status event_queue_push(struct event_queue *queue, struct queued event);
// False: empty.
bool event_queue_pop(struct event_queue *queue, struct queued *ret);

#endif
