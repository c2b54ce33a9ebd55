// SPDX-License-Identifier: Apache-2.0
// The certificates that nodes connect with: whether one expires soon, as a sign of the whole site.
#include "collector/core/fleet_state.h"
#include "collector/core/signs.h"

enum { MINUTE_MS = 60000, MINUTES_PER_HOUR = 60 };
#define SOON_MS (INT64_C(30) * 86400000)

static bool is_soon(const struct node *node, struct wall_time now)
{
    bool counts = (node->listed || node->heard) && node->presence != PRESENCE_PENDING;
    return counts && node->certificate_expires_at_ms > 0 &&
           node->certificate_expires_at_ms < now.ms + SOON_MS;
}

static void count(struct fleet *fleet, uint32_t index, bool soon)
{
    struct certificates *certificates = &fleet->certificates;
    struct node *node = &fleet->nodes[index];
    node->certificate_soon = soon;
    if (!soon)
        return;
    if (certificates->count++ == 0 ||
        node->certificate_expires_at_ms <
            fleet->nodes[certificates->first].certificate_expires_at_ms)
        certificates->first = index;
}

static void tell(struct fleet *fleet, struct mono_time now, struct sightings *out)
{
    bool soon = fleet->certificates.count > 0;
    struct sighting sighting = {.symptom =
                                    soon ? SYMPTOM_CERTIFICATE_EXPIRING : SYMPTOM_CERTIFICATE_FRESH,
                                .node = NAME_NONE,
                                .since = now};
    sign_tell(fleet->components, fleet->site, &sighting, out);
}

static void look(struct fleet *fleet, struct instant now, struct sightings *out)
{
    fleet->certificates = (struct certificates){.first = NAME_NONE};
    for (uint32_t i = 0; i < name_table_count(fleet->names); i++)
        count(fleet, i, is_soon(&fleet->nodes[i], now.wall));
    tell(fleet, now.mono, out);
}

void certificates_hear(struct fleet *fleet, uint32_t index, struct instant now,
                       const struct birth *birth, struct sightings *out)
{
    struct node *node = &fleet->nodes[index];
    bool counted = node->certificate_soon;
    if (node->certificate_expires_at_ms == birth->certificate_expires_at_ms &&
        counted == is_soon(node, now.wall))
        return;
    node->certificate_expires_at_ms = birth->certificate_expires_at_ms;
    if (counted) { // renewed: who is the first now has to be looked for
        look(fleet, now, out);
        return;
    }
    count(fleet, index, is_soon(node, now.wall));
    tell(fleet, now.mono, out);
}

void certificates_minute(struct fleet *fleet, struct instant now, struct sightings *out)
{
    if ((now.wall.ms + MINUTE_MS / 2) / MINUTE_MS % MINUTES_PER_HOUR == 0)
        look(fleet, now, out);
}

const struct certificates *fleet_certificates(const struct fleet *fleet)
{
    return &fleet->certificates;
}
