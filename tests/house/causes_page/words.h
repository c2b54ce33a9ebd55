// SPDX-License-Identifier: Apache-2.0
// The words in which docs/causes.md speaks of what the codebook says with enumerators.
//
// Ownership: static texts; names are written into the caller's buffer. Thread: any.
// Failure: NULL for an enumerator that has no words yet.
#ifndef TESTS_HOUSE_CAUSES_PAGE_WORDS_H
#define TESTS_HOUSE_CAUSES_PAGE_WORDS_H

#include "collector/core/codebook.h"

enum { WORD_SIZE = 40 };

const char *kind_words(enum component_kind kind);
const char *recovery_words(enum recovery recovery);
const char *proof_words(enum proof proof);
const char *priority_words(enum priority priority);

// "fetch" of SYMPTOM_FETCH_OK, "server loss" of SYMPTOM_SERVER_LOST.
void channel_name(char name[WORD_SIZE], enum symptom symptom);
// "ok" of SYMPTOM_FETCH_OK, "lost" of SYMPTOM_SERVER_LOST.
void value_name(char name[WORD_SIZE], enum symptom symptom);
// What stands before symptom_text() to make it a sentence: "fetches ", or nothing.
const char *subject_words(enum symptom symptom);

// "69 %", "never".
void percent_words(char words[WORD_SIZE], double probability);
// "5 min", "7 days".
void duration_words(char words[WORD_SIZE], uint32_t seconds);

#endif
