// SPDX-License-Identifier: Apache-2.0
// The set-associative table of suspects.
#include "collector/core/suspects.h"

#include <stddef.h>

static struct suspect *set_of(struct suspects *suspects, uint64_t id)
{
    return suspects->slots[(id >> 8) % SUSPECT_SETS];
}

struct suspect *suspects_find(struct suspects *suspects, enum component_kind kind, uint64_t id)
{
    struct suspect *set = set_of(suspects, id);
    for (int i = 0; i < SUSPECT_WAYS; i++)
        if (set[i].id == id && set[i].kind == kind)
            return &set[i];
    return NULL;
}

static bool gives_way(const struct suspect *a, const struct suspect *b)
{
    if (a->id == 0 || b->id == 0)
        return a->id == 0 && b->id != 0;
    if (a->creditor_count != b->creditor_count)
        return a->creditor_count < b->creditor_count;
    return mono_before(a->last, b->last);
}

struct suspect *suspects_add(struct suspects *suspects, enum component_kind kind, uint64_t id)
{
    struct suspect *known = suspects_find(suspects, kind, id);
    if (known != NULL)
        return known;
    struct suspect *set = set_of(suspects, id), *slot = &set[0];
    for (int i = 1; i < SUSPECT_WAYS; i++)
        if (gives_way(&set[i], slot))
            slot = &set[i];
    *slot = (struct suspect){.id = id, .kind = kind, .component = NAME_NONE};
    return slot;
}

struct creditor *suspect_creditor(struct suspect *suspect, uint32_t node)
{
    for (uint32_t i = 0; i < suspect->creditor_count; i++)
        if (suspect->creditors[i].node == node)
            return &suspect->creditors[i];
    if (suspect->creditor_count == CREDITORS_MAX)
        return NULL;
    struct creditor *added = &suspect->creditors[suspect->creditor_count++];
    *added = (struct creditor){.node = node};
    return added;
}
