// SPDX-License-Identifier: Apache-2.0
// The description of a struct's fields as data: one row a field drives the protobuf codec, the JSON
// reader and writer, and the validity rules. Private to wire.
//
// Ownership: constant tables. Thread: any. Failure: fields_check names the first bad field.
#ifndef WIRE_FIELDS_H
#define WIRE_FIELDS_H

#include "domain/observation.h"
#include "wire/codec.h"

#include <stddef.h>
#include <stdint.h>

enum field_type {
    FIELD_BOOL,
    FIELD_ENUM,
    FIELD_U32,
    FIELD_I32,
    FIELD_U64,
    FIELD_I64,
    FIELD_TEXT,
    FIELD_TEXTS,   // an array of texts
    FIELD_RECORDS, // an array of structs
    // The rest occurs only in JSON documents.
    FIELD_RATIO,          // double, 0 to 1, at most 4 decimals
    FIELD_TIME,           // RFC 3339; null = WALL_UNKNOWN
    FIELD_TIME_IF,        // null unless the bool at count_offset is set
    FIELD_RECORD,         // members of the same or an embedded struct, as an object
    FIELD_RECORD_OR_NULL, // the same; null while its first member, a text, is empty
    FIELD_MAP,            // an array of {text, u32} as an object
};

enum field_rule {
    RULE_ANY,
    RULE_REQUIRED,        // a text not empty, an enum not 0; of an array: each text in it
    RULE_POSITIVE,        // at least 1
    RULE_AGE,             // at least -1
    RULE_EXACT,           // magnitude below 2^53
    RULE_INTERVAL,        // at most an hour in ms
    RULE_OUTBOX_ID,       // printable ASCII without space; not empty
    RULE_MAYBE_OUTBOX_ID, // the same, or empty
    RULE_CUT,             // a text for people: cut to the field's size rather than refused
};

struct enum_names {
    const char *(*name)(int value);
    uint32_t count;
};

struct field_set;

struct field {
    const char *name;
    uint32_t name_length;
    enum field_type type;
    enum field_rule rule;
    uint32_t offset;              // in the struct of common/domain
    uint32_t size;                // of the member; of one element of an array
    uint32_t limit;               // of an array
    uint32_t count_offset;        // of an array's uint32_t count; FIELD_TIME_IF: of its bool
    uint32_t packed_offset;       // in the protobuf-c struct
    uint32_t packed_count_offset; // of an array's size_t count there
    const struct field_set *members;
    const struct enum_names *names;
};

struct ProtobufCMessageDescriptor;

struct field_set {
    const struct field *fields;
    uint32_t count;
    uint32_t size;                                       // of the struct
    const struct ProtobufCMessageDescriptor *descriptor; // NULL: JSON only
};

#define FIELD_NAME(word) .name = (word), .name_length = sizeof(word) - 1
#define FIELD_PLACE(type, member)                                                                  \
    .offset = offsetof(struct type, member), .size = sizeof(((struct type *)NULL)->member)
#define FIELD_ARRAY(type, member, counter)                                                         \
    .offset = offsetof(struct type, member), .size = sizeof(((struct type *)NULL)->member[0]),     \
    .limit = sizeof(((struct type *)NULL)->member) / sizeof(((struct type *)NULL)->member[0]),     \
    .count_offset = offsetof(struct type, counter)
#define FIELD_SET(rows, type)                                                                      \
    .fields = (rows), .count = sizeof(rows) / sizeof(rows)[0], .size = sizeof(struct type)

// The fields of a message's own struct (struct birth for MESSAGE_BIRTH); NULL outside the enum.
const struct field_set *message_fields(enum message_kind kind);
// The four fields that order, service and host messages begin with.
const struct field_set *event_key_fields(void);
// Where that struct is in a message: the union behind the kind.
void *message_body(struct message *message);
const void *message_body_const(const struct message *message);

// Access to a member of any integer type without breaking the aliasing rules.
uint32_t field_get_u32(const void *base, uint32_t offset);
void field_set_u32(void *base, uint32_t offset, uint32_t value);
uint64_t field_get_u64(const void *base, uint32_t offset);
void field_set_u64(void *base, uint32_t offset, uint64_t value);

// Checks every field of the struct at `base` against its rule. *ret_name: the first bad field.
MUST_CHECK enum wire_reject fields_check(const struct field_set *set, const void *base,
                                         const char **ret_name);
// The same for a message, with the rules that span fields.
MUST_CHECK enum wire_reject message_check(const struct message *message, const char **ret_name);

#endif
