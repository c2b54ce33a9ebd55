// SPDX-License-Identifier: Apache-2.0
// From what a simulated agent knows to the messages of the bus.
//
// Ownership: `out` is the caller's; only the fields of the message's kind are written. Thread: one
// at a time. Failure: none.
#ifndef SIM_TRACE_MESSAGE_OF_H
#define SIM_TRACE_MESSAGE_OF_H

#include "sim/trace/world.h"

void message_of_birth(const struct world *world, const struct agent *agent,
                      const struct session *session, struct message *out);
void message_of_heartbeat(const struct world *world, const struct agent *agent,
                          struct message *out);
void message_of_told(const struct world *world, const struct agent *agent, const struct told *told,
                     struct message *out);

#endif
