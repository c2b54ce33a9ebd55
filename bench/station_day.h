// SPDX-License-Identifier: Apache-2.0
// When a node of the healthy plant is not heard, planned a day ahead: switched off, rebooted,
// updated, or a moment's glitch of the network.
//
// Ownership: plain values. Thread: any. Failure: a gap that meets another one, or finds no room, is
// left out.
#ifndef BENCH_STATION_DAY_H
#define BENCH_STATION_DAY_H

#include "bench/site_calendar.h"
#include "sim/trace/draw.h"

enum { GAPS_MAX = 16 };

enum gap_kind {
    GAP_GLITCH,  // the connection lives on
    GAP_SWITCH,  // no power, no goodbye
    GAP_GOODBYE, // shut down, and booted again
    GAP_REBOOT,  // the same for some minutes
    GAP_UPGRADE  // a new agent
};

struct gap {
    int64_t from_ms, to_ms;
    enum gap_kind kind;
};

struct station_day {
    uint32_t count;
    struct gap gaps[GAPS_MAX]; // by time
};

// Drops what is over, so that the day has room.
void station_day_forget(struct station_day *day, int64_t now_ms);
bool station_day_add(struct station_day *day, struct gap gap);
// Until when the node is heard without a break, at most `horizon_ms`; `now_ms` when in a gap.
int64_t station_day_heard_until(const struct station_day *day, int64_t now_ms, int64_t horizon_ms);
// The gap that begins at that very time, NULL = none.
const struct gap *station_day_at(const struct station_day *day, int64_t from_ms);

// All gaps that begin on that local day for the stations of the plant; the last element is the
// server.
void plan_day(const struct site_calendar *calendar, struct random_state *random, int64_t day,
              struct station_day *days);

#endif
