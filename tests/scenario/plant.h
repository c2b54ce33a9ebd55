// SPDX-License-Identifier: Apache-2.0
// The simulated plant: stations and servers as their agents would speak, in virtual time.
//
// Ownership: the plant owns its nodes; `speak` is called with messages that are valid during the
// call. Thread: one at a time. Failure: out of memory ends the program, it is a test's.
#ifndef SCENARIO_PLANT_H
#define SCENARIO_PLANT_H

#include "base/random.h"
#include "base/time.h"
#include "collector/core/engine.h"
#include "domain/observation.h"
#include "tests/scenario/agenda.h"

enum { PLANT_SERVERS_MAX = 8, OUTBOX_KEPT_MAX = 200 };

enum output { OUTPUT_FLOWS, OUTPUT_STOPS, OUTPUT_IDLE };

enum said { SAID_NOTHING, SAID_SPOKEN, SAID_RECORDED }; // of one seq of an outbox

struct kept_event { // in the outbox, not yet on the bus
    struct message message;
    struct mono_time at;
};

struct plant_node {
    char name[ID_SIZE], outbox_id[ID_SIZE];
    enum role role;
    uint32_t label_count;
    struct label labels[3];
    bool alive;   // switched on and on the network
    bool linked;  // has its connection to the broker
    bool started; // said its first birth
    enum offline_reason goodbye;
    uint32_t boots, session;
    int64_t certificate_expires_at_ms; // 0 = none
    uint64_t incarnation, heartbeat_seq, seq, acked;
    struct mono_time booted_at, probed_at;
    struct random_state random;
    enum outcome fetch, probe, probed;
    double keeping; // chance that a fetch ends well all the same
    uint64_t order_count, generation;
    char order[NAME_SIZE]; // the one it fetches now
    struct message *last;  // the last event it spoke, NULL = none
    struct kept_event *kept;
    uint32_t kept_count;
    uint8_t *said; // enum said, by seq
    uint64_t said_size;
};

struct plant_server {
    uint32_t node; // NAME_NONE: has no agent
    char name[ID_SIZE], service[NAME_SIZE], share[NAME_SIZE], upstream[NAME_SIZE];
    struct service_report state;
    enum output output;
    struct mono_time newest_order_at;
    int64_t backlog;
    double disk_free;         // 0 to 1, at …
    struct mono_time disk_at; // … and falling, or rising, by this an hour
    double disk_falls;
};

struct plant {
    uint32_t station_count, segment_count, line_count, area_count, node_count, server_count;
    bool listed;
    uint64_t seed;
    struct duration fetch_every, retry_after; // 0 = never
    struct duration heartbeat;                // the time between two
    struct plant_node *nodes;                 // stations first
    struct plant_server servers[PLANT_SERVERS_MAX];
    struct agenda agenda;
    struct instant start;
    // Says a message on the bus. False: the bus is not there, the message is not heard.
    bool (*speak)(void *context, struct instant now, const char *node, bool retained,
                  const struct message *message);
    void *context;
};

void plant_init(struct plant *plant);
void plant_fini(struct plant *plant);
// Builds the nodes and puts their first moments on the agenda.
void plant_start(struct plant *plant, struct instant start);
// Performs what is due at plant->agenda's earliest time, which is `now`.
void plant_step(struct plant *plant, struct instant now);

uint32_t plant_find(const struct plant *plant, const char *name); // NAME_NONE = unknown
struct plant_server *plant_server_of(struct plant *plant, uint32_t node);

// Who: `words` begin with `5 of WHO`, `20% of WHO` or WHO. Fills `out` (room for every node).
// Returns how many words that took, 0 = not to be understood or nobody.
uint32_t plant_select(const struct plant *plant, char *const *words, uint32_t word_count,
                      uint32_t *out, uint32_t *ret_count);

// Life.
void plant_connect(struct plant *plant, struct instant now, struct plant_node *node);
void plant_boot(struct plant *plant, struct instant now, struct plant_node *node, bool planned);
void plant_goodbye(struct plant *plant, struct instant now, struct plant_node *node,
                   enum offline_reason reason);
void plant_will(struct plant *plant, struct instant now, struct plant_node *node);
void plant_say_retained_births(struct plant *plant, struct instant now);
// The broker went away, taking every connection; and came back.
void plant_broker_down(struct plant *plant);
void plant_broker_up(struct plant *plant, struct instant now);
// A command of the collector.
void plant_obey(struct plant *plant, struct instant now, const char *node,
                const struct command *command);
// The collector has recorded and acked. NULL, or a sentence on what is wrong with that.
const char *plant_recorded(struct plant *plant, const char *node, const struct event_key *key);
const char *plant_acked(struct plant *plant, const char *node, const char *outbox_id, uint64_t seq);
// A node whose spoken events are not all recorded, NULL = none.
const struct plant_node *plant_unrecorded(const struct plant *plant, uint64_t *ret_seq);

// Traffic (plant_traffic.c). An event gets its key here and waits in the outbox if nobody hears.
void plant_say_event(struct plant *plant, struct instant now, struct plant_node *node,
                     struct message *message, int64_t age_ms);
void plant_say_kept(struct plant *plant, struct instant now, struct plant_node *node);
void plant_repeat(struct plant *plant, struct instant now, struct plant_node *node);
void plant_say_order(struct plant *plant, struct instant now, struct plant_node *node,
                     const char *order, enum outcome outcome, int64_t age_ms);
void plant_say_service(struct plant *plant, struct instant now, struct plant_server *server,
                       int64_t age_ms);
double plant_disk_free(const struct plant_server *server, struct mono_time now);
void plant_say_output(struct plant *plant, struct instant now, struct plant_server *server);
void plant_say_host(struct plant *plant, struct instant now, struct plant_node *node,
                    enum host_event_kind event, const char *reason);
void plant_fetch(struct plant *plant, struct instant now, struct plant_node *node, bool again,
                 struct agenda_entry *next);

// calloc that ends the program instead of failing.
void *plant_allocate(size_t count, size_t size);

enum plant_kind { // of agenda entries
    PLANT_HEARTBEAT,
    PLANT_FETCH,
    PLANT_RETRY,
    PLANT_OUTPUT,
    PLANT_PROBE,
    PLANT_RESYNC,
    PLANT_RECONNECT
};
void plant_plan(struct plant *plant, struct mono_time at, enum plant_kind kind, uint32_t node,
                uint64_t generation);

#endif
