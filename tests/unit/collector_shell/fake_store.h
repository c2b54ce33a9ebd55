// SPDX-License-Identifier: Apache-2.0
// A store for tests: counts, and can be held in a commit or made to refuse it.
//
// Ownership: the test's struct, fake_store_fini after the store's thread has ended. Thread: the
// store's; fake_store_set and fake_store_wait from the test's. Failure: none.
#ifndef TESTS_UNIT_COLLECTOR_SHELL_FAKE_STORE_H
#define TESTS_UNIT_COLLECTOR_SHELL_FAKE_STORE_H

#include "collector/shell/store.h"

#include <uv.h>

struct fake_store {
    struct store base;
    uv_mutex_t mutex;
    uv_cond_t changed;
    bool held, refusing; // under the mutex
    int waiting;         // commits that stand in the hold
    size_t committed, commits;
    // Under the mutex too: what was committed, in order: events "node/seq ", what was learned
    // "key=text ".
    char events[4096];
    // The store thread's own.
    bool poisoned; // a note can never be written
    bool closed;
    size_t open_items, rolled_back;
    char open_events[4096];
};

void fake_store_init(struct fake_store *fake);
void fake_store_fini(struct fake_store *fake);
void fake_store_set(struct fake_store *fake, bool held, bool refusing);
// Returns when the store's thread stands in a held commit.
void fake_store_wait(struct fake_store *fake);

#endif
