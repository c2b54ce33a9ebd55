// SPDX-License-Identifier: Apache-2.0
// How each probe is opened: its settings and its door. What all have in common is in probe.h.
#ifndef AGENT_PROBE_PROBES_H
#define AGENT_PROBE_PROBES_H

#include "agent/probe/probe.h"
#include "agent/probe/service.h"

enum { LOG_PATTERNS_MAX = 16, PATTERN_SIZE = 512 };

// A named PCRE2 pattern. Named groups that matter: order, product, latency_ms, detail.
struct log_pattern {
    char name[NAME_SIZE];
    char regex[PATTERN_SIZE];
    int outcome; // enum outcome that a match means
};

struct log_tail_settings {
    char path[TEXT_SIZE];   // the tester's log; may not exist yet, may be rotated
    char encoding[ID_SIZE]; // "utf-8", "windows-1252", "utf-16le"
    size_t pattern_count;
    struct log_pattern patterns[LOG_PATTERNS_MAX]; // the first that matches wins
};

struct share_settings {
    char path[TEXT_SIZE];     // a folder, or a file in it that stations can read: what is probed
    struct duration interval; // with jitter
    struct duration deadline; // then the helper is abandoned and counted, never waited for
    char helper[TEXT_SIZE];   // path of stationwatch-probe; "" = beside the agent's executable
    uint64_t jitter_seed;
};

struct report_settings {
    char socket[TEXT_SIZE]; // a local stream socket; each line is one JSON OrderFetch
};

struct order_output_settings {
    char path[TEXT_SIZE];         // folder the order files are written to
    char request_path[TEXT_SIZE]; // folder of requests not yet answered (backlog); "" = unknown
    struct duration interval;     // 10 s
    char helper[TEXT_SIZE];
    struct duration deadline;
};

struct software_settings {
    char command[TEXT_SIZE]; // executable path or name of the tester's software; "" = not watched
};

// Each: STATUS_OK, or a status and a sentence in `problem`.
MUST_CHECK enum status log_tail_open(uv_loop_t *loop, const struct log_tail_settings *settings,
                                     const struct probe_sink *sink, struct probe **ret_probe,
                                     char problem[TEXT_SIZE]);
MUST_CHECK enum status share_probe_open(uv_loop_t *loop, const struct share_settings *settings,
                                        const struct probe_sink *sink, struct probe **ret_probe,
                                        char problem[TEXT_SIZE]);
MUST_CHECK enum status report_open(uv_loop_t *loop, const struct report_settings *settings,
                                   const struct probe_sink *sink, struct probe **ret_probe,
                                   char problem[TEXT_SIZE]);
MUST_CHECK enum status order_output_open(uv_loop_t *loop,
                                         const struct order_output_settings *settings,
                                         const struct probe_sink *sink, struct probe **ret_probe,
                                         char problem[TEXT_SIZE]);
MUST_CHECK enum status software_open(uv_loop_t *loop, const struct software_settings *settings,
                                     const struct probe_sink *sink, struct probe **ret_probe,
                                     char problem[TEXT_SIZE]);

#endif
