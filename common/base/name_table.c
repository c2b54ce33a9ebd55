// SPDX-License-Identifier: Apache-2.0
// The name table: uthash for the look-up, an array for the way back.
#include "base/name_table.h"

#include <stdlib.h>
#include <string.h>

// Out of memory inside uthash leaves the element out and sets a flag, instead of ending the
// process.
#define HASH_NONFATAL_OOM 1
#include <uthash.h>

struct name {
    UT_hash_handle hh;
    uint32_t index;
    char text[];
};

struct name_table {
    struct name *by_text;
    struct name **by_index;
    uint32_t count, capacity, limit;
};

enum status name_table_new(uint32_t limit, struct name_table **ret_table)
{
    struct name_table *table = calloc(1, sizeof *table);
    if (table == NULL)
        return STATUS_NO_MEMORY;
    table->limit = limit;
    *ret_table = table;
    return STATUS_OK;
}

void name_table_free(struct name_table *table)
{
    if (table == NULL)
        return;
    HASH_CLEAR(hh, table->by_text);
    for (uint32_t i = 0; i < table->count; i++)
        free(table->by_index[i]);
    free(table->by_index);
    free(table);
}

static const struct name *find(const struct name_table *table, const char *text)
{
    struct name *found = NULL;
    HASH_FIND_STR(table->by_text, text, found);
    return found;
}

static enum status reserve(struct name_table *table)
{
    if (table->count < table->capacity)
        return STATUS_OK;
    if (table->count >= table->limit)
        return STATUS_FULL;
    uint32_t wanted = table->capacity == 0 ? 16 : table->capacity * 2;
    if (wanted > table->limit)
        wanted = table->limit;
    struct name **grown = realloc(table->by_index, wanted * sizeof(struct name *));
    if (grown == NULL)
        return STATUS_NO_MEMORY;
    table->by_index = grown;
    table->capacity = wanted;
    return STATUS_OK;
}

enum status name_table_add(struct name_table *table, const char *text, uint32_t *ret_index)
{
    const struct name *known = find(table, text);
    if (known != NULL) {
        *ret_index = known->index;
        return STATUS_OK;
    }
    enum status status = reserve(table);
    if (status != STATUS_OK)
        return status;
    size_t size = strlen(text) + 1;
    struct name *name = calloc(1, sizeof *name + size);
    if (name == NULL)
        return STATUS_NO_MEMORY;
    memcpy(name->text, text, size);
    name->index = table->count;
    HASH_ADD_STR(table->by_text, text, name);
    if (name->hh.tbl == NULL) {
        free(name);
        return STATUS_NO_MEMORY;
    }
    table->by_index[table->count++] = name;
    *ret_index = name->index;
    return STATUS_OK;
}

uint32_t name_table_find(const struct name_table *table, const char *text)
{
    const struct name *known = find(table, text);
    return known == NULL ? NAME_NONE : known->index;
}

const char *name_table_name(const struct name_table *table, uint32_t index)
{
    return table->by_index[index]->text;
}

uint32_t name_table_count(const struct name_table *table)
{
    return table->count;
}
