// SPDX-License-Identifier: Apache-2.0
// The fleet's own state, shared by its files: fleet.c (nodes and deadlines), topology.c (who
// depends on what) and hearing.c and serving.c (messages to sightings). Nobody else includes this.
#ifndef COLLECTOR_CORE_FLEET_STATE_H
#define COLLECTOR_CORE_FLEET_STATE_H

#include "collector/core/deadlines.h"
#include "collector/core/fleet.h"

enum { FLEET_SERVICES_MAX = 64 };

// Deadline owners: nodes by their number, services above this.
#define SERVICE_DEADLINE 0x80000000U

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
    bool link_up;
    uint64_t topology_version, unauthorized;
    uint32_t broker, collector, site; // their components
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

// serving.c
void serving_hear_service(struct fleet *fleet, struct instant now, uint32_t index,
                          const struct service_report *report, struct sightings *out);
void serving_hear_host(struct fleet *fleet, struct instant now, uint32_t index,
                       const struct host_event *event, struct sightings *out);
void services_forget(struct fleet *fleet, uint32_t server);
void services_note_boot(struct fleet *fleet, uint32_t server, const char *boot_id,
                        struct mono_time now);

// hearing.c
void sight(struct sightings *out, struct sighting sighting);
// The symptom of a service's output at `now`, from what is known of it.
// A stopped service is only pending until then: the grace of its start mode after a boot.
struct mono_time service_grace_until(const struct watched_service *service);
// Arms the service's deadline for whatever of it can change by time alone.
void service_watch(struct fleet *fleet, uint32_t number, struct mono_time now);
// Its server can be heard again after a time in which nothing could be told.
void service_heard_anew(struct fleet *fleet, uint32_t number, struct mono_time now);
enum symptom service_output_at(const struct watched_service *service, struct mono_time now);

#endif
