// SPDX-License-Identifier: Apache-2.0
// Time zones by the system's own database.
#include "collector/config/site_zone.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ZONE_FOLDER "/usr/share/zoneinfo/"

const char *site_zone_problem(const char *zone)
{
    if (text_equal(zone, "UTC"))
        return NULL;
    if (zone[0] == '\0' || zone[0] == '/' || strstr(zone, "..") != NULL)
        return "is not the name of a time zone; write one as Europe/Berlin or UTC";
    char path[512];
    int length = snprintf(path, sizeof path, ZONE_FOLDER "%s", zone);
    if (length < 0 || (size_t)length >= sizeof path || access(path, R_OK) != 0)
        return "is not in " ZONE_FOLDER "; write a name as Europe/Berlin, or install tzdata";
    return NULL;
}

void site_zone_use(const char *zone)
{
    // Out of memory leaves UTC, which the shown offset then says.
    if (setenv("TZ", zone, 1) == 0)
        tzset();
}

int site_zone_offset_minutes(struct wall_time at)
{
    time_t seconds = (time_t)(at.ms / 1000);
    struct tm local;
    if (localtime_r(&seconds, &local) == NULL)
        return 0;
    return (int)(local.tm_gmtoff / 60);
}

static int32_t offset_at(int64_t second)
{
    time_t seconds = (time_t)second;
    struct tm local;
    return localtime_r(&seconds, &local) == NULL ? 0 : (int32_t)local.tm_gmtoff;
}

// The second at which the offset changes, after `low` and not after `high`.
static int64_t find_change(int64_t low, int64_t high)
{
    int32_t before = offset_at(low);
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (offset_at(middle) == before)
            low = middle;
        else
            high = middle;
    }
    return high;
}

// Two changes are never closer than some weeks (Ramadan in a summer).
static size_t gather(struct engine_zone_transition ret[SITE_ZONE_TRANSITIONS_MAX])
{
    static const int64_t from = 1262304000, to = 2840140800, stride = 3 * 86400; // 2010, 2060
    size_t count = 0;
    ret[count++] = (struct engine_zone_transition){from * 1000, offset_at(from)};
    for (int64_t at = from; at < to && count < SITE_ZONE_TRANSITIONS_MAX; at += stride) {
        if (offset_at(at) == offset_at(at + stride))
            continue;
        int64_t change = find_change(at, at + stride);
        ret[count++] = (struct engine_zone_transition){change * 1000, offset_at(change)};
    }
    return count;
}

size_t site_zone_transitions(const char *zone,
                             struct engine_zone_transition ret[SITE_ZONE_TRANSITIONS_MAX])
{
    const char *in_use = getenv("TZ");
    char *before = in_use == NULL ? NULL : strdup(in_use);
    site_zone_use(zone);
    size_t count = gather(ret);
    if (before != NULL)
        site_zone_use(before);
    else if (unsetenv("TZ") == 0)
        tzset();
    free(before);
    return count;
}
