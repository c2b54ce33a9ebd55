// SPDX-License-Identifier: Apache-2.0
// Reads the helper's answers.
#include "agent/probe/helper_answer.h"

#include "agent/probe/number_reader.h"
#include "base/text.h"

#include <limits.h>
#include <string.h>

static bool outcome_from_name(const char *name, enum outcome *ret)
{
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        if (text_equal(outcome_name((enum outcome)i), name)) {
            *ret = (enum outcome)i;
            return true;
        }
    }
    return false;
}

bool helper_answer_parse(const char *line, struct helper_answer *ret)
{
    char name[32];
    struct helper_answer read = {0};
    int64_t error;
    size_t length = strcspn(line, " ");
    const char *at = line + length;
    if (length >= sizeof(name) || !number_read_signed(&at, &error) || *at != ' ' || error < 0 ||
        error > INT_MAX)
        return false;
    memcpy(name, line, length);
    name[length] = '\0';
    read.error = (int)error;
    at++;
    if (!outcome_from_name(name, &read.outcome))
        return false;
    // The path may be in it, in whatever encoding the file system has.
    if (!text_is_utf8(at, strlen(at)))
        return false;
    text_set(read.text, at);
    *ret = read;
    return true;
}

bool helper_listing_parse(const char *text, struct helper_listing *ret)
{
    struct helper_listing read;
    bool whole = number_read_signed(&text, &read.newest_age_ms) &&
                 number_read_unsigned(&text, 10, &read.files) &&
                 number_read_signed(&text, &read.backlog) &&
                 number_read_unsigned(&text, 10, &read.free_bytes) &&
                 number_read_unsigned(&text, 10, &read.total_bytes) && *text == '\0';
    if (!whole || read.newest_age_ms < -1 || read.backlog < -1)
        return false;
    *ret = read;
    return true;
}

bool helper_path_is_valid(const char *path)
{
    return path[0] != '\0' && strpbrk(path, "\r\n\t") == NULL;
}
