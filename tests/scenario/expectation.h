// SPDX-License-Identifier: Apache-2.0
// What a scenario expects of transitions, commands and gaps, and whether it came.
//
// Ownership: the list borrows the script's words. Thread: one at a time. Failure: a sentence in
// `problem` (PROBLEM_SIZE), "" = none.
#ifndef SCENARIO_EXPECTATION_H
#define SCENARIO_EXPECTATION_H

#include "base/text.h"
#include "collector/core/engine.h"
#include "tests/scenario/scenario.h"

enum { PROBLEM_SIZE = 2048, EXPECTED_FIELDS_MAX = 16, NAMED_INCIDENTS_MAX = 64 };

enum expected_kind { EXPECT_TRANSITION, EXPECT_COMMAND, EXPECT_GAP };

struct expected_field {
    char name[ID_SIZE];
    char op[3];
    const char *value;
};

struct expectation {
    uint32_t line;
    enum expected_kind kind;
    struct duration from, to;
    bool met, maybe, unordered, told, untold;
    enum transition transition;
    const char *incident; // its name in the scenario, NULL = any
    const char *action;   // COMMAND
    const char *node;     // COMMAND, GAP; NULL = any
    uint64_t gap_from, gap_to;
    uint32_t field_count;
    struct expected_field fields[EXPECTED_FIELDS_MAX];
};

struct named_incident {
    const char *name;
    char id[INCIDENT_ID_SIZE];
};

struct expectations {
    struct expectation *items;
    size_t count;
    struct named_incident named[NAMED_INCIDENTS_MAX];
    size_t named_count;
};

// True: the statement is of a kind that waits (opened … closed, command, gap) and was added, or is
// wrong and `problem` says how. False: it is checked at its very time.
bool expectations_add(struct expectations *expectations, const struct statement *statement,
                      char problem[PROBLEM_SIZE]);
void expectations_fini(struct expectations *expectations);

// An effect came, `since_start` after the start.
void expectations_see(struct expectations *expectations, struct duration since_start,
                      const struct effect *effect, char problem[PROBLEM_SIZE]);
// What should have come by now.
void expectations_due(const struct expectations *expectations, struct duration since_start,
                      char problem[PROBLEM_SIZE]);
// The time of the latest, so that a scenario runs long enough.
struct duration expectations_latest(const struct expectations *expectations);
// The id behind a name; NULL = not opened so far.
const char *expectations_id(const struct expectations *expectations, const char *name);

// "opened told ORDER_SERVICE_STOPPED service:… (unacknowledged, critical, …)": for messages.
void expectations_describe(struct text *out, const struct effect *effect);

#endif
