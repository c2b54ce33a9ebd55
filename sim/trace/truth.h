// SPDX-License-Identifier: Apache-2.0
// What really happened in a simulated scenario: what a diagnosis is judged against.
//
// Ownership: plain values. Thread: any. Failure: none.
#ifndef SIM_TRACE_TRUTH_H
#define SIM_TRACE_TRUTH_H

#include "domain/incident.h"

enum { TRUTH_RIVALS_MAX = 10, TRUTH_FAULTS_MAX = 64 };

// In JSON: null.
#define TRUTH_NEVER INT64_MAX

// A name that the evidence cannot tell from the true one, up to some time.
struct truth_rival {
    char code[CODE_SIZE];
    char component[COMPONENT_SIZE]; // "" = any
    int64_t splits_at_ms;           // TRUTH_NEVER: nothing that is sent ever splits them
};

struct truth_fault {
    char code[CODE_SIZE];
    char manner[NAME_SIZE]; // how it came about: "crashed", "reboot, start manual"
    char component[COMPONENT_SIZE];
    int64_t onset_ms, end_ms; // of the fault itself; TRUTH_NEVER: it outlives the trace
    int64_t symptom_ms;       // the first message that tells of it; of silence the onset itself
    uint32_t symptoms;        // how many messages told of it
    bool quiet;               // people are never to be told of it
    bool beside;              // small and unrelated, beside the one the scenario is about
    bool latent;              // no station is hurt: it foretells
    uint32_t rival_count;
    struct truth_rival rivals[TRUTH_RIVALS_MAX];
};

struct truth {
    uint64_t seed;
    char code[CODE_SIZE]; // what the scenario is about; HEALTHY, SEVERAL
    char variants[TEXT_SIZE];
    uint32_t stations, servers;
    bool agents; // servers have agents
    int64_t length_ms;
    uint32_t fault_count;
    struct truth_fault faults[TRUTH_FAULTS_MAX];
};

#endif
