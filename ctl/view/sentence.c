// SPDX-License-Identifier: Apache-2.0
// One incident as one sentence.
#include "ctl/view/sentence.h"

#include "ctl/view/terminal.h"

#include <string.h>

// Without a full stop of its own.
static void append_clause(struct text *out, const char *text)
{
    size_t length = strlen(text);
    while (length > 0 && (text[length - 1] == '.' || text[length - 1] == ' '))
        length--;
    text_append_bytes(out, text, length);
}

void sentence_of_incident(struct text *out, const struct incident *incident)
{
    char since[CLOCK_TEXT_SIZE];
    append_clause(out, incident->headline);
    if (incident->why_text[0] != '\0') {
        text_append(out, " (");
        append_clause(out, incident->why_text);
        text_append(out, ")");
    }
    text_printf(out, ", since %.8s", clock_time_text(incident->since, since));
    if (wall_known(incident->resolved_at))
        text_append(out, ", repaired");
    if (incident->owner[0] != '\0')
        text_printf(out, "; %s %s.", incident->owner,
                    incident->acknowledged_by[0] != '\0' ? "has acknowledged it" : "is in charge");
    else
        text_append(out, ".");
}

bool sentence_prefers(const struct incident *candidate, const struct incident *present)
{
    if (candidate->priority != present->priority)
        return candidate->priority > present->priority;
    if (candidate->scope.affected != present->scope.affected)
        return candidate->scope.affected > present->scope.affected;
    return candidate->since.ms < present->since.ms;
}
