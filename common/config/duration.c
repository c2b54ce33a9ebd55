// SPDX-License-Identifier: Apache-2.0
// Durations as they are written in a configuration: a whole number and a unit.
#include "config/describe.h"

#include <stdio.h>

static const struct {
    const char *name;
    int64_t us;
} units[] = {
    // The first that divides a value is printed; "m" is read only.
    {"d", INT64_C(86400000000)}, {"h", INT64_C(3600000000)}, {"min", INT64_C(60000000)},
    {"s", INT64_C(1000000)},     {"ms", INT64_C(1000)},      {"m", INT64_C(60000000)},
};

enum { UNIT_COUNT = sizeof units / sizeof units[0] };

bool config_parse_duration(const char *text, struct duration *ret)
{
    int64_t number = 0;
    const char *at = text;
    for (; *at >= '0' && *at <= '9'; at++)
        if (__builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, *at - '0', &number))
            return false;
    bool padded = text[0] == '0' && at > text + 1;
    if (at == text || padded)
        return false;
    for (size_t i = 0; i < UNIT_COUNT; i++) {
        if (!text_equal(at, units[i].name))
            continue;
        int64_t us;
        if (__builtin_mul_overflow(number, units[i].us, &us))
            return false;
        ret->us = us;
        return true;
    }
    return false;
}

const char *describe_duration(struct duration duration, char out[DESCRIBE_SIZE])
{
    enum { SECONDS = 3, MILLISECONDS = 4 };
    size_t unit = duration.us == 0 ? SECONDS : 0;
    while (unit < MILLISECONDS && duration.us % units[unit].us != 0)
        unit++;
    (void)snprintf(out, DESCRIBE_SIZE, "%lld%s", (long long)(duration.us / units[unit].us),
                   units[unit].name);
    return out;
}
