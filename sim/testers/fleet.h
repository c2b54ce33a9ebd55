// SPDX-License-Identifier: Apache-2.0
// The testers of many stations in one process: each scans, asks for an order, waits for its file by
// notice of the file system up to a deadline, reads it and writes its own log.
//
// Ownership: the fleet is the caller's to free by tester_fleet_close; settings' strings outlive it.
// Thread: the loop's. Failure: open reports a status and a sentence; a scan that fails is a line in
// that tester's log, which is the point of it.
#ifndef SIM_TESTERS_FLEET_H
#define SIM_TESTERS_FLEET_H

#include "base/status.h"
#include "base/time.h"
#include "domain/ids.h"

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

enum { TESTERS_MAX = 100000 };

struct tester_fleet_settings {
    uint32_t count, first; // stations PREFIX<first> … PREFIX<first + count - 1>
    const char *prefix;
    const char *requests, *orders, *logs;
    struct duration interval; // mean time between a tester's scans
    struct duration wait;     // longest wait for an order file
    uint64_t seed;
    bool paused; // nobody scans until told to
};

struct tester_fleet_counters {
    uint64_t scans, loaded, failed;
};

struct tester_fleet;

MUST_CHECK enum status tester_fleet_open(uv_loop_t *loop,
                                         const struct tester_fleet_settings *settings,
                                         struct tester_fleet **ret_fleet, char problem[TEXT_SIZE]);
// Obeys one line: "scan NODE", "scan all", "interval 30s", "pause", "resume". False: not one of
// these, or no such station.
bool tester_fleet_obey(struct tester_fleet *fleet, const char *line);
struct tester_fleet_counters tester_fleet_counters(const struct tester_fleet *fleet);
void tester_fleet_close(struct tester_fleet *fleet, void (*closed)(void *context), void *context);

#endif
