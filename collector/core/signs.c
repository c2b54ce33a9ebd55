// SPDX-License-Identifier: Apache-2.0
// Signs, kept in their components.
#include "collector/core/signs.h"

enum symptom sign_of(const struct component *component, enum channel channel)
{
    uint8_t kept = component->signs[channel - CHANNEL_RESTART];
    return kept == 0 ? SYMPTOM_COUNT : (enum symptom)(kept - 1);
}

void sign_tell(struct components *components, uint32_t component, const struct sighting *sighting,
               struct sightings *out)
{
    struct component *of = components_edit(components, component);
    enum channel channel = symptom_channel(sighting->symptom);
    enum symptom before = sign_of(of, channel);
    bool well = codebook_probability(NULL, sighting->symptom) >= 0.5;
    of->signs[channel - CHANNEL_RESTART] = (uint8_t)(sighting->symptom + 1);
    if (sighting->symptom == before || (before == SYMPTOM_COUNT && well))
        return;
    if (out->count < SIGHTINGS_MAX) {
        out->items[out->count] = *sighting;
        out->items[out->count++].component = component;
    }
}

void signs_retell(const struct components *components, uint32_t component, struct mono_time now,
                  struct sightings *out)
{
    for (int c = CHANNEL_RESTART + 1; c < CHANNEL_COUNT; c++) {
        enum symptom sign = sign_of(components_get(components, component), (enum channel)c);
        if (sign < SYMPTOM_COUNT && codebook_probability(NULL, sign) < 0.5 &&
            out->count < SIGHTINGS_MAX)
            out->items[out->count++] = (struct sighting){
                .symptom = sign, .node = NAME_NONE, .component = component, .since = now};
    }
}

void sign_restore(struct components *components, uint32_t component, enum symptom symptom)
{
    enum channel channel = symptom_channel(symptom);
    components_edit(components, component)->signs[channel - CHANNEL_RESTART] =
        (uint8_t)(symptom + 1);
}
