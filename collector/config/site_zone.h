// SPDX-License-Identifier: Apache-2.0
// The site's time zone, for the times that people read.
//
// Ownership: none. Thread: site_zone_use once, at the start of a program, before other threads;
// the offset from any thread then. Failure: a zone that the system does not know is refused when
// the configuration is checked.
#ifndef COLLECTOR_CONFIG_SITE_ZONE_H
#define COLLECTOR_CONFIG_SITE_ZONE_H

#include "base/time.h"

// One sentence on what is wrong with a zone's name, NULL when the system knows it.
const char *site_zone_problem(const char *zone);

// Makes `zone` the process's zone.
void site_zone_use(const char *zone);

// Minutes east of UTC at that moment in the zone in use.
int site_zone_offset_minutes(struct wall_time at);

#endif
