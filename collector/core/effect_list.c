// SPDX-License-Identifier: Apache-2.0
// The bounded list of effects.
#include "collector/core/effect_list.h"

#include <stdlib.h>

void effect_list_init(struct effect_list *list)
{
    *list = (struct effect_list){0};
}

void effect_list_fini(struct effect_list *list)
{
    effect_list_clear(list);
    free(list->items);
    *list = (struct effect_list){0};
}

void effect_list_clear(struct effect_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i].kept);
    list->count = 0;
}

// An incident can move twice in one step: each transition shows it as it was then.
static bool keep_incident(struct effect *effect)
{
    effect->kept = NULL;
    if (effect->incident == NULL)
        return true;
    effect->kept = malloc(sizeof *effect->kept);
    if (effect->kept == NULL)
        return false;
    *effect->kept = *effect->incident;
    effect->incident = effect->kept;
    return true;
}

void effect_list_add(struct effect_list *list, const struct effect *effect)
{
    if (list->count == list->capacity) {
        size_t wanted = list->capacity == 0 ? 16 : list->capacity * 2;
        struct effect *grown =
            wanted > EFFECTS_MAX ? NULL : realloc(list->items, wanted * sizeof *grown);
        if (grown == NULL) {
            list->dropped++;
            return;
        }
        list->items = grown;
        list->capacity = wanted;
    }
    struct effect *added = &list->items[list->count];
    *added = *effect;
    if (!keep_incident(added)) {
        list->dropped++;
        return;
    }
    list->count++;
    list->total++;
}
