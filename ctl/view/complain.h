// SPDX-License-Identifier: Apache-2.0
// One sentence to standard error, with the program's name in front.
//
// Ownership: none. Thread: any. Failure: none that a caller could act on.
#ifndef CTL_VIEW_COMPLAIN_H
#define CTL_VIEW_COMPLAIN_H

void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
