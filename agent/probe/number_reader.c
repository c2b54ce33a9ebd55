// SPDX-License-Identifier: Apache-2.0
// strtoull and strtoll with every failure seen.
#include "agent/probe/number_reader.h"

#include <errno.h>
#include <stdlib.h>

bool number_read_unsigned(const char **at, int base, uint64_t *ret)
{
    const char *begin = *at;
    char *end;
    while (*begin == ' ')
        begin++;
    if (*begin == '-' || *begin == '+')
        return false;
    errno = 0;
    unsigned long long value = strtoull(begin, &end, base);
    if (end == begin || errno != 0)
        return false;
    *at = end;
    *ret = value;
    return true;
}

bool number_read_signed(const char **at, int64_t *ret)
{
    char *end;
    errno = 0;
    long long value = strtoll(*at, &end, 10);
    if (end == *at || errno != 0)
        return false;
    *at = end;
    *ret = value;
    return true;
}
