// SPDX-License-Identifier: Apache-2.0
// The fleet's own state, shared by its files: fleet.c (nodes and deadlines), presence.c (silence,
// on purpose or not), topology.c (who depends on what) and hearing.c and serving.c (messages to
// sightings). Nobody else includes this.
#ifndef COLLECTOR_CORE_FLEET_STATE_H
#define COLLECTOR_CORE_FLEET_STATE_H

#include "collector/core/deadlines.h"
#include "collector/core/fleet.h"

enum { FLEET_SERVICES_MAX = 64, FLEET_LINES_MAX = 4096 };

// Deadline owners: nodes by their number, services above this, then these.
#define SERVICE_DEADLINE 0x80000000U
#define MINUTE_DEADLINE  0xfffffff0U
#define LINES_DEADLINE   0xfffffff1U

struct watch { // what nodes and services have, too
    struct mono_time due, entry;
};

struct fleet_line {        // stations with one label `line`, or `area` if they have no line
    uint32_t stations, on; // when last counted; without those never heard
    bool usually_off;      // now, by the habits of its stations
};

struct fleet {
    const struct engine_config *config;
    struct name_table *names;
    struct name_table *folded; // ids equal but for case are one too many
    struct node *nodes;        // nodes_max of them
    struct components *components;
    struct watched_service services[FLEET_SERVICES_MAX];
    uint32_t service_count;
    struct deadlines deadlines;
    struct mono_time started;
    uint32_t station_count;
    uint32_t skewed_count, software_down_count; // nodes (condition.c)
    bool clock_agreed;                          // with some node, once
    bool link_up;
    uint64_t topology_version, unauthorized;
    uint32_t broker, collector, site; // their components
    struct mono_time listening_since; // nothing could be heard before
    struct name_table *line_names;    // "line=L1"
    struct fleet_line *lines;
    struct watch minute, line_look;
    struct memory memory;
    struct certificates certificates;
};

// topology.c
MUST_CHECK enum status topology_init(struct fleet *fleet);
// What a node depends on, made anew for `role` from its labels and the services.
MUST_CHECK enum status topology_attach(struct fleet *fleet, uint32_t node, enum role role);
MUST_CHECK enum status topology_add_service(struct fleet *fleet,
                                            const struct engine_service *added);
const struct engine_station *topology_listed(const struct fleet *fleet, const char *node);
uint32_t topology_find_service(const struct fleet *fleet, const char *server, const char *name);

// fleet.c
MUST_CHECK enum status fleet_add_node(struct fleet *fleet, const char *name, uint32_t *ret_node);
void fleet_watch(struct fleet *fleet, uint32_t owner, struct mono_time due);
struct duration fleet_grace(const struct node *node);

// presence.c
// Silence of a station now is no reason for alarm: by the calendar, its habit or its line's.
bool presence_is_off_on_purpose(struct fleet *fleet, uint32_t node, struct instant now);
// Compares what a node says of itself with what it was; before that is changed. NULL = not told.
void presence_compare(struct node *node, uint64_t incarnation, const char *boot_id);
// A node is heard, whose presence still is what it was: learns from the time it was not.
void presence_returned(struct fleet *fleet, uint32_t node, struct instant now);
// It was not heard in time, or it is time to look at it again.
void presence_due(struct fleet *fleet, uint32_t node, struct instant at, struct sightings *out);
void presence_start(struct fleet *fleet, struct instant now);
void presence_minute(struct fleet *fleet, struct instant now);
void presence_look_at_lines(struct fleet *fleet, struct instant now);

// condition.c
// A live birth; a heartbeat; a goodbye, after which nothing of it holds.
void condition_hear_birth(struct fleet *fleet, uint32_t node, struct mono_time now,
                          const struct birth *birth, struct sightings *out);
void condition_hear_heartbeat(struct fleet *fleet, uint32_t node, struct instant now,
                              const struct heartbeat *heartbeat, struct sightings *out);
void condition_forget(struct fleet *fleet, uint32_t node, struct mono_time now);

// certificates.c
// A birth that is not a will: of whom it speaks is taken in already.
void certificates_hear(struct fleet *fleet, uint32_t node, struct instant now,
                       const struct birth *birth, struct sightings *out);
void certificates_minute(struct fleet *fleet, struct instant now, struct sightings *out);

// restarting.c
// A server with services said that it shuts down.
void restart_announced(struct fleet *fleet, uint32_t server, struct mono_time now,
                       struct sightings *out);
// It is back.
void restart_ended(struct fleet *fleet, uint32_t server, struct mono_time now,
                   struct sightings *out);
struct mono_time restart_limit_at(const struct fleet *fleet, const struct watched_service *service);
// The time it has is over, perhaps.
void restart_due(struct fleet *fleet, uint32_t service, struct mono_time now,
                 struct sightings *out);

// serving.c
void serving_hear_service(struct fleet *fleet, struct instant now, uint32_t index,
                          const struct service_report *report, struct sightings *out);
void serving_hear_host(struct fleet *fleet, struct instant now, uint32_t index,
                       const struct host_event *event, struct sightings *out);
void services_forget(struct fleet *fleet, uint32_t server);

// booting.c
void services_note_boot(struct fleet *fleet, uint32_t server, const char *boot_id,
                        struct mono_time now);
// A live birth, perhaps the first word of a server that booted before the collector knew it.
void services_note_birth(struct fleet *fleet, uint32_t server, const struct birth *birth,
                         struct mono_time now);
// A stopped service is only pending until then: the grace of its start mode after a boot.
struct mono_time service_grace_until(const struct watched_service *service);
// Until then a server that booted may leave requests waiting; in the past if it has made an order
// since, or did not boot.
struct mono_time service_contract_until(const struct watched_service *service);
// ORDER_OUTPUT was told: the age of the newest order (`made`: there is one), and requests waiting.
void service_output_since_boot(struct watched_service *service, bool made, bool waiting);
// Hands out what was learned of the services whose minute of the hour it is; takes it back.
void services_remember(struct fleet *fleet, uint32_t minute_of_hour);
MUST_CHECK enum status services_restore(struct fleet *fleet, const char *key, const char *text);

// hearing.c
void sight(struct sightings *out, struct sighting sighting);
// Arms the service's deadline for whatever of it can change by time alone.
void service_watch(struct fleet *fleet, uint32_t number, struct mono_time now);
// Its server can be heard again after a time in which nothing could be told.
void service_heard_anew(struct fleet *fleet, uint32_t number, struct mono_time now);
// The symptom of its output at `now`, from what is known of it.
enum symptom service_output_at(const struct watched_service *service, struct mono_time now);

#endif
