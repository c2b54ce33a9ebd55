// SPDX-License-Identifier: Apache-2.0
// What was said of a scenario against what was true.
//
// A name counts 1 when it is the cause's own or a group that holds it and nothing that evidence had
// split by then; a group that could have been smaller counts 1 / its size. Ownership: plain values.
// Thread: any. Failure: none.
#ifndef BENCH_JUDGE_H
#define BENCH_JUDGE_H

#include "bench/engine_run.h"

// Less probable alternatives are not what a reader takes away.
#define NAMED_FROM 0.1

struct fault_judgement {
    bool visible;                      // it sent a symptom in time to be seen
    bool told, quiet_seen;             // people were told; a quiet one was noticed as what it is
    double named_first, named_last;    // 0 to 1
    uint32_t alerts;                   // incidents that people were told of because of it
    int64_t delay_ms, opened_delay_ms; // from its first symptom; -1 = not told, not opened
};

struct judgement {
    struct fault_judgement faults[TRUTH_FAULTS_MAX];
    uint32_t spurious; // told, and nothing was wrong
};

void judge_run(const struct truth *truth, const struct engine_run *run, struct judgement *ret);

// How well `named` says what `fault` is, at that time: 0 to 1.
double judge_named(const struct truth_fault *fault, const struct named *named, int64_t t_ms);
// The leader is the fault, or one that nothing had split from it by then.
bool judge_leads(const struct truth_fault *fault, const struct named *named, int64_t t_ms);

#endif
