// SPDX-License-Identifier: Apache-2.0
// The local socket on which the tester's software, or a script, reports order fetches: what
// report_open (probes.h) opens, and its counters.
//
// Each line is one JSON OrderFetch: outcome and order are required, product, latency_ms and detail
// optional; source, time and key are the agent's to set. Each is answered by a line: `ok` once it
// is on disk, else `error: …`. At most REPORT_CLIENTS_MAX clients: a further one takes the place of
// the one that was silent longest. A client has one line handled in a turn of the loop, none while
// it does not take its answer, and REPORT_PATIENCE_MS to finish a line or take an answer.
// Ownership, thread and failure: probe.h.
#ifndef AGENT_PROBE_REPORT_H
#define AGENT_PROBE_REPORT_H

#include "agent/probe/probes.h"

enum { REPORT_CLIENTS_MAX = 16, REPORT_LINE_MAX = 4096, REPORT_PATIENCE_MS = 2000 };

struct report_counters {
    uint64_t accepted, refused; // lines
    uint64_t clients, dropped;  // connections taken; … and cut off by us
};

// Of a probe that report_open made.
struct report_counters report_counters(const struct probe *probe);

#endif
