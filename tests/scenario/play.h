// SPDX-License-Identifier: Apache-2.0
// One run of a scenario's script: what it says happens, what it expects is watched.
//
// Ownership: the play owns script, world and expectations; its effects are valid during `see`.
// Thread: one at a time. Failure: `problem` holds the first thing that is wrong, with its line.
#ifndef SCENARIO_PLAY_H
#define SCENARIO_PLAY_H

#include "tests/scenario/directive.h"

struct play {
    struct script script;
    struct world world;
    struct expectations expectations;
    struct stage stage;
    bool heedless; // what is expected is passed over
    void (*see)(void *context, struct duration at, const struct effect *effect); // NULL = nobody
    void *context;
    char problem[PROBLEM_SIZE];
};

// False: the file cannot be read; `problem` says why. play_fini is to be called all the same.
bool play_init(struct play *play, const char *path, struct duration delay_max, uint64_t delay_seed);
void play_fini(struct play *play);
// True: everything came as expected and nothing else.
bool play_run(struct play *play);

#endif
