// SPDX-License-Identifier: Apache-2.0
// Reading the words of a statement.
//
// Ownership: the statement's texts. Thread: any. Failure: false or NULL, the statement is not to be
// understood.
#ifndef SCENARIO_WORDS_H
#define SCENARIO_WORDS_H

#include "tests/scenario/scenario.h"

#include <stdbool.h>

// The word at `index`, "" behind the last.
const char *word_at(const struct statement *statement, uint32_t index);
// The word after `name` from `from` on, NULL = not there.
const char *word_after(const struct statement *statement, uint32_t from, const char *name);
// The time after `name`, 0 if it is not there. False: something else stands there.
bool word_time(const struct statement *statement, uint32_t from, const char *name,
               struct duration *ret);
// "missing" of OUTCOME_MISSING: the end of the contract's name, letters folded.
bool word_enum(const char *word, int count, const char *(*name)(int), const char *prefix, int *ret);

#endif
