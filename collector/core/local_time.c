// SPDX-License-Identifier: Apache-2.0
// Offsets by bisection, days by division.
#include "collector/core/local_time.h"

enum { MINUTE_MS = 60000, DAY_MINUTES = 1440, MONDAY = 4 }; // 1970-01-05 was a Monday

// How many changes lie at or before `ms`.
static size_t changes_before(const struct engine_zone *zone, int64_t ms)
{
    size_t low = 0, high = zone->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (zone->transitions[middle].from_ms <= ms)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int64_t floor_divide(int64_t value, int64_t by)
{
    return value / by - (value % by < 0);
}

struct local_time local_time_at(const struct engine_zone *zone, struct wall_time at)
{
    struct local_time local = {0};
    int64_t offset_s = 0;
    size_t passed = changes_before(zone, at.ms);
    if (zone->count > 0)
        offset_s = zone->transitions[passed > 0 ? passed - 1 : 0].offset_s;
    if (passed > 1) {
        const struct engine_zone_transition *last = &zone->transitions[passed - 1];
        int64_t put_back_ms = ((int64_t)last[-1].offset_s - last->offset_s) * 1000;
        local.again = at.ms - last->from_ms < put_back_ms;
    }
    int64_t minutes = floor_divide(at.ms + offset_s * 1000, MINUTE_MS);
    local.day = floor_divide(minutes, DAY_MINUTES);
    local.minute = (uint32_t)(minutes - local.day * DAY_MINUTES);
    int64_t since_monday = local.day - MONDAY;
    local.weekday = (uint32_t)(since_monday - floor_divide(since_monday, 7) * 7);
    return local;
}

uint32_t local_time_quarter(const struct local_time *local)
{
    return local->weekday * QUARTERS_PER_DAY + local->minute / 15;
}
