// SPDX-License-Identifier: Apache-2.0
// Messages to bytes: a protobuf-c struct on the stack whose texts are the message's own.
#include "wire/arena.h"
#include "wire/fields.h"

#include "stationwatch.pb-c.h"

#include <stdalign.h>
#include <string.h>

// Pointers and labels of a birth at its limits; the field limits are the bound.
enum { ENCODE_ARENA_SIZE = 4096 };

union packed_message {
    ProtobufCMessage base;
    Stationwatch__V1__Birth birth;
    Stationwatch__V1__Heartbeat heartbeat;
    Stationwatch__V1__OrderFetch order;
    Stationwatch__V1__ServiceState service;
    Stationwatch__V1__HostEvent host;
    Stationwatch__V1__Ack ack;
    Stationwatch__V1__Command command;
};

static bool put_fields(struct arena *arena, const struct field_set *set, const char *base,
                       char *packed);

static void put_pointer(char *packed, uint32_t offset, const void *pointer)
{
    memcpy(packed + offset, &pointer, sizeof pointer);
}

// One element: a text as it is, a struct as a protobuf message of its own.
static const void *put_element(struct arena *arena, const struct field *field, const char *element)
{
    if (field->type == FIELD_TEXTS)
        return element;
    const ProtobufCMessageDescriptor *descriptor = field->members->descriptor;
    ProtobufCMessage *packed = arena_alloc(arena, descriptor->sizeof_message);
    if (packed == NULL)
        return NULL;
    protobuf_c_message_init(descriptor, packed);
    return put_fields(arena, field->members, element, (char *)packed) ? packed : NULL;
}

static bool put_array(struct arena *arena, const struct field *field, const char *base,
                      char *packed)
{
    size_t count = field_get_u32(base, field->count_offset);
    const void **elements = arena_alloc(arena, count * sizeof *elements);
    if (elements == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        elements[i] = put_element(arena, field, base + field->offset + i * field->size);
        if (elements[i] == NULL)
            return false;
    }
    memcpy(packed + field->packed_count_offset, &count, sizeof count);
    put_pointer(packed, field->packed_offset, elements);
    return true;
}

static bool put_field(struct arena *arena, const struct field *field, const char *base,
                      char *packed)
{
    switch (field->type) {
    case FIELD_BOOL:
        field_set_u32(packed, field->packed_offset, *(const bool *)(base + field->offset));
        return true;
    case FIELD_ENUM:
    case FIELD_U32:
    case FIELD_I32:
        field_set_u32(packed, field->packed_offset, field_get_u32(base, field->offset));
        return true;
    case FIELD_U64:
    case FIELD_I64:
        field_set_u64(packed, field->packed_offset, field_get_u64(base, field->offset));
        return true;
    case FIELD_TEXT:
        put_pointer(packed, field->packed_offset, base + field->offset);
        return true;
    default:
        return put_array(arena, field, base, packed);
    }
}

static bool put_fields(struct arena *arena, const struct field_set *set, const char *base,
                       char *packed)
{
    for (uint32_t i = 0; i < set->count; i++)
        if (!put_field(arena, &set->fields[i], base, packed))
            return false;
    return true;
}

enum status wire_encode(const struct message *message, uint8_t *out, size_t capacity,
                        size_t *ret_size)
{
    const char *name;
    if (message_check(message, &name) != WIRE_ACCEPTED)
        return STATUS_INVALID;
    const struct field_set *set = message_fields(message->kind);
    alignas(max_align_t) unsigned char memory[ENCODE_ARENA_SIZE];
    struct arena arena = {.memory = memory, .size = sizeof memory};
    union packed_message packed;
    protobuf_c_message_init(set->descriptor, &packed.base);
    if (!put_fields(&arena, set, message_body_const(message), (char *)&packed))
        return STATUS_FULL;
    size_t size = protobuf_c_message_get_packed_size(&packed.base);
    if (size > capacity)
        return STATUS_FULL;
    *ret_size = protobuf_c_message_pack(&packed.base, out);
    return STATUS_OK;
}
