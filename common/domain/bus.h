// SPDX-License-Identifier: Apache-2.0
// The site-wide state documents that the collector publishes and stations read: `_status` and
// `_collector` (DESIGN section 4).
//
// Ownership: plain values. Thread: any. Failure: none here.
#ifndef DOMAIN_BUS_H
#define DOMAIN_BUS_H

#include "domain/incident.h"

enum { SITE_STATUS_INCIDENTS_MAX = 32, SITE_STATUS_MAINTENANCE_MAX = 32 };

struct site_status_incident {
    char id[INCIDENT_ID_SIZE];
    char code[CODE_SIZE];
    char component[COMPONENT_SIZE];
    char headline[TEXT_SIZE];
    struct wall_time since;
    char owner[NAME_SIZE];
    struct incident_scope scope;
};

struct site_status_maintenance {
    char component[COMPONENT_SIZE];
    struct wall_time until;
};

struct site_status {
    struct wall_time as_of;
    uint32_t valid_for_s;
    uint32_t incident_count;
    struct site_status_incident incidents[SITE_STATUS_INCIDENTS_MAX];
    uint32_t maintenance_count;
    struct site_status_maintenance maintenance[SITE_STATUS_MAINTENANCE_MAX];
};

struct collector_life {
    bool online;
    char version[NAME_SIZE];
    struct wall_time started_at;
};

#endif
