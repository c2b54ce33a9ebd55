// SPDX-License-Identifier: Apache-2.0
// The bounded allocator: a pointer that moves forward; each block follows its size.
#include "wire/arena.h"

#include <string.h>

enum { ALIGNMENT = 16 };

void *arena_alloc(struct arena *arena, size_t size)
{
    size_t room = arena->size - arena->used;
    if (room < ALIGNMENT || size > room - ALIGNMENT) {
        arena->exhausted = true;
        return NULL;
    }
    unsigned char *block = arena->memory + arena->used;
    memcpy(block, &size, sizeof size);
    size_t whole = ALIGNMENT + (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    arena->used += whole <= room ? whole : room;
    return block + ALIGNMENT;
}

size_t arena_block_size(const struct arena *arena, const void *pointer)
{
    const unsigned char *block = pointer;
    if (block < arena->memory + ALIGNMENT || block > arena->memory + arena->used)
        return 0;
    size_t size;
    memcpy(&size, block - ALIGNMENT, sizeof size);
    return size;
}
