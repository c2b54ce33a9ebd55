// SPDX-License-Identifier: Apache-2.0
// The simulated plant as it runs: stations that scan, an order service that works a queue, a share,
// agents that report, a network that delays; and what is broken in it.
//
// Nothing here knows what a diagnosis expects of a fault: outcomes follow from what is there to be
// read and from who can reach it. `blame` is the number of the fault behind a state, for the truth.
// Ownership: world_free; the plant is the caller's. Thread: one at a time. Failure: `status` stays
// at the first failure and the run ends.
#ifndef SIM_TRACE_WORLD_H
#define SIM_TRACE_WORLD_H

#include "domain/observation.h"
#include "sim/trace/event_queue.h"
#include "sim/trace/plant.h"
#include "sim/trace/truth.h"

enum { OUTBOX_MAX = 32, NO_BLAME = -1, RING = PLANT_LOOKAHEAD_MAX + 2, FAILED_TRIES_MAX = 4 };

#define NEVER_MS INT64_MAX

// One thing that reaches the collector.
struct emission {
    int64_t t_ms;     // since the trace's start
    bool is_link;     // the collector's own link
    bool link_up;     // … its state
    uint32_t agent;   // else a message: of which agent (stations first, then servers)
    const char *node; // its name
    bool retained;
    const struct message *message;
};
typedef void emit_function(void *context, const struct emission *emission);

struct order {
    uint64_t number;
    uint32_t product;
    int64_t made_at_ms; // NEVER_MS: asked for, not made
    bool asked, copied;
    bool spoilt;   // the file is there and cut short
    bool withheld; // the host system has not passed it on
};

// An event as an agent's outbox holds it.
struct told {
    enum message_kind kind;
    int16_t blame;
    uint64_t seq;
    int64_t at_ms;
    uint64_t order;
    uint32_t product;
    enum outcome outcome;
    int64_t latency_ms;
    enum service_state state;
    enum start_mode start_mode;
    int32_t exit_code;
    const char *reason; // static
    enum host_event_kind host;
    int64_t newest_age_ms, backlog;
    uint64_t files, free_bytes;
};

struct session { // as the broker keeps it for the last will, and as a retained copy
    bool published, online;
    enum offline_reason reason;
    uint64_t incarnation, boot;
    uint32_t number;
    int64_t boot_at_ms, sent_at_ms;
};

struct agent {
    char node[16];
    uint32_t index;
    bool is_server;
    bool up;        // the process runs
    bool connected; // to the broker, as it believes
    bool doomed;    // the broker will send the last will
    uint16_t cut;   // reasons why no packet passes
    uint32_t generation;
    uint64_t incarnation, boot;
    uint32_t session;
    int64_t boot_at_ms, started_at_ms, next_tick_ms, last_arrival_ms;
    uint64_t beats, next_seq, acked;
    int64_t skew_ms;
    bool new_version;
    int64_t certificate_expires_ms; // wall time
    int64_t probed_at_ms;
    enum outcome share;
    int16_t share_blame;
    bool software_running;
    int16_t identity_blame, software_blame; // of births and heartbeats that show a fault
    uint64_t fetch_ok, fetch_failed;
    struct session told, broken; // the latest birth; the session that the broker will give up
    struct session twin;         // of a clone of this machine
    uint32_t held;
    struct told outbox[OUTBOX_MAX];
    struct told last_acked;
};

struct station {
    const struct plant_station *plan;
    struct agent *agent;
    struct order ring[RING]; // under test and ahead of it
    uint32_t ring_count;
    uint64_t negative_order;   // a look-up of it failed …
    int64_t negative_until_ms; // … and is not repeated before (the client caches it)
    bool reading, idle;        // idle: nobody works here
    uint32_t tries;
    bool unplugged; // its own connection to the share is bad
    enum outcome own_outcome;
    int16_t own_blame;
    int64_t lingers_until_ms; // an ended fault still shows here
    enum outcome lingering;
    int16_t lingering_blame;
    int64_t session_until_ms; // an old logon to the share still holds
};

enum share_state { SHARE_WORKS, SHARE_GONE, SHARE_REFUSES };

struct server {
    const struct plant_server *plan;
    struct agent *agent; // NULL: none
    bool up, running, hung, fed, full, scanned;
    enum service_state state;
    enum start_mode start_mode;
    int32_t exit_code;
    const char *reason;
    enum share_state share;
    double hangs;  // of a gone share: how often it hangs instead of refusing
    double spoils; // of a full disk: how often a file is left cut short
    int16_t up_blame, orders_blame, share_blame, odd_blame, state_blame, disk_blame;
    double odd; // how often a read fails oddly …
    enum outcome odd_outcomes[3];
    int64_t busy_until_ms, newest_ms;
    int64_t free_bytes;
    double fills; // bytes a second
    int64_t report_delay_ms;
    int64_t last_backlog;
};

struct fault;

struct world {
    const struct plant *plant;
    struct truth *truth;
    struct random_state random;
    struct event_queue queue;
    enum status status;
    int64_t now_ms, end_ms, wall_ms; // wall_ms: Unix time of the trace's start
    struct station *stations;
    struct server servers[PLANT_SERVERS_MAX];
    struct agent *agents; // stations, then servers
    uint32_t agent_count;
    bool broker_up, muted, link_up;
    uint64_t orders_made;
    int16_t held_products[PLANT_PRODUCTS]; // the fault that holds a product back, or NO_BLAME
    bool waits_for_held;                   // requests for those wait; else the host refuses them
    double bad_version;                    // how often the new version fails …
    enum outcome bad_outcome;
    int16_t version_blame;
    struct fault *faults;
    uint32_t fault_count;
    emit_function *emit;
    void *context;
    struct message message;
};

enum happening {
    HAPPENS_FAULT_BEGINS,
    HAPPENS_FAULT_ENDS,
    HAPPENS_FAULT_STEP,
    HAPPENS_SCAN,
    HAPPENS_READ,
    HAPPENS_RESULT,
    HAPPENS_PROBE,
    HAPPENS_PROBED,
    HAPPENS_BEAT,
    HAPPENS_ARRIVAL,
    HAPPENS_CONNECT,
    HAPPENS_WILL,
    HAPPENS_OUTPUT,
    HAPPENS_STATE,
    HAPPENS_RESYNC,
    HAPPENS_SLIP
};

MUST_CHECK enum status world_new(const struct plant *plant, uint64_t seed, struct world **ret);
// Takes NULL.
void world_free(struct world *world);
// From the start to `end_ms`.
MUST_CHECK enum status world_run(struct world *world, emit_function *emit, void *context);

// `kind` happens to `who` in `delay_ms`.
void world_in(struct world *world, int64_t delay_ms, enum happening kind, uint32_t who,
              uint64_t detail);
// A message that tells of fault `blame` was received.
void world_blame(struct world *world, int16_t blame);

#endif
