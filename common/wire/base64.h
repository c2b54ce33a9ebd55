// SPDX-License-Identifier: Apache-2.0
// Base64 (RFC 4648, padded): raw payloads inside JSON lines. Private to wire.
//
// Ownership: caller's memory. Thread: any. Failure: false, nothing written.
#ifndef WIRE_BASE64_H
#define WIRE_BASE64_H

#include "base/text.h"

#include <stdint.h>

void base64_append(struct text *out, const uint8_t *bytes, size_t count);
// Strict: whole groups of four, padding only at the end. *ret_size: the bytes it stands for.
bool base64_check(const char *text, size_t length, size_t *ret_size);

#endif
