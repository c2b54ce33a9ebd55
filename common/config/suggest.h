// SPDX-License-Identifier: Apache-2.0
// "Did you mean …?": how far two words are apart.
//
// Ownership: none. Thread: any. Failure: none.
#ifndef CONFIG_SUGGEST_H
#define CONFIG_SUGGEST_H

#include <stddef.h>

enum { SUGGEST_WORD_MAX = 64 };

// Edits (insert, delete, replace, swap neighbours; case of letters is free) that turn `a` into `b`;
// SUGGEST_WORD_MAX when one is that long.
size_t suggest_distance(const char *a, const char *b);

// Better of two candidates for `word`: `candidate` where it is a plausible slip and closer than
// `best`, else `best` (which may be NULL).
const char *suggest_closer(const char *word, const char *best, const char *candidate);

#endif
