// SPDX-License-Identifier: Apache-2.0
// What an error of the system says about a share or a file on it.
//
// Ownership: none. Thread: any; pure. Failure: an error that is not in the table says nothing about
// the share: OUTCOME_UNSPECIFIED.
#ifndef AGENT_PROBE_UNIX_ERRNO_OUTCOME_H
#define AGENT_PROBE_UNIX_ERRNO_OUTCOME_H

#include "domain/observation.h"

enum outcome errno_outcome(int error); // 0 is OUTCOME_OK

#endif
