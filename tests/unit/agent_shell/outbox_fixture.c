// SPDX-License-Identifier: Apache-2.0
// Events and outboxes for tests.
#include "tests/unit/agent_shell/outbox_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

const struct wall_time test_now = {1730869200000};
const struct event_stamp test_stamp = {.boot_id = "boot-1", .at = {5000000}};

struct message an_order(const char *order)
{
    struct message message = {.kind = MESSAGE_ORDER};
    message.order.key.at_ms = test_now.ms;
    text_set(message.order.order, order);
    message.order.outcome = OUTCOME_MISSING;
    message.order.latency_ms = -1;
    message.order.source = SOURCE_LOG;
    return message;
}

struct outbox *open_outbox(const char *path, uint64_t max_events, char note[1024])
{
    struct outbox_settings settings = {
        .path = path, .max_events = max_events, .max_bytes = UINT64_C(1) << 26};
    struct text text;
    struct outbox *outbox = NULL;
    text_init(&text, note, 1024);
    enum status status = outbox_open(&settings, test_now, &outbox, &text);
    if (status != STATUS_OK)
        print_error("%s\n", note);
    assert_int_equal(status, STATUS_OK);
    return outbox;
}

void append_orders(struct outbox *outbox, unsigned first, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        char name[32];
        snprintf(name, sizeof name, "%u", first + i);
        struct message message = an_order(name);
        size_t refused;
        assert_int_equal(outbox_append(outbox, &message, 1, &test_stamp, NULL, &refused),
                         STATUS_OK);
        assert_int_equal(refused, 0);
    }
}
