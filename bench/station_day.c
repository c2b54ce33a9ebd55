// SPDX-License-Identifier: Apache-2.0
// A day's gaps: lines first, then waves of updates, then glitches.
#include "bench/station_day.h"

enum {
    MARGIN_MS = 60000,
    SECOND_MS = 1000,
    PATCH_MINUTE = 150,   // updates of Windows come at 02:30 …
    UPGRADE_MINUTE = 600, // … new agents at 10:00 …
    SERVER_MINUTE = 255,  // … the server restarts at 04:15 of a Sunday
    LOOK_AHEAD_DAYS = 30,
    GLITCH_MIN_MS = 2600,
    GLITCH_MAX_MS = 4500
};

static const double GLITCHES_A_DAY = 0.1, SEGMENT_GLITCHES_A_DAY = 0.1;

void station_day_forget(struct station_day *day, int64_t now_ms)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < day->count; i++)
        if (day->gaps[i].to_ms > now_ms)
            day->gaps[kept++] = day->gaps[i];
    day->count = kept;
}

bool station_day_add(struct station_day *day, struct gap gap)
{
    uint32_t at = day->count;
    if (day->count == GAPS_MAX)
        return false;
    for (uint32_t i = 0; i < day->count; i++)
        if (gap.from_ms < day->gaps[i].to_ms + MARGIN_MS &&
            day->gaps[i].from_ms < gap.to_ms + MARGIN_MS)
            return false;
    for (; at > 0 && day->gaps[at - 1].from_ms > gap.from_ms; at--)
        day->gaps[at] = day->gaps[at - 1];
    day->gaps[at] = gap;
    day->count++;
    return true;
}

int64_t station_day_heard_until(const struct station_day *day, int64_t now_ms, int64_t horizon_ms)
{
    for (uint32_t i = 0; i < day->count; i++)
        if (day->gaps[i].to_ms > now_ms)
            return day->gaps[i].from_ms < now_ms       ? now_ms
                   : day->gaps[i].from_ms < horizon_ms ? day->gaps[i].from_ms
                                                       : horizon_ms;
    return horizon_ms;
}

const struct gap *station_day_at(const struct station_day *day, int64_t from_ms)
{
    for (uint32_t i = 0; i < day->count; i++)
        if (day->gaps[i].from_ms == from_ms)
            return &day->gaps[i];
    return NULL;
}

// ---- lines -----------------------------------------------------------------------------------

static int64_t next_working_day(const struct site_calendar *calendar, uint32_t line, int64_t day)
{
    for (int64_t d = day + 1; d <= day + LOOK_AHEAD_DAYS; d++)
        if (site_calendar_works_on(calendar, line, d))
            return d;
    return day + LOOK_AHEAD_DAYS;
}

// From some minutes after the last shift to some before the next one; the habit of the line, with
// the play that people have.
static void plan_line(const struct site_calendar *calendar, struct random_state *random,
                      uint32_t line, int64_t day, struct station_day *days)
{
    const struct line_times *times = &calendar->lines[line];
    if (times->habit == HABIT_STAYS_ON || !site_calendar_works_on(calendar, line, day))
        return;
    int64_t back = next_working_day(calendar, line, day);
    int64_t off =
        site_calendar_ms(calendar, day, times->to + 8) + draw_range(random, 0, 4 * MINUTE_IN_MS);
    int64_t on = site_calendar_ms(calendar, back, times->from - 20) +
                 draw_range(random, 0, 6 * MINUTE_IN_MS);
    bool power = times->habit == HABIT_MASTER_SWITCH;
    for (uint32_t i = 0; i < FLEET_LINE; i++) {
        int64_t own = power ? draw_range(random, 0, 300) : draw_range(random, 0, 5 * MINUTE_IN_MS);
        station_day_add(
            &days[line * FLEET_LINE + i],
            (struct gap){.from_ms = off + own,
                         .to_ms = on + draw_range(random, 30 * SECOND_MS, 150 * SECOND_MS),
                         .kind = power ? GAP_SWITCH : GAP_GOODBYE});
    }
}

// ---- waves and glitches ----------------------------------------------------------------------

static void plan_wave(const struct site_calendar *calendar, struct random_state *random,
                      int64_t day, int64_t minute, enum gap_kind kind, int64_t shortest_s,
                      int64_t longest_s, struct station_day *days)
{
    for (uint32_t i = 0; i < CALENDAR_STATIONS; i++) {
        int64_t from =
            site_calendar_ms(calendar, day, minute) + draw_range(random, 0, 90 * MINUTE_IN_MS);
        int64_t lasts = draw_range(random, shortest_s, longest_s) * SECOND_MS;
        station_day_add(&days[i], (struct gap){from, from + lasts, kind});
    }
}

static void plan_glitch(struct random_state *random, int64_t from, struct station_day *day)
{
    station_day_add(day, (struct gap){from, from + draw_range(random, GLITCH_MIN_MS, GLITCH_MAX_MS),
                                      GAP_GLITCH});
}

static void plan_glitches(const struct site_calendar *calendar, struct random_state *random,
                          int64_t day, struct station_day *days)
{
    int64_t midnight = site_calendar_ms(calendar, day, 5);
    for (uint32_t i = 0; i < CALENDAR_STATIONS; i++)
        if (draw_chance(random, GLITCHES_A_DAY))
            plan_glitch(random, midnight + draw_range(random, 0, 23 * 60 * MINUTE_IN_MS), &days[i]);
    if (!draw_chance(random, SEGMENT_GLITCHES_A_DAY)) // a switch finds its neighbours anew
        return;
    uint32_t first =
        (uint32_t)random_below(random, CALENDAR_STATIONS / FLEET_SEGMENT) * FLEET_SEGMENT;
    int64_t from = midnight + draw_range(random, 0, 23 * 60 * MINUTE_IN_MS);
    for (uint32_t i = first; i < first + FLEET_SEGMENT; i++)
        plan_glitch(random, from + draw_range(random, 0, 900), &days[i]);
}

void plan_day(const struct site_calendar *calendar, struct random_state *random, int64_t day,
              struct station_day *days)
{
    int64_t since = day - calendar->first_day;
    for (uint32_t l = 0; l < CALENDAR_LINES; l++)
        plan_line(calendar, random, l, day, days);
    if (since % 28 == 8)
        plan_wave(calendar, random, day, PATCH_MINUTE, GAP_REBOOT, 90, 600, days);
    if (since % 180 == 100)
        plan_wave(calendar, random, day, UPGRADE_MINUTE, GAP_UPGRADE, 4, 20, days);
    if (site_calendar_weekday(day) == 6 && since % 28 < 7) {
        int64_t from = site_calendar_ms(calendar, day, SERVER_MINUTE);
        station_day_add(
            &days[CALENDAR_STATIONS],
            (struct gap){from, from + draw_range(random, 90, 300) * SECOND_MS, GAP_REBOOT});
    }
    plan_glitches(calendar, random, day, days);
}
