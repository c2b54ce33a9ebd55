// SPDX-License-Identifier: Apache-2.0
// Structs to and from JSON objects by their field tables. Private to wire.
//
// Ownership: caller's structs and texts. Thread: any. Failure: false, worded in the reader.
#ifndef WIRE_JSON_FIELDS_H
#define WIRE_JSON_FIELDS_H

#include "base/text.h"
#include "base/time.h"
#include "wire/fields.h"
#include "wire/json_reader.h"

// "name":value,"name":value … without the braces.
void json_write_members(struct text *out, const struct field_set *set, const void *base);
void json_write_object(struct text *out, const struct field_set *set, const void *base);

// Reads one object into the zeroed struct at `base`; unknown keys are passed over, of a repeated
// key the last value counts, an absent one keeps its zero. The rules are not checked.
bool json_read_object(struct json_reader *reader, const struct field_set *set, void *base);
// Reads and checks a message at the reader's place; *ret is untouched on failure.
bool json_read_message_object(struct json_reader *reader, enum message_kind kind,
                              struct message *ret);
// Words a refusal by the rules.
bool json_fail_rule(struct json_reader *reader, enum wire_reject reason, const char *name);

// A whole document of up to JSON_DOCUMENT_MAX bytes into the struct of `set` at `ret`, rules
// checked; untouched on failure.
MUST_CHECK enum status json_read_document(const struct field_set *set, const char *json,
                                          size_t size, void *ret, char problem[TEXT_SIZE]);

// The fields of an operator's action in a trace.
const struct field_set *trace_operator_fields(void);

// Seconds since 1970 with three decimals: 1730869200.125.
void json_write_seconds(struct text *out, struct wall_time t);

#endif
