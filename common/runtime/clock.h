// SPDX-License-Identifier: Apache-2.0
// The only place that asks the operating system for the time. Shells read it once per step and hand
// the instant down; cores never include this.
//
// Ownership: none. Thread: any. Failure: none; both clocks always answer.
#ifndef RUNTIME_CLOCK_H
#define RUNTIME_CLOCK_H

#include "base/time.h"

struct instant clock_now(void); // monotonic: CLOCK_BOOTTIME where there is one, so sleep counts

#endif
