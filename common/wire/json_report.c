// SPDX-License-Identifier: Apache-2.0
// A fetch reported to an agent on its own machine: an OrderFetch whose key is not there yet.
#include "wire/json.h"
#include "wire/json_fields.h"

// Any key that passes the rules: the sender's is not looked at, the agent sets its own.
static const struct event_key stand_in = {.outbox_id = "report", .seq = 1};

static bool check(struct json_reader *reader, const struct order_fetch *fetch)
{
    const char *name;
    struct message message = {.kind = MESSAGE_ORDER, .order = *fetch};
    if (fetch->order[0] == '\0')
        return json_fail(reader, "\"order\" is missing: name the order that was fetched");
    if (fetch->outcome == OUTCOME_UNSPECIFIED)
        return json_fail(reader, "\"outcome\" is missing: OUTCOME_OK, OUTCOME_MISSING, "
                                 "OUTCOME_UNREACHABLE, OUTCOME_DENIED, OUTCOME_TIMEOUT, "
                                 "OUTCOME_LOCKED, OUTCOME_INVALID or OUTCOME_STALE");
    message.order.key = stand_in;
    enum wire_reject reason = message_check(&message, &name);
    return reason == WIRE_ACCEPTED || json_fail_rule(reader, reason, name);
}

enum status json_read_order_report(const char *json, size_t size, struct order_fetch *ret,
                                   char problem[TEXT_SIZE])
{
    struct json_reader reader;
    struct order_fetch fetch = {.latency_ms = -1};
    json_reader_init(&reader, json, size, problem);
    if (!json_read_object(&reader, message_fields(MESSAGE_ORDER), &fetch) || !json_end(&reader) ||
        !check(&reader, &fetch))
        return STATUS_INVALID;
    fetch.key = (struct event_key){0};
    *ret = fetch;
    return STATUS_OK;
}
