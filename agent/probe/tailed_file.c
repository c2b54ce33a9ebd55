// SPDX-License-Identifier: Apache-2.0
// Follows the head and the place of one file.
#include "agent/probe/tailed_file.h"

#include <string.h>

void tailed_file_init(struct tailed_file *tailed)
{
    *tailed = (struct tailed_file){.file = {.handle = -1}};
}

bool tailed_file_is_open(const struct tailed_file *tailed)
{
    return tailed->file.handle >= 0;
}

bool tailed_file_adopt(struct tailed_file *tailed, struct log_file file)
{
    tailed->file = file;
    tailed->read_at = 0;
    return log_file_read(&file, 0, tailed->head, LOG_HEAD_MAX, &tailed->head_length) == STATUS_OK;
}

void tailed_file_leave(struct tailed_file *tailed)
{
    log_file_close(&tailed->file);
    tailed_file_init(tailed);
}

static void extend_head(struct tailed_file *tailed, const uint8_t *bytes, size_t count)
{
    if (tailed->read_at >= LOG_HEAD_MAX || tailed->read_at > tailed->head_length)
        return;
    size_t room = LOG_HEAD_MAX - (size_t)tailed->read_at;
    size_t take = count < room ? count : room;
    memcpy(tailed->head + tailed->read_at, bytes, take);
    tailed->head_length = (size_t)tailed->read_at + take;
}

enum status tailed_file_read(struct tailed_file *tailed, uint8_t *out, size_t size,
                             size_t *ret_count)
{
    size_t count = 0;
    enum status status = log_file_read(&tailed->file, tailed->read_at, out, size, &count);
    if (status != STATUS_OK)
        return status;
    extend_head(tailed, out, count);
    tailed->read_at += count;
    *ret_count = count;
    return STATUS_OK;
}

static size_t up_to(size_t length, uint64_t limit)
{
    return limit < length ? (size_t)limit : length;
}

bool tailed_file_was_rewritten(const struct tailed_file *tailed)
{
    uint8_t head[LOG_HEAD_MAX];
    size_t count = 0;
    struct log_file_facts facts;
    if (log_file_facts(&tailed->file, &facts) != STATUS_OK)
        return false;
    if (facts.size < tailed->read_at)
        return true;
    size_t known = up_to(tailed->head_length, tailed->read_at);
    if (log_file_read(&tailed->file, 0, head, known, &count) != STATUS_OK)
        return false;
    return count < known || memcmp(head, tailed->head, known) != 0;
}

void tailed_file_restart(struct tailed_file *tailed)
{
    tailed->head_length = 0;
    tailed->read_at = 0;
}

struct log_bookmark tailed_file_bookmark(const struct tailed_file *tailed, uint64_t offset)
{
    struct log_bookmark bookmark = {0};
    if (!tailed_file_is_open(tailed))
        return bookmark;
    size_t length = up_to(tailed->head_length, offset);
    bookmark.device = tailed->file.device;
    bookmark.inode = tailed->file.inode;
    bookmark.offset = offset;
    bookmark.head_length = (uint32_t)length;
    bookmark.head_hash = log_head_hash(tailed->head, length);
    return bookmark;
}

bool tailed_file_is_bookmarked(const struct tailed_file *tailed,
                               const struct log_bookmark *bookmark)
{
    return tailed->file.device == bookmark->device && tailed->file.inode == bookmark->inode;
}

bool tailed_file_has_content_of(const struct tailed_file *tailed,
                                const struct log_bookmark *bookmark)
{
    struct log_file_facts facts;
    return log_file_facts(&tailed->file, &facts) == STATUS_OK && facts.size >= bookmark->offset &&
           tailed->head_length >= bookmark->head_length &&
           log_head_hash(tailed->head, bookmark->head_length) == bookmark->head_hash;
}

bool tailed_file_has_successor(const struct tailed_file *tailed, const char *path)
{
    struct log_file_facts facts;
    if (log_file_look(path, &facts) != STATUS_OK)
        return false;
    bool same = facts.device == tailed->file.device && facts.inode == tailed->file.inode;
    return !same && facts.size > 0;
}

static bool is_break(const uint8_t *end, size_t unit)
{
    return unit == 1 ? end[-1] == '\n' : end[-2] == '\n' && end[-1] == 0;
}

uint64_t tailed_file_last_line(const struct tailed_file *tailed, size_t unit, uint8_t *buffer,
                               size_t limit)
{
    struct log_file_facts facts;
    size_t count = 0;
    if (log_file_facts(&tailed->file, &facts) != STATUS_OK)
        return 0;
    uint64_t size = facts.size - facts.size % unit;
    uint64_t from = size > limit ? size - limit : 0;
    if (log_file_read(&tailed->file, from, buffer, (size_t)(size - from), &count) != STATUS_OK)
        return size;
    for (size_t at = count - count % unit; at >= unit; at -= unit)
        if (is_break(buffer + at, unit))
            return from + at;
    return from == 0 ? 0 : size;
}
