// SPDX-License-Identifier: Apache-2.0
// One cause of the codebook as a section of docs/causes.md, and its line in the index.
//
// Ownership: none; writes to standard output. Thread: one. Failure: that of standard output.
#ifndef TESTS_HOUSE_CAUSES_PAGE_SECTION_H
#define TESTS_HOUSE_CAUSES_PAGE_SECTION_H

#include "collector/core/codebook.h"

// "| [CODE](#code) | title | component | priority | owner |"
void print_index_line(const struct cause *cause);
void print_section(const struct cause *cause);

#endif
