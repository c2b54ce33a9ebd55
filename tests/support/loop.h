// SPDX-License-Identifier: Apache-2.0
// Runs a libuv loop until something is true, with a deadline instead of a sleep.
//
//     assert_true(loop_until(&loop, is_connected, client, LOOP_PATIENCE_MS));
//
// Ownership: none. Thread: the loop's. Failure: false when the deadline passes first. The deadline
// is the test's patience, never a thing it measures.
#ifndef TESTS_SUPPORT_LOOP_H
#define TESTS_SUPPORT_LOOP_H

#include <stdbool.h>
#include <uv.h>

enum { LOOP_PATIENCE_MS = 30000 };

// `condition` is asked after every turn of the loop that did something.
bool loop_until(uv_loop_t *loop, bool (*condition)(void *context), void *context, int timeout_ms);

// Runs what is left until no handle is active, at most LOOP_PATIENCE_MS, then closes the loop.
// False: handles were left open, each is named on standard error.
bool loop_finish(uv_loop_t *loop);

#endif
