// SPDX-License-Identifier: Apache-2.0
// An incident as people and programs are told of it: the record of DESIGN section 7, one cause, one
// id from opening to closing. States are those of ISA-18.2 / IEC 62682.
//
// Ownership: a plain value with fixed-size text, copyable by assignment (about 40 kB: pass it by
// pointer). Thread: any. Failure: none here.
#ifndef DOMAIN_INCIDENT_H
#define DOMAIN_INCIDENT_H

#include "base/time.h"
#include "domain/ids.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    INCIDENT_ALTERNATIVES_MAX = 8,
    INCIDENT_RULED_OUT_MAX = 8,
    INCIDENT_EVIDENCE_MAX = 12,
    INCIDENT_LABELS_MAX = 32,
    INCIDENT_TIMELINE_MAX = 64,
};

#define INCIDENT_ID_SIZE 100
#define CODE_SIZE        40
#define PARAGRAPH_SIZE   400

enum incident_state {
    INCIDENT_UNACKNOWLEDGED,
    INCIDENT_ACKNOWLEDGED,
    INCIDENT_RETURNED_UNACKNOWLEDGED,
    INCIDENT_SHELVED,
    INCIDENT_SUPPRESSED,
    INCIDENT_CLOSED,
    INCIDENT_STATE_COUNT
};

enum priority { PRIORITY_LOW, PRIORITY_MEDIUM, PRIORITY_HIGH, PRIORITY_CRITICAL, PRIORITY_COUNT };

struct incident_alternative {
    char code[CODE_SIZE];
    char component[COMPONENT_SIZE];
    double probability; // 0 to 1
};

struct incident_ruled_out {
    char code[CODE_SIZE];
    char component[COMPONENT_SIZE];
    char path[COMPONENT_SIZE]; // whose working rules it out: "share:orders"
    char because[TEXT_SIZE];   // in words with counts
};

struct incident_evidence {
    char node[ID_SIZE]; // empty: several nodes
    char kind[ID_SIZE]; // "fetch", "share_probe", "service", "silence" …
    uint64_t count;
    char text[TEXT_SIZE];
};

struct incident_label_count {
    char label[COMPONENT_SIZE]; // "line=L1"
    uint32_t affected;
};

struct incident_timeline_entry {
    struct wall_time at;
    char text[TEXT_SIZE];
    char event[COMPONENT_SIZE]; // the stored event behind it: "NODE/OUTBOX_ID/SEQ", or "" (engine)
};

struct incident_scope {
    uint32_t affected;  // at risk
    uint32_t confirmed; // with evidence of their own
    uint32_t total;     // stations of the site
    uint32_t label_count;
    struct incident_label_count by_label[INCIDENT_LABELS_MAX];
};

struct incident {
    char id[INCIDENT_ID_SIZE];
    char code[CODE_SIZE];
    char component[COMPONENT_SIZE];
    enum incident_state state;
    enum priority priority;
    char owner[NAME_SIZE];
    char headline[TEXT_SIZE];
    char cause[PARAGRAPH_SIZE];
    char why_code[CODE_SIZE]; // "" = no why
    char why_text[TEXT_SIZE];
    char consequence[PARAGRAPH_SIZE];
    char action[PARAGRAPH_SIZE];
    uint32_t respond_within_s;
    struct incident_scope scope;
    struct wall_time since, detected_at;
    double confidence; // 0 to 1
    uint32_t alternative_count, ruled_out_count, evidence_count, timeline_count;
    struct incident_alternative alternatives[INCIDENT_ALTERNATIVES_MAX];
    struct incident_ruled_out ruled_out[INCIDENT_RULED_OUT_MAX];
    struct incident_evidence evidence[INCIDENT_EVIDENCE_MAX];
    // Full: the middle gives way, the first and the latest stay; `timeline_dropped` counts.
    struct incident_timeline_entry timeline[INCIDENT_TIMELINE_MAX];
    uint32_t timeline_dropped;
    char acknowledged_by[NAME_SIZE]; // "" = nobody
    struct wall_time acknowledged_at;
    char acknowledged_comment[TEXT_SIZE];
    bool told; // people have heard of it (sinks, horn, wall banner)
    struct wall_time told_at;
    struct wall_time resolved_at, closed_at; // WALL_UNKNOWN = not yet
};

// What happened to an incident: the words of replay's `transition`.
enum transition {
    TRANSITION_OPENED,
    TRANSITION_UPDATED,
    TRANSITION_RESOLVED,
    TRANSITION_CLOSED,
    TRANSITION_COUNT
};

// "unacknowledged" …, "critical" …, "opened" …: the spelling in JSON. Out of range: the first.
const char *incident_state_name(enum incident_state state);
const char *priority_name(enum priority priority);
const char *transition_name(enum transition transition);

#endif
