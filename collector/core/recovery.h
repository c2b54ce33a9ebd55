// SPDX-License-Identifier: Apache-2.0
// Proof of recovery (DESIGN section 7): an incident is over when what it stopped demonstrably works
// again, not when somebody says so.
//
// - Fetches: where a repair was seen, 3 stations or more (or the whole scope, if smaller) and 90 %
// of
//   those that fetched since. In any case a run without one failure, from 30 different stations or
//   half of a smaller scope, a million times likelier in health than under the cause, because some
//   stations live on earlier orders.
// - Nobody fetches for 2 minutes: a fresh order and the server's canary, or the stations' share
//   probes where the share was the fault.
// - Silence: 90 % of the scope heard again, for 10 s.
//
// Ownership: recovery_init allocates, recovery_fini frees.
// Thread: one at a time. Failure: STATUS_NO_MEMORY at init.
#ifndef COLLECTOR_CORE_RECOVERY_H
#define COLLECTOR_CORE_RECOVERY_H

#include "collector/core/fleet.h"
#include "collector/core/node_set.h"

struct recovery_state {
    const struct cause *cause;
    uint32_t component;
    struct mono_time repaired_at; // MONO_NEVER: no repair seen
    struct mono_time since;       // fetches count from here: last failure or repair
    struct mono_time last_fetch;
    struct mono_time bad_at;    // silence: the latest sign of it
    struct mono_time steady_at; // silence: since when enough are heard again; MONO_NEVER = not
    struct node_set good, bad;  // stations by their latest fetch since the repair
    struct node_set run;        // stations that fetched since the last failure
    double odds;                // ln of the run's likelihood, health against cause
};

MUST_CHECK enum status recovery_init(struct recovery_state *recovery, const struct cause *cause,
                                     uint32_t component, uint32_t nodes_max, struct mono_time now);
void recovery_fini(struct recovery_state *recovery);

// A sighting inside the scope.
void recovery_sight(struct recovery_state *recovery, struct mono_time now,
                    const struct sighting *sighting);
// The repair was seen, and undone.
void recovery_repaired(struct recovery_state *recovery, struct mono_time now);
void recovery_undone(struct recovery_state *recovery, struct mono_time now);

// True when recovery is proven at `now`; `why` (TEXT_SIZE) says by what.
bool recovery_is_proven(struct recovery_state *recovery, const struct fleet *fleet,
                        struct mono_time now, char *why);
// The same as far as fetches alone prove it: cheap enough for every sighting.
bool recovery_is_proven_by_fetches(const struct recovery_state *recovery, const struct fleet *fleet,
                                   struct mono_time now, char *why);
// When the answer can change by time alone; MONO_NEVER = only by a sighting.
struct mono_time recovery_next_look(const struct recovery_state *recovery,
                                    const struct fleet *fleet, struct mono_time now);

#endif
