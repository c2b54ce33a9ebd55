// SPDX-License-Identifier: Apache-2.0
// The codebook's look-ups; its rows are in causes.c.
#include "collector/core/codebook.h"

#include "base/text.h"

const struct cause *codebook_find(const char *code, enum component_kind kind)
{
    for (size_t i = 0; i < codebook_count; i++)
        if (text_equal(codebook[i].code, code) && (codebook[i].kinds & (1U << kind)) != 0)
            return &codebook[i];
    return NULL;
}

static bool says_something(const struct cause *cause, enum channel channel)
{
    for (int s = 0; s < SYMPTOM_COUNT; s++)
        if (symptom_channel((enum symptom)s) == channel && cause->predicts[s] > 0)
            return true;
    return false;
}

double codebook_probability(const struct cause *cause, enum symptom symptom)
{
    if (cause == NULL || !says_something(cause, symptom_channel(symptom)))
        return codebook_health[symptom];
    return cause->predicts[symptom];
}

bool codebook_expects(const struct cause *cause, enum symptom symptom)
{
    return cause->predicts[symptom] >= 0.05 && cause->predicts[symptom] > codebook_health[symptom];
}

const char *component_kind_name(enum component_kind kind)
{
    static const char *const names[] = {"service", "server", "share",     "station",
                                        "label",   "broker", "collector", "site"};
    return names[kind];
}
