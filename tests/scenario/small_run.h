// SPDX-License-Identifier: Apache-2.0
// The small plant lives: one or two causes begin, every outcome is drawn from the codebook's own
// model, the engine hears it as messages, and a log keeps what could be observed.
//
//   struct small_run run;
//   small_run_init(&run, plant, seed);
//   small_run_strike(&run, supposition, at_ms);   // once or twice
//   small_run_play(&run, until_ms);               // or until the first incident opens
// The same seed gives the same run.
// Ownership: the run owns its engine; the plant outlives it. Thread: one at a time. Failure: out of
// memory ends the program, it is a test's.
#ifndef SCENARIO_SMALL_RUN_H
#define SCENARIO_SMALL_RUN_H

#include "base/random.h"
#include "collector/core/engine.h"
#include "tests/scenario/oracle.h"

enum { SMALL_STRIKES_MAX = 2, SMALL_LOG_MAX = 8192, SMALL_OPENED_MAX = 16 };

// An incident as it stood when it opened, and as it stands.
struct opened {
    int64_t at_ms;
    size_t log_count; // of what was observed by then
    bool told;        // people were, by now
    struct incident incident, latest;
};

struct small_node {
    int64_t beat_at, fetch_at, overdue_at, lost_at, heard_at; // INT64_MAX = never
    int64_t probed_at;
    uint64_t seq, beats;
    enum stock stock;
    bool silent, heard_since; // since the latest onset
};

enum making { MAKING_FLOWS, MAKING_IDLE, MAKING_STOPS };

struct small_run {
    const struct small_plant *plant;
    struct random_state random;
    struct engine *engine;
    int64_t now_ms;
    bool probes;   // stations look at the share
    bool unlogged; // a long run: no log is kept
    bool twice;    // every message is told twice, and an order that failed is asked for once more
    struct strike {
        uint32_t supposition;
        int64_t at_ms;
        bool begun;
    } strikes[SMALL_STRIKES_MAX];
    uint32_t strike_count;
    struct small_node nodes[SMALL_STATIONS + 1]; // the last is the server
    enum symptom state, disk;
    enum making making;
    int64_t stopped_at, report_at, resync_at, will_at, link_at;
    size_t log_count;
    struct observation log[SMALL_LOG_MAX];
    uint32_t opened_count;
    struct opened opened[SMALL_OPENED_MAX];
};

void small_run_init(struct small_run *run, const struct small_plant *plant, uint64_t seed);
void small_run_fini(struct small_run *run);
void small_run_strike(struct small_run *run, uint32_t supposition, int64_t at_ms);
// Plays to `until_ms`, or until the first incident opens. True: one is open.
bool small_run_until_opened(struct small_run *run, int64_t until_ms);
void small_run_play(struct small_run *run, int64_t until_ms);

#endif
