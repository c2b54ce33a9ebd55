// SPDX-License-Identifier: Apache-2.0
// A command as one text, split into arguments without any shell.
//
// Ownership: init fills the caller's struct, which holds the bytes itself. Thread: any; pure.
// Failure: STATUS_INVALID with a sentence; the struct is not to be used then.
#ifndef AGENT_PROBE_ARGUMENT_LIST_H
#define AGENT_PROBE_ARGUMENT_LIST_H

#include "base/status.h"
#include "domain/ids.h"

#include <stddef.h>

enum { ARGUMENTS_MAX = 32 };

struct argument_list {
    size_t count;
    char *values[ARGUMENTS_MAX + 1]; // NULL-terminated, into `bytes`
    char bytes[TEXT_SIZE];
};

// Words are separated by blanks; '…' keeps everything in it, "…" all but \" and \\; outside of
// quotes a backslash keeps the next character. At least one word.
MUST_CHECK enum status argument_list_init(struct argument_list *list, const char *command,
                                          char problem[TEXT_SIZE]);

#endif
