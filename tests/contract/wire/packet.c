// SPDX-License-Identifier: Apache-2.0
// Protocol Buffers by hand.
#include "packet.h"

#include <stdlib.h>
#include <string.h>

static void put(struct packet *packet, uint8_t byte)
{
    if (packet->size == sizeof packet->bytes)
        abort();
    packet->bytes[packet->size++] = byte;
}

void packet_varint(struct packet *packet, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        put(packet, (uint8_t)(value | 0x80U));
    put(packet, (uint8_t)value);
}

void packet_tag(struct packet *packet, uint32_t field, uint32_t wire_type)
{
    packet_varint(packet, (uint64_t)field << 3 | wire_type);
}

void packet_uint(struct packet *packet, uint32_t field, uint64_t value)
{
    packet_tag(packet, field, 0);
    packet_varint(packet, value);
}

void packet_sint(struct packet *packet, uint32_t field, int64_t value)
{
    uint64_t doubled = (uint64_t)value << 1;
    packet_uint(packet, field, value < 0 ? ~doubled : doubled);
}

void packet_bytes(struct packet *packet, uint32_t field, const void *bytes, size_t size)
{
    packet_tag(packet, field, 2);
    packet_varint(packet, size);
    for (size_t i = 0; i < size; i++)
        put(packet, ((const uint8_t *)bytes)[i]);
}

void packet_text(struct packet *packet, uint32_t field, const char *text)
{
    packet_bytes(packet, field, text, strlen(text));
}

void packet_label(struct packet *packet, const char *key, const char *value)
{
    static struct packet label;
    label.size = 0;
    packet_text(&label, 1, key);
    packet_text(&label, 2, value);
    packet_bytes(packet, 4, label.bytes, label.size);
}

void packet_order(struct packet *packet)
{
    packet->size = 0;
    packet_text(packet, 1, "a1b2");
    packet_uint(packet, 2, 1);
    packet_uint(packet, 7, 2);
}
