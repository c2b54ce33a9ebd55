// SPDX-License-Identifier: Apache-2.0
// The station list: a CSV file with the columns node, line, area, segment, server; every further
// column becomes a label of its name.
//
// Ownership: the rows are the caller's (free). Thread: any. Failure: STATUS_CONFIG with the place
// in `error`: a bad id, ids equal but for case, a server nobody listed, too many labels or rows.
#ifndef COLLECTOR_CONFIG_STATION_LIST_H
#define COLLECTOR_CONFIG_STATION_LIST_H

#include "collector/core/engine.h"
#include "config/config.h"

// `servers`: those that a station may depend on and that no station may be named as; none = not
// checked.
MUST_CHECK enum status station_list_load(const char *path, uint32_t stations_max,
                                         const struct engine_server *servers, size_t server_count,
                                         struct engine_station **ret_stations, size_t *ret_count,
                                         struct config_error *error);

#endif
