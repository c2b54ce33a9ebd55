// SPDX-License-Identifier: Apache-2.0
// The two clocks of a Linux machine; the monotonic one goes on while the machine sleeps.
#include "runtime/clock.h"

#include <time.h>

struct instant clock_now(void)
{
    struct timespec mono, wall;
    clock_gettime(CLOCK_BOOTTIME, &mono);
    clock_gettime(CLOCK_REALTIME, &wall);
    return (struct instant){
        .mono = {(int64_t)mono.tv_sec * 1000000 + mono.tv_nsec / 1000},
        .wall = {(int64_t)wall.tv_sec * 1000 + wall.tv_nsec / 1000000},
    };
}
