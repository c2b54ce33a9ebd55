// SPDX-License-Identifier: Apache-2.0
// What the servers' agents report: the order service's state, the orders, the disk.
//
// Ownership: all state is the world's. Thread: one at a time. Failure: the world's status.
#ifndef SIM_TRACE_SERVING_H
#define SIM_TRACE_SERVING_H

#include "sim/trace/world.h"

// The service's state changed; its agent notices and reports.
void serving_set_state(struct world *world, struct server *server, enum service_state state,
                       int32_t exit_code, const char *reason);
void serving_on_state(struct world *world, uint32_t server);
void serving_on_output(struct world *world, uint32_t server, uint64_t extra);
void serving_on_resync(struct world *world, uint32_t agent);
void serving_tell_host(struct world *world, struct server *server, enum host_event_kind kind,
                       const char *reason);

#endif
