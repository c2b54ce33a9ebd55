// SPDX-License-Identifier: Apache-2.0
// The latest boots, and what they say of the next.
#include "collector/core/boot_time.h"

#include "base/text.h"

#include <string.h>

enum { BOOTS_NEEDED = 3, OUTLIER_FROM = 5, MARGIN_S = 10, LIMIT_MIN_S = 30, LIMIT_MAX_S = 300 };

bool boot_time_learn(struct boot_time *boots, struct duration took)
{
    int64_t seconds = (duration_to_ms(took) + 999) / 1000;
    if (seconds < 1 || seconds > LIMIT_MAX_S)
        return false;
    if (boots->count == BOOTS_KEPT) {
        memmove(boots->seconds, boots->seconds + 1, (BOOTS_KEPT - 1) * sizeof boots->seconds[0]);
        boots->count--;
    }
    boots->seconds[boots->count++] = (uint16_t)seconds;
    return true;
}

struct duration boot_time_limit(const struct boot_time *boots, struct duration unlearned)
{
    int64_t slowest = 0, second = 0;
    if (boots->count < BOOTS_NEEDED)
        return unlearned;
    for (uint32_t i = 0; i < boots->count; i++) {
        int64_t took = boots->seconds[i];
        if (took >= slowest) {
            second = slowest;
            slowest = took;
        } else if (took > second) {
            second = took;
        }
    }
    int64_t usual = boots->count >= OUTLIER_FROM ? second : slowest;
    int64_t limit = usual * 3 / 2 + MARGIN_S;
    return duration_s(limit < LIMIT_MIN_S   ? LIMIT_MIN_S
                      : limit > LIMIT_MAX_S ? LIMIT_MAX_S
                                            : limit);
}

void boot_time_write(const struct boot_time *boots, char out[BOOT_TIME_TEXT_SIZE])
{
    struct text text;
    text_init(&text, out, BOOT_TIME_TEXT_SIZE);
    text_append(&text, "1:");
    for (uint32_t i = 0; i < boots->count; i++)
        text_printf(&text, "%s%u", i == 0 ? "" : " ", boots->seconds[i]);
}

// Digits up to a blank or the end. NULL: not a number of 1 to LIMIT_MAX_S.
static const char *read_seconds(const char *text, uint16_t *ret)
{
    uint32_t number = 0;
    const char *digit = text;
    for (; *digit >= '0' && *digit <= '9' && number <= LIMIT_MAX_S; digit++)
        number = number * 10 + (uint32_t)(*digit - '0');
    if (number < 1 || number > LIMIT_MAX_S || (*digit != ' ' && *digit != '\0'))
        return NULL;
    *ret = (uint16_t)number;
    return digit;
}

bool boot_time_read(const char *text, struct boot_time *ret)
{
    struct boot_time boots = {0};
    if (strncmp(text, "1:", 2) != 0)
        return false;
    text += 2;
    while (*text != '\0') {
        if (boots.count == BOOTS_KEPT ||
            (text = read_seconds(text, &boots.seconds[boots.count])) == NULL)
            return false;
        boots.count++;
        if (*text == ' ' && *++text == '\0')
            return false;
    }
    *ret = boots;
    return true;
}
