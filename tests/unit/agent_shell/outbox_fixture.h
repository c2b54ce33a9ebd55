// SPDX-License-Identifier: Apache-2.0
// What the tests of the outbox share: events to put in, and an outbox opened in a folder.
//
// Ownership: the caller closes what was opened. Thread: one. Failure: the running test fails.
#ifndef TESTS_UNIT_AGENT_SHELL_OUTBOX_FIXTURE_H
#define TESTS_UNIT_AGENT_SHELL_OUTBOX_FIXTURE_H

#include "agent/shell/outbox.h"

extern const struct wall_time test_now;
extern const struct event_stamp test_stamp;

struct message an_order(const char *order);

// Opens `path`; `note` gets what outbox_open says.
struct outbox *open_outbox(const char *path, uint64_t max_events, char note[1024]);

// Appends orders named FIRST, FIRST+1 …; all of them have to be accepted.
void append_orders(struct outbox *outbox, unsigned first, unsigned count);

#endif
