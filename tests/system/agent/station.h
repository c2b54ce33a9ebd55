// SPDX-License-Identifier: Apache-2.0
// A station for system tests: a real broker, the real agent, and a client that hears everything.
//
//     struct station *station = station_new("role: server\n");
//     station_start_agent(station);
//     const struct message *birth = station_expect(station, MESSAGE_BIRTH, is_online, NULL);
//
// Expectations look at what came since the last station_forget. Ownership: the caller frees the
// station. Thread: the main one. Failure: the running cmocka test fails, with the agent's log on
// standard error.
#ifndef TESTS_SYSTEM_AGENT_STATION_H
#define TESTS_SYSTEM_AGENT_STATION_H

#include "domain/observation.h"
#include "runtime/mqtt/mqtt.h"
#include "tests/support/broker.h"
#include "tests/support/process.h"
#include "tests/support/temporary.h"

#include <uv.h>

#define STATION_NODE "ETS-001"

struct station;

// `config` is added to site, node, broker and state_dir.
struct station *station_new(const char *config);
void station_free(struct station *station);

void station_start_agent(struct station *station);
struct process *station_agent(struct station *station);
struct broker *station_broker(struct station *station);
const struct temporary *station_folder(const struct station *station);
// Runs `stationwatch-agent report --order ORDER --outcome missing`; true: the agent took it.
bool station_report(struct station *station, const char *order);

// From here on only newer messages count.
void station_forget(struct station *station);
// The first message of the kind that came and matches (NULL: any), waiting for it.
typedef bool station_match(const struct message *message, const void *argument);
const struct message *station_expect(struct station *station, enum message_kind kind,
                                     station_match *match, const void *argument);
// How many of the kind that match have come so far.
size_t station_count(const struct station *station, enum message_kind kind, station_match *match,
                     const void *argument);
// Waits until one more heartbeat has come: what was sent to the agent before has been heard.
const struct message *station_next_heartbeat(struct station *station);

// To the node's topic of that kind.
void station_send(struct station *station, const struct message *message, bool retained);
void station_send_bytes(struct station *station, enum message_kind kind, const void *bytes,
                        size_t size, bool retained);

#endif
