// SPDX-License-Identifier: Apache-2.0
// Lines of a tester's log against named PCRE2 patterns: the first that matches wins.
//
// Named groups that matter: order, product, latency_ms, detail; each may be absent. Patterns come
// from people, so every match runs under PCRE2's match, depth and heap limits.
// Ownership: new and free; the patterns are copied in compiled form. Thread: one at a time; pure.
// Failure: a pattern that does not compile is named with its place and PCRE2's reason; at run time
// a pattern that hits a limit has not matched, and is counted.
#ifndef AGENT_PROBE_LOG_MATCHER_H
#define AGENT_PROBE_LOG_MATCHER_H

#include "agent/probe/probes.h"

struct log_matcher;

struct log_match {
    size_t pattern; // its index
    enum outcome outcome;
    char order[NAME_SIZE];   // "" = no such group, or it took no part
    char product[NAME_SIZE]; // the same
    char detail[TEXT_SIZE];  // the same
    int64_t latency_ms;      // -1 = unknown
};

// STATUS_INVALID with a sentence in `problem`: no patterns, a bad regex, a bad outcome.
MUST_CHECK enum status log_matcher_new(const struct log_pattern *patterns, size_t count,
                                       struct log_matcher **ret_matcher, char problem[TEXT_SIZE]);
void log_matcher_free(struct log_matcher *matcher);

// `line` is valid UTF-8. False: no pattern matches, *ret is untouched.
bool log_matcher_match(struct log_matcher *matcher, const char *line, size_t length,
                       struct log_match *ret);
// Matches given up at a limit.
uint64_t log_matcher_given_up(const struct log_matcher *matcher);

#endif
