// SPDX-License-Identifier: Apache-2.0
// The tail of the tester's log: what log_tail_open (probes.h) opens, and its counters.
//
// The rules of place:
// 1. With no bookmark the tail begins after the last complete line: history is not news. A file
// that
//    appears later is read from its beginning.
// 2. A bookmark is saved together with the events read before it. A refused append puts the tail
// back
//    to its last accepted place until resume; lines are then read again.
// 3. Rotation by rename: the old file is read to its end, and left when its successor has content
// (a
//    writer that was told late to reopen still writes to the old one until then). After a restart
//    the old file is looked for in the log's folder. Of two rotations while nobody reads, the file
//    in between is not found.
// 4. A file that became shorter, or whose first bytes changed, was cut or written anew: it is read
//    from its beginning. What was written and cut while nobody read is lost to everyone.
// 5. A line is as old as the last change of its file, at the youngest; its own time is not read.
//
// Ownership, thread and failure: probe.h.
#ifndef AGENT_PROBE_LOG_TAIL_H
#define AGENT_PROBE_LOG_TAIL_H

#include "agent/probe/probes.h"

struct log_tail_counters {
    uint64_t lines;      // complete lines read
    uint64_t matched;    // … of which a pattern matched
    uint64_t overlong;   // skipped: longer than 8 KiB
    uint64_t given_up;   // matches stopped at a limit
    uint64_t unfinished; // last lines without a break in a file that was left
    uint64_t rotations;  // successors begun
    uint64_t rewrites;   // files cut or written anew
    uint64_t refused;    // batches that the sink refused
};

// Of a probe that log_tail_open made.
struct log_tail_counters log_tail_counters(const struct probe *probe);

#endif
