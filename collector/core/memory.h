// SPDX-License-Identifier: Apache-2.0
// What the core learned and wants back after a restart: texts by keys, handed out with a step.
//
// Who puts one does so at most once an hour for a key, and only when it changed. Keys begin with
// what they are: "habit:NODE", "boot:SERVER/SERVICE". Values are printable, begin with a version,
// and come back by EVENT_RESTORE_MEMORY.
// Ownership: the list owns its items until it is cleared. Thread: one at a time. Failure:
// STATUS_FULL (put it later), STATUS_NO_MEMORY, STATUS_INVALID for what is longer than its place.
#ifndef COLLECTOR_CORE_MEMORY_H
#define COLLECTOR_CORE_MEMORY_H

#include "base/status.h"
#include "domain/ids.h"

#include <stddef.h>

enum { MEMORY_KEY_SIZE = COMPONENT_SIZE, MEMORY_TEXT_SIZE = 512, MEMORIES_PER_STEP = 2048 };

struct memory_item {
    char key[MEMORY_KEY_SIZE];
    char text[MEMORY_TEXT_SIZE];
};

struct memory {
    struct memory_item *items;
    size_t count, capacity;
};

void memory_init(struct memory *memory);
void memory_fini(struct memory *memory);
void memory_clear(struct memory *memory); // keeps the room
MUST_CHECK enum status memory_put(struct memory *memory, const char *key, const char *text);

#endif
