// SPDX-License-Identifier: Apache-2.0
// Trouble, told on standard error.
#include "ctl/view/complain.h"

#include <stdarg.h>
#include <stdio.h>

void complain(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("stationwatch: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
}
