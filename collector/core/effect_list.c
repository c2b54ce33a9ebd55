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
    free(list->items);
    *list = (struct effect_list){0};
}

void effect_list_clear(struct effect_list *list)
{
    list->count = 0;
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
    list->items[list->count++] = *effect;
    list->total++;
}
