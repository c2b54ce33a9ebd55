// SPDX-License-Identifier: Apache-2.0
// The spelling of incident states, priorities and transitions.
#include "domain/incident.h"

#define NAME_OF(table, value)                                                                      \
    ((size_t)(value) < sizeof(table) / sizeof(table)[0] ? (table)[value] : (table)[0])

const char *incident_state_name(enum incident_state state)
{
    static const char *const names[] = {"unacknowledged", "acknowledged", "returned_unacknowledged",
                                        "shelved",        "suppressed",   "closed"};
    return NAME_OF(names, state);
}

const char *priority_name(enum priority priority)
{
    static const char *const names[] = {"low", "medium", "high", "critical"};
    return NAME_OF(names, priority);
}

const char *transition_name(enum transition transition)
{
    static const char *const names[] = {"opened", "updated", "resolved", "closed"};
    return NAME_OF(names, transition);
}
