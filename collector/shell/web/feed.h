// SPDX-License-Identifier: Apache-2.0
// Live events for any number of readers, from one bounded ring: server-sent events.
//
// A reader that has fallen behind the ring is cut off; its page connects again and reads the state
// anew. Ownership: feed_free, after the HTTP server has stopped; each reader is freed with its
// response. Thread: the loop's. Failure: STATUS_FULL at the limit of readers.
#ifndef COLLECTOR_SHELL_WEB_FEED_H
#define COLLECTOR_SHELL_WEB_FEED_H

#include "base/status.h"

#include <microhttpd.h>
#include <stddef.h>

struct feed;

MUST_CHECK enum status feed_new(size_t ring_bytes, size_t readers_max, struct feed **ret_feed);
void feed_free(struct feed *feed);

// Answers `connection` with the stream of events from now on.
MUST_CHECK enum status feed_subscribe(struct feed *feed, struct MHD_Connection *connection);
void feed_event(struct feed *feed, const char *name, const char *json);
size_t feed_readers(const struct feed *feed);
// Ends every stream; the server has to run once more for each to notice.
void feed_end(struct feed *feed);

#endif
