// SPDX-License-Identifier: Apache-2.0
// The collector's link to the broker: its settings from the configuration, and whether it is up.
//
// Ownership: the caller's struct; the settings point into it and into the configuration. Thread:
// the loop's. Failure: a sentence when the password cannot be read.
#ifndef COLLECTOR_SHELL_LINK_H
#define COLLECTOR_SHELL_LINK_H

#include "collector/config/collector_config.h"
#include "runtime/mqtt/mqtt.h"

enum { LINK_PASSWORD_SIZE = 1024 };

struct link {
    struct mqtt_settings settings;
    char password[LINK_PASSWORD_SIZE];
    bool up, known; // known: connected or refused once
    int protocol;
    struct wall_time since;
    char reason[TEXT_SIZE]; // why it is down
};

// `seed`: for the jitter of reconnects.
MUST_CHECK enum status link_init(struct link *link, const struct broker_setting *broker,
                                 struct wall_time now, uint64_t seed, char problem[TEXT_SIZE]);
// True: this is a change that the engine has to hear of.
bool link_went_up(struct link *link, struct wall_time now, int protocol);
bool link_went_down(struct link *link, struct wall_time now, const char *reason);

#endif
