// SPDX-License-Identifier: Apache-2.0
// Messages of the bus to and from bytes: the only door to the generated protobuf code.
//
// Ownership: caller's structs and buffers. Thread: any; no state. Failure: decoding names the
// reason for refusing, by a closed list so that rejects can be counted; *ret is untouched then. A
// decoder that refuses never crashes, whatever the bytes.
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

// STATUS_FULL: `capacity` is too small (WIRE_MESSAGE_MAX always suffices).
MUST_CHECK enum status wire_encode(const struct message *message, uint8_t *out, size_t capacity,
                                   size_t *ret_size);

#endif
