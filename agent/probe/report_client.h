// SPDX-License-Identifier: Apache-2.0
// The other end of the report socket, for `stationwatch-agent report`: sends one order fetch and
// waits until the agent has it on disk.
//
// Ownership: none kept. Thread: any; blocks, at most for the deadline. Failure: a status and a
// sentence for a person in `sentence`, also after STATUS_OK.
#ifndef AGENT_PROBE_REPORT_CLIENT_H
#define AGENT_PROBE_REPORT_CLIENT_H

#include "base/status.h"
#include "base/time.h"
#include "domain/observation.h"

// STATUS_UNAVAILABLE: no agent listens; STATUS_DENIED: the socket is not for this user;
// STATUS_INVALID: the agent refused the report, the sentence is its answer; STATUS_TIMEOUT: no
// answer in time, the report may or may not have been accepted.
MUST_CHECK enum status report_send(const char *socket_path, const struct order_fetch *fetch,
                                   struct duration deadline, char sentence[TEXT_SIZE]);

#endif
