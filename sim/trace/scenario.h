// SPDX-License-Identifier: Apache-2.0
// A random scenario of a given cause, with the truth about it: what goes wrong, where, when, and in
// which of the awkward ways.
//
//   struct scenario *scenario;
//   scenario_new(&plan, &scenario);      // the plant is known from here
//   scenario_run(scenario, emit, context);
//   scenario_truth(scenario);            // complete after the run
// The same plan gives the same emissions, bit for bit.
// Ownership: scenario_free; plant and truth live as long. Thread: one at a time. Failure:
// STATUS_NOT_FOUND for a code that is none, STATUS_NO_MEMORY, STATUS_FULL.
#ifndef SIM_TRACE_SCENARIO_H
#define SIM_TRACE_SCENARIO_H

#include "sim/trace/plant.h"
#include "sim/trace/truth.h"
#include "sim/trace/world.h"

struct trace_plan {
    uint64_t seed;
    const char *code;  // a cause's, HEALTHY or SEVERAL
    uint32_t stations; // 0 = a random number
};

struct scenario;

MUST_CHECK enum status scenario_new(const struct trace_plan *plan, struct scenario **ret_scenario);
// Takes NULL.
void scenario_free(struct scenario *scenario);
MUST_CHECK enum status scenario_run(struct scenario *scenario, emit_function *emit, void *context);
// During the run: a command of the collector reaches a server's agent ("resync").
void scenario_command(struct scenario *scenario, const char *node, const char *action);
const struct plant *scenario_plant(const struct scenario *scenario);
const struct truth *scenario_truth(const struct scenario *scenario);
// Unix time of the trace's start.
int64_t scenario_wall_ms(const struct scenario *scenario);

// All codes there are scenarios of; NULL behind the last.
const char *scenario_code(size_t index);

#endif
