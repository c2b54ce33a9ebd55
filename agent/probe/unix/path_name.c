// SPDX-License-Identifier: Apache-2.0
// Paths with slashes.
#include "agent/probe/path_name.h"

#include "base/text.h"

#include <string.h>

void path_folder(const char *path, char out[TEXT_SIZE])
{
    size_t end = strlen(path);
    while (end > 1 && path[end - 1] == '/')
        end--;
    while (end > 0 && path[end - 1] != '/')
        end--;
    if (end == 0) {
        text_copy(out, TEXT_SIZE, ".");
        return;
    }
    while (end > 1 && path[end - 1] == '/')
        end--;
    if (end >= TEXT_SIZE)
        end = TEXT_SIZE - 1;
    memmove(out, path, end);
    out[end] = '\0';
}

const char *path_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}
