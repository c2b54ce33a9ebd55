// SPDX-License-Identifier: Apache-2.0
// Reads the helper's answers.
#include "agent/probe/helper_answer.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
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
    int rest = 0;
    if (sscanf(line, "%31s %d %n", name, &read.error, &rest) != 2 || rest == 0)
        return false;
    if (!outcome_from_name(name, &read.outcome))
        return false;
    // The path may be in it, in whatever encoding the file system has.
    if (!text_is_utf8(line + rest, strlen(line + rest)))
        return false;
    text_set(read.text, line + rest);
    *ret = read;
    return true;
}

bool helper_listing_parse(const char *text, struct helper_listing *ret)
{
    struct helper_listing read;
    int end = 0;
    int fields = sscanf(text, "%" SCNd64 " %" SCNu64 " %" SCNd64 " %" SCNu64 " %" SCNu64 "%n",
                        &read.newest_age_ms, &read.files, &read.backlog, &read.free_bytes,
                        &read.total_bytes, &end);
    if (fields != 5 || text[end] != '\0' || read.newest_age_ms < -1 || read.backlog < -1)
        return false;
    *ret = read;
    return true;
}

bool helper_path_is_valid(const char *path)
{
    return path[0] != '\0' && strpbrk(path, "\r\n\t") == NULL;
}
