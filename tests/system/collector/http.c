// SPDX-License-Identifier: Apache-2.0
// Plain sockets: one request a connection.
#include "tests/system/collector/http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PATIENCE_MS = 30000 };

int http_stream(uint16_t port, const char *path)
{
    char request[400];
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int stream = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int length = snprintf(request, sizeof request,
                          "GET %s HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n", path);
    if (stream >= 0 && connect(stream, (struct sockaddr *)&address, sizeof address) == 0 &&
        send(stream, request, (size_t)length, MSG_NOSIGNAL) == length)
        return stream;
    if (stream >= 0)
        close(stream);
    return -1;
}

// Appends what comes. False: the end, or nothing for long.
static bool read_more(int stream, char *out, size_t size)
{
    struct pollfd ready = {.fd = stream, .events = POLLIN};
    size_t used = strlen(out);
    if (used + 1 >= size || poll(&ready, 1, PATIENCE_MS) != 1)
        return false;
    ssize_t count = recv(stream, out + used, size - used - 1, 0);
    if (count <= 0)
        return false;
    out[used + (size_t)count] = '\0';
    return true;
}

bool http_stream_until(int stream, const char *text, char *out, size_t size)
{
    while (strstr(out, text) == NULL)
        if (!read_more(stream, out, size))
            return false;
    return true;
}

long http_get(uint16_t port, const char *path, char *out, size_t size)
{
    int stream = http_stream(port, path);
    out[0] = '\0';
    if (stream < 0)
        return 0;
    while (read_more(stream, out, size)) {
    }
    close(stream);
    if (strncmp(out, "HTTP/1.1 ", 9) != 0)
        return 0;
    long code = strtol(out + 9, NULL, 10);
    const char *body = strstr(out, "\r\n\r\n");
    if (body != NULL)
        memmove(out, body + 4, strlen(body + 4) + 1);
    return code;
}
