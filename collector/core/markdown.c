// SPDX-License-Identifier: Apache-2.0
// Escaping by CommonMark's rules: a backslash before punctuation, entities for what is HTML.
#include "collector/core/markdown.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || is_digit(c);
}

static bool is_blank(char c)
{
    return (unsigned char)c <= ' ' || c == 0x7F;
}

// Marks that turn the direction of text around (U+202A to U+202E, U+2066 to U+2069): a reader would
// see another order of words than was written.
static bool is_direction_mark(const char *s)
{
    const unsigned char *u = (const unsigned char *)s;
    return u[0] == 0xE2 && ((u[1] == 0x80 && u[2] >= 0xAA && u[2] <= 0xAE) ||
                            (u[1] == 0x81 && u[2] >= 0xA6 && u[2] <= 0xA9));
}

// "- ", "# ", "1." … mean something only where a line begins.
static bool opens_block(const char *start, const char *s)
{
    if (s == start)
        return strchr("#-+=~", *s) != NULL;
    if (*s != '.' && *s != ')')
        return false;
    for (const char *c = start; c < s; c++)
        if (!is_digit(*c))
            return false;
    return true;
}

static const char *replacement(const char *start, const char *s)
{
    switch (*s) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return s[1] == '#' || is_alnum(s[1]) ? "&amp;" : NULL;
    case '_': // inside a word it is plain text: ORDER_SERVICE
        return s > start && is_alnum(s[-1]) && is_alnum(s[1]) ? NULL : "\\_";
    default:
        return NULL;
    }
}

void markdown_text(struct text *out, const char *s)
{
    while (is_blank(*s) && *s != '\0')
        s++;
    const char *start = s;
    for (; *s != '\0'; s++) {
        const char *instead = replacement(start, s);
        if (instead != NULL) {
            text_append(out, instead);
        } else if (is_blank(*s)) {
            while (is_blank(s[1]) && s[1] != '\0')
                s++;
            if (s[1] != '\0')
                text_append(out, " ");
        } else if (is_direction_mark(s)) {
            s += 2;
        } else {
            if (strchr("\\`*[]|", *s) != NULL || opens_block(start, s))
                text_append(out, "\\");
            // A whole character at a time: text_append_bytes cuts between characters only.
            size_t length = 1;
            while (((unsigned char)s[length] & 0xC0U) == 0x80U)
                length++;
            text_append_bytes(out, s, length);
            s += length - 1;
        }
    }
}
