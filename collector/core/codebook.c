// SPDX-License-Identifier: Apache-2.0
// What is seen in health, and the codebook's look-ups; its rows are in causes.c.
#include "collector/core/codebook.h"

#include "base/text.h"

#define NEVER CODEBOOK_NEVER

const double codebook_health[SYMPTOM_COUNT] = {
    [SYMPTOM_FETCH_OK] = 0.9985,
    [SYMPTOM_FETCH_MISSING] = 0.0005,
    [SYMPTOM_FETCH_UNREACHABLE] = 0.0002,
    [SYMPTOM_FETCH_DENIED] = 0.0001,
    [SYMPTOM_FETCH_TIMEOUT] = 0.0003,
    [SYMPTOM_FETCH_LOCKED] = 0.0002,
    [SYMPTOM_FETCH_INVALID] = 0.0001,
    [SYMPTOM_FETCH_STALE] = 0.0001,
    [SYMPTOM_PROBE_OK] = 0.9985,
    [SYMPTOM_PROBE_MISSING] = 0.0002,
    [SYMPTOM_PROBE_UNREACHABLE] = 0.0003,
    [SYMPTOM_PROBE_DENIED] = 0.0001,
    [SYMPTOM_PROBE_TIMEOUT] = 0.0006,
    [SYMPTOM_PROBE_LOCKED] = 0.0001,
    [SYMPTOM_PROBE_INVALID] = 0.0001,
    [SYMPTOM_PROBE_STALE] = 0.0001,
    [SYMPTOM_LIFE_HEARD] = 0.999,
    [SYMPTOM_LIFE_OVERDUE] = 0.001,
    [SYMPTOM_LIFE_RETURNED] = 1.0,
    [SYMPTOM_LIFE_LOST] = NEVER,
    [SYMPTOM_SERVER_HEARD] = 0.999,
    [SYMPTOM_SERVER_OVERDUE] = 0.001,
    [SYMPTOM_SERVER_RETURNED] = 1.0,
    [SYMPTOM_SERVER_LOST] = NEVER,
    [SYMPTOM_STATE_UP] = 0.998,
    [SYMPTOM_STATE_PENDING] = 0.002,
    [SYMPTOM_STATE_DOWN] = NEVER,
    [SYMPTOM_OUTPUT_FLOWING] = 0.6,
    [SYMPTOM_OUTPUT_IDLE] = 0.39,
    [SYMPTOM_OUTPUT_LATE] = 0.01,
    [SYMPTOM_OUTPUT_STALE] = NEVER,
    [SYMPTOM_LINK_UP] = 1.0,
    [SYMPTOM_LINK_DOWN] = NEVER,
    [SYMPTOM_WILL_NONE] = 0.9,
    [SYMPTOM_WILL_HEARD] = 0.1,
    [SYMPTOM_RESTART_NONE] = 1.0,
    [SYMPTOM_RESTART_PLANNED] = NEVER,
    [SYMPTOM_RESTART_OVERDUE] = NEVER,
    [SYMPTOM_START_SURE] = 1.0,
    [SYMPTOM_START_UNSURE] = NEVER,
    [SYMPTOM_DISK_AMPLE] = 1.0,
    [SYMPTOM_DISK_FILLING] = NEVER,
    [SYMPTOM_DISK_FULL] = NEVER,
    [SYMPTOM_CERTIFICATE_FRESH] = 1.0,
    [SYMPTOM_CERTIFICATE_EXPIRING] = NEVER,
    [SYMPTOM_SOFTWARE_UP] = 1.0,
    [SYMPTOM_SOFTWARE_DOWN] = NEVER,
    [SYMPTOM_CLOCK_TRUE] = 1.0,
    [SYMPTOM_CLOCK_SKEWED] = NEVER,
    [SYMPTOM_IDENTITY_ONE] = 1.0,
    [SYMPTOM_IDENTITY_TWO] = NEVER,
};

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
