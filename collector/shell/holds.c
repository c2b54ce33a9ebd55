// SPDX-License-Identifier: Apache-2.0
// A hash of held outboxes; empty as long as the disk keeps up.
#include "collector/shell/holds.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

struct hold_key {
    char node[ID_SIZE];
    char outbox_id[ID_SIZE];
};

struct hold {
    struct hold_key key;
    uint64_t next;  // the lowest seq that is not in the store's queue for certain
    uint64_t until; // the highest seq that was refused
    UT_hash_handle hh;
};

struct holds {
    struct hold *table;
    size_t limit;
    bool blocked;
};

enum status holds_new(size_t outboxes_max, struct holds **ret_holds)
{
    struct holds *holds = calloc(1, sizeof *holds);
    if (holds == NULL)
        return STATUS_NO_MEMORY;
    holds->limit = outboxes_max;
    *ret_holds = holds;
    return STATUS_OK;
}

void holds_free(struct holds *holds)
{
    if (holds == NULL)
        return;
    struct hold *hold = holds->table;
    HASH_CLEAR(hh, holds->table); // leaves the holds, in their order
    while (hold != NULL) {
        struct hold *next = hold->hh.next;
        free(hold);
        hold = next;
    }
    free(holds);
}

size_t holds_count(const struct holds *holds)
{
    return HASH_COUNT(holds->table);
}

bool holds_blocked(const struct holds *holds)
{
    return holds->blocked;
}

static struct hold_key make_key(const char *node, const char *outbox_id)
{
    struct hold_key key;
    memset(&key, 0, sizeof key); // every byte is hashed
    text_set(key.node, node);
    text_set(key.outbox_id, outbox_id);
    return key;
}

static struct hold *find(const struct holds *holds, const char *node, const char *outbox_id)
{
    if (holds->table == NULL)
        return NULL;
    struct hold_key key = make_key(node, outbox_id);
    struct hold *hold;
    HASH_FIND(hh, holds->table, &key, sizeof key, hold);
    return hold;
}

static void release_if_done(struct holds *holds, struct hold *hold)
{
    if (hold->next <= hold->until)
        return;
    HASH_DEL(holds->table, hold);
    free(hold);
}

void holds_add(struct holds *holds, const char *node, const char *outbox_id, uint64_t seq)
{
    struct hold *hold = find(holds, node, outbox_id);
    if (hold != NULL) {
        hold->next = seq < hold->next ? seq : hold->next;
        hold->until = seq > hold->until ? seq : hold->until;
        return;
    }
    hold = holds_count(holds) < holds->limit ? calloc(1, sizeof *hold) : NULL;
    if (hold == NULL) {
        holds->blocked = true;
        return;
    }
    hold->key = make_key(node, outbox_id);
    hold->next = hold->until = seq;
    HASH_ADD(hh, holds->table, key, sizeof hold->key, hold);
}

bool holds_wants(const struct holds *holds, const char *node, const char *outbox_id, uint64_t seq)
{
    const struct hold *hold = find(holds, node, outbox_id);
    return hold != NULL && seq >= hold->next;
}

void holds_taken(struct holds *holds, const char *node, const char *outbox_id, uint64_t seq)
{
    struct hold *hold = find(holds, node, outbox_id);
    if (hold == NULL || seq != hold->next)
        return;
    hold->next++;
    release_if_done(holds, hold);
}

void holds_oldest(struct holds *holds, const char *node, const char *outbox_id, uint64_t oldest_seq)
{
    struct hold *hold = find(holds, node, outbox_id);
    if (hold == NULL || oldest_seq <= hold->next)
        return;
    hold->next = oldest_seq;
    release_if_done(holds, hold);
}

uint64_t holds_ackable(const struct holds *holds, const char *node, const char *outbox_id,
                       uint64_t seq)
{
    if (holds->blocked)
        return 0;
    const struct hold *hold = find(holds, node, outbox_id);
    return hold != NULL && hold->next - 1 < seq ? hold->next - 1 : seq;
}
