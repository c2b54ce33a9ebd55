// SPDX-License-Identifier: Apache-2.0
// The invariants of incidents.
#include "tests/scenario/invariant.h"

#include "base/text.h"

static const char *life_broken(const struct incident *before, const struct effect *effect)
{
    const struct incident *i = effect->incident;
    bool opened = effect->transition == TRANSITION_OPENED;
    if (opened != (before == NULL))
        return opened ? "an id is opened twice" : "an id moves that was never opened";
    if (!opened && before->since.ms != 0 && before->told && !i->told)
        return "what people were told is forgotten";
    if (effect->annunciated && !i->told)
        return "people are told, and the incident does not know";
    // Resolved may be closed in the same breath.
    if (effect->transition != TRANSITION_RESOLVED &&
        (effect->transition == TRANSITION_CLOSED) != (i->state == INCIDENT_CLOSED))
        return "the state does not fit the transition";
    if (effect->transition == TRANSITION_RESOLVED && !wall_known(i->resolved_at))
        return "resolved without a time";
    if (effect->transition == TRANSITION_CLOSED && !wall_known(i->closed_at))
        return "closed without a time";
    return NULL;
}

static const char *text_broken(const struct incident *i)
{
    if (i->code[0] == '\0' || i->component[0] == '\0')
        return "no code or component";
    if (i->headline[0] == '\0' || i->cause[0] == '\0' || i->consequence[0] == '\0')
        return "no headline, cause or consequence";
    if (i->action[0] == '\0' || i->owner[0] == '\0')
        return "no action or owner";
    return NULL;
}

static const char *figures_broken(const struct incident *i, struct instant now)
{
    if (i->scope.confirmed > i->scope.affected || i->scope.affected > i->scope.total)
        return "confirmed <= affected <= total does not hold";
    if (!(i->confidence >= 0 && i->confidence <= 1))
        return "confidence outside 0 to 1";
    if (i->since.ms > i->detected_at.ms || i->detected_at.ms > now.wall.ms)
        return "since <= detected_at <= now does not hold";
    if (i->evidence_count == 0 || i->timeline_count == 0)
        return "no evidence or no timeline";
    for (uint32_t t = 1; t < i->timeline_count; t++)
        if (i->timeline[t].at.ms < i->timeline[t - 1].at.ms)
            return "the timeline goes back";
    double sum = 0;
    for (uint32_t a = 0; a < i->alternative_count; a++)
        sum += i->alternatives[a].probability;
    return sum > 1.0 + 1e-6 ? "probabilities of alternatives exceed 1" : NULL;
}

const char *invariant_broken(const struct incident *before, const struct effect *effect,
                             struct instant now)
{
    const char *broken = life_broken(before, effect);
    if (broken == NULL)
        broken = text_broken(effect->incident);
    if (broken == NULL)
        broken = figures_broken(effect->incident, now);
    return broken;
}
