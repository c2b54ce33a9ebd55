// SPDX-License-Identifier: Apache-2.0
// A 64-bit hash of a text, the same on every machine and in every run.
//
// Ownership: none. Thread: any. Failure: none. Source: FNV-1a, Fowler, Noll, Vo,
// draft-eastlake-fnv; not for adversarial keys.
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdint.h>

static inline uint64_t hash_text(const char *text)
{
    uint64_t hash = 0xCBF29CE484222325U;
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * 0x100000001B3U;
    return hash;
}

#endif
