// SPDX-License-Identifier: Apache-2.0
// A bounded allocator over memory of the caller's, so that no packet can make protobuf-c allocate
// more than that. Private to wire.
//
// Ownership: the caller's memory; nothing is freed one by one. Thread: one at a time. Failure:
// NULL, and `exhausted` stays set.
#ifndef WIRE_ARENA_H
#define WIRE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena {
    unsigned char *memory; // aligned for any type
    size_t size, used;
    bool exhausted;
};

void *arena_alloc(struct arena *arena, size_t size);
// The size that the block at `pointer` was asked for with; 0 when it is not the arena's. This is
// how a text's true length is known although protobuf-c hands out only a pointer.
size_t arena_block_size(const struct arena *arena, const void *pointer);

#endif
