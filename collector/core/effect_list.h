// SPDX-License-Identifier: Apache-2.0
// The effects of one step, in the order in which they are to be performed.
//
// Ownership: the list owns its array and a copy of each incident, until it is cleared. Thread: one
// at a time. Failure: out of memory or full, the effect is dropped and counted: the next change
// tells it anew.
#ifndef COLLECTOR_CORE_EFFECT_LIST_H
#define COLLECTOR_CORE_EFFECT_LIST_H

#include "collector/core/effect.h"

enum { EFFECTS_MAX = 4096 };

struct effect_list {
    struct effect *items;
    size_t count, capacity;
    uint64_t total, dropped;
};

void effect_list_init(struct effect_list *list);
void effect_list_fini(struct effect_list *list);
void effect_list_clear(struct effect_list *list);
void effect_list_add(struct effect_list *list, const struct effect *effect);

#endif
