// SPDX-License-Identifier: Apache-2.0
// Which nodes the store knows, so that each is written once and not with every birth.
//
// Ownership: known_nodes_free. Thread: one at a time. Failure: above the limit a node is not
// learned, so it is not restored after a restart.
#ifndef COLLECTOR_SHELL_KNOWN_NODES_H
#define COLLECTOR_SHELL_KNOWN_NODES_H

#include "base/status.h"
#include "domain/observation.h"

struct known_nodes;

MUST_CHECK enum status known_nodes_new(uint32_t limit, struct known_nodes **ret_nodes);
void known_nodes_free(struct known_nodes *nodes); // takes NULL

// True: it is new or has changed its role, so it has to be written.
bool known_nodes_learn(struct known_nodes *nodes, const char *node, enum role role);
// It could not be written after all.
void known_nodes_forget(struct known_nodes *nodes, const char *node);

#endif
