// SPDX-License-Identifier: Apache-2.0
// What was refused, counted by reason; one log line per reason a minute, however much comes.
//
// Ownership: the caller's struct, all zero at first. Thread: one at a time. Failure: none.
#ifndef COLLECTOR_SHELL_REJECTS_H
#define COLLECTOR_SHELL_REJECTS_H

#include "base/time.h"
#include "wire/codec.h"

struct rejects {
    uint64_t count[WIRE_REJECT_COUNT];
    uint64_t logged_at_count[WIRE_REJECT_COUNT];
    struct mono_time quiet_until[WIRE_REJECT_COUNT]; // 0 = never logged
};

void rejects_add(struct rejects *rejects, enum wire_reject reason, const char *topic,
                 struct mono_time now);

#endif
