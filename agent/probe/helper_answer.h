// SPDX-License-Identifier: Apache-2.0
// The protocol with the helper process `stationwatch-probe`: one request a line, one answer
// a line.
//
//   stat PATH                  -> OUTCOME_OK 0 ok | OUTCOME_DENIED 13 Permission denied
//   list PATH[TAB REQUESTS]    -> OUTCOME_OK 0 NEWEST_AGE_MS FILES BACKLOG FREE_BYTES TOTAL_BYTES
//
// Ownership: plain values. Thread: any; pure. Failure: false, *ret untouched.
#ifndef AGENT_PROBE_HELPER_ANSWER_H
#define AGENT_PROBE_HELPER_ANSWER_H

#include "domain/observation.h"

struct helper_answer {
    enum outcome outcome; // OUTCOME_UNSPECIFIED: an error that says nothing about the share
    int error;            // errno, 0 = none
    char text[TEXT_SIZE]; // the rest of the line
};

struct helper_listing {
    int64_t newest_age_ms; // -1 = no file
    uint64_t files;
    int64_t backlog; // -1 = unknown
    uint64_t free_bytes, total_bytes;
};

bool helper_answer_parse(const char *line, struct helper_answer *ret);
// The text of an OUTCOME_OK answer to `list`.
bool helper_listing_parse(const char *text, struct helper_listing *ret);
// Whether a path can stand in a request: not empty, no line break, no tab.
bool helper_path_is_valid(const char *path);

#endif
