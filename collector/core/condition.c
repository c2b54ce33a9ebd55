// SPDX-License-Identifier: Apache-2.0
// What a node's own words show of its condition: its tester software, its clock, and whether two
// computers speak under its name.
#include "collector/core/fleet_state.h"
#include "collector/core/signs.h"

#include "base/hash.h"

#include <stdlib.h>

enum {
    SKEW_MS = 300000,       // a clock this far off is wrong …
    SKEW_FOR_S = 10,        // … when it stays so
    SOFTWARE_DOWN_S = 60,   // a restart of the tester software takes less
    MASS_MIN = 3,           // this many at once, and a quarter of those heard: on purpose
    IDENTITY_QUIET_S = 300, // one computer again after this long without the other
    INCARNATION_RETURNS = 2 // one can be a message that came late
};

static void tell(struct fleet *fleet, uint32_t component, uint32_t node, enum symptom symptom,
                 struct mono_time since, struct sightings *out)
{
    struct sighting sighting = {.symptom = symptom, .node = node, .since = since};
    sign_tell(fleet->components, component, &sighting, out);
}

static uint32_t own_component(const struct node *node)
{
    return node->component_count == 0 ? NAME_NONE : node->components[0];
}

static bool is_mass(const struct fleet *fleet, uint32_t count)
{
    return count >= MASS_MIN && count * 4 >= fleet->station_count;
}

// ---- clock -----------------------------------------------------------------------------------

static void note_skew(struct fleet *fleet, struct condition *condition, bool skewed,
                      struct mono_time now)
{
    if (skewed == condition->skewed)
        return;
    condition->skewed = skewed;
    condition->skew_changed_at = now;
    fleet->skewed_count += skewed ? 1 : -1;
}

static void judge_clock(struct fleet *fleet, uint32_t index, struct mono_time now,
                        struct sightings *out)
{
    const struct node *node = &fleet->nodes[index];
    const struct condition *condition = &node->condition;
    if (mono_before(now, mono_add(condition->skew_changed_at, duration_s(SKEW_FOR_S))))
        return;
    // Most clocks cannot be wrong together: then it is the collector's own.
    bool ours = fleet->skewed_count >= MASS_MIN && fleet->skewed_count * 2 > fleet->station_count;
    if (condition->skewed && ours && fleet->clock_agreed)
        tell(fleet, fleet->collector, index, SYMPTOM_CLOCK_SKEWED, condition->skew_changed_at, out);
    else if (condition->skewed && !ours)
        tell(fleet, own_component(node), index, SYMPTOM_CLOCK_SKEWED, condition->skew_changed_at,
             out);
    if (condition->skewed)
        return;
    fleet->clock_agreed = true;
    tell(fleet, own_component(node), index, SYMPTOM_CLOCK_TRUE, now, out);
    if (!ours)
        tell(fleet, fleet->collector, index, SYMPTOM_CLOCK_TRUE, now, out);
}

// ---- software --------------------------------------------------------------------------------

static void note_software(struct fleet *fleet, struct condition *condition, bool running,
                          struct mono_time now)
{
    bool down = condition->software_ran && !running;
    condition->software_ran |= running;
    if (down == condition->software_down)
        return;
    condition->software_down = down;
    condition->software_changed_at = now;
    fleet->software_down_count += down ? 1 : -1;
}

static void judge_software(struct fleet *fleet, uint32_t index, struct instant now,
                           struct sightings *out)
{
    const struct node *node = &fleet->nodes[index];
    const struct condition *condition = &node->condition;
    struct mono_time due = mono_add(condition->software_changed_at, duration_s(SOFTWARE_DOWN_S));
    if (condition->software_ran && !condition->software_down)
        tell(fleet, own_component(node), index, SYMPTOM_SOFTWARE_UP, now.mono, out);
    else if (condition->software_down && !mono_before(now.mono, due) &&
             !is_mass(fleet, fleet->software_down_count) &&
             !presence_is_off_on_purpose(fleet, index, now))
        tell(fleet, own_component(node), index, SYMPTOM_SOFTWARE_DOWN,
             condition->software_changed_at, out);
}

// ---- identity --------------------------------------------------------------------------------

// True when `id` is not the latest but the one before: what ended has come back.
static bool came_back(uint64_t history[2], uint64_t id)
{
    if (id == history[0])
        return false;
    bool back = id == history[1] && id != 0;
    history[1] = history[0];
    history[0] = id;
    return back;
}

static void two_speak(struct fleet *fleet, uint32_t index, struct mono_time now,
                      struct sightings *out)
{
    struct node *node = &fleet->nodes[index];
    node->condition.returned_at = now;
    if (own_component(node) != NAME_NONE)
        tell(fleet, own_component(node), index, SYMPTOM_IDENTITY_TWO, now, out);
}

static void judge_identity(struct fleet *fleet, uint32_t index, struct mono_time now,
                           struct sightings *out)
{
    struct condition *condition = &fleet->nodes[index].condition;
    if (mono_before(now, mono_add(condition->returned_at, duration_s(IDENTITY_QUIET_S))))
        return;
    condition->returns = 0;
    tell(fleet, own_component(&fleet->nodes[index]), index, SYMPTOM_IDENTITY_ONE, now, out);
}

// ---- the doors -------------------------------------------------------------------------------

void condition_hear_birth(struct fleet *fleet, uint32_t index, struct mono_time now,
                          const struct birth *birth, struct sightings *out)
{
    struct condition *condition = &fleet->nodes[index].condition;
    uint64_t boot = birth->boot_id[0] == '\0' ? 0 : hash_text(birth->boot_id) | 1;
    bool new_boot = boot != condition->boots[0];
    if (boot != 0 && came_back(condition->boots, boot))
        two_speak(fleet, index, now, out);
    if (new_boot) { // its software has not been started yet
        note_software(fleet, condition, true, now);
        condition->software_ran = false;
    }
}

void condition_forget(struct fleet *fleet, uint32_t index, struct mono_time now)
{
    struct condition *condition = &fleet->nodes[index].condition;
    note_skew(fleet, condition, false, now);
    note_software(fleet, condition, true, now);
    condition->software_ran = false;
}

void condition_hear_heartbeat(struct fleet *fleet, uint32_t index, struct instant now,
                              const struct heartbeat *heartbeat, struct sightings *out)
{
    const struct node *node = &fleet->nodes[index];
    struct condition *condition = &fleet->nodes[index].condition;
    if (own_component(node) == NAME_NONE)
        return;
    if (came_back(condition->incarnations, heartbeat->incarnation) &&
        ++condition->returns >= INCARNATION_RETURNS)
        two_speak(fleet, index, now.mono, out);
    if (heartbeat->sent_at_ms > 0) {
        int64_t ahead = heartbeat->sent_at_ms - now.wall.ms;
        condition->ahead_ms = ahead;
        note_skew(fleet, condition, ahead > SKEW_MS || ahead < -SKEW_MS, now.mono);
        judge_clock(fleet, index, now.mono, out);
    }
    judge_identity(fleet, index, now.mono, out);
    if (node->role == ROLE_SERVER)
        return;
    note_software(fleet, condition, heartbeat->software_running, now.mono);
    judge_software(fleet, index, now, out);
}
