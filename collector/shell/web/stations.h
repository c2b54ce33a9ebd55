// SPDX-License-Identifier: Apache-2.0
// Stations and servers as JSON: the whole list, streamed, and what changed since the last look.
//
// Ownership: the watch is freed by station_watch_free. Thread: the loop's. Failure: a status; a
// list is written node by node, so its size does not matter.
#ifndef COLLECTOR_SHELL_WEB_STATIONS_H
#define COLLECTOR_SHELL_WEB_STATIONS_H

#include "base/text.h"
#include "collector/core/engine.h"

#include <microhttpd.h>

// One node at its longest: 16 label texts and 5 others, every byte escaped, and the rest.
enum { STATION_JSON_MAX = 24576 };

void station_write(struct text *out, const struct node_view *view);

// Answers with {"stations":[…]}.
enum MHD_Result stations_respond(struct MHD_Connection *connection, const struct engine *engine);

struct station_counts {
    uint32_t total, presence[PRESENCE_COUNT];
};
// Of role station; servers are not counted.
struct station_counts stations_count(const struct engine *engine);

// What a page was last told of each node.
struct station_watch;

MUST_CHECK enum status station_watch_new(const struct engine *engine,
                                         struct station_watch **ret_watch);
void station_watch_free(struct station_watch *watch); // takes NULL

// {"stations":[…]} of the nodes that changed since the last look into `out`. Returns how many
// changed; more than `max`, or than fit: the text is "" and a page should read the whole list.
uint32_t station_watch_look(struct station_watch *watch, uint32_t max, struct text *out);

#endif
