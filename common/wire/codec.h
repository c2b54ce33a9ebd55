// SPDX-License-Identifier: Apache-2.0
// Messages of the bus to and from bytes: the only door to the generated protobuf code.
//
// Ownership: caller's structs and buffers. Thread: any; no state. Failure: decoding names the
// reason for refusing, by a closed list so that rejects can be counted; *ret is untouched then. A
// decoder that refuses never crashes, whatever the bytes, and allocates nothing from the heap.
//
// What is refused beyond broken bytes (the same rules hold for messages read from JSON):
//   required: outbox_id of events and acks, an order's outcome, a service report's service and
//     state, a host event's event, a command's id and action, a label's key, a service's name;
//   numbers: seq of events and heartbeats from 1; incarnation and boot_at_ms under 2^53; ages,
//     latency and backlog from -1; heartbeat intervals up to 3,600,000 ms, 0 = not said;
//   texts: UTF-8 without NUL that fits the struct's field. Texts for people only (detail, reason,
//     hostname, platform, version) are cut instead, at a character: a long log line must not cost
//     an event. An outbox_id is 1 to 64 printable ASCII characters without space.
// Accepted: absent fields as their default, unknown fields, empty order, product or boot_id, a will
// with nothing in it (in proto3 that is an empty payload).
#ifndef WIRE_CODEC_H
#define WIRE_CODEC_H

#include "base/status.h"
#include "domain/observation.h"

#include <stddef.h>
#include <stdint.h>

// Larger packets are refused before protobuf sees them.
enum { WIRE_MESSAGE_MAX = 16384 };

// reason, the word in metrics and logs
#define WIRE_REJECT_MAP(X)                                                                         \
    X(WIRE_ACCEPTED, "accepted")                                                                   \
    X(WIRE_TOO_LARGE, "too_large")                                                                 \
    X(WIRE_MALFORMED, "malformed")   /* not this protobuf message */                               \
    X(WIRE_BAD_ENUM, "bad_enum")     /* an enum value outside the contract */                      \
    X(WIRE_BAD_TEXT, "bad_text")     /* not UTF-8, or longer than the field's size */              \
    X(WIRE_BAD_NUMBER, "bad_number") /* out of range: seq 0, incarnation >= 2^53, age < -1 */      \
    X(WIRE_MISSING_FIELD, "missing_field") /* outbox_id, service name … absent where required */ \
    X(WIRE_TOO_MANY, "too_many")           /* labels or services above the limit */                \
    X(WIRE_BAD_TOPIC, "bad_topic")

enum wire_reject {
#define WIRE_REJECT_ENUM(name, word) name,
    WIRE_REJECT_MAP(WIRE_REJECT_ENUM)
#undef WIRE_REJECT_ENUM
        WIRE_REJECT_COUNT
};

const char *wire_reject_name(enum wire_reject reason);

MUST_CHECK enum wire_reject wire_decode(enum message_kind kind, const uint8_t *bytes, size_t size,
                                        struct message *ret);

// The key alone of an order, service or host packet, also where wire_decode refuses the rest (an
// enum value of a version to come): who refuses an event for good can still tell which one it was.
MUST_CHECK enum wire_reject wire_decode_event_key(enum message_kind kind, const uint8_t *bytes,
                                                  size_t size, struct event_key *ret);

// STATUS_FULL: `capacity` is too small (WIRE_MESSAGE_MAX always suffices). STATUS_INVALID: the
// message breaks the contract, so every receiver would refuse it.
MUST_CHECK enum status wire_encode(const struct message *message, uint8_t *out, size_t capacity,
                                   size_t *ret_size);

#endif
