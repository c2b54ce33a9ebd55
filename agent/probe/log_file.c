// SPDX-License-Identifier: Apache-2.0
// Files by libuv's synchronous calls: a log is on a local disk.
#include "agent/probe/log_file.h"

#include "base/text.h"

#include <fcntl.h>
#include <sys/stat.h>

static enum status from_uv(int error)
{
    switch (error) {
    case UV_ENOENT:
    case UV_ENOTDIR:
        return STATUS_NOT_FOUND;
    case UV_EACCES:
    case UV_EPERM:
        return STATUS_DENIED;
    default:
        return STATUS_IO;
    }
}

static bool is_kind(const uv_stat_t *stat, uint64_t kind)
{
    return (stat->st_mode & S_IFMT) == kind;
}

static void read_facts(const uv_stat_t *stat, struct log_file_facts *ret)
{
    ret->device = stat->st_dev;
    ret->inode = stat->st_ino;
    ret->size = stat->st_size;
    ret->changed_at.ms = (int64_t)stat->st_mtim.tv_sec * 1000 + stat->st_mtim.tv_nsec / 1000000;
    ret->link = false;
}

enum status log_file_facts(const struct log_file *file, struct log_file_facts *ret)
{
    uv_fs_t request;
    int error = uv_fs_fstat(NULL, &request, file->handle, NULL);
    if (error == 0)
        read_facts(&request.statbuf, ret);
    uv_fs_req_cleanup(&request);
    return error == 0 ? STATUS_OK : STATUS_IO;
}

enum status log_file_look(const char *path, struct log_file_facts *ret)
{
    uv_fs_t request;
    int error = uv_fs_stat(NULL, &request, path, NULL);
    bool regular = error == 0 && is_kind(&request.statbuf, S_IFREG);
    struct log_file_facts facts = {0};
    if (regular)
        read_facts(&request.statbuf, &facts);
    uv_fs_req_cleanup(&request);
    if (error != 0)
        return from_uv(error);
    if (!regular)
        return STATUS_INVALID;
    facts.link = uv_fs_lstat(NULL, &request, path, NULL) == 0 && is_kind(&request.statbuf, S_IFLNK);
    uv_fs_req_cleanup(&request);
    *ret = facts;
    return STATUS_OK;
}

enum status log_file_open(const char *path, struct log_file *ret)
{
    uv_fs_t request;
    int handle = uv_fs_open(NULL, &request, path, UV_FS_O_RDONLY | UV_FS_O_NONBLOCK, 0, NULL);
    uv_fs_req_cleanup(&request);
    if (handle < 0)
        return from_uv(handle);
    struct log_file file = {.handle = handle};
    int error = uv_fs_fstat(NULL, &request, handle, NULL);
    bool regular = error == 0 && is_kind(&request.statbuf, S_IFREG);
    file.device = request.statbuf.st_dev;
    file.inode = request.statbuf.st_ino;
    uv_fs_req_cleanup(&request);
    if (!regular) {
        log_file_close(&file);
        return error != 0 ? STATUS_IO : STATUS_INVALID;
    }
    *ret = file;
    return STATUS_OK;
}

void log_file_close(struct log_file *file)
{
    if (file->handle < 0)
        return;
    uv_fs_t request;
    uv_fs_close(NULL, &request, file->handle, NULL);
    uv_fs_req_cleanup(&request);
    file->handle = -1;
}

enum status log_file_read(const struct log_file *file, uint64_t offset, uint8_t *out, size_t size,
                          size_t *ret_count)
{
    uv_fs_t request;
    uv_buf_t buffer = uv_buf_init((char *)out, (unsigned)size);
    int count = uv_fs_read(NULL, &request, file->handle, &buffer, 1, (int64_t)offset, NULL);
    uv_fs_req_cleanup(&request);
    if (count < 0)
        return STATUS_IO;
    *ret_count = (size_t)count;
    return STATUS_OK;
}

static bool is_file(const char *path, uint64_t device, uint64_t inode)
{
    struct log_file_facts facts;
    return log_file_look(path, &facts) == STATUS_OK && !facts.link && facts.device == device &&
           facts.inode == inode;
}

enum status log_file_find(const char *folder, uint64_t device, uint64_t inode, struct log_file *ret)
{
    uv_fs_t request;
    enum status status = STATUS_NOT_FOUND;
    int entries = uv_fs_scandir(NULL, &request, folder, 0, NULL);
    uv_dirent_t entry;
    // To the end in any case: libuv 1.44 leaks the last entry when the scan stops on it.
    while (entries >= 0 && uv_fs_scandir_next(&request, &entry) == 0) {
        char path[2 * TEXT_SIZE];
        struct text text;
        text_init(&text, path, sizeof(path));
        text_printf(&text, "%s/%s", folder, entry.name);
        if (status != STATUS_OK && !text.truncated && is_file(path, device, inode))
            status = log_file_open(path, ret);
    }
    uv_fs_req_cleanup(&request);
    return status;
}
