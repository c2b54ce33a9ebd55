// SPDX-License-Identifier: Apache-2.0
// Temporary folders and files for tests.
#include "tests/support/temporary.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void fail(const char *doing, const char *path)
{
    fprintf(stderr, "test support: cannot %s %s: %m\n", doing, path);
    exit(1);
}

void temporary_init(struct temporary *folder)
{
    const char *base = getenv("TMPDIR");
    snprintf(folder->path, sizeof folder->path, "%s/stationwatch-test-XXXXXX",
             base ? base : "/tmp");
    if (!mkdtemp(folder->path))
        fail("make the folder", folder->path);
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status;
    (void)type;
    (void)where;
    return remove(path);
}

void temporary_fini(struct temporary *folder)
{
    if (folder->path[0] != '\0')
        nftw(folder->path, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    folder->path[0] = '\0';
}

const char *temporary_path(const struct temporary *folder, const char *name,
                           char out[TEMPORARY_PATH_SIZE])
{
    int length = snprintf(out, TEMPORARY_PATH_SIZE, "%s/%s", folder->path, name);
    if (length < 0 || length >= TEMPORARY_PATH_SIZE)
        fail("name the file", name);
    return out;
}

const char *temporary_write(const struct temporary *folder, const char *name, const char *text,
                            char out[TEMPORARY_PATH_SIZE])
{
    temporary_path(folder, name, out);
    FILE *file = fopen(out, "w");
    if (!file)
        fail("write", out);
    size_t length = strlen(text);
    if (fwrite(text, 1, length, file) != length || fclose(file) != 0)
        fail("write", out);
    return out;
}

const char *temporary_read(const struct temporary *folder, const char *name, char *out, size_t size)
{
    char path[TEMPORARY_PATH_SIZE];
    out[0] = '\0';
    FILE *file = fopen(temporary_path(folder, name, path), "r");
    if (!file)
        return out;
    size_t length = fread(out, 1, size - 1, file);
    out[length] = '\0';
    fclose(file);
    return out;
}
