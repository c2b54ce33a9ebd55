// SPDX-License-Identifier: Apache-2.0
// Scores of three bits, packed: those of the week as two's complement, then those of the day.
#include "collector/core/week_pattern.h"

#include <string.h>

enum { WEEK_LEAST = -3, WEEK_MOST = 4, WEEK_USUAL = 2, DAY_MOST = 5, DAY_USUAL = 4 };

static const char version[] = "1:";
static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static unsigned raw_score(const struct week_pattern *pattern, uint32_t index)
{
    uint32_t bit = index * 3, byte = bit / 8;
    unsigned two = pattern->scores[byte];
    if (byte + 1 < WEEK_PATTERN_BYTES)
        two |= (unsigned)pattern->scores[byte + 1] << 8;
    return two >> bit % 8 & 7;
}

static void set_raw_score(struct week_pattern *pattern, uint32_t index, unsigned value)
{
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t bit = index * 3 + i;
        uint8_t mask = (uint8_t)(1U << bit % 8);
        if ((value >> i & 1) != 0)
            pattern->scores[bit / 8] |= mask;
        else
            pattern->scores[bit / 8] &= (uint8_t)~mask;
    }
}

static int week_score(const struct week_pattern *pattern, uint32_t quarter)
{
    int raw = (int)raw_score(pattern, quarter);
    return raw > WEEK_MOST ? raw - 8 : raw;
}

static uint32_t day_index(uint32_t quarter)
{
    return QUARTERS_PER_WEEK + quarter % QUARTERS_PER_DAY;
}

static int clamp(int value, int least, int most)
{
    return value < least ? least : value > most ? most : value;
}

static bool move(struct week_pattern *pattern, uint32_t index, int from, int to)
{
    if (from == to)
        return false;
    set_raw_score(pattern, index, (unsigned)to & 7);
    return true;
}

bool week_pattern_see(struct week_pattern *pattern, uint32_t quarter, bool on, bool habit_of_day)
{
    int week = week_score(pattern, quarter);
    bool changed = move(pattern, quarter, week, clamp(week + (on ? -2 : 1), WEEK_LEAST, WEEK_MOST));
    if (!habit_of_day)
        return changed;
    uint32_t index = day_index(quarter);
    int day = (int)raw_score(pattern, index);
    return move(pattern, index, day, clamp(day + (on ? -1 : 1), 0, DAY_MOST)) || changed;
}

bool week_pattern_off(const struct week_pattern *pattern, uint32_t quarter)
{
    int week = week_score(pattern, quarter);
    return week >= WEEK_USUAL ||
           (week > WEEK_LEAST && raw_score(pattern, day_index(quarter)) >= DAY_USUAL);
}

bool week_pattern_on(const struct week_pattern *pattern, uint32_t quarter)
{
    return week_score(pattern, quarter) < 0;
}

void week_pattern_write(const struct week_pattern *pattern, char out[WEEK_PATTERN_TEXT_SIZE])
{
    memcpy(out, version, 2);
    for (uint32_t i = 0; i < WEEK_PATTERN_SCORES / 2; i++)
        out[2 + i] = digits[raw_score(pattern, 2 * i) | raw_score(pattern, 2 * i + 1) << 3];
    out[2 + WEEK_PATTERN_SCORES / 2] = '\0';
}

bool week_pattern_read(const char *text, struct week_pattern *ret)
{
    struct week_pattern pattern = {{0}};
    if (strncmp(text, version, 2) != 0 || strlen(text) != 2 + WEEK_PATTERN_SCORES / 2)
        return false;
    for (uint32_t i = 0; i < WEEK_PATTERN_SCORES / 2; i++) {
        const char *digit = strchr(digits, text[2 + i]);
        if (digit == NULL)
            return false;
        unsigned both = (unsigned)(digit - digits);
        set_raw_score(&pattern, 2 * i, both & 7);
        set_raw_score(&pattern, 2 * i + 1, both >> 3);
        if (2 * i >= QUARTERS_PER_WEEK && ((both & 7) > DAY_MOST || both >> 3 > DAY_MOST))
            return false;
    }
    *ret = pattern;
    return true;
}
