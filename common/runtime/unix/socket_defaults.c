// SPDX-License-Identifier: Apache-2.0
// Defaults for the sockets of libraries, by a socket() of our own in front of the C library's.
//
// The dynamic linker looks a symbol up in the program before any library, so every library of the
// process that makes a TCP socket gets this one. It only changes what all of our connections want;
// whoever sets the options by himself (libcurl, libuv, libmicrohttpd) is not affected.
#include "runtime/mqtt/socket_defaults.h"

#include <dlfcn.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <sys/socket.h>

void socket_defaults_apply(void)
{
}

static void set_no_delay(int descriptor)
{
    int saved = errno;
    const int on = 1;
    // A socket that refuses the option works as well, only later.
    (void)setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    errno = saved;
}

int socket(int domain, int type, int protocol)
{
    int (*next)(int, int, int);
    *(void **)&next = dlsym(RTLD_NEXT, "socket");
    if (!next) {
        errno = ENOSYS;
        return -1;
    }
    bool internet = domain == AF_INET || domain == AF_INET6;
    if (!internet || (type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) != SOCK_STREAM)
        return next(domain, type, protocol);
    int descriptor = next(domain, type | SOCK_CLOEXEC, protocol);
    if (descriptor >= 0)
        set_no_delay(descriptor);
    return descriptor;
}
