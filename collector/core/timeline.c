// SPDX-License-Identifier: Apache-2.0
// The bounded timeline.
#include "collector/core/timeline.h"

#include "base/text.h"

#include <stdarg.h>
#include <string.h>

static struct incident_timeline_entry *make_room(struct incident *incident)
{
    if (incident->timeline_count < INCIDENT_TIMELINE_MAX)
        return &incident->timeline[incident->timeline_count++];
    enum { MIDDLE = INCIDENT_TIMELINE_MAX / 2 };
    memmove(&incident->timeline[MIDDLE], &incident->timeline[MIDDLE + 1],
            (INCIDENT_TIMELINE_MAX - MIDDLE - 1) * sizeof incident->timeline[0]);
    incident->timeline_dropped++;
    return &incident->timeline[INCIDENT_TIMELINE_MAX - 1];
}

void timeline_add(struct incident *incident, struct wall_time at, const char *event,
                  const char *format, ...)
{
    struct incident_timeline_entry *entry = make_room(incident);
    *entry = (struct incident_timeline_entry){.at = at};
    text_set(entry->event, event);
    struct text text;
    text_init(&text, entry->text, sizeof entry->text);
    va_list args;
    va_start(args, format);
    text_vprintf(&text, format, args);
    va_end(args);
}
