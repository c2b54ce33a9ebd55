// SPDX-License-Identifier: Apache-2.0
// What the operators do: scan harness after harness, and try again, impatiently, when it fails; and
// the agent's own probes of the share beside it.
//
// Ownership: all state is the world's. Thread: one at a time. Failure: the world's status.
#ifndef SIM_TRACE_SCANNING_H
#define SIM_TRACE_SCANNING_H

#include "sim/trace/world.h"

void scanning_on_scan(struct world *world, uint32_t index);
void scanning_on_read(struct world *world, uint32_t index);
void scanning_on_result(struct world *world, uint32_t index, uint64_t detail);
// Another failure at this station, of that outcome.
void scanning_on_slip(struct world *world, uint32_t index, uint64_t detail);
// Tells of a fetch of an order that is none of the station's own plan.
void scanning_tell(struct world *world, uint32_t index, uint64_t order, uint32_t product,
                   enum outcome outcome, int16_t blame, int64_t latency_ms);
void probing_on_probe(struct world *world, uint32_t agent, uint64_t extra);
void probing_on_probed(struct world *world, uint32_t agent, uint64_t detail);

#endif
