// SPDX-License-Identifier: Apache-2.0
// A TCP relay in front of a server, to break connections as a network does: cut without a goodbye,
// or silent with both ends still open.
//
// Ownership: the caller frees it with relay_free and runs the loop once more for its handles to
// close (loop_finish does). Thread: the loop's. Failure: NULL; a connection that can't be relayed
// is closed.
#ifndef TESTS_SUPPORT_RELAY_H
#define TESTS_SUPPORT_RELAY_H

#include <stddef.h>
#include <stdint.h>
#include <uv.h>

struct relay;

// Listens on a free port of 127.0.0.1 and connects each client to `target_port` there.
struct relay *relay_new(uv_loop_t *loop, uint16_t target_port);
void relay_free(struct relay *relay);

uint16_t relay_port(const struct relay *relay);
size_t relay_accepted(const struct relay *relay); // connections since the start

// Closes every connection on both sides, with no word of the protocol: a pulled plug.
void relay_cut(struct relay *relay);
// From here on nothing passes and nothing closes, old connections and new: a half-open link.
void relay_hold(struct relay *relay);
// What was held back flows again.
void relay_release(struct relay *relay);

#endif
