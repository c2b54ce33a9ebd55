// SPDX-License-Identifier: Apache-2.0
// The encodings a tester's log may have, decoded to valid UTF-8.
//
// Ownership: caller's buffers. Thread: any; pure. Failure: what is not valid in its encoding
// becomes U+FFFD; NUL characters are dropped (a log cut by another program while its writer kept
// its place begins with a hole of them). The result is always valid UTF-8.
#ifndef AGENT_PROBE_ENCODING_H
#define AGENT_PROBE_ENCODING_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum encoding { ENCODING_UTF8, ENCODING_WINDOWS_1252, ENCODING_UTF16LE, ENCODING_COUNT };

// The most bytes of UTF-8 that one byte of input can become.
enum { ENCODING_GROWTH = 3 };

// "utf-8", "windows-1252", "utf-16le", any case; false: none of them.
bool encoding_from_name(const char *name, enum encoding *ret);

// Appends `count` bytes decoded.
void encoding_decode(enum encoding encoding, const uint8_t *bytes, size_t count, struct text *out);

#endif
