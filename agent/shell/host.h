// SPDX-License-Identifier: Apache-2.0
// What the agent has to know of the machine it runs on.
//
// Ownership: caller's buffers. Thread: any. Failure: host_boot_id says STATUS_UNAVAILABLE or
// STATUS_UNSUPPORTED; the texts fall back to "unknown".
#ifndef AGENT_SHELL_HOST_H
#define AGENT_SHELL_HOST_H

#include "base/status.h"
#include "base/time.h"
#include "domain/ids.h"

#include <stdint.h>

// A text that is another one after each boot.
MUST_CHECK enum status host_boot_id(char out[ID_SIZE]);

void host_name(char out[NAME_SIZE]);     // as the system has it: "ets-017"
void host_platform(char out[NAME_SIZE]); // "linux x86_64"

// The default node: the first part of the computer's name in upper case, characters outside the
// grammar of ids as '-', "" when nothing is left.
void host_node(const char *name, char out[ID_SIZE]);

// Random bits from the system.
MUST_CHECK enum status host_random(uint64_t *ret);

#endif
