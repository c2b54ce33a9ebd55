// SPDX-License-Identifier: Apache-2.0
// The bit set.
#include "collector/core/node_set.h"

#include <stdlib.h>
#include <string.h>

enum { WORD_BITS = 64 };

static size_t words_for(uint32_t limit)
{
    return (size_t)limit / WORD_BITS + 1;
}

enum status node_set_init(struct node_set *set, uint32_t limit)
{
    uint64_t *words = calloc(words_for(limit), sizeof *words);
    if (words == NULL)
        return STATUS_NO_MEMORY;
    *set = (struct node_set){.words = words, .limit = limit};
    return STATUS_OK;
}

void node_set_fini(struct node_set *set)
{
    free(set->words);
    *set = (struct node_set){0};
}

bool node_set_has(const struct node_set *set, uint32_t node)
{
    return node < set->limit && (set->words[node / WORD_BITS] >> (node % WORD_BITS) & 1U) != 0;
}

bool node_set_add(struct node_set *set, uint32_t node)
{
    if (node >= set->limit || node_set_has(set, node))
        return false;
    set->words[node / WORD_BITS] |= UINT64_C(1) << (node % WORD_BITS);
    set->count++;
    return true;
}

bool node_set_remove(struct node_set *set, uint32_t node)
{
    if (!node_set_has(set, node))
        return false;
    set->words[node / WORD_BITS] &= ~(UINT64_C(1) << (node % WORD_BITS));
    set->count--;
    return true;
}

void node_set_clear(struct node_set *set)
{
    memset(set->words, 0, words_for(set->limit) * sizeof *set->words);
    set->count = 0;
}
