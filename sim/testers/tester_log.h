// SPDX-License-Identifier: Apache-2.0
// The log a tester writes, LOGS/NODE/tester.log: one English line for each scan, in local time.
//
// Ownership: caller's buffers. Thread: any. Failure: a status with errno set.
#ifndef SIM_TESTERS_TESTER_LOG_H
#define SIM_TESTERS_TESTER_LOG_H

#include "base/status.h"
#include "base/text.h"
#include "base/time.h"
#include "domain/observation.h"

struct scan_result {
    const char *node, *order, *product;
    const char *path; // of the order file
    enum outcome outcome;
    int64_t latency_ms;
    const char *reason; // the system's word for what failed
};

// One line with its line break.
void tester_log_line(struct text *out, struct wall_time at, const struct scan_result *result);
// Appends the line to the tester's log, making its folder when there is none.
MUST_CHECK enum status tester_log_append(const char *logs, struct wall_time at,
                                         const struct scan_result *result);

#endif
