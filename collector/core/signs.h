// SPDX-License-Identifier: Apache-2.0
// Signs: what is told directly of one component and holds until the opposite is told. A start mode,
// a disk, a clock: none of it is counted, and one word is enough.
//
// Ownership: none; a sign is kept in its component. Thread: one at a time. Failure: none.
#ifndef COLLECTOR_CORE_SIGNS_H
#define COLLECTOR_CORE_SIGNS_H

#include "base/text.h"
#include "collector/core/fleet.h"

// What a component stands for in this channel (CHANNEL_RESTART or later); SYMPTOM_COUNT = not told.
enum symptom sign_of(const struct component *component, enum channel channel);

// The component stands for the symptom now: a sighting when that is a change, and none when the
// first word is that all is well. `node` is whose observation it is, NAME_NONE = nobody's.
void sign_tell(struct components *components, uint32_t component, const struct sighting *sighting,
               struct sightings *out);

// Sightings of what the component stands for that is not well and was told of it for good (no
// plan).
void signs_retell(const struct components *components, uint32_t component, struct mono_time now,
                  struct sightings *out);

// As a stored incident has it: the component stands for the symptom, and nobody is told anew.
void sign_restore(struct components *components, uint32_t component, enum symptom symptom);

#endif
