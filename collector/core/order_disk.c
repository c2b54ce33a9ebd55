// SPDX-License-Identifier: Apache-2.0
// Levels, trends, and what a clean-up teaches.
#include "collector/core/order_disk.h"

#include <string.h>

#define MEBIBYTE  (UINT64_C(1) << 20)
#define HOUR_S    INT64_C(3600)
#define MINUTES_S INT64_C(60)        // between two samples of the near past
#define DAYS_S    (90 * INT64_C(60)) // and of the far past

// Parts of the whole.
#define FILLING_BELOW 0.10
#define AMPLE_ABOVE   0.12
#define TREND_BELOW   0.50
#define CLEANED_UP    0.02 // this much more room at once is a clean-up

#define SLACK 1.5

enum {
    FULL_BELOW_MB = 64,
    ROOM_AGAIN_MB = 128,
    TREND_HOLDS_S = 15 * 60, // after it was last seen
    PARTS = 4                // of a fall, through all of which it has to go on
};

// Which past says how much of the future.
static const struct look {
    bool days;
    int64_t window_s, least_s, ahead_s;
} looks[] = {
    {false, 20 * 60, 15 * 60, 6 * HOUR_S},
    {true, 6 * HOUR_S, 6 * HOUR_S, 18 * HOUR_S},
    {true, 12 * HOUR_S, 12 * HOUR_S, 36 * HOUR_S},
    {true, 24 * HOUR_S, 24 * HOUR_S, 72 * HOUR_S},
};
enum { LOOKS = sizeof looks / sizeof looks[0] };

// ---- history ---------------------------------------------------------------------------------

static void note(struct disk_series *series, struct duration spacing, struct mono_time now,
                 double free)
{
    struct disk_sample *last = series->count == 0 ? NULL : &series->samples[series->count - 1];
    if (last != NULL && mono_before(now, mono_add(last->at, spacing))) {
        last->lowest = free < (double)last->lowest ? (float)free : last->lowest;
        return;
    }
    if (series->count == DISK_SAMPLES) {
        memmove(series->samples, series->samples + 1,
                (DISK_SAMPLES - 1) * sizeof series->samples[0]);
        series->count--;
    }
    series->samples[series->count++] = (struct disk_sample){now, (float)free, (float)free};
}

// Where the fall that goes on now began, and the least room before an earlier one was cleaned up.
struct fall {
    uint32_t from;
    bool cleaned_up;
    double trough;
};

static struct fall latest_fall(const struct disk_series *series, double free_now)
{
    struct fall fall = {.trough = 1};
    double lowest = 1;
    for (uint32_t i = 0; i <= series->count; i++) {
        double free = i == series->count ? free_now : (double)series->samples[i].free;
        if (free > lowest + CLEANED_UP) {
            fall.from = i;
            fall.cleaned_up = true;
            fall.trough = lowest < fall.trough ? lowest : fall.trough;
            lowest = free;
        }
        double least = i == series->count ? free_now : (double)series->samples[i].lowest;
        lowest = least < lowest ? least : lowest;
    }
    return fall;
}

// ---- trend -----------------------------------------------------------------------------------

// The latest sample from `from` on that is not after `at`.
static const struct disk_sample *sample_at(const struct disk_series *series, uint32_t from,
                                           struct mono_time at)
{
    uint32_t found = from;
    while (found + 1 < series->count && !mono_before(at, series->samples[found + 1].at))
        found++;
    return &series->samples[found];
}

// The part of the disk that fills in a second; the slowest part of the fall: what filled it once
// and stopped is no trend. 0: it does not.
static double rate_of(const struct disk_series *series, uint32_t from, struct mono_time now,
                      double free_now)
{
    const struct disk_sample *begin = &series->samples[from];
    struct duration known = mono_sub(now, begin->at);
    double slowest = 0;
    struct mono_time start = begin->at;
    for (int part = 1; part <= PARTS; part++) {
        struct mono_time end = mono_add(start, (struct duration){known.us / PARTS * part});
        const struct disk_sample *next =
            part == PARTS ? &(struct disk_sample){now, (float)free_now, (float)free_now}
                          : sample_at(series, from, end);
        double took_s = duration_to_s(mono_sub(next->at, begin->at));
        double rate = took_s <= 0 ? 0 : ((double)begin->free - (double)next->free) / took_s;
        slowest = part == 1 || rate < slowest ? rate : slowest;
        begin = next;
    }
    return slowest > 0 ? slowest : 0;
}

// Seconds until it is full; 0 = not that this look could tell.
static double full_in_s(const struct order_disk *disk, const struct look *look,
                        struct mono_time now, double free, double slack)
{
    const struct disk_series *series = look->days ? &disk->days : &disk->minutes;
    struct fall fall = latest_fall(series, free);
    if (fall.from >= series->count || (fall.cleaned_up && free > fall.trough - CLEANED_UP))
        return 0;
    struct mono_time window = {now.us - duration_s(look->window_s).us};
    const struct disk_sample *begin = sample_at(series, fall.from, window);
    if (mono_before(now, mono_add(begin->at, duration_s(look->least_s))))
        return 0;
    double rate = rate_of(series, (uint32_t)(begin - series->samples), now, free);
    double full_s = rate > 0 ? free / rate : 0;
    return full_s > (double)look->ahead_s * slack ? 0 : full_s;
}

static struct duration trend(const struct order_disk *disk, struct mono_time now, double free)
{
    double slack = disk->full_in.us > 0 ? SLACK : 1; // it ends less easily than it begins
    // What was cleaned up within days says of the last minutes what is usual, too.
    struct fall usual = latest_fall(&disk->days, free);
    if (free >= TREND_BELOW || (usual.cleaned_up && free > usual.trough - CLEANED_UP))
        return (struct duration){0};
    double full_s = 0;
    for (int i = 0; i < LOOKS && full_s <= 0; i++)
        full_s = full_in_s(disk, &looks[i], now, free, slack);
    return (struct duration){(int64_t)(full_s * 1e6)};
}

// There is a trend, or was a moment ago and nobody made room.
static bool has_trend(struct order_disk *disk, struct mono_time now, double free)
{
    disk->full_in = trend(disk, now, free);
    if (disk->full_in.us > 0) {
        disk->trend_at = now;
        disk->trend_free = free;
        return true;
    }
    return disk->trend_free > 0 && free < disk->trend_free + CLEANED_UP &&
           mono_before(now, mono_add(disk->trend_at, duration_s(TREND_HOLDS_S)));
}

// ---- the door --------------------------------------------------------------------------------

static bool is_full(const struct order_disk *disk, bool before)
{
    uint64_t limit = (before ? ROOM_AGAIN_MB : FULL_BELOW_MB) * MEBIBYTE;
    double part = before ? 0.02 : 0.01;
    return disk->free_bytes == 0 || (disk->free_bytes < limit &&
                                     (double)disk->free_bytes < part * (double)disk->total_bytes);
}

enum symptom order_disk_hear(struct order_disk *disk, struct mono_time now, uint64_t free_bytes,
                             uint64_t total_bytes)
{
    if (total_bytes == 0)
        return SYMPTOM_COUNT;
    bool first = disk->total_bytes == 0;
    if (total_bytes != disk->total_bytes) { // another disk, or a larger one: another history
        disk->minutes.count = disk->days.count = 0;
        disk->trend_free = 0;
    }
    disk->total_bytes = total_bytes;
    disk->free_bytes = free_bytes < total_bytes ? free_bytes : total_bytes;
    double free = (double)disk->free_bytes / (double)total_bytes;
    bool fills = has_trend(disk, now, free);
    note(&disk->minutes, duration_s(MINUTES_S), now, free);
    note(&disk->days, duration_s(DAYS_S), now, free);
    bool was_full = !first && disk->state == SYMPTOM_DISK_FULL;
    bool was_ample = first || disk->state == SYMPTOM_DISK_AMPLE;
    if (is_full(disk, was_full))
        disk->state = SYMPTOM_DISK_FULL;
    else if (free < (was_ample ? FILLING_BELOW : AMPLE_ABOVE) || fills)
        disk->state = SYMPTOM_DISK_FILLING;
    else
        disk->state = SYMPTOM_DISK_AMPLE;
    return disk->state;
}
