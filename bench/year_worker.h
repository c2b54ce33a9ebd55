// SPDX-License-Identifier: Apache-2.0
// A healthy year played in a process of its own, so that years run side by side.
//
// Ownership: year_worker_wait ends what year_worker_start began. Thread: one. Failure: a status;
// of the child: STATUS_IO.
#ifndef BENCH_YEAR_WORKER_H
#define BENCH_YEAR_WORKER_H

#include "bench/healthy_run.h"

#include <sys/types.h>

struct year_worker {
    pid_t pid;
    int result_fd;
    int year;
};

MUST_CHECK enum status year_worker_start(struct year_worker *worker, int year, uint64_t seed,
                                         double false_alarms_per_year);
// Until its result is there.
MUST_CHECK enum status year_worker_wait(struct year_worker *worker, struct healthy_result *ret);

#endif
