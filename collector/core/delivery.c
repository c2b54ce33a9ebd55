// SPDX-License-Identifier: Apache-2.0
// The marks: one small record an outbox, and a ring of bits only while something came ahead.
#include "collector/core/delivery.h"

#include "base/name_table.h"
#include "base/text.h"

#include <stdlib.h>

enum {
    WORD_BITS = 64,
    AHEAD_WORDS = DELIVERY_AHEAD_MAX / WORD_BITS,
    // Before the outbox's oldest seq is known, the first event seen may not be its first: this many
    // before it fit as well. An agent has at most 64 under way.
    BACK_REACH = DELIVERY_AHEAD_MAX / 2
};

struct ahead {
    uint32_t count;
    uint64_t words[AHEAD_WORDS]; // seq s is bit s % DELIVERY_AHEAD_MAX
};

struct mark {
    uint64_t high_water; // accepted without a hole; means nothing before `begun`
    uint64_t base;       // the ring begins above it, even while high_water is still below
    struct ahead *ahead; // NULL: nothing ahead
    bool begun;          // the outbox said where it begins, or the store did
};

struct delivery {
    struct name_table *outboxes; // "NODE/OUTBOX_ID"
    struct mark *marks;          // by the index of its name
    uint32_t capacity, limit;
};

enum status delivery_new(uint32_t outboxes_max, struct delivery **ret_delivery)
{
    struct delivery *delivery = calloc(1, sizeof *delivery);
    if (delivery == NULL)
        return STATUS_NO_MEMORY;
    delivery->limit = outboxes_max;
    enum status status = name_table_new(outboxes_max, &delivery->outboxes);
    if (status != STATUS_OK) {
        free(delivery);
        return status;
    }
    *ret_delivery = delivery;
    return STATUS_OK;
}

void delivery_free(struct delivery *delivery)
{
    if (delivery == NULL)
        return;
    for (uint32_t i = 0; i < name_table_count(delivery->outboxes); i++)
        free(delivery->marks[i].ahead);
    name_table_free(delivery->outboxes);
    free(delivery->marks);
    free(delivery);
}

// Room for one more mark, so that a name is only added when its mark has a place.
static enum status reserve(struct delivery *delivery)
{
    uint32_t count = name_table_count(delivery->outboxes);
    if (count < delivery->capacity)
        return STATUS_OK;
    if (count >= delivery->limit)
        return STATUS_FULL;
    uint32_t wanted = delivery->capacity == 0 ? 16 : delivery->capacity * 2;
    if (wanted > delivery->limit)
        wanted = delivery->limit;
    struct mark *grown = realloc(delivery->marks, wanted * sizeof *grown);
    if (grown == NULL)
        return STATUS_NO_MEMORY;
    delivery->marks = grown;
    delivery->capacity = wanted;
    return STATUS_OK;
}

static enum status find_or_add(struct delivery *delivery, const char *node, const char *outbox_id,
                               struct mark **ret_mark)
{
    // A node id has no '/', so no two outboxes share a name.
    char name[2 * ID_SIZE];
    struct text text;
    text_init(&text, name, sizeof name);
    text_append(&text, node);
    text_append(&text, "/");
    text_append(&text, outbox_id);
    uint32_t index = name_table_find(delivery->outboxes, name);
    if (index == NAME_NONE) {
        enum status status = reserve(delivery);
        if (status == STATUS_OK)
            status = name_table_add(delivery->outboxes, name, &index);
        if (status != STATUS_OK)
            return status;
        delivery->marks[index] = (struct mark){0};
    }
    *ret_mark = &delivery->marks[index];
    return STATUS_OK;
}

// ---- the ring of what came ahead ---------------------------------------------------------------

static uint64_t ring_floor(const struct mark *mark)
{
    return mark->begun && mark->high_water > mark->base ? mark->high_water : mark->base;
}

static bool in_ring(const struct mark *mark, uint64_t seq)
{
    uint64_t lowest = ring_floor(mark);
    return seq > lowest && seq - lowest <= DELIVERY_AHEAD_MAX;
}

static uint64_t *word_of(struct ahead *ahead, uint64_t seq, uint64_t *ret_bit)
{
    uint64_t at = seq % DELIVERY_AHEAD_MAX;
    *ret_bit = (uint64_t)1 << (at % WORD_BITS);
    return &ahead->words[at / WORD_BITS];
}

static bool came_ahead(const struct mark *mark, uint64_t seq)
{
    uint64_t bit;
    return mark->ahead != NULL && in_ring(mark, seq) && (*word_of(mark->ahead, seq, &bit) & bit);
}

static void forget(struct mark *mark, uint64_t seq)
{
    uint64_t bit;
    *word_of(mark->ahead, seq, &bit) &= ~bit;
    mark->ahead->count--;
}

// Everything up to the mark is settled: the ring needs no bit below it, and goes when empty.
static void tidy(struct mark *mark)
{
    if (mark->ahead == NULL || mark->ahead->count > 0)
        return;
    free(mark->ahead);
    mark->ahead = NULL;
    mark->base = 0;
}

// Raises the mark to `to`. Returns how many of the seqs passed over had come before.
static uint64_t raise_to(struct mark *mark, uint64_t to)
{
    uint64_t had_come = 0;
    uint64_t lowest = ring_floor(mark);
    uint64_t passed = mark->ahead == NULL || to <= lowest ? 0 : to - lowest;
    for (uint64_t i = 1; i <= passed && i <= DELIVERY_AHEAD_MAX; i++) {
        if (came_ahead(mark, lowest + i)) {
            forget(mark, lowest + i);
            had_come++;
        }
    }
    mark->high_water = to;
    mark->begun = true;
    return had_come;
}

// Over everything that follows the mark without a hole.
static void join(struct mark *mark)
{
    while (came_ahead(mark, mark->high_water + 1)) {
        forget(mark, mark->high_water + 1);
        mark->high_water++;
    }
    tidy(mark);
}

static enum status keep_ahead(struct mark *mark, uint64_t seq, bool *ret_kept)
{
    if (mark->ahead == NULL)
        mark->base = mark->begun || seq - 1 <= BACK_REACH ? 0 : seq - 1 - BACK_REACH;
    if (!in_ring(mark, seq)) {
        *ret_kept = false;
        return STATUS_OK;
    }
    if (mark->ahead == NULL)
        mark->ahead = calloc(1, sizeof *mark->ahead);
    if (mark->ahead == NULL)
        return STATUS_NO_MEMORY;
    uint64_t bit;
    *word_of(mark->ahead, seq, &bit) |= bit;
    mark->ahead->count++;
    *ret_kept = true;
    return STATUS_OK;
}

// ---- the events
// ----------------------------------------------------------------------------------

enum status delivery_accept(struct delivery *delivery, const char *node,
                            const struct event_key *key, struct delivery_result *ret)
{
    if (key->seq == 0)
        return STATUS_INVALID;
    struct mark *mark;
    enum status status = find_or_add(delivery, node, key->outbox_id, &mark);
    if (status != STATUS_OK)
        return status;
    struct delivery_result result = {.ack_owed = true};
    if ((mark->begun && key->seq <= mark->high_water) || came_ahead(mark, key->seq)) {
        result.is_new = false;
    } else if (mark->begun && key->seq == mark->high_water + 1) {
        result.is_new = true;
        mark->high_water++;
        join(mark);
    } else {
        status = keep_ahead(mark, key->seq, &result.is_new);
        if (status != STATUS_OK)
            return status;
        result.ack_owed = result.is_new;
    }
    // Seq 0 is below every outbox's first: an ack of it would say nothing.
    result.ack_owed = result.ack_owed && mark->begun && mark->high_water > 0;
    result.ack_seq = result.ack_owed ? mark->high_water : 0;
    *ret = result;
    return STATUS_OK;
}

static uint64_t last_missing(const struct mark *mark, uint64_t seq)
{
    while (came_ahead(mark, seq))
        seq--;
    return seq;
}

enum status delivery_oldest(struct delivery *delivery, const char *node, const char *outbox_id,
                            uint64_t oldest_seq, struct delivery_result *ret)
{
    if (oldest_seq == 0)
        return STATUS_INVALID;
    struct mark *mark;
    enum status status = find_or_add(delivery, node, outbox_id, &mark);
    if (status != STATUS_OK)
        return status;
    struct delivery_result result = {0};
    uint64_t before = oldest_seq - 1;
    if (!mark->begun || mark->high_water < before) {
        if (mark->begun) {
            // The seq right above a mark is always missing, else the mark would stand higher.
            result.gap_from = mark->high_water + 1;
            result.gap_to = last_missing(mark, before);
            result.gap_count = before - mark->high_water;
        }
        uint64_t had_come = raise_to(mark, before);
        result.gap_count -= result.gap_from != 0 ? had_come : 0;
        join(mark);
        result.ack_owed = mark->high_water >= oldest_seq;
        result.ack_seq = result.ack_owed ? mark->high_water : 0;
    }
    *ret = result;
    return STATUS_OK;
}

enum status delivery_restore(struct delivery *delivery, const char *node, const char *outbox_id,
                             uint64_t high_water)
{
    struct mark *mark;
    enum status status = find_or_add(delivery, node, outbox_id, &mark);
    if (status != STATUS_OK)
        return status;
    if (!mark->begun || mark->high_water < high_water) {
        (void)raise_to(mark, high_water);
        join(mark);
    }
    return STATUS_OK;
}
