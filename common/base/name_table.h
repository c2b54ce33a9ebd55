// SPDX-License-Identifier: Apache-2.0
// A bounded set of names, each with a small number of its own: 0, 1, 2 … in order of arrival.
//
// Ownership: the table owns copies of the names. Thread: one at a time. Failure: STATUS_FULL at the
// limit given at creation, STATUS_NO_MEMORY; the table is unchanged then. Names are never removed,
// so an index stays valid for the table's life.
#ifndef BASE_NAME_TABLE_H
#define BASE_NAME_TABLE_H

#include "base/status.h"

#include <stdint.h>

#define NAME_NONE UINT32_MAX

struct name_table;

MUST_CHECK enum status name_table_new(uint32_t limit, struct name_table **ret_table);
void name_table_free(struct name_table *table);

// Index of `name`, added if new.
MUST_CHECK enum status name_table_add(struct name_table *table, const char *name,
                                      uint32_t *ret_index);
// Index of `name`, NAME_NONE if absent.
uint32_t name_table_find(const struct name_table *table, const char *name);
// The name of an index below the count; lives as long as the table.
const char *name_table_name(const struct name_table *table, uint32_t index);
uint32_t name_table_count(const struct name_table *table);

#endif
