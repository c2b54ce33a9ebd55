// SPDX-License-Identifier: Apache-2.0
// A condition on one field of an incident: `code=A|B`, `affected>=150`, `cause~manual`.
//
// Ownership: borrows the word. Thread: any. Failure: false.
#ifndef SCENARIO_FIELD_H
#define SCENARIO_FIELD_H

#include "base/text.h"
#include "tests/scenario/expectation.h"

// Cuts the word into name, operator and value. False: not a condition on a field there is.
bool field_read(char *word, struct expected_field *ret);
// Whether it holds; if not, `why` says what is there instead.
bool field_holds(const struct expected_field *field, const struct incident *incident,
                 struct text *why);
// `number OP value`, for counters too. False: not a number or an operator for numbers.
bool field_compare(double number, const char *op, const char *value);

#endif
