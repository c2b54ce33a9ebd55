// SPDX-License-Identifier: Apache-2.0
// The vocabulary's table.
#include "collector/core/symptom.h"

static const struct {
    enum channel channel;
    const char *kind, *text;
} symptoms[SYMPTOM_COUNT] = {
#define SYMPTOM_ROW(name, channel, kind, text) [SYMPTOM_##name] = {channel, kind, text},
    SYMPTOM_MAP(SYMPTOM_ROW)
#undef SYMPTOM_ROW
};

enum channel symptom_channel(enum symptom symptom)
{
    return symptoms[symptom].channel;
}

const char *symptom_kind(enum symptom symptom)
{
    return symptoms[symptom].kind;
}

const char *symptom_text(enum symptom symptom)
{
    return symptoms[symptom].text;
}

// Both families follow the order of enum outcome, from OUTCOME_OK on.
static enum symptom from_outcome(enum symptom first, enum outcome outcome)
{
    if (outcome <= OUTCOME_UNSPECIFIED || outcome >= OUTCOME_COUNT)
        return SYMPTOM_COUNT;
    return (enum symptom)((int)first + (int)outcome - (int)OUTCOME_OK);
}

enum symptom symptom_of_fetch(enum outcome outcome)
{
    return from_outcome(SYMPTOM_FETCH_OK, outcome);
}

enum symptom symptom_of_probe(enum outcome outcome)
{
    return from_outcome(SYMPTOM_PROBE_OK, outcome);
}

bool symptom_is_failure(enum symptom symptom)
{
    switch (symptom_channel(symptom)) {
    case CHANNEL_FETCH:
        return symptom != SYMPTOM_FETCH_OK;
    case CHANNEL_PROBE:
        return symptom != SYMPTOM_PROBE_OK;
    default:
        return symptom == SYMPTOM_LIFE_OVERDUE || symptom == SYMPTOM_LIFE_LOST;
    }
}
