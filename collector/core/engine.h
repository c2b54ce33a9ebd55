// SPDX-License-Identifier: Apache-2.0
// The collector's pure core: an event and a time go in, effects come out.
//
// engine_step -> delivery (each outbox event once) -> fleet (who is there) -> diagnosis (what
// explains it) -> incident (one per cause) -> effects, which the shell performs. The same events in
// the same order give the same effects, bit for bit: no clock, no I/O, no random source, ids from
// counters. Replay, the scenario tests and the collector run this same code.
//
// Ownership: the engine copies what it keeps; the configuration's arrays have to outlive it.
// Effects and views belong to the engine and are valid until its next step. Thread: one at a time,
// any. Failure: engine_new reports a status; a step never fails: what does not fit a limit is
// counted in engine_counters and told by EFFECT_NOTE.
#ifndef COLLECTOR_CORE_ENGINE_H
#define COLLECTOR_CORE_ENGINE_H

#include "base/status.h"
#include "base/time.h"
#include "domain/bus.h"
#include "domain/incident.h"
#include "domain/observation.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STATION_LABELS_MAX = 8, OWNER_CAUSES_MAX = 32 };

// ---- configuration ---------------------------------------------------------------------------

struct engine_service { // a service that makes or serves orders, on a server
    char server[ID_SIZE];
    char name[NAME_SIZE];
    char share[NAME_SIZE];    // name of the share its orders are read from; "" = none
    char upstream[NAME_SIZE]; // a word for people: "the host system"; "" = unknown
};

struct engine_server {
    char name[ID_SIZE];
    bool agent; // false: never expected to be heard
};

struct engine_station { // one row of the station list
    char node[ID_SIZE];
    char server[ID_SIZE]; // "" = the only server, if there is just one
    uint32_t label_count;
    struct label labels[STATION_LABELS_MAX]; // line, area, segment, name …
};

struct engine_owner {
    char name[NAME_SIZE];
    uint32_t cause_count; // 0 = the default owner of what nobody else has
    char causes[OWNER_CAUSES_MAX][CODE_SIZE];
};

struct engine_config {
    const char *site;
    double false_alarms_per_year;       // the one setting behind every threshold
    struct duration annunciate_after;   // 5 s
    struct duration reopen_within;      // 5 min
    struct duration auto_close_after;   // 0 = at once when resolved
    struct duration restart_limit;      // 10 min
    struct duration silent_after_start; // 30 s: a known node unheard this long is silent
    double fetches_per_station_hour;    // expected, for the threshold; 40 = one per 90 s
    uint32_t status_valid_for_s;
    uint32_t nodes_max;   // stations and servers
    bool stations_listed; // nodes that are not listed are pending
    const struct engine_station *stations;
    size_t station_count;
    const struct engine_service *services;
    size_t service_count; // 0: a ROLE_SERVER node may speak for its own services[]
    const struct engine_server *servers;
    size_t server_count;
    const struct engine_owner *owners;
    size_t owner_count;
};

// Every duration, number and limit at its default; site and lists empty.
void engine_config_init(struct engine_config *config);

// ---- events ----------------------------------------------------------------------------------

enum event_kind {
    EVENT_TIMER,           // a deadline of engine_next_deadline has come; also fine any time
    EVENT_MESSAGE,         // a node spoke
    EVENT_LINK,            // the collector's own link to the broker went up or down
    EVENT_OPERATOR,        // a person acts
    EVENT_RESTORE_OUTBOX,  // at start: a high-water mark from the store
    EVENT_RESTORE_NODE,    // at start: a node that the store knows, so that its silence is seen
    EVENT_RESTORE_INCIDENT // at start: an incident that was open when the collector ended
};

struct operator_action {
    char action[ID_SIZE];    // ack | shelve | unshelve | close | maintenance | maintenance_end
    char id[COMPONENT_SIZE]; // incident id; for maintenance a component
    char by[NAME_SIZE];
    char comment[TEXT_SIZE];
    int64_t for_s;
};

struct event {
    enum event_kind kind;
    const char *node;              // MESSAGE, RESTORE_OUTBOX, RESTORE_NODE
    bool retained;                 // MESSAGE: a retained copy, so neutral to life
    const struct message *message; // MESSAGE: of kind birth, heartbeat, order, service or host
    bool link_up;                  // LINK
    const struct operator_action *operation; // OPERATOR
    const char *outbox_id;                   // RESTORE_OUTBOX
    uint64_t high_water;                     // RESTORE_OUTBOX: all up to here is committed
    enum role role;                          // RESTORE_NODE
    const struct incident *incident;         // RESTORE_INCIDENT
};

// ---- effects ---------------------------------------------------------------------------------

enum effect_kind {
    EFFECT_TRANSITION, // an incident was opened, updated, resolved or closed: publish, store, show;
                       // sinks too when `annunciated`
    EFFECT_RECORD,  // commit `message` (NULL: a repeat, only the ack is owed), then ack to `node`
                    // `outbox_id` up to `seq`. Acks follow commits, in order.
    EFFECT_COMMAND, // send `command` to `node`
    EFFECT_STATUS,  // the site's status changed: republish _status and _andon
    EFFECT_GAP,     // `node`'s outbox lost seqs `gap_from`..`seq`: count and report
    EFFECT_NOTE     // something worth a line in the log and the store: `text` about `node`
};

struct effect {
    enum effect_kind kind;
    enum transition transition;
    bool annunciated;
    const struct incident *incident;
    const char *node;
    const struct message *message;
    const char *outbox_id;
    uint64_t seq, gap_from;
    struct command command; // COMMAND: id made by the engine; expires_at_ms set
    char text[TEXT_SIZE];   // NOTE
};

struct effects {
    const struct effect *items;
    size_t count;
};

struct engine;

MUST_CHECK enum status engine_new(const struct engine_config *config, struct instant start,
                                  struct engine **ret_engine);
void engine_free(struct engine *engine);

// One step at `now`, which never goes back. Deadlines that are due are worked off first, each at
// its own time, so that a late call gives the same result as a timely one.
struct effects engine_step(struct engine *engine, struct instant now, const struct event *event);

// When engine_step wants to be called with EVENT_TIMER; MONO_NEVER = not by itself.
struct mono_time engine_next_deadline(const struct engine *engine);

// ---- views -----------------------------------------------------------------------------------

enum presence {
    PRESENCE_UNKNOWN,      // never heard since start
    PRESENCE_ON,           // heartbeats come
    PRESENCE_OFF,          // said goodbye
    PRESENCE_PRESUMED_OFF, // silent at a time when that is normal
    PRESENCE_SILENT,       // should be heard and is not
    PRESENCE_PENDING,      // heard, but not on the station list
    PRESENCE_COUNT
};
const char *presence_name(enum presence presence); // "unknown", "on", "off" …

struct node_view {
    const char *node;
    enum role role;
    enum presence presence;
    enum offline_reason offline_reason; // when off
    struct wall_time last_heard;        // WALL_UNKNOWN = never
    struct wall_time last_fetch_at;
    enum outcome last_fetch;         // UNSPECIFIED = none yet
    enum outcome share;              // the latest probe
    uint64_t fetch_ok, fetch_failed; // outcomes received
    uint64_t outbox_depth;
    const char *version, *hostname;
    uint32_t label_count;
    const struct label *labels;
    const char *incident_id; // the open incident that covers it, "" = none
};

uint32_t engine_node_count(const struct engine *engine);
void engine_node(const struct engine *engine, uint32_t index, struct node_view *ret_view);

// Incidents not yet closed, oldest first, and by id (also closed ones still held for reopening).
uint32_t engine_incident_count(const struct engine *engine);
const struct incident *engine_incident(const struct engine *engine, uint32_t index);
const struct incident *engine_find_incident(const struct engine *engine, const char *id);

void engine_site_status(const struct engine *engine, struct instant now, struct site_status *ret);
// "green", "yellow" or "red".
const char *engine_andon(const struct engine *engine);

struct engine_counters {
    uint64_t events, duplicates, gaps, late, unauthorized, nodes_refused, candidates, effects;
    double threshold; // the alarm threshold h, in nats
};
struct engine_counters engine_counters(const struct engine *engine);

#endif
