// SPDX-License-Identifier: Apache-2.0
// Counting and the rate-limited line.
#include "collector/shell/rejects.h"

#include "runtime/log.h"

#include <inttypes.h>

enum { QUIET_S = 60, TOPIC_SHOWN = 120 };

// A topic is anybody's bytes: control characters must not reach a terminal.
static void printable(const char *topic, char out[TOPIC_SHOWN + 1])
{
    size_t i = 0;
    for (; topic[i] != '\0' && i < TOPIC_SHOWN; i++)
        out[i] = (unsigned char)topic[i] < 0x20 || topic[i] == 0x7f ? '?' : topic[i];
    out[i] = '\0';
}

void rejects_add(struct rejects *rejects, enum wire_reject reason, const char *topic,
                 struct mono_time now)
{
    uint64_t count = ++rejects->count[reason];
    if (rejects->quiet_until[reason].us != 0 && mono_before(now, rejects->quiet_until[reason]))
        return;
    char shown[TOPIC_SHOWN + 1];
    printable(topic, shown);
    log_warning("ingest", "refused a message on '%s': %s (%" PRIu64 " since the last such line)",
                shown, wire_reject_name(reason), count - rejects->logged_at_count[reason]);
    rejects->logged_at_count[reason] = count;
    rejects->quiet_until[reason] = mono_add(now, duration_s(QUIET_S));
}
