// SPDX-License-Identifier: Apache-2.0
// The site's time zone, for the calendar and for the times that people read.
//
// Ownership: none. Thread: site_zone_use once, at the start of a program, before other threads;
// the offset from any thread then. Failure: a zone that the system does not know is refused when
// the configuration is checked.
#ifndef COLLECTOR_CONFIG_SITE_ZONE_H
#define COLLECTOR_CONFIG_SITE_ZONE_H

#include "collector/core/core_config.h"

enum { SITE_ZONE_TRANSITIONS_MAX = 256 };

// One sentence on what is wrong with a zone's name, NULL when the system knows it.
const char *site_zone_problem(const char *zone);

// Makes `zone` the process's zone.
void site_zone_use(const char *zone);

// The offsets of `zone` from 2010 to 2060, as the system's data base has them; beyond these years
// the nearest holds. Returns their number. Only before the program has other threads: it takes the
// process's zone for a moment.
size_t site_zone_transitions(const char *zone,
                             struct engine_zone_transition ret[SITE_ZONE_TRANSITIONS_MAX]);

// Minutes east of UTC at that moment in the zone in use.
int site_zone_offset_minutes(struct wall_time at);

#endif
