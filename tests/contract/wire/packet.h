// SPDX-License-Identifier: Apache-2.0
// A packet written by hand, from the encoding rules of Protocol Buffers and the field numbers of
// proto/stationwatch.proto alone: what a client in any other language sends.
//
// Ownership: the struct holds the bytes. Thread: any. Failure: a packet over its size aborts the
// test.
#ifndef TEST_WIRE_PACKET_H
#define TEST_WIRE_PACKET_H

#include <stddef.h>
#include <stdint.h>

struct packet {
    size_t size;
    uint8_t bytes[65536];
};

void packet_varint(struct packet *packet, uint64_t value);
void packet_tag(struct packet *packet, uint32_t field, uint32_t wire_type);
// uint32, uint64, int32, int64, bool, enum
void packet_uint(struct packet *packet, uint32_t field, uint64_t value);
// sint64
void packet_sint(struct packet *packet, uint32_t field, int64_t value);
void packet_bytes(struct packet *packet, uint32_t field, const void *bytes, size_t size);
void packet_text(struct packet *packet, uint32_t field, const char *text);
void packet_label(struct packet *packet, const char *key, const char *value);
// The smallest order that is accepted, to be spoiled or extended.
void packet_order(struct packet *packet);

#endif
