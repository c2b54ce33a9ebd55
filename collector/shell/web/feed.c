// SPDX-License-Identifier: Apache-2.0
// Readers are places in the ring; one with nothing to send is suspended until there is something.
#include "collector/shell/web/feed.h"

#include "collector/shell/web/respond.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { BLOCK_BYTES = 16384, SEND_BUFFER_BYTES = 131072, STUCK_MS = 30000 };

static const char greeting[] = "retry: 2000\n\n";

struct reader {
    struct feed *feed;
    struct MHD_Connection *connection;
    struct reader *previous, *next;
    size_t greeted;  // bytes of the greeting sent
    uint64_t cursor; // of the feed's bytes
    bool suspended;
};

struct feed {
    struct reader *readers;
    size_t count, limit;
    bool ended;
    uint64_t head; // bytes ever put
    size_t size;
    char ring[];
};

enum status feed_new(size_t ring_bytes, size_t readers_max, struct feed **ret_feed)
{
    struct feed *feed = calloc(1, sizeof *feed + ring_bytes);
    if (feed == NULL)
        return STATUS_NO_MEMORY;
    feed->size = ring_bytes;
    feed->limit = readers_max;
    *ret_feed = feed;
    return STATUS_OK;
}

void feed_free(struct feed *feed)
{
    free(feed);
}

static size_t copy_from_ring(const struct feed *feed, uint64_t from, char *out, size_t count)
{
    size_t at = (size_t)(from % feed->size);
    size_t first = feed->size - at < count ? feed->size - at : count;
    memcpy(out, feed->ring + at, first);
    memcpy(out + first, feed->ring, count - first);
    return count;
}

static bool is_behind(const struct reader *reader)
{
    return reader->feed->head - reader->cursor > reader->feed->size;
}

static ssize_t read_stream(void *context, uint64_t position, char *out, size_t max)
{
    (void)position;
    struct reader *reader = context;
    struct feed *feed = reader->feed;
    if (feed->ended)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (is_behind(reader))
        return MHD_CONTENT_READER_END_WITH_ERROR;
    size_t left = sizeof greeting - 1 - reader->greeted;
    if (left > 0) {
        size_t count = left < max ? left : max;
        memcpy(out, greeting + reader->greeted, count);
        reader->greeted += count;
        return (ssize_t)count;
    }
    uint64_t waiting = feed->head - reader->cursor;
    if (waiting == 0) {
        reader->suspended = true;
        MHD_suspend_connection(reader->connection);
        return 0;
    }
    size_t count = waiting < max ? (size_t)waiting : max;
    copy_from_ring(feed, reader->cursor, out, count);
    reader->cursor += count;
    return (ssize_t)count;
}

static void forget_reader(void *context)
{
    struct reader *reader = context;
    struct feed *feed = reader->feed;
    if (reader->previous != NULL)
        reader->previous->next = reader->next;
    else
        feed->readers = reader->next;
    if (reader->next != NULL)
        reader->next->previous = reader->previous;
    feed->count--;
    free(reader);
}

static int socket_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info == NULL ? -1 : info->connect_fd;
}

// Without these a reader that never reads costs megabytes of kernel memory and is never noticed.
static void bound_kernel_queue(struct MHD_Connection *connection)
{
    int fd = socket_of(connection), bytes = SEND_BUFFER_BYTES;
    unsigned stuck_ms = STUCK_MS;
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &stuck_ms, sizeof stuck_ms);
}

static struct reader *add_reader(struct feed *feed, struct MHD_Connection *connection)
{
    struct reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return NULL;
    reader->feed = feed;
    reader->connection = connection;
    reader->cursor = feed->head;
    reader->next = feed->readers;
    if (feed->readers != NULL)
        feed->readers->previous = reader;
    feed->readers = reader;
    feed->count++;
    return reader;
}

enum status feed_subscribe(struct feed *feed, struct MHD_Connection *connection)
{
    if (feed->count == feed->limit || feed->ended)
        return STATUS_FULL;
    struct reader *reader = add_reader(feed, connection);
    if (reader == NULL)
        return STATUS_NO_MEMORY;
    struct MHD_Response *response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, BLOCK_BYTES, read_stream, reader, forget_reader);
    if (response == NULL) {
        forget_reader(reader);
        return STATUS_NO_MEMORY;
    }
    bound_kernel_queue(connection);
    return respond_with(connection, MHD_HTTP_OK, "text/event-stream", response) == MHD_YES
               ? STATUS_OK
               : STATUS_IO;
}

static void put(struct feed *feed, const char *bytes)
{
    size_t count = strlen(bytes);
    size_t skip = count > feed->size ? count - feed->size : 0; // only its end would stay anyway
    feed->head += skip;
    size_t at = (size_t)(feed->head % feed->size), rest = count - skip;
    size_t first = feed->size - at < rest ? feed->size - at : rest;
    memcpy(feed->ring + at, bytes + skip, first);
    memcpy(feed->ring, bytes + skip + first, rest - first);
    feed->head += rest;
}

static void wake(struct reader *reader)
{
    if (!reader->suspended)
        return;
    reader->suspended = false;
    MHD_resume_connection(reader->connection);
}

void feed_event(struct feed *feed, const char *name, const char *json)
{
    if (feed->count == 0)
        return;
    put(feed, "event: ");
    put(feed, name);
    put(feed, "\ndata: ");
    put(feed, json);
    put(feed, "\n\n");
    for (struct reader *reader = feed->readers; reader != NULL; reader = reader->next) {
        wake(reader);
        // Stuck in a full socket: the server would wait for it for ever.
        if (is_behind(reader))
            (void)shutdown(socket_of(reader->connection), SHUT_RDWR);
    }
}

size_t feed_readers(const struct feed *feed)
{
    return feed->count;
}

void feed_end(struct feed *feed)
{
    feed->ended = true;
    for (struct reader *reader = feed->readers; reader != NULL; reader = reader->next)
        wake(reader);
}
