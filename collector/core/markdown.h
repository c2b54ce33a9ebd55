// SPDX-License-Identifier: Apache-2.0
// Foreign text inside Markdown that stays text: names, reasons and comments come from outside and
// may hold anything.
//
// Ownership: writes into the caller's text. Thread: any. Failure: what does not fit is cut, as in
// base/text.h.
#ifndef COLLECTOR_CORE_MARKDOWN_H
#define COLLECTOR_CORE_MARKDOWN_H

#include "base/text.h"

// `s` on one line: line breaks and control characters become one space, what Markdown or HTML would
// take for markup is escaped. Safe in a paragraph, a heading, a list item and a table cell.
void markdown_text(struct text *out, const char *s);

#endif
