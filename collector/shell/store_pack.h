// SPDX-License-Identifier: Apache-2.0
// Store items as bytes in one bounded buffer, in order: what travels between loop and store thread.
//
// Ownership: the pack owns its buffer; items read from it point into it until it is cleared or put
// to. Thread: one at a time. Failure: STATUS_FULL at the limit, STATUS_NO_MEMORY; nothing is put
// then.
#ifndef COLLECTOR_SHELL_STORE_PACK_H
#define COLLECTOR_SHELL_STORE_PACK_H

#include "collector/shell/store.h"

struct store_pack {
    char *data;
    size_t size, capacity, limit;
};

void store_pack_init(struct store_pack *pack, size_t limit_bytes);
void store_pack_fini(struct store_pack *pack);
void store_pack_clear(struct store_pack *pack); // keeps the memory

MUST_CHECK enum status store_pack_put(struct store_pack *pack, const struct store_item *item);
// The item at `*cursor` (0 = the first), which moves on. False: no more.
bool store_pack_next(const struct store_pack *pack, size_t *cursor, struct store_item *ret_item);

#endif
