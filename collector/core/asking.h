// SPDX-License-Identifier: Apache-2.0
// Asking a server's agent for its services' states: the splitting observation that can be had.
//
// Ownership: the list copies. Thread: one at a time. Failure: as of effect_list_add.
#ifndef COLLECTOR_CORE_ASKING_H
#define COLLECTOR_CORE_ASKING_H

#include "collector/core/effect_list.h"

// A `resync` to `node`; ids are made of the time and the list's own count, so none comes twice.
void ask_resync(struct effect_list *effects, const char *node, struct instant now);

#endif
