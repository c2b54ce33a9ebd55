// SPDX-License-Identifier: Apache-2.0
// Text forms of times; pure arithmetic on the proleptic Gregorian calendar, no C library clock.
#include "base/time.h"

#include <inttypes.h>
#include <stdio.h>

enum { MS_PER_DAY = 86400000 };

struct civil {
    int64_t year;
    int month, day;
};

// Days since 1970-01-01 to a date and back: Howard Hinnant, "chrono-Compatible Low-Level Date
// Algorithms", days_from_civil and civil_from_days.
static int64_t days_from_civil(struct civil c)
{
    int64_t y = c.month <= 2 ? c.year - 1 : c.year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (c.month + (c.month > 2 ? -3 : 9)) + 2) / 5 + c.day - 1;
    int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

static struct civil civil_from_days(int64_t days)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    struct civil c = {.day = (int)(doy - (153 * mp + 2) / 5 + 1),
                      .month = (int)(mp < 10 ? mp + 3 : mp - 9)};
    c.year = yoe + era * 400 + (c.month <= 2 ? 1 : 0);
    return c;
}

const char *wall_format(struct wall_time t, char out[WALL_TEXT_SIZE])
{
    int64_t days = t.ms / MS_PER_DAY;
    int64_t ms = t.ms % MS_PER_DAY;
    if (ms < 0) {
        ms += MS_PER_DAY;
        days--;
    }
    struct civil c = civil_from_days(days);
    // An agent may send any 64-bit number as a time; years beyond 9999 are shown as the last one.
    int year = (int)(c.year < 0 ? 0 : c.year > 9999 ? 9999 : c.year);
    snprintf(out, WALL_TEXT_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", year, c.month, c.day,
             (int)(ms / 3600000), (int)(ms / 60000 % 60), (int)(ms / 1000 % 60), (int)(ms % 1000));
    return out;
}

static bool parse_fraction(const char *text, int64_t *ret_ms)
{
    int64_t ms = 0;
    if (*text == '.') {
        int64_t scale = 100;
        for (text++; scale > 0 && *text >= '0' && *text <= '9'; text++, scale /= 10)
            ms += (*text - '0') * scale;
    }
    *ret_ms = ms;
    return text[0] == 'Z' && text[1] == '\0';
}

// `digits` digits and nothing else, which sscanf's %d (signs, spaces) would not insist on.
static bool parse_digits(const char **text, int digits, int *ret)
{
    int value = 0;
    for (int i = 0; i < digits; i++, (*text)++) {
        if (**text < '0' || **text > '9')
            return false;
        value = value * 10 + (**text - '0');
    }
    *ret = value;
    return true;
}

static bool parse_mark(const char **text, char mark)
{
    if (**text != mark)
        return false;
    (*text)++;
    return true;
}

bool wall_parse(const char *text, struct wall_time *ret)
{
    int year, month, day, hour, minute, second;
    int64_t ms;
    if (!parse_digits(&text, 4, &year) || !parse_mark(&text, '-') ||
        !parse_digits(&text, 2, &month) || !parse_mark(&text, '-') ||
        !parse_digits(&text, 2, &day) || !parse_mark(&text, 'T') ||
        !parse_digits(&text, 2, &hour) || !parse_mark(&text, ':') ||
        !parse_digits(&text, 2, &minute) || !parse_mark(&text, ':') ||
        !parse_digits(&text, 2, &second) || !parse_fraction(text, &ms))
        return false;
    if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59)
        return false;
    int64_t days = days_from_civil((struct civil){year, month, day});
    if (civil_from_days(days).day != day)
        return false; // the 30th of February
    ret->ms = days * MS_PER_DAY + hour * 3600000LL + minute * 60000LL + second * 1000LL + ms;
    return true;
}

const char *duration_format(struct duration d, char out[DURATION_TEXT_SIZE])
{
    const char *sign = d.us < 0 ? "-" : "";
    uint64_t ms = (d.us < 0 ? 0 - (uint64_t)d.us : (uint64_t)d.us) / 1000;
    uint64_t s = ms / 1000;
    if (s < 10)
        snprintf(out, DURATION_TEXT_SIZE, "%s%" PRIu64 ".%" PRIu64 " s", sign, s, ms % 1000 / 100);
    else if (s < 60)
        snprintf(out, DURATION_TEXT_SIZE, "%s%" PRIu64 " s", sign, s);
    else if (s < 3600)
        snprintf(out, DURATION_TEXT_SIZE, "%s%" PRIu64 " min %" PRIu64 " s", sign, s / 60, s % 60);
    else if (s < 86400)
        snprintf(out, DURATION_TEXT_SIZE, "%s%" PRIu64 " h %" PRIu64 " min", sign, s / 3600,
                 s / 60 % 60);
    else
        snprintf(out, DURATION_TEXT_SIZE, "%s%" PRIu64 " d %" PRIu64 " h", sign, s / 86400,
                 s / 3600 % 24);
    return out;
}
