// SPDX-License-Identifier: Apache-2.0
// The agent's identity, made of its configuration and the machine it runs on.
//
// Ownership: plain value of the caller. Thread: any. Failure: no random bits or no boot id, without
// which this agent can't be told from others.
#ifndef AGENT_SHELL_SELF_H
#define AGENT_SHELL_SELF_H

#include "agent/core/identity.h"
#include "agent/shell/agent_config.h"

MUST_CHECK enum status self_describe(const struct agent_config *config, struct instant now,
                                     struct identity *ret_identity);

#endif
