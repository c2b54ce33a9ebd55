// SPDX-License-Identifier: Apache-2.0
// The states of an incident and what moves it: one table, after ISA-18.2 / IEC 62682.
//
// Ownership: none. Thread: any. Failure: an input that means nothing in a state leaves it as it is.
#ifndef COLLECTOR_CORE_LIFECYCLE_H
#define COLLECTOR_CORE_LIFECYCLE_H

#include "domain/incident.h"

enum lifecycle_input {
    LIFECYCLE_ACKNOWLEDGE,
    LIFECYCLE_RETURN, // recovery is proven
    LIFECYCLE_RECUR,  // the same cause again
    LIFECYCLE_SHELVE,
    LIFECYCLE_UNSHELVE, // by a person or by expiry
    LIFECYCLE_SUPPRESS,
    LIFECYCLE_UNSUPPRESS,
    LIFECYCLE_CLOSE,
    LIFECYCLE_INPUT_COUNT
};

enum incident_state lifecycle_next(enum incident_state state, enum lifecycle_input input);

#endif
