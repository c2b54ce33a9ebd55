// SPDX-License-Identifier: Apache-2.0
// Bytes to messages: protobuf-c unpacks into a bounded arena, the field tables carry the values
// over, and the rules of the contract have the last word.
#include "wire/arena.h"
#include "wire/fields.h"

#include "base/text.h"

#include <protobuf-c/protobuf-c.h>

#include <stdalign.h>
#include <string.h>

// About 1,000 fields fit; a legitimate message has under 60.
enum { DECODE_ARENA_SIZE = 65536 };

static void *allocate(void *data, size_t size)
{
    return arena_alloc(data, size);
}

static void release(void *data, void *pointer)
{
    (void)data; // the arena goes as a whole
    (void)pointer;
}

static enum wire_reject take_text(const struct arena *arena, const struct field *field,
                                  const char *packed, char *out)
{
    size_t size = arena_block_size(arena, packed);
    if (size == 0)
        return WIRE_ACCEPTED; // protobuf-c's shared empty string: the field was absent
    if (memchr(packed, '\0', size - 1) != NULL)
        return WIRE_BAD_TEXT;
    bool whole = text_copy(out, field->size, packed);
    return whole || field->rule == RULE_CUT ? WIRE_ACCEPTED : WIRE_BAD_TEXT;
}

static enum wire_reject take_fields(const struct arena *arena, const struct field_set *set,
                                    const char *packed, char *base);

static enum wire_reject take_array(const struct arena *arena, const struct field *field,
                                   const char *packed, char *base)
{
    size_t count;
    char **elements;
    memcpy(&count, packed + field->packed_count_offset, sizeof count);
    memcpy(&elements, packed + field->packed_offset, sizeof elements);
    if (count > field->limit)
        return WIRE_TOO_MANY;
    field_set_u32(base, field->count_offset, (uint32_t)count);
    char *element = base + field->offset;
    for (size_t i = 0; i < count; i++, element += field->size) {
        enum wire_reject reason = field->type == FIELD_TEXTS
                                      ? take_text(arena, field, elements[i], element)
                                      : take_fields(arena, field->members, elements[i], element);
        if (reason != WIRE_ACCEPTED)
            return reason;
    }
    return WIRE_ACCEPTED;
}

static enum wire_reject take_field(const struct arena *arena, const struct field *field,
                                   const char *packed, char *base)
{
    const char *text;
    switch (field->type) {
    case FIELD_BOOL:
        *(bool *)(base + field->offset) = field_get_u32(packed, field->packed_offset) != 0;
        return WIRE_ACCEPTED;
    case FIELD_ENUM:
    case FIELD_U32:
    case FIELD_I32:
        field_set_u32(base, field->offset, field_get_u32(packed, field->packed_offset));
        return WIRE_ACCEPTED;
    case FIELD_U64:
    case FIELD_I64:
        field_set_u64(base, field->offset, field_get_u64(packed, field->packed_offset));
        return WIRE_ACCEPTED;
    case FIELD_TEXT:
        memcpy(&text, packed + field->packed_offset, sizeof text);
        return take_text(arena, field, text, base + field->offset);
    default:
        return take_array(arena, field, packed, base);
    }
}

static enum wire_reject take_fields(const struct arena *arena, const struct field_set *set,
                                    const char *packed, char *base)
{
    for (uint32_t i = 0; i < set->count; i++) {
        enum wire_reject reason = take_field(arena, &set->fields[i], packed, base);
        if (reason != WIRE_ACCEPTED)
            return reason;
    }
    return WIRE_ACCEPTED;
}

// Unpacks `bytes` as a message of `descriptor` and carries the fields of `set` to `base`, zeroed.
static enum wire_reject unpack(const ProtobufCMessageDescriptor *descriptor,
                               const struct field_set *set, const uint8_t *bytes, size_t size,
                               void *base)
{
    if (size > WIRE_MESSAGE_MAX)
        return WIRE_TOO_LARGE;
    alignas(max_align_t) unsigned char memory[DECODE_ARENA_SIZE];
    struct arena arena = {.memory = memory, .size = sizeof memory};
    ProtobufCAllocator allocator = {allocate, release, &arena};
    ProtobufCMessage *packed = protobuf_c_message_unpack(descriptor, &allocator, size, bytes);
    if (packed == NULL)
        return arena.exhausted ? WIRE_TOO_MANY : WIRE_MALFORMED;
    return take_fields(&arena, set, (const char *)packed, base);
}

enum wire_reject wire_decode(enum message_kind kind, const uint8_t *bytes, size_t size,
                             struct message *ret)
{
    const struct field_set *set = message_fields(kind);
    if (set == NULL)
        return WIRE_BAD_TOPIC;
    struct message message;
    message.kind = kind;
    void *body = message_body(&message);
    memset(body, 0, set->size); // only this kind's part: a birth's is thirty times an ack's
    enum wire_reject reason = unpack(set->descriptor, set, bytes, size, body);
    if (reason != WIRE_ACCEPTED)
        return reason;
    const char *name;
    reason = message_check(&message, &name);
    if (reason != WIRE_ACCEPTED)
        return reason;
    ret->kind = kind;
    memcpy(message_body(ret), body, set->size);
    return WIRE_ACCEPTED;
}

enum wire_reject wire_decode_event_key(enum message_kind kind, const uint8_t *bytes, size_t size,
                                       struct event_key *ret)
{
    if (kind != MESSAGE_ORDER && kind != MESSAGE_SERVICE && kind != MESSAGE_HOST)
        return WIRE_BAD_TOPIC;
    struct event_key key = {0};
    enum wire_reject reason =
        unpack(message_fields(kind)->descriptor, event_key_fields(), bytes, size, &key);
    if (reason != WIRE_ACCEPTED)
        return reason;
    const char *name;
    reason = fields_check(event_key_fields(), &key, &name);
    if (reason == WIRE_ACCEPTED)
        *ret = key;
    return reason;
}
