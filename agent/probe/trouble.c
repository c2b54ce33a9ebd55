// SPDX-License-Identifier: Apache-2.0
// Remembers the last trouble told.
#include "agent/probe/trouble.h"

#include "base/text.h"

void trouble_tell(struct trouble *trouble, const char *format, ...)
{
    char buffer[TEXT_SIZE];
    struct text text;
    text_init(&text, buffer, sizeof(buffer));
    va_list args;
    va_start(args, format);
    text_vprintf(&text, format, args);
    va_end(args);
    if (text_equal(buffer, trouble->told))
        return;
    text_set(trouble->told, buffer);
    trouble->sink->trouble(trouble->sink->context, trouble->probe, buffer);
}

void trouble_clear(struct trouble *trouble)
{
    trouble->told[0] = '\0';
}
