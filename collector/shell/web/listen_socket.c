// SPDX-License-Identifier: Apache-2.0
// Opened here and not by the HTTP library, so that a refusal can be explained.
#include "collector/shell/web/listen_socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 128 };

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static socklen_t fill(const struct listen_address *from, union address *to)
{
    memset(to, 0, sizeof *to);
    if (inet_pton(AF_INET, from->host, &to->v4.sin_addr) == 1) {
        to->v4.sin_family = AF_INET;
        to->v4.sin_port = htons(from->port);
        return sizeof to->v4;
    }
    to->v6.sin6_family = AF_INET6;
    to->v6.sin6_port = htons(from->port);
    if (from->host[0] == '\0')
        to->v6.sin6_addr = in6addr_any; // and IPv4 with it
    else if (inet_pton(AF_INET6, from->host, &to->v6.sin6_addr) != 1)
        return 0;
    return sizeof to->v6;
}

static bool bind_and_listen(int fd, const union address *address, socklen_t size)
{
    int on = 1, off = 0;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0)
        return false;
    if (address->any.sa_family == AF_INET6 &&
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) != 0)
        return false;
    return bind(fd, &address->any, size) == 0 && listen(fd, BACKLOG) == 0;
}

static enum status explain(const struct listen_address *address, int code, char problem[TEXT_SIZE])
{
    snprintf(problem, TEXT_SIZE, "cannot listen on '%s' port %u: %s; correct http.listen",
             address->host, address->port, strerror(code));
    return code == EACCES || code == EPERM ? STATUS_DENIED : STATUS_UNAVAILABLE;
}

enum status listen_socket_open(const struct listen_address *address, int *ret_socket,
                               uint16_t *ret_port, char problem[TEXT_SIZE])
{
    union address bound;
    socklen_t size = fill(address, &bound);
    if (size == 0)
        return explain(address, EINVAL, problem);
    int fd = socket(bound.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return explain(address, errno, problem);
    if (!bind_and_listen(fd, &bound, size) || getsockname(fd, &bound.any, &size) != 0) {
        int code = errno;
        close(fd);
        return explain(address, code, problem);
    }
    *ret_socket = fd;
    *ret_port = ntohs(bound.any.sa_family == AF_INET ? bound.v4.sin_port : bound.v6.sin6_port);
    return STATUS_OK;
}
