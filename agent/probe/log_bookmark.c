// SPDX-License-Identifier: Apache-2.0
// A log bookmark to and from text.
#include "agent/probe/log_bookmark.h"

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
    int end = 0;
    int fields =
        sscanf(value, "1 %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu32 " %" SCNx64 "%n",
               &read.device, &read.inode, &read.offset, &read.head_length, &read.head_hash, &end);
    if (fields != 5 || value[end] != '\0')
        return false;
    if (read.head_length > LOG_HEAD_MAX || read.head_length > read.offset)
        return false;
    *ret = read;
    return true;
}
