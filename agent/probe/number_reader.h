// SPDX-License-Identifier: Apache-2.0
// Numbers one after the other out of a text.
//
// Ownership: none; *at moves behind the number read. Thread: any; pure. Failure: false (no digit,
// out of range), nothing moved or written.
#ifndef AGENT_PROBE_NUMBER_READER_H
#define AGENT_PROBE_NUMBER_READER_H

#include <stdbool.h>
#include <stdint.h>

// Blanks before the number are skipped. The unsigned one takes no sign; `base` is 10 or 16.
bool number_read_unsigned(const char **at, int base, uint64_t *ret);
bool number_read_signed(const char **at, int64_t *ret);

#endif
