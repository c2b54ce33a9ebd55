// SPDX-License-Identifier: Apache-2.0
// The collector's settings table, private to this room.
//
// Ownership: static. Thread: any. Failure: none.
#ifndef COLLECTOR_CONFIG_COLLECTOR_SETTINGS_H
#define COLLECTOR_CONFIG_COLLECTOR_SETTINGS_H

#include "config/config.h"

extern const struct setting collector_settings[];
extern const size_t collector_setting_count;

#endif
