// SPDX-License-Identifier: Apache-2.0
// A log bookmark to and from text.
#include "agent/probe/log_bookmark.h"

#include "agent/probe/number_reader.h"

#include <inttypes.h>
#include <stdio.h>

uint64_t log_head_hash(const uint8_t *head, size_t count)
{
    uint64_t hash = 14695981039346656037U;
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ head[i]) * 1099511628211U;
    return hash;
}

void log_bookmark_format(const struct log_bookmark *bookmark, char *out, size_t size)
{
    snprintf(out, size, "1 %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu32 " %016" PRIx64,
             bookmark->device, bookmark->inode, bookmark->offset, bookmark->head_length,
             bookmark->head_hash);
}

bool log_bookmark_parse(const char *value, struct log_bookmark *ret)
{
    struct log_bookmark read;
    uint64_t head_length;
    const char *at = value + 1;
    bool whole =
        value[0] == '1' && value[1] == ' ' && number_read_unsigned(&at, 10, &read.device) &&
        number_read_unsigned(&at, 10, &read.inode) && number_read_unsigned(&at, 10, &read.offset) &&
        number_read_unsigned(&at, 10, &head_length) &&
        number_read_unsigned(&at, 16, &read.head_hash) && *at == '\0';
    if (!whole || head_length > LOG_HEAD_MAX || head_length > read.offset)
        return false;
    read.head_length = (uint32_t)head_length;
    *ret = read;
    return true;
}
