// SPDX-License-Identifier: Apache-2.0
// What only a look at several settings together shows: unknown servers, ids given twice.
//
// Ownership: none kept. Thread: any. Failure: STATUS_CONFIG with the place in `error`.
#ifndef COLLECTOR_CONFIG_CONFIG_CHECK_H
#define COLLECTOR_CONFIG_CONFIG_CHECK_H

#include "collector/config/collector_config.h"

// Servers, services, owners, broker and calendar of the file at `path`.
MUST_CHECK enum status config_check_settings(const char *path,
                                             const struct collector_config *config,
                                             struct config_error *error);

// After the station list: an area of the calendar that no station has.
MUST_CHECK enum status config_check_areas(const char *path, const struct collector_config *config,
                                          struct config_error *error);

#endif
