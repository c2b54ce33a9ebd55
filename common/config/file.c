// SPDX-License-Identifier: Apache-2.0
// Reading a file whole, with a limit and words for every way it can fail.
#include "config/file.h"

#include "config/error.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum status fail_errno(struct config_error *error, int number)
{
    switch (number) {
    case ENOENT:
    case ENOTDIR:
        return config_fail(error, 0, 0, "there is no such file; check the path");
    case EACCES:
    case EPERM:
        (void)config_fail(error, 0, 0,
                          "permission denied; let the user this program runs as read the file");
        return STATUS_DENIED;
    case EISDIR:
        return config_fail(error, 0, 0, "this is a directory; name a file");
    default:
        (void)config_fail(error, 0, 0, "cannot be read: %s", strerror(number));
        return STATUS_IO;
    }
}

// Reads to the end of the file; one byte more than the limit proves that it is too large.
static enum status read_all(FILE *file, size_t max_bytes, char **ret_data, size_t *ret_size,
                            struct config_error *error)
{
    enum { CHUNK = 16384 };
    char *data = NULL;
    size_t size = 0;
    size_t capacity = 0;
    size_t got = 0;
    do {
        if (capacity - size < CHUNK + 1) {
            capacity = capacity * 2 + CHUNK + 1;
            char *larger = realloc(data, capacity);
            if (larger == NULL) {
                free(data);
                (void)config_fail(error, 0, 0, "out of memory while reading the file");
                return STATUS_NO_MEMORY;
            }
            data = larger;
        }
        errno = 0;
        got = fread(data + size, 1, CHUNK, file);
        size += got;
    } while (got == CHUNK && size <= max_bytes);
    if (ferror(file)) {
        int number = errno;
        free(data);
        return fail_errno(error, number);
    }
    if (size > max_bytes) {
        free(data);
        return config_fail(error, 0, 0, "the file is larger than %zu bytes; is it the right one?",
                           max_bytes);
    }
    data[size] = '\0';
    *ret_data = data;
    *ret_size = size;
    return STATUS_OK;
}

enum status config_read_file(const char *path, size_t max_bytes, char **ret_data, size_t *ret_size,
                             struct config_error *error)
{
    config_error_init(error, path);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return fail_errno(error, errno);
    enum status status = read_all(file, max_bytes, ret_data, ret_size, error);
    (void)fclose(file); // opened for reading: nothing is lost
    return status;
}
