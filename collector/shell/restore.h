// SPDX-License-Identifier: Apache-2.0
// From the store to the engine at start: marks, nodes, what was learned, open incidents as events.
//
// Ownership: restore_fini. Thread: one at a time: read before the store's thread starts, given to
// the engine when all parts are there, so that what the engine says to it is performed like
// anything else. Failure: the store's, with its sentence; an incident that cannot be read is
// passed over by `unreadable`.
#ifndef COLLECTOR_SHELL_RESTORE_H
#define COLLECTOR_SHELL_RESTORE_H

#include "collector/core/engine.h"
#include "collector/shell/store_pack.h"

struct restore {
    struct store_pack pack;
    enum status status; // of the packing
};

struct restore_handlers {
    void *context;
    void (*event)(void *context, const struct event *event);
    void (*unreadable)(void *context, const char *id, const char *problem);
};

MUST_CHECK enum status restore_init(struct restore *restore, struct store *store,
                                    char problem[STORE_PROBLEM_SIZE]);
MUST_CHECK enum status restore_give(const struct restore *restore,
                                    const struct restore_handlers *handlers);
void restore_fini(struct restore *restore);

#endif
