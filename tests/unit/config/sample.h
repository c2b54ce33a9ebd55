// SPDX-License-Identifier: Apache-2.0
// A settings table with every type, which the tests of this folder share.
//
// Ownership: the caller's struct. Thread: any. Failure: none.
#ifndef TESTS_UNIT_CONFIG_SAMPLE_H
#define TESTS_UNIT_CONFIG_SAMPLE_H

#include "config/config.h"

struct sample_share {
    char name[16];
    struct duration limit;
};

struct sample_service {
    char server[16];
    char share_path[24];
    int64_t weight;
    struct sample_share shares[2];
    size_t share_count;
    char tags[2][8];
    size_t tag_count;
};

struct sample {
    char site[9];
    char url[40];
    char password_file[40];
    bool repair;
    int64_t retries;
    int64_t ceiling;
    double rate;
    struct duration interval;
    struct duration deepest;
    int mode;
    struct sample_service services[3];
    size_t service_count;
    char days[3][8];
    size_t day_count;
};

enum { SAMPLE_SETTINGS = 12 };
extern const struct setting sample_settings[SAMPLE_SETTINGS];

#endif
