// SPDX-License-Identifier: Apache-2.0
// Text for people on a terminal: colours where they are welcome, and wrapped paragraphs.
//
// Colours only on a terminal that has them, never with NO_COLOR set (no-color.org).
// Ownership: none. Thread: one at a time. Failure: none that a caller could act on.
#ifndef CTL_VIEW_TERMINAL_H
#define CTL_VIEW_TERMINAL_H

#include "base/time.h"
#include "domain/incident.h"

#include <stdio.h>

enum style { STYLE_PLAIN, STYLE_BOLD, STYLE_DIM, STYLE_RED, STYLE_YELLOW, STYLE_GREEN };

struct terminal {
    FILE *file;
    bool colours;
    int columns; // to wrap at
};

// On standard output.
void terminal_init(struct terminal *terminal);

void terminal_print(const struct terminal *terminal, enum style style, const char *text);
// "Label        text …", wrapped under itself; nothing when `text` is empty.
void terminal_field(const struct terminal *terminal, const char *label, const char *text);
// A paragraph of a list under the latest label.
void terminal_item(const struct terminal *terminal, const char *text);
// Spaces that bring a column of `shown` up to `width`.
void terminal_pad(const struct terminal *terminal, const char *shown, int width);

enum style style_of_priority(enum priority priority);

// Local date and time of the reader with milliseconds, or the time alone.
#define CLOCK_TEXT_SIZE 40
const char *clock_text(struct wall_time at, char out[CLOCK_TEXT_SIZE]);
const char *clock_time_text(struct wall_time at, char out[CLOCK_TEXT_SIZE]);

#endif
