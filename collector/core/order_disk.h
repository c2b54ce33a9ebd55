// SPDX-License-Identifier: Apache-2.0
// The disk that holds the orders: is there room, and until when?
//
// Full and nearly full are told by the figures of the moment, 'full soon' by the trend. A trend
// needs a history that fits how far it looks ahead, has to go on through all of it, and counts
// only below what the disk was cleaned up at before: a disk that fills by day and is cleaned up at
// night is healthy. Two bounded series keep the history: two hours by the minute, a week by 90
// minutes.
// Ownership: a plain value; zero = nothing known. Thread: any. Failure: none.
#ifndef COLLECTOR_CORE_ORDER_DISK_H
#define COLLECTOR_CORE_ORDER_DISK_H

#include "base/time.h"
#include "collector/core/symptom.h"

enum { DISK_SAMPLES = 112 };

struct disk_sample {
    struct mono_time at;
    float free, lowest; // parts of the whole: then, and least until the next sample
};

struct disk_series { // evenly spaced, oldest first
    uint32_t count;
    struct disk_sample samples[DISK_SAMPLES];
};

struct order_disk {
    uint64_t free_bytes, total_bytes; // as last told, total 0 = never
    enum symptom state;               // as last judged; only meaningful when told
    struct duration full_in;          // by the trend; 0 = no trend that counts
    struct mono_time trend_at;        // when there last was one …
    double trend_free;                // … and how much room
    struct disk_series minutes, days;
};

// The disk as its server tells it. Gives DISK_AMPLE, DISK_FILLING or DISK_FULL; SYMPTOM_COUNT when
// `total_bytes` is 0, which says nothing.
enum symptom order_disk_hear(struct order_disk *disk, struct mono_time now, uint64_t free_bytes,
                             uint64_t total_bytes);

#endif
