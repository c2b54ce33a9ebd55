// SPDX-License-Identifier: Apache-2.0
// Who is there: nodes, their presence, what each depends on, and what is directly known of servers.
//
// The fleet turns messages and passing time into sightings: single observations in the vocabulary
// of symptom.h, each of which counts once. It judges nothing. Ownership: the fleet copies what it
// keeps; node and service numbers stay valid. Thread: one at a time. Failure: a node beyond the
// limit is refused with STATUS_FULL and counted by the caller.
#ifndef COLLECTOR_CORE_FLEET_H
#define COLLECTOR_CORE_FLEET_H

#include "collector/core/boot_time.h"
#include "collector/core/component.h"
#include "collector/core/core_config.h"
#include "collector/core/memory.h"
#include "collector/core/order_disk.h"
#include "collector/core/week_pattern.h"

enum {
    FAILED_ORDERS = 4,
    NODE_COMPONENTS_MAX = 24,
    SIGHTINGS_MAX = 8,
    EVENT_NAME_SIZE = COMPONENT_SIZE
};

// What a node's own words show of it (condition.c).
struct condition {
    int64_t ahead_ms; // its wall clock before the collector's, as last told
    bool skewed;      // by minutes
    struct mono_time skew_changed_at;
    bool software_ran, software_down; // since its boot; ran, and does not now
    struct mono_time software_changed_at;
    uint64_t boots[2], incarnations[2]; // hashes of the latest and the one before
    uint32_t returns;                   // of an incarnation that had ended
    struct mono_time returned_at;       // the latest, of a boot or an incarnation
};

struct node {
    struct condition condition;
    enum role role;
    enum presence presence;
    enum offline_reason offline_reason;
    bool listed, heard, will_heard, expected;
    bool asked;                    // SERVER: for its services' states, since it was last heard anew
    bool joined;                   // counted in its components
    struct mono_time booted_at;    // MONO_NEVER: no boot was seen
    bool resolved_lost;            // the silence has been sighted as a loss
    struct mono_time heard_at;     // of the latest live message
    struct mono_time silent_at;    // when it turned overdue
    struct mono_time silent_since; // what its silence is dated back to
    struct mono_time due;          // when to look at it next
    struct mono_time entry;        // of its entry among the deadlines that counts
    struct wall_time heard_wall, fetch_wall;
    struct duration interval;
    uint64_t incarnation;
    uint32_t session;
    char boot_id[ID_SIZE];
    char version[NAME_SIZE], hostname[NAME_SIZE];
    struct label *labels;
    uint32_t label_count;
    char server[ID_SIZE];
    uint32_t component_count;
    uint32_t components[NODE_COMPONENTS_MAX];
    uint64_t hash;
    uint64_t attached; // topology version at which its components were made
    uint64_t fetch_ok, fetch_failed, outbox_depth;
    bool failing; // its latest fetch failed
    uint32_t failed_next;
    uint64_t failed_orders[FAILED_ORDERS]; // hashes of the latest different ones that failed
    enum outcome last_fetch, share;
    int64_t probe_age_ms;       // as last told
    struct mono_time probed_at; // of the latest probe
    // Off on purpose (presence.c).
    struct week_pattern *habit;        // when it is usually off; NULL = nothing learned
    bool habit_changed;                // since it was last remembered
    bool came_anew;                    // what it just said shows a boot since it was last heard
    bool presumed_by_line;             // off only because its line usually is: to be looked at
    uint32_t line;                     // whose habits it shares, NAME_NONE = nobody's
    uint64_t line_found;               // topology version of that
    int64_t certificate_expires_at_ms; // of the one it connects with, 0 = none
    bool certificate_soon;             // counted among those that expire soon
};

// A service that makes orders: the only thing that is known directly, through its server's agent.
struct watched_service {
    char name[NAME_SIZE], server[ID_SIZE], share[NAME_SIZE], upstream[NAME_SIZE];
    uint32_t component, server_node, server_component, share_component; // NAME_NONE = none
    enum symptom state;  // STATE_*, SYMPTOM_COUNT = not known (never told, or its agent is off)
    enum symptom output; // OUTPUT_*, SYMPTOM_COUNT = not known
    struct mono_time state_told_at, output_told_at; // of the latest reports
    struct service_report report;                   // the latest
    char report_event[EVENT_NAME_SIZE];
    uint64_t report_outbox, report_seq; // newest for its object: hash of the outbox id, seq
    uint64_t booted_as;                 // hash of that boot's id
    struct mono_time restarting_since;  // its server said that it shuts down; MONO_NEVER = not
    struct mono_time booted_at;         // of the server, when its boot was told; else MONO_NEVER
    struct host_event order_output;     // the latest
    uint64_t output_outbox, output_seq;
    struct mono_time demand_since; // requests have waited without a new order; MONO_NEVER = no
    struct mono_time newest_order_at;
    struct mono_time running_since; // RUNNING was told, after something else or a boot
    bool ran_since_boot;            // or since it is known at all
    bool stopping_seen;             // it ran, and stops in an orderly way with its server up
    bool asked_since_boot, made_since_boot; // requests waited; an order was made
    bool boots_changed;                     // since they were last remembered
    struct boot_time boots;                 // from a boot to the first order after it
    struct order_disk disk;                 // of its server; only kept with its first service
    struct mono_time due, entry;            // as of a node
};

// What a good fetch came after at its station: stations hold stocks of orders, some none and some
// several, so that one good fetch says how likely the next is, whatever stopped.
enum follows {
    FOLLOWS_NOTHING, // not told apart: the codebook's figure
    FOLLOWS_GOOD,    // a good one
    FOLLOWS_ONCE,    // a good one, when of a whole window only the first is weighed so
    FOLLOWS_MANY,    // several good ones that are weighed already
    FOLLOWS_FAILURE, // a failed one: there is no stock
    FOLLOWS_COUNT
};

struct sighting {
    enum symptom symptom;
    uint32_t node;      // whose observation; NAME_NONE for the link
    uint32_t component; // only this component is concerned; NAME_NONE = all the node depends on
    uint64_t order;     // hashes, 0 = none
    uint64_t product;
    const char *order_name; // of a fetch, valid within the step; NULL = none
    const char *product_name;
    bool booting;           // its station booted just now: it counts less
    enum follows follows;   // FETCH_OK: what it came after
    bool repeated;          // OUTPUT: as it was told before, so no new evidence
    struct mono_time since; // when what was sighted began
};

struct sightings {
    uint32_t count;
    struct sighting items[SIGHTINGS_MAX];
};

// Certificates that expire soon (certificates.c).
struct certificates {
    uint32_t count; // nodes that have one
    uint32_t first; // the node whose expires first, NAME_NONE = none
};

struct fleet;

MUST_CHECK enum status fleet_new(const struct engine_config *config, struct instant start,
                                 struct fleet **ret_fleet);
void fleet_free(struct fleet *fleet);

// A node spoke. `note` (TEXT_SIZE) receives a sentence worth keeping, or "".
MUST_CHECK enum status fleet_hear(struct fleet *fleet, struct instant now, const char *node,
                                  bool retained, const struct message *message,
                                  struct sightings *out, char note[TEXT_SIZE]);
// A known node is heard now, and on time until then.
void fleet_hear_steady(struct fleet *fleet, struct instant now, const char *node,
                       struct mono_time until, struct sightings *out);
// A node that the store knows: expected to be heard.
MUST_CHECK enum status fleet_expect(struct fleet *fleet, struct instant now, const char *node,
                                    enum role role);
// An incident that was open when the collector ended: a planned restart keeps its hard end.
void fleet_restore_restart(struct fleet *fleet, struct instant now,
                           const struct incident *incident);
// Whoever is still silent in the scope of a silence that is over counts anew, by itself.
void fleet_recount_silent(struct fleet *fleet, struct instant now, uint32_t component);
void fleet_link(struct fleet *fleet, struct instant now, bool up, struct sightings *out);

struct mono_time fleet_next_deadline(const struct fleet *fleet);
// Works off the earliest deadline at or before `now`; false: none. `ret_at` is its own time.
bool fleet_due(struct fleet *fleet, struct instant now, struct mono_time *ret_at,
               struct sightings *out);

// True when the event is too old to judge the present by: an outcome later than 30 s.
bool fleet_is_late(const struct event_key *key);

// True once when a server is heard whose services' states are not known: it should be asked.
bool fleet_wants_resync(struct fleet *fleet, const char *node);

uint32_t fleet_find(const struct fleet *fleet, const char *node);
uint32_t fleet_node_count(const struct fleet *fleet);
const struct node *fleet_node(const struct fleet *fleet, uint32_t node);
const char *fleet_node_name(const struct fleet *fleet, uint32_t node);
uint32_t fleet_station_count(const struct fleet *fleet); // in scope: not pending
bool fleet_link_up(const struct fleet *fleet);
bool fleet_covers(const struct fleet *fleet, uint32_t node, uint32_t component);
// True when what was seen of a node, in a fetch of this order and product, is part of the scope.
bool fleet_concerns(const struct fleet *fleet, uint32_t component, uint32_t node, uint64_t order,
                    uint64_t product);
// True when the two belong to one service (the service, its server, its share) or both to the way
// to everybody (broker, collector, site): what is told directly of the one speaks of the other.
bool fleet_related(const struct fleet *fleet, uint32_t a, uint32_t b);
// True when some node depends on both components.
bool fleet_scopes_meet(const struct fleet *fleet, uint32_t a, uint32_t b);

struct components *fleet_components(const struct fleet *fleet);
uint32_t fleet_service_count(const struct fleet *fleet);
const struct watched_service *fleet_service(const struct fleet *fleet, uint32_t service);
// The service behind a component (service, server, share), NAME_NONE if none.
uint32_t fleet_service_of(const struct fleet *fleet, uint32_t component);
// Rises with every change of who depends on what.
uint64_t fleet_topology_version(const struct fleet *fleet);
uint64_t fleet_unauthorized(const struct fleet *fleet);

const struct certificates *fleet_certificates(const struct fleet *fleet);

// What is to be remembered since the list was last cleared, which is the caller's part.
struct memory *fleet_memory(struct fleet *fleet);
// Takes back what was remembered. STATUS_NOT_FOUND: about nobody here, or of another kind;
// STATUS_INVALID: not a text of ours.
MUST_CHECK enum status fleet_restore_memory(struct fleet *fleet, const char *key, const char *text);

#endif
