// SPDX-License-Identifier: Apache-2.0
// UTF-8, Windows-1252 and UTF-16LE to valid UTF-8.
#include "agent/probe/encoding.h"

static const uint32_t REPLACEMENT = 0xFFFD;

// Windows-1252 0x80 to 0x9F (the WHATWG table); everything else is Latin-1.
static const uint16_t windows_1252_high[32] = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
};

bool encoding_from_name(const char *name, enum encoding *ret)
{
    static const char *const names[ENCODING_COUNT] = {"utf-8", "windows-1252", "utf-16le"};
    for (int i = 0; i < ENCODING_COUNT; i++) {
        if (text_equal_nocase(names[i], name)) {
            *ret = (enum encoding)i;
            return true;
        }
    }
    return false;
}

static void put(struct text *out, uint32_t point)
{
    char bytes[4];
    size_t count = 0;
    if (point == 0) {
        return;
    } else if (point < 0x80) {
        bytes[count++] = (char)point;
    } else if (point < 0x800) {
        bytes[count++] = (char)(0xC0 | point >> 6);
        bytes[count++] = (char)(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
        bytes[count++] = (char)(0xE0 | point >> 12);
        bytes[count++] = (char)(0x80 | (point >> 6 & 0x3F));
        bytes[count++] = (char)(0x80 | (point & 0x3F));
    } else {
        bytes[count++] = (char)(0xF0 | point >> 18);
        bytes[count++] = (char)(0x80 | (point >> 12 & 0x3F));
        bytes[count++] = (char)(0x80 | (point >> 6 & 0x3F));
        bytes[count++] = (char)(0x80 | (point & 0x3F));
    }
    text_append_bytes(out, bytes, count);
}

// Length of the valid character at `bytes`, 0 if there is none.
static size_t utf8_character(const uint8_t *bytes, size_t left)
{
    for (size_t length = 1; length <= 4 && length <= left; length++)
        if (text_is_utf8((const char *)bytes, length))
            return length;
    return 0;
}

static void decode_utf8(const uint8_t *bytes, size_t count, struct text *out)
{
    if (text_is_utf8((const char *)bytes, count)) {
        text_append_bytes(out, (const char *)bytes, count);
        return;
    }
    for (size_t at = 0; at < count;) {
        size_t length = utf8_character(bytes + at, count - at);
        if (length > 0)
            text_append_bytes(out, (const char *)bytes + at, length);
        else if (bytes[at] != 0)
            put(out, REPLACEMENT);
        at += length > 0 ? length : 1;
    }
}

static void decode_windows_1252(const uint8_t *bytes, size_t count, struct text *out)
{
    for (size_t i = 0; i < count; i++) {
        uint8_t byte = bytes[i];
        put(out, byte >= 0x80 && byte < 0xA0 ? windows_1252_high[byte - 0x80] : byte);
    }
}

static void decode_utf16le(const uint8_t *bytes, size_t count, struct text *out)
{
    for (size_t at = 0; at + 1 < count; at += 2) {
        uint32_t unit = (uint32_t)bytes[at] | (uint32_t)bytes[at + 1] << 8;
        if (unit >= 0xD800 && unit < 0xDC00 && at + 3 < count) {
            uint32_t low = (uint32_t)bytes[at + 2] | (uint32_t)bytes[at + 3] << 8;
            if (low >= 0xDC00 && low < 0xE000) {
                put(out, 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
                at += 2;
                continue;
            }
        }
        put(out, unit >= 0xD800 && unit < 0xE000 ? REPLACEMENT : unit);
    }
}

void encoding_decode(enum encoding encoding, const uint8_t *bytes, size_t count, struct text *out)
{
    switch (encoding) {
    case ENCODING_WINDOWS_1252:
        decode_windows_1252(bytes, count, out);
        break;
    case ENCODING_UTF16LE:
        decode_utf16le(bytes, count, out);
        break;
    default:
        decode_utf8(bytes, count, out);
    }
}
