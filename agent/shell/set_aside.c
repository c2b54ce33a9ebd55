// SPDX-License-Identifier: Apache-2.0
// Renaming with a time stamp.
#include "agent/shell/set_aside.h"

#include "base/text.h"

#include <uv.h>

static bool exists(const char *path)
{
    uv_fs_t request;
    int result = uv_fs_lstat(NULL, &request, path, NULL);
    uv_fs_req_cleanup(&request);
    return result == 0;
}

static enum status move(const char *from, const char *to)
{
    uv_fs_t request;
    int result = uv_fs_rename(NULL, &request, from, to, NULL);
    uv_fs_req_cleanup(&request);
    if (result == 0 || result == UV_ENOENT)
        return STATUS_OK;
    return result == UV_EACCES || result == UV_EPERM ? STATUS_DENIED : STATUS_IO;
}

// "2024-11-06T05:52:00.125Z" as it can stand in a file name: "20241106T055200Z".
static void stamp(struct wall_time now, struct text *out)
{
    char full[WALL_TEXT_SIZE];
    wall_format(now, full);
    for (const char *c = full; *c != '\0' && *c != '.'; c++) {
        if (*c != '-' && *c != ':')
            text_append_bytes(out, c, 1);
    }
    text_append(out, "Z");
}

enum status set_aside(const char *path, const char *const suffixes[], struct wall_time now,
                      char ret_name[SET_ASIDE_PATH_SIZE])
{
    char name[SET_ASIDE_PATH_SIZE];
    struct text text;
    for (int attempt = 1; attempt <= 100; attempt++) {
        text_init(&text, name, sizeof name);
        text_printf(&text, "%s.aside-", path);
        stamp(now, &text);
        if (attempt > 1)
            text_printf(&text, "-%d", attempt);
        if (text.truncated)
            return STATUS_INVALID;
        if (!exists(name))
            break;
    }
    for (const char *const *suffix = suffixes; *suffix != NULL; suffix++) {
        char from[SET_ASIDE_PATH_SIZE], to[SET_ASIDE_PATH_SIZE];
        struct text from_text, to_text;
        text_init(&from_text, from, sizeof from);
        text_printf(&from_text, "%s%s", path, *suffix);
        text_init(&to_text, to, sizeof to);
        text_printf(&to_text, "%s%s", name, *suffix);
        enum status status = move(from, to);
        if (status != STATUS_OK)
            return status;
    }
    text_copy(ret_name, SET_ASIDE_PATH_SIZE, name);
    return STATUS_OK;
}
