// SPDX-License-Identifier: Apache-2.0
// The timeline of an incident: what happened when, each line with the stored event behind it.
//
// Ownership: writes into the caller's incident. Thread: any. Failure: when full, the entry in the
// middle gives way and is counted; the first and the latest stay.
#ifndef COLLECTOR_CORE_TIMELINE_H
#define COLLECTOR_CORE_TIMELINE_H

#include "domain/incident.h"

// `event` names the stored event ("NODE/OUTBOX/SEQ"), "" = the engine itself.
void timeline_add(struct incident *incident, struct wall_time at, const char *event,
                  const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
