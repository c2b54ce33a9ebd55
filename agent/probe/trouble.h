// SPDX-License-Identifier: Apache-2.0
// Tells the sink of a trouble once, not each time it is met again.
//
// Ownership: the caller's struct; sink and name outlive it. Thread: one at a time. Failure: none.
#ifndef AGENT_PROBE_TROUBLE_H
#define AGENT_PROBE_TROUBLE_H

#include "agent/probe/probe.h"

struct trouble {
    const struct probe_sink *sink;
    const char *probe;
    char told[TEXT_SIZE]; // "" = all is well
};

// Passes the text on unless it is what was told last.
void trouble_tell(struct trouble *trouble, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
// All is well again: the next trouble is news.
void trouble_clear(struct trouble *trouble);

#endif
