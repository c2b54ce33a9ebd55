// SPDX-License-Identifier: Apache-2.0
// Three kinds of time that the compiler keeps apart: wall clock, monotonic clock, duration.
//
// A core never asks a clock: time comes in as an argument, one `struct instant` per step. Only the
// monotonic part may drive logic; the wall part is for display, ids and calendars.
// Ownership: plain values. Thread: any. Failure: additions saturate at the `*_NEVER` values.
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wall_time { // milliseconds since 1970-01-01T00:00:00Z
    int64_t ms;
};

struct mono_time { // microseconds since an arbitrary start; never goes back
    int64_t us;
};

struct duration { // microseconds, may be negative
    int64_t us;
};

struct instant { // one moment, read once per step from both clocks
    struct mono_time mono;
    struct wall_time wall;
};

#define MONO_NEVER   ((struct mono_time){INT64_MAX})
#define WALL_UNKNOWN ((struct wall_time){0})

static inline struct duration duration_ms(int64_t ms)
{
    int64_t us;
    bool over = __builtin_mul_overflow(ms, INT64_C(1000), &us);
    return (struct duration){!over ? us : ms < 0 ? INT64_MIN / 2 : INT64_MAX / 2};
}

static inline struct duration duration_s(int64_t seconds)
{
    int64_t us;
    bool over = __builtin_mul_overflow(seconds, INT64_C(1000000), &us);
    return (struct duration){!over ? us : seconds < 0 ? INT64_MIN / 2 : INT64_MAX / 2};
}

static inline int64_t duration_to_ms(struct duration d)
{
    return d.us / 1000;
}

static inline double duration_to_s(struct duration d)
{
    return (double)d.us / 1e6;
}

static inline bool mono_is_never(struct mono_time t)
{
    return t.us == INT64_MAX;
}

static inline struct mono_time mono_add(struct mono_time t, struct duration d)
{
    int64_t sum;
    if (mono_is_never(t) || __builtin_add_overflow(t.us, d.us, &sum))
        return MONO_NEVER;
    return (struct mono_time){sum};
}

static inline struct duration mono_sub(struct mono_time later, struct mono_time earlier)
{
    return (struct duration){later.us - earlier.us};
}

static inline bool mono_before(struct mono_time a, struct mono_time b)
{
    return a.us < b.us;
}

static inline struct mono_time mono_min(struct mono_time a, struct mono_time b)
{
    return mono_before(b, a) ? b : a;
}

static inline struct mono_time mono_max(struct mono_time a, struct mono_time b)
{
    return mono_before(a, b) ? b : a;
}

static inline struct wall_time wall_add(struct wall_time t, struct duration d)
{
    return (struct wall_time){t.ms + d.us / 1000};
}

static inline bool wall_known(struct wall_time t)
{
    return t.ms != 0;
}

// RFC 3339 in UTC with milliseconds, "2024-11-06T05:52:00.125Z", into `out`; always terminated.
#define WALL_TEXT_SIZE 32
const char *wall_format(struct wall_time t, char out[WALL_TEXT_SIZE]);

// Reads what wall_format writes (fraction of 0 to 3 digits). False: not such a text, *ret
// untouched.
bool wall_parse(const char *text, struct wall_time *ret);

// "4 s", "1 min 30 s", "2 h 5 min", "3 d 4 h": for people, two units at most, into `out`.
#define DURATION_TEXT_SIZE 32
const char *duration_format(struct duration d, char out[DURATION_TEXT_SIZE]);

#endif
