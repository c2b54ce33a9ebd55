// SPDX-License-Identifier: Apache-2.0
// Sizes of the documents that the collector makes, in one place.
//
// Ownership: none. Thread: any. Failure: none.
#ifndef COLLECTOR_SHELL_LIMITS_H
#define COLLECTOR_SHELL_LIMITS_H

enum {
    INCIDENT_JSON_MAX = 262144,    // every text at its longest and much of it escaped
    SITE_STATUS_JSON_MAX = 524288, // 32 incidents
    EVENT_JSON_MAX = 65536         // one message of a node as JSON
};

#endif
