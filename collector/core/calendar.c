// SPDX-License-Identifier: Apache-2.0
// Rows against a local time.
#include "collector/core/calendar.h"

#include "base/text.h"
#include "collector/core/local_time.h"

enum { DAY_MINUTES = 1440 };

static bool is_holiday(const struct engine_config *config, int64_t day)
{
    for (size_t i = 0; i < config->holiday_count; i++)
        if (day >= config->holidays[i].from_day && day <= config->holidays[i].to_day)
            return true;
    return false;
}

// Whether the row has a shift that begins on the day `back` days before `local` and is on then.
static bool shift_covers(const struct engine_config *config, const struct engine_shift *shift,
                         const struct local_time *local, uint32_t back)
{
    uint32_t weekday = (local->weekday + 7 - back) % 7;
    uint32_t minute = local->minute + back * DAY_MINUTES; // of the day it began
    uint32_t end = shift->to_minute;
    if (end <= shift->from_minute)
        end += DAY_MINUTES;
    return (shift->weekdays >> weekday & 1) != 0 && minute >= shift->from_minute && minute < end &&
           !is_holiday(config, local->day - (int64_t)back);
}

static bool speaks_of(const struct engine_shift *shift, const char *area)
{
    return shift->area[0] == '\0' || text_equal(shift->area, area);
}

static bool is_covered(const struct engine_config *config, const char *area, struct wall_time at)
{
    struct local_time local = local_time_at(&config->zone, at);
    for (size_t i = 0; i < config->shift_count; i++) {
        const struct engine_shift *shift = &config->shifts[i];
        if (speaks_of(shift, area) &&
            (shift_covers(config, shift, &local, 0) || shift_covers(config, shift, &local, 1)))
            return true;
    }
    return false;
}

enum calendar_state calendar_at(const struct engine_config *config, const char *area,
                                struct wall_time at)
{
    struct duration tolerance = duration_s(CALENDAR_TOLERANCE_MIN * 60);
    bool any = false;
    for (size_t i = 0; i < config->shift_count && !any; i++)
        any = speaks_of(&config->shifts[i], area);
    if (!any)
        return CALENDAR_NONE;
    // All three: so that adjacent shifts are one, and only the edges of working time are soft.
    bool working = is_covered(config, area, at) &&
                   is_covered(config, area, wall_add(at, tolerance)) &&
                   is_covered(config, area, wall_add(at, (struct duration){-tolerance.us}));
    return working ? CALENDAR_WORKING : CALENDAR_OFF;
}
