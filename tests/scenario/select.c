// SPDX-License-Identifier: Apache-2.0
// WHO: which nodes a statement means.
#include "tests/scenario/plant.h"

#include "base/name_table.h"
#include "base/text.h"
#include "tests/scenario/scenario.h"

#include <stdlib.h>
#include <string.h>

static bool has_label(const struct plant_node *node, const char *key, size_t key_length,
                      const char *value)
{
    for (uint32_t l = 0; l < node->label_count; l++)
        if (strlen(node->labels[l].key) == key_length &&
            memcmp(node->labels[l].key, key, key_length) == 0 &&
            text_equal(node->labels[l].value, value))
            return true;
    return false;
}

static uint32_t select_range(const struct plant *plant, const char *word, const char *dots,
                             uint32_t *out)
{
    char first[ID_SIZE];
    if ((size_t)(dots - word) >= sizeof first)
        return 0;
    memcpy(first, word, (size_t)(dots - word));
    first[dots - word] = '\0';
    uint32_t from = plant_find(plant, first);
    uint32_t to = plant_find(plant, dots + 2);
    uint32_t count = 0;
    for (uint32_t i = from; to != NAME_NONE && i <= to && i < plant->node_count; i++)
        out[count++] = i;
    return count;
}

static uint32_t select_base(const struct plant *plant, const char *word, uint32_t *out)
{
    const char *dots = strstr(word, "..");
    if (dots != NULL)
        return select_range(plant, word, dots, out);
    const char *equals = strchr(word, '=');
    bool all = text_equal(word, "all");
    bool server = text_equal(word, "server");
    uint32_t count = 0;
    for (uint32_t i = 0; i < plant->node_count; i++) {
        const struct plant_node *node = &plant->nodes[i];
        bool station = node->role == ROLE_STATION;
        bool meant = text_equal(node->name, word) || (all && station) || (server && !station) ||
                     (equals != NULL && has_label(node, word, (size_t)(equals - word), equals + 1));
        if (meant)
            out[count++] = i;
    }
    return count;
}

uint32_t plant_select(const struct plant *plant, char *const *words, uint32_t word_count,
                      uint32_t *out, uint32_t *ret_count)
{
    bool part = word_count >= 3 && text_equal(words[1], "of");
    if (word_count == 0)
        return 0;
    uint32_t count = select_base(plant, words[part ? 2 : 0], out);
    if (part) {
        double number;
        bool percent;
        if (!script_number(words[0], &number, &percent) || number < 0)
            return 0;
        uint32_t wanted = (uint32_t)(percent ? number * count + 0.5 : number);
        if (wanted > count)
            return 0;
        for (uint32_t i = 0; i < wanted; i++)
            out[i] = out[(uint64_t)i * count / wanted];
        count = wanted;
    }
    *ret_count = count;
    return count == 0 ? 0 : part ? 3 : 1;
}
