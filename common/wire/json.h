// SPDX-License-Identifier: Apache-2.0
// The JSON forms of the contract: messages, trace lines, incidents, site status.
//
// Field and enum names are those of the .proto; 64-bit integers are numbers; writers print every
// field, readers take an absent one as its default. cJSON does the parsing and printing and stays
// behind this door.
// Ownership: functions that return text write into a caller's `struct text`; readers fill caller's
// structs. Thread: any. Failure: STATUS_INVALID with a short reason a person can act on in
// `problem` (caller's, TEXT_SIZE bytes); outputs untouched.
#ifndef WIRE_JSON_H
#define WIRE_JSON_H

#include "base/status.h"
#include "base/text.h"
#include "base/time.h"
#include "domain/bus.h"
#include "domain/incident.h"
#include "domain/observation.h"
#include "wire/topic.h"

// A message as one JSON object without line breaks.
void json_write_message(struct text *out, const struct message *message);
MUST_CHECK enum status json_read_message(enum message_kind kind, const char *json, size_t size,
                                         struct message *ret, char problem[TEXT_SIZE]);

// An incident with every field of DESIGN section 7, one line.
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

// A JSON string with its quotes, escaped.
void json_write_string(struct text *out, const char *s);

#endif
