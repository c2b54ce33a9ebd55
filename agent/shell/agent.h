// SPDX-License-Identifier: Apache-2.0
// The agent: probes, services, outbox and session on one loop, until a signal ends it.
//
// Ownership: everything lives within agent_run; the configuration outlives it. Thread: the
// caller's, which becomes the loop's. Failure: a status when the agent could not begin; whatever
// fails later (no broker, no outbox, no share) is logged and tried again while the rest goes on.
#ifndef AGENT_SHELL_AGENT_H
#define AGENT_SHELL_AGENT_H

#include "agent/shell/agent_config.h"

// Returns when SIGTERM or SIGINT has come and the goodbye is said. `problem` tells why it could not
// begin.
MUST_CHECK enum status agent_run(const struct agent_config *config, struct text *problem);

#endif
