// SPDX-License-Identifier: Apache-2.0
// The trace format: a recording of the bus, one JSON object a line (DESIGN section 8).
//
//   {"t":1730869200.125,"topic":"stationwatch/v1/plant/ETS-001/order","message":{…}}
//   optional "retained":true; "payload_base64":"…" instead of message: what could not be decoded
//   {"t":…,"link":"down"|"up"}        the collector's own link to the broker
//   {"t":…,"operator":{"action":…,"id":…,"by":…,"for_s":…}}
//   {"t":…,"end":true}                 runs the deadlines up to t; nothing after
//
// `t` is Unix seconds with milliseconds, never decreasing (which the caller sees to). Unknown keys
// are passed over. A site-wide payload that is not JSON (the word on `_andon`, the empty message
// that clears an incident) is written as payload_base64.
// Ownership: caller's structs. Thread: any. Failure: STATUS_INVALID with a reason in `problem`.
#ifndef WIRE_TRACE_H
#define WIRE_TRACE_H

#include "wire/json.h"

// Longer lines are refused; room for the largest document in its line.
enum { TRACE_LINE_MAX = JSON_DOCUMENT_MAX + 4096 };

enum trace_kind {
    TRACE_MESSAGE,
    TRACE_UNDECODED,
    TRACE_SITE_WIDE,
    TRACE_LINK,
    TRACE_OPERATOR,
    TRACE_END
};

struct trace_operator {
    char action[ID_SIZE];    // ack | shelve | unshelve | maintenance | maintenance_end | drill …
    char id[COMPONENT_SIZE]; // an incident's id, or a component for maintenance
    char by[NAME_SIZE];
    char comment[TEXT_SIZE];
    int64_t for_s;
};

struct trace_line {
    struct wall_time t;
    enum trace_kind kind;
    bool retained;
    struct topic topic;     // TRACE_MESSAGE, TRACE_UNDECODED, TRACE_SITE_WIDE
    struct message message; // TRACE_MESSAGE
    bool link_up;           // TRACE_LINK
    struct trace_operator operation;
    // When writing TRACE_UNDECODED and TRACE_SITE_WIDE: the raw payload, caller's memory. Reading
    // leaves the bytes in the line: NULL, and the size that payload_base64 stands for.
    const uint8_t *payload;
    size_t payload_size;
};

// `line` without its line break. Topics of ours that replay passes over (`_…`, ack, command) come
// back as TRACE_SITE_WIDE or TRACE_MESSAGE with their kind; whether to pass is the caller's choice.
MUST_CHECK enum status trace_read_line(const char *line, size_t size, struct trace_line *ret,
                                       char problem[TEXT_SIZE]);
// One line with its line break.
void trace_write_line(struct text *out, const struct trace_line *line);

#endif
