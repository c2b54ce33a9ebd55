// SPDX-License-Identifier: Apache-2.0
// A Unix stream socket with mode 0660.
#include "agent/probe/local_socket.h"

#include "base/text.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static bool somebody_listens(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int file = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (file < 0)
        return true; // not known, so not ours to take away
    text_set(address.sun_path, path);
    bool refused = connect(file, (const struct sockaddr *)&address, sizeof(address)) != 0 &&
                   errno == ECONNREFUSED;
    close(file);
    return !refused;
}

static enum status clear_the_way(const char *path, struct text *problem)
{
    struct stat stat_buffer;
    if (lstat(path, &stat_buffer) != 0) // nothing there, or bind will say what is wrong
        return STATUS_OK;
    if (!S_ISSOCK(stat_buffer.st_mode)) {
        text_printf(problem, "%s exists and is no socket; remove it", path);
        return STATUS_EXISTS;
    }
    if (somebody_listens(path)) {
        text_printf(problem, "another program listens on %s", path);
        return STATUS_EXISTS;
    }
    if (unlink(path) != 0) {
        text_printf(problem, "cannot replace %s: %s", path, strerror(errno));
        return STATUS_DENIED;
    }
    return STATUS_OK;
}

static enum status from_uv(int error)
{
    switch (error) {
    case UV_EACCES:
    case UV_EPERM:
        return STATUS_DENIED;
    case UV_ENOENT:
        return STATUS_NOT_FOUND;
    case UV_EADDRINUSE:
        return STATUS_EXISTS;
    default:
        return STATUS_IO;
    }
}

enum status local_socket_bind(uv_pipe_t *pipe, const char *path, char problem[TEXT_SIZE])
{
    struct text text;
    text_init(&text, problem, TEXT_SIZE);
    if (path[0] == '\0' || strlen(path) >= sizeof(((struct sockaddr_un *)0)->sun_path)) {
        text_printf(&text, "a socket's path has 1 to %zu bytes",
                    sizeof(((struct sockaddr_un *)0)->sun_path) - 1);
        return STATUS_INVALID;
    }
    enum status status = clear_the_way(path, &text);
    if (status != STATUS_OK)
        return status;
    int error = uv_pipe_bind(pipe, path);
    if (error == UV_EACCES && access(path, F_OK) != 0 && errno == ENOENT)
        error = UV_ENOENT; // libuv reports a missing folder as a refusal
    // Nobody can connect before listen: the wider mode in between lets no one in.
    if (error == 0 && chmod(path, S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP) != 0)
        error = uv_translate_sys_error(errno);
    if (error == 0)
        return STATUS_OK;
    text_printf(&text, "cannot listen on %s: %s", path, uv_strerror(error));
    return from_uv(error);
}
