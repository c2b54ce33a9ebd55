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

bool codebook_speaks_of(const struct cause *cause, enum symptom symptom)
{
    return says_something(cause, symptom_channel(symptom));
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

enum symptom codebook_sign(const struct cause *cause)
{
    for (int s = 0; s < SYMPTOM_COUNT; s++)
        if (codebook_expects(cause, (enum symptom)s))
            return (enum symptom)s;
    return SYMPTOM_COUNT;
}

const char *component_kind_name(enum component_kind kind)
{
    static const char *const names[COMPONENT_KIND_COUNT] = {
        [COMPONENT_SERVICE] = "service", [COMPONENT_SERVER] = "server",
        [COMPONENT_SHARE] = "share",     [COMPONENT_STATION] = "station",
        [COMPONENT_LABEL] = "label",     [COMPONENT_VERSION] = "label",
        [COMPONENT_PRODUCT] = "product", [COMPONENT_ORDER] = "order",
        [COMPONENT_BROKER] = "broker",   [COMPONENT_COLLECTOR] = "collector",
        [COMPONENT_SITE] = "site"};
    return names[kind];
}
