// SPDX-License-Identifier: Apache-2.0
// How long a server takes from its boot to its first fresh order, as learned from its latest boots.
//
// Ownership: a plain value, zero = nothing known. Thread: any. Failure: a text that boot_time_write
// did not make is refused.
#ifndef COLLECTOR_CORE_BOOT_TIME_H
#define COLLECTOR_CORE_BOOT_TIME_H

#include "base/time.h"

#include <stdint.h>

enum { BOOTS_KEPT = 8, BOOT_TIME_TEXT_SIZE = 2 + BOOTS_KEPT * 4 + 1 };

struct boot_time {
    uint32_t count;
    uint16_t seconds[BOOTS_KEPT]; // oldest first, each 1 to 300
};

// A boot took that long. False: longer than any boot is waited for, so it was a fault.
bool boot_time_learn(struct boot_time *boots, struct duration took);

// How long to wait for a fresh order after a boot: half as long again as the slowest of the latest
// boots and 10 s, from 30 s to 300 s. Of five boots or more the very slowest is left out, so that
// one odd boot is no rule. `unlearned` while fewer than three are known.
struct duration boot_time_limit(const struct boot_time *boots, struct duration unlearned);

// "1:34 36 41", printable.
void boot_time_write(const struct boot_time *boots, char out[BOOT_TIME_TEXT_SIZE]);
// False: not such a text; *ret untouched.
bool boot_time_read(const char *text, struct boot_time *ret);

#endif
