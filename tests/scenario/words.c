// SPDX-License-Identifier: Apache-2.0
// Words, options, times and the contract's names.
#include "tests/scenario/words.h"

#include "base/text.h"

#include <string.h>

const char *word_at(const struct statement *statement, uint32_t index)
{
    return index < statement->word_count ? statement->words[index] : "";
}

const char *word_after(const struct statement *statement, uint32_t from, const char *name)
{
    for (uint32_t w = from; w + 1 < statement->word_count; w++)
        if (text_equal(statement->words[w], name))
            return statement->words[w + 1];
    return NULL;
}

bool word_time(const struct statement *statement, uint32_t from, const char *name,
               struct duration *ret)
{
    const char *value = word_after(statement, from, name);
    *ret = (struct duration){0};
    return value == NULL || script_time(value, ret);
}

bool word_enum(const char *word, int count, const char *(*name)(int), const char *prefix, int *ret)
{
    for (int i = 1; i < count; i++)
        if (text_equal_nocase(word, name(i) + strlen(prefix))) {
            *ret = i;
            return true;
        }
    return false;
}
