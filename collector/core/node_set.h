// SPDX-License-Identifier: Apache-2.0
// A set of node numbers, as bits.
//
// Ownership: node_set_init allocates, node_set_fini frees (NULL-safe on a zeroed set). Thread: one
// at a time. Failure: STATUS_NO_MEMORY at init; numbers above the limit are ignored.
#ifndef COLLECTOR_CORE_NODE_SET_H
#define COLLECTOR_CORE_NODE_SET_H

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

struct node_set {
    uint64_t *words;
    uint32_t limit, count;
};

MUST_CHECK enum status node_set_init(struct node_set *set, uint32_t limit);
void node_set_fini(struct node_set *set);
bool node_set_add(struct node_set *set, uint32_t node);    // true: it was not in
bool node_set_remove(struct node_set *set, uint32_t node); // true: it was in
bool node_set_has(const struct node_set *set, uint32_t node);
void node_set_clear(struct node_set *set);

#endif
