// SPDX-License-Identifier: Apache-2.0
// A bounded list of keys and texts.
#include "collector/core/memory.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

void memory_init(struct memory *memory)
{
    *memory = (struct memory){0};
}

void memory_fini(struct memory *memory)
{
    free(memory->items);
    *memory = (struct memory){0};
}

void memory_clear(struct memory *memory)
{
    memory->count = 0;
}

enum status memory_put(struct memory *memory, const char *key, const char *text)
{
    if (strlen(key) >= MEMORY_KEY_SIZE || strlen(text) >= MEMORY_TEXT_SIZE)
        return STATUS_INVALID;
    if (memory->count == MEMORIES_PER_STEP)
        return STATUS_FULL;
    if (memory->count == memory->capacity) {
        size_t capacity = memory->capacity == 0 ? 16 : memory->capacity * 2;
        struct memory_item *grown = realloc(memory->items, capacity * sizeof *grown);
        if (grown == NULL)
            return STATUS_NO_MEMORY;
        memory->items = grown;
        memory->capacity = capacity;
    }
    struct memory_item *item = &memory->items[memory->count++];
    text_set(item->key, key);
    text_set(item->text, text);
    return STATUS_OK;
}
