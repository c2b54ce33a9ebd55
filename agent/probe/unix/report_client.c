// SPDX-License-Identifier: Apache-2.0
// A blocking client of the report socket with one deadline for everything.
#include "agent/probe/report_client.h"

#include "base/text.h"
#include "runtime/clock.h"
#include "wire/json.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { REPORT_JSON_MAX = 4096 };

static enum status from_errno(int error, const char *path, struct text *sentence)
{
    switch (error) {
    case ENOENT:
    case ECONNREFUSED:
        text_printf(sentence, "no agent listens on %s", path);
        return STATUS_UNAVAILABLE;
    case EAGAIN:
        text_printf(sentence, "the agent on %s is too busy", path);
        return STATUS_UNAVAILABLE;
    case EACCES:
    case EPERM:
        text_printf(sentence, "this user may not write to %s", path);
        return STATUS_DENIED;
    default:
        text_printf(sentence, "%s: %s", path, strerror(error));
        return STATUS_IO;
    }
}

// Waits until the socket is ready for `events`; false: the deadline passed.
static bool wait_ready(int file, short events, struct mono_time end)
{
    struct pollfd entry = {.fd = file, .events = events};
    for (;;) {
        int64_t left = duration_to_ms(mono_sub(end, clock_now().mono));
        if (left < 0)
            left = 0;
        int ready = poll(&entry, 1, left > INT32_MAX ? INT32_MAX : (int)left);
        if (ready != -1 || errno != EINTR)
            return ready > 0;
    }
}

static enum status send_all(int file, const char *bytes, size_t count, struct mono_time end)
{
    while (count > 0) {
        ssize_t sent = send(file, bytes, count, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN && errno != EINTR)
            return STATUS_IO;
        if (sent < 0 && !wait_ready(file, POLLOUT, end))
            return STATUS_TIMEOUT;
        if (sent > 0) {
            bytes += sent;
            count -= (size_t)sent;
        }
    }
    return STATUS_OK;
}

// One line without its break.
static enum status receive_line(int file, char *out, size_t size, struct mono_time end)
{
    size_t length = 0;
    while (length < size - 1) {
        if (!wait_ready(file, POLLIN, end))
            return STATUS_TIMEOUT;
        ssize_t count = recv(file, out + length, size - 1 - length, 0);
        if (count < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        if (count <= 0)
            return STATUS_IO;
        length += (size_t)count;
        out[length] = '\0';
        char *line_break = strchr(out, '\n');
        if (line_break != NULL) {
            *line_break = '\0';
            return STATUS_OK;
        }
    }
    return STATUS_IO;
}

static enum status exchange(int file, const struct text *request, struct mono_time end,
                            struct text *sentence)
{
    char line[TEXT_SIZE + 16];
    enum status status = send_all(file, request->data, request->length, end);
    if (status == STATUS_OK)
        status = receive_line(file, line, sizeof(line), end);
    if (status == STATUS_TIMEOUT)
        text_append(sentence, "the agent did not answer in time");
    else if (status != STATUS_OK)
        text_append(sentence, "the agent hung up without an answer");
    else
        text_append(sentence, text_equal(line, "ok") ? "accepted" : line);
    if (status == STATUS_OK && !text_equal(line, "ok"))
        status = STATUS_INVALID;
    return status;
}

enum status report_send(const char *socket_path, const struct order_fetch *fetch,
                        struct duration deadline, char sentence[TEXT_SIZE])
{
    char json[REPORT_JSON_MAX];
    struct text said, request;
    struct mono_time end = mono_add(clock_now().mono, deadline);
    struct message message = {.kind = MESSAGE_ORDER, .order = *fetch};
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    text_init(&said, sentence, TEXT_SIZE);
    text_init(&request, json, sizeof(json));
    json_write_message(&request, &message);
    text_append(&request, "\n");
    if (!text_set(address.sun_path, socket_path) || request.truncated) {
        text_append(&said,
                    request.truncated ? "the report is too long" : "the socket's path is too long");
        return STATUS_INVALID;
    }
    int file = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    enum status status;
    if (file < 0 || connect(file, (const struct sockaddr *)&address, sizeof(address)) != 0)
        status = from_errno(errno, socket_path, &said);
    else
        status = exchange(file, &request, end, &said);
    if (file >= 0)
        close(file);
    return status;
}
