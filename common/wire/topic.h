// SPDX-License-Identifier: Apache-2.0
// Topics: stationwatch/v1/<site>/<node>/<kind> and the site-wide stationwatch/v1/<site>/_name.
//
// Ownership: caller's buffers. Thread: any. Failure: a status and nothing written.
#ifndef WIRE_TOPIC_H
#define WIRE_TOPIC_H

#include "base/status.h"
#include "domain/ids.h"
#include "domain/observation.h"

#define TOPIC_SIZE     320
#define SITE_WIDE_SIZE 128

struct topic {
    char site[ID_SIZE];
    char node[ID_SIZE]; // for a node topic; "" for a site-wide one
    enum message_kind kind;
    char site_wide[SITE_WIDE_SIZE]; // "_incident/ID", "_status" …; "" for a node topic
};

// STATUS_INVALID: not a topic of ours (wrong prefix, bad id, unknown kind, too long or too deep).
MUST_CHECK enum status topic_parse(const char *text, struct topic *ret_topic);

// "stationwatch/v1/SITE/NODE/KIND". Site and node have been validated before.
const char *topic_node(char out[TOPIC_SIZE], const char *site, const char *node,
                       enum message_kind kind);
// "stationwatch/v1/SITE/NAME", NAME as "_status" or "_incident/ID".
const char *topic_site(char out[TOPIC_SIZE], const char *site, const char *name);

#endif
