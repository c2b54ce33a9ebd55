// SPDX-License-Identifier: Apache-2.0
// The station list: a CSV file with the columns node, line, area, segment, server; every further
// column becomes a label of its name.
//
// Ownership: the rows are the caller's (free). Thread: any. Failure: STATUS_CONFIG with line and
// column in `error`: a bad id, ids equal but for case, a label too long, too many columns.
#ifndef COLLECTOR_CONFIG_STATION_LIST_H
#define COLLECTOR_CONFIG_STATION_LIST_H

#include "collector/core/engine.h"
#include "config/config.h"

MUST_CHECK enum status station_list_load(const char *path, uint32_t stations_max,
                                         struct engine_station **ret_stations, size_t *ret_count,
                                         struct config_error *error);

#endif
