// SPDX-License-Identifier: Apache-2.0
// The JSON forms of the contract: messages, trace lines, incidents, site status.
//
// Field and enum names are those of the .proto; 64-bit integers are numbers; writers print every
// field, readers take an absent one as its default, pass over unknown keys and apply the rules of
// wire/codec.h. Reading is strict RFC 8259 with bounded depth; integers are exact to 64 bits; a
// probability has 4 decimals at most; times in documents are RFC 3339, null = not yet or unknown.
// Ownership: functions that return text write into a caller's `struct text` (its `truncated` tells
// of a buffer too small); readers fill caller's structs. Thread: any. Failure: STATUS_INVALID with
// a short reason a person can act on in `problem` (caller's, TEXT_SIZE bytes); outputs untouched.
#ifndef WIRE_JSON_H
#define WIRE_JSON_H

#include "base/status.h"
#include "base/text.h"
#include "base/time.h"
#include "domain/bus.h"
#include "domain/incident.h"
#include "domain/observation.h"
#include "wire/topic.h"

// Longer documents are refused.
enum { JSON_DOCUMENT_MAX = 2 << 20 };

// Buffers in which every message, incident, transition or site status fits, however its texts have
// to be escaped; usual ones are far smaller.
enum {
    JSON_MESSAGE_SIZE = 40 << 10,
    JSON_INCIDENT_SIZE = 360 << 10,
    JSON_SITE_STATUS_SIZE = 1600 << 10,
    JSON_COLLECTOR_SIZE = 1024,
};

// A message as one JSON object without line breaks.
void json_write_message(struct text *out, const struct message *message);
MUST_CHECK enum status json_read_message(enum message_kind kind, const char *json, size_t size,
                                         struct message *ret, char problem[TEXT_SIZE]);

// An order message as the tester's software reports it to the agent on its own machine: `order` and
// `outcome` are required, an absent latency is -1, the key is not read and comes back empty.
MUST_CHECK enum status json_read_order_report(const char *json, size_t size,
                                              struct order_fetch *ret, char problem[TEXT_SIZE]);

// An incident with every field of DESIGN section 7 and `told_at`, one line. why is null without a
// why_code, acknowledged null while nobody has. An incident needs its id; timeline_dropped does not
// travel.
void json_write_incident(struct text *out, const struct incident *incident);
MUST_CHECK enum status json_read_incident(const char *json, size_t size, struct incident *ret,
                                          char problem[TEXT_SIZE]);

// A transition line of replay: {"t":…,"transition":…,"annunciated":…, then the incident's fields}.
void json_write_transition(struct text *out, struct wall_time t, enum transition transition,
                           bool annunciated, const struct incident *incident);

// The `_status` document.
void json_write_site_status(struct text *out, const struct site_status *status);
MUST_CHECK enum status json_read_site_status(const char *json, size_t size, struct site_status *ret,
                                             char problem[TEXT_SIZE]);

// The `_collector` document.
void json_write_collector(struct text *out, const struct collector_life *life);
MUST_CHECK enum status json_read_collector(const char *json, size_t size,
                                           struct collector_life *ret, char problem[TEXT_SIZE]);

// A JSON string with its quotes, escaped.
void json_write_string(struct text *out, const char *s);

#endif
