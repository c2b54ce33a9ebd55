// SPDX-License-Identifier: Apache-2.0
// The lifecycle table.
#include "collector/core/lifecycle.h"

#define UNACK    INCIDENT_UNACKNOWLEDGED
#define ACKED    INCIDENT_ACKNOWLEDGED
#define RETURNED INCIDENT_RETURNED_UNACKNOWLEDGED
#define SHELVED  INCIDENT_SHELVED
#define SUPPR    INCIDENT_SUPPRESSED
#define CLOSED   INCIDENT_CLOSED

static const enum incident_state table[INCIDENT_STATE_COUNT][LIFECYCLE_INPUT_COUNT] = {
    // clang-format off
    //            ACK     RETURN    RECUR   SHELVE   UNSHELVE  SUPPRESS  UNSUPPR   CLOSE
    [UNACK]    = {ACKED,  RETURNED, UNACK,  SHELVED, UNACK,    SUPPR,    UNACK,    CLOSED},
    [ACKED]    = {ACKED,  CLOSED,   ACKED,  SHELVED, ACKED,    SUPPR,    ACKED,    CLOSED},
    [RETURNED] = {CLOSED, RETURNED, UNACK,  RETURNED, RETURNED, RETURNED, RETURNED, CLOSED},
    [SHELVED]  = {SHELVED, CLOSED,  SHELVED, SHELVED, UNACK,   SUPPR,    SHELVED,  CLOSED},
    [SUPPR]    = {SUPPR,  CLOSED,   SUPPR,  SUPPR,   SUPPR,    SUPPR,    UNACK,    CLOSED},
    [CLOSED]   = {CLOSED, CLOSED,   UNACK,  CLOSED,  CLOSED,   CLOSED,   CLOSED,   CLOSED},
    // clang-format on
};

enum incident_state lifecycle_next(enum incident_state state, enum lifecycle_input input)
{
    return table[state][input];
}
