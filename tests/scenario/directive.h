// SPDX-License-Identifier: Apache-2.0
// The statements of a scenario that make something happen or look at the present.
//
// Ownership: borrows the statement. Thread: one at a time. Failure: false, and `problem` says why.
#ifndef SCENARIO_DIRECTIVE_H
#define SCENARIO_DIRECTIVE_H

#include "tests/scenario/expectation.h"
#include "tests/scenario/world.h"

struct stage { // what a statement works on
    struct world *world;
    struct expectations *expectations;
    char problem[PROBLEM_SIZE];
};

// Whether a verb exists, and whether it sets the plant up (so it comes before the start).
bool directive_known(const char *verb, bool *ret_setup);
// Performs a statement at the world's present time.
bool directive_perform(struct stage *stage, const struct statement *statement);
// `expect quiet`, `open`, `andon`, `presence`, `counter`.
bool directive_look(struct stage *stage, const struct statement *statement);

#endif
