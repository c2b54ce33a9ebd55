// SPDX-License-Identifier: Apache-2.0
// The helper process that touches a share in the agent's stead, since that may hang in the kernel
// where not even SIGKILL frees it.
//
// One request at a time, each with a deadline. When it passes, the helper is abandoned: killed, its
// pipes closed, never waited for; when it does die, libuv reaps it. At most HELPERS_LINGERING_MAX
// linger; then no new one starts until one is gone.
// Ownership: frees itself after close; the program's path is copied. Thread: the loop's. Failure:
// helper_ask reports what stops it at once; later the answer callback does, exactly once per ask,
// never after close.
#ifndef AGENT_PROBE_PROBE_HELPER_H
#define AGENT_PROBE_PROBE_HELPER_H

#include "base/status.h"
#include "base/time.h"
#include "domain/ids.h"

#include <stdbool.h>
#include <uv.h>

enum { HELPERS_LINGERING_MAX = 8, HELPER_LINE_MAX = 1024 };

enum helper_result {
    HELPER_ANSWERED,
    HELPER_TIMED_OUT, // abandoned
    HELPER_BROKE      // ended or talked nonsense, twice
};

struct probe_helper_counters {
    uint64_t started, abandoned, broken;
    uint32_t lingering; // now
};

struct probe_helper;

// `program`: the helper's path; "" = stationwatch-probe beside this executable.
MUST_CHECK enum status probe_helper_open(uv_loop_t *loop, const char *program,
                                         struct probe_helper **ret_helper);
// `line` is NULL unless HELPER_ANSWERED. STATUS_UNAVAILABLE: the last request still runs.
// STATUS_FULL: too many helpers linger. Else the helper cannot be started, and `problem` tells why.
MUST_CHECK enum status probe_helper_ask(struct probe_helper *helper, const char *request,
                                        struct duration deadline,
                                        void (*answer)(void *context, enum helper_result result,
                                                       const char *line),
                                        void *context, char problem[TEXT_SIZE]);
bool probe_helper_is_busy(const struct probe_helper *helper);
struct probe_helper_counters probe_helper_counters(const struct probe_helper *helper);
void probe_helper_close(struct probe_helper *helper, void (*closed)(void *context), void *context);

#endif
