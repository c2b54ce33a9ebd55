// SPDX-License-Identifier: Apache-2.0
// The collector as a whole: engine, bus, store, sinks, page on one loop.
//
// Ownership: collector_free, after the loop has come to its end; the configuration outlives it.
// Thread: the loop's. Failure: collector_start logs what is wrong and gives a status; the caller
// then stops it and runs the loop to its end all the same. A broker that is down is no failure: the
// collector serves its page, says so and keeps trying.
#ifndef COLLECTOR_SHELL_COLLECTOR_H
#define COLLECTOR_SHELL_COLLECTOR_H

#include "collector/config/collector_config.h"

#include <uv.h>

struct collector;

MUST_CHECK enum status collector_new(uv_loop_t *loop, const struct collector_config *config,
                                     struct collector **ret_collector);
void collector_free(struct collector *collector); // takes NULL

MUST_CHECK enum status collector_start(struct collector *collector);
// Commits, says goodbye on the bus, closes everything; the loop then comes to its end. Again: no
// effect.
void collector_stop(struct collector *collector);
// True: the disk hung and was left behind; the process must end without freeing.
bool collector_hung(const struct collector *collector);

#endif
