// SPDX-License-Identifier: Apache-2.0
// Files of the order folders: written beside their place and renamed into it.
#include "sim/orders/order_folder.h"

#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool order_path(char out[ORDER_PATH_SIZE], const char *folder, const char *name, const char *suffix)
{
    int length = snprintf(out, ORDER_PATH_SIZE, "%s/%s%s", folder, name, suffix);
    return length > 0 && length < ORDER_PATH_SIZE;
}

bool order_of_file_name(const char *file_name, const char *suffix, char ret_order[ID_SIZE])
{
    size_t length = strlen(file_name), tail = strlen(suffix);
    if (length <= tail || length - tail >= ID_SIZE ||
        strcmp(file_name + length - tail, suffix) != 0)
        return false;
    char order[ID_SIZE] = "";
    memcpy(order, file_name, length - tail);
    if (!id_is_valid(order))
        return false;
    memcpy(ret_order, order, sizeof order);
    return true;
}

static enum status status_of_errno(void)
{
    switch (errno) {
    case ENOENT:
        return STATUS_NOT_FOUND;
    case EACCES:
    case EPERM:
        return STATUS_DENIED;
    default:
        return STATUS_IO;
    }
}

static enum status write_all(int file, const char *content)
{
    size_t left = strlen(content);
    while (left > 0) {
        ssize_t written = write(file, content, left);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return status_of_errno();
        content += written;
        left -= (size_t)written;
    }
    return STATUS_OK;
}

enum status order_file_write(const char *folder, const char *name, const char *suffix,
                             const char *content)
{
    char path[ORDER_PATH_SIZE], beside[ORDER_PATH_SIZE];
    if (!order_path(path, folder, name, suffix) || !order_path(beside, folder, name, ".tmp"))
        return STATUS_INVALID;
    int file = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0)
        return status_of_errno();
    enum status status = write_all(file, content);
    if (close(file) != 0 && status == STATUS_OK)
        status = status_of_errno();
    if (status == STATUS_OK && rename(beside, path) != 0)
        status = status_of_errno();
    if (status != STATUS_OK) {
        int cause = errno;
        unlink(beside);
        errno = cause;
    }
    return status;
}

enum status order_file_read(const char *path, char *out, size_t size)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return status_of_errno();
    size_t length = 0;
    enum status status = STATUS_OK;
    while (length < size) {
        ssize_t count = read(file, out + length, size - length);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            status = status_of_errno();
        if (count <= 0)
            break;
        length += (size_t)count;
    }
    int cause = errno;
    close(file);
    errno = cause;
    if (status != STATUS_OK)
        return status;
    if (length == size)
        return STATUS_FULL;
    if (!text_is_utf8(out, length))
        return STATUS_CORRUPT;
    out[length] = '\0';
    return STATUS_OK;
}
