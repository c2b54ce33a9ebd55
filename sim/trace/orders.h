// SPDX-License-Identifier: Apache-2.0
// The orders: asked for ahead of the harness under test, made one after the other by the service.
//
// Ownership: all state is the world's. Thread: one at a time. Failure: none.
#ifndef SIM_TRACE_ORDERS_H
#define SIM_TRACE_ORDERS_H

#include "sim/trace/world.h"

bool server_works(const struct server *server);
struct server *server_of(struct world *world, const struct station *station);
// Fills up what the station looks ahead; at the start everything was made before.
void orders_look_ahead(struct world *world, struct station *station, bool at_start);
void order_ask(struct world *world, struct server *server, struct order *order);
// The order under test is done with; the next one moves up.
void order_done(struct world *world, struct station *station);
// Copies what was made to the station's own disk, as far as it copies at all.
void orders_copy(struct world *world, struct station *station);
// The service stopped working: what it was about to make is not made; and works again.
void orders_stall(struct world *world, struct server *server);
void orders_resume(struct world *world, struct server *server);

struct order_counts {
    int64_t backlog, newest_ms; // requests that wait; when the newest order was made
    uint64_t files;
};
struct order_counts orders_count(const struct world *world, const struct server *server);

#endif
