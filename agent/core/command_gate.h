// SPDX-License-Identifier: Apache-2.0
// Which commands an agent obeys: known, fresh, told once and to it alone.
//
// A command is refused when it was retained (it may be years old, whatever its expiry says), has
// no id, is expired by more than the tolerance for clocks that disagree, repeats one of the last
// 64 accepted ids, or is not in the vocabulary. Whether a service may be started is its guardian's
// to say.
// Ownership: plain value. Thread: one at a time. Failure: a verdict with a text.
#ifndef AGENT_CORE_COMMAND_GATE_H
#define AGENT_CORE_COMMAND_GATE_H

#include "base/time.h"
#include "domain/observation.h"

enum { COMMAND_GATE_REMEMBERED = 64, COMMAND_TOLERANCE_MS = 60000 };

enum command_action { COMMAND_RESYNC, COMMAND_PROBE, COMMAND_START_SERVICE };

enum command_verdict {
    COMMAND_ACCEPTED,
    COMMAND_RETAINED,
    COMMAND_WITHOUT_ID,
    COMMAND_EXPIRED,
    COMMAND_REPEATED,
    COMMAND_UNKNOWN,
    COMMAND_VERDICT_COUNT
};

struct command_gate {
    char seen[COMMAND_GATE_REMEMBERED][ID_SIZE]; // a ring; "" = free
    uint32_t next;
};

void command_gate_init(struct command_gate *gate);

// COMMAND_ACCEPTED: `*ret_action` is to be done, and its id is remembered.
enum command_verdict command_gate_check(struct command_gate *gate, const struct command *command,
                                        bool retained, struct instant now,
                                        enum command_action *ret_action);

// Static text for a log line: "it has expired".
const char *command_verdict_text(enum command_verdict verdict);

#endif
