// SPDX-License-Identifier: Apache-2.0
// What is usual in the field, on the same traces: rules with fixed thresholds, and the same rules
// with parents declared by hand that mute their children.
//
// The rules are those of a careful administrator, looked at once a second: a service that its
// server reports as stopped, a node that is silent, a fifth of a server's stations failing within
// the last minute, a fifth of the probes of a share failing, three failures at one station within 5
// minutes, the link to the broker. With parents, a segment is declared too, and an alarm of a
// parent mutes those below it for as long as it lasts, as Alertmanager's inhibition and Icinga's
// dependencies do; what was sent before stays sent.
// Ownership: baseline_free. Thread: one at a time. Failure: STATUS_NO_MEMORY.
#ifndef BENCH_BASELINE_H
#define BENCH_BASELINE_H

#include "bench/engine_run.h"

enum baseline_kind { BASELINE_THRESHOLD, BASELINE_PARENTS, BASELINE_COUNT };

struct baseline;

MUST_CHECK enum status baseline_new(enum baseline_kind kind, const struct plant *plant,
                                    struct baseline **ret);
// Takes NULL.
void baseline_free(struct baseline *baseline);
void baseline_hear(void *context, const struct emission *emission);
// Notices as if they were incidents of one name.
const struct engine_run *baseline_end(struct baseline *baseline, int64_t length_ms);

#endif
