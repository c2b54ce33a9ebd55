// SPDX-License-Identifier: Apache-2.0
// The simulated agents: sessions, births, wills, heartbeats, and the outbox with its repeats.
//
// Ownership: all state is the world's. Thread: one at a time. Failure: the world's status.
#ifndef SIM_TRACE_AGENTS_H
#define SIM_TRACE_AGENTS_H

#include "sim/trace/world.h"

// The process starts on a machine that booted at `boot_at_ms`, and connects after `delay_ms`.
void agent_start(struct world *world, struct agent *agent, uint64_t boot, int64_t boot_at_ms,
                 int64_t delay_ms);
// The process dies: the broker sees the connection break at once, or only by its keep-alive.
void agent_die(struct world *world, struct agent *agent, bool seen_at_once);
void agent_say_goodbye(struct world *world, struct agent *agent, enum offline_reason reason);
// No packet passes any more; and again, with a new connection after up to `back_within_ms`.
void agent_cut(struct world *world, struct agent *agent);
void agent_mend(struct world *world, struct agent *agent, int64_t back_within_ms);
// The connection is lost on both ends at once: the broker is gone.
void agent_drop(struct world *world, struct agent *agent);
// Publishes the birth anew.
void agent_publish_birth(struct world *world, struct agent *agent);
// Takes an event into the outbox and sends it.
void agent_tell(struct world *world, struct agent *agent, struct told told);
// All that is held is sent again.
void agent_repeat(struct world *world, struct agent *agent);
// Retained births, as a subscriber gets them.
void agents_retained(struct world *world);

// From a random moment within an interval on.
void agent_begin_beats(struct world *world, struct agent *agent);
void agent_on_connect(struct world *world, struct agent *agent, uint64_t generation);
void agent_on_beat(struct world *world, struct agent *agent, uint64_t generation);
void agent_on_arrival(struct world *world, struct agent *agent, uint64_t detail);
void agent_on_will(struct world *world, struct agent *agent, uint64_t session);

#endif
