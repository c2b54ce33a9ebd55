// SPDX-License-Identifier: Apache-2.0
// The vocabulary of the diagnosis: what can be observed, in channels whose probabilities sum to
// one.
//
// Ownership: none. Thread: any. Failure: none.
#ifndef COLLECTOR_CORE_SYMPTOM_H
#define COLLECTOR_CORE_SYMPTOM_H

#include "domain/observation.h"

// symptom, channel, kind in evidence, text for people
#define SYMPTOM_MAP(X)                                                                             \
    X(FETCH_OK, CHANNEL_FETCH, "fetch", "ended well")                                              \
    X(FETCH_MISSING, CHANNEL_FETCH, "fetch", "ended with 'order file missing'")                    \
    X(FETCH_UNREACHABLE, CHANNEL_FETCH, "fetch", "ended with 'share unreachable'")                 \
    X(FETCH_DENIED, CHANNEL_FETCH, "fetch", "ended with 'access denied'")                          \
    X(FETCH_TIMEOUT, CHANNEL_FETCH, "fetch", "timed out")                                          \
    X(FETCH_LOCKED, CHANNEL_FETCH, "fetch", "found the order file locked")                         \
    X(FETCH_INVALID, CHANNEL_FETCH, "fetch", "found an invalid order file")                        \
    X(FETCH_STALE, CHANNEL_FETCH, "fetch", "found a stale order file")                             \
    X(PROBE_OK, CHANNEL_PROBE, "share_probe", "found the share working")                           \
    X(PROBE_MISSING, CHANNEL_PROBE, "share_probe", "found the share's folder missing")             \
    X(PROBE_UNREACHABLE, CHANNEL_PROBE, "share_probe", "could not reach the share")                \
    X(PROBE_DENIED, CHANNEL_PROBE, "share_probe", "were denied access to the share")               \
    X(PROBE_TIMEOUT, CHANNEL_PROBE, "share_probe", "got no answer from the share in time")         \
    X(PROBE_LOCKED, CHANNEL_PROBE, "share_probe", "found the share locked")                        \
    X(PROBE_INVALID, CHANNEL_PROBE, "share_probe", "found the share unusable")                     \
    X(PROBE_STALE, CHANNEL_PROBE, "share_probe", "found the share stale")                          \
    X(LIFE_HEARD, CHANNEL_LIFE, "heartbeat", "are heard")                                          \
    X(LIFE_OVERDUE, CHANNEL_LIFE, "silence", "fell silent without a goodbye")                      \
    X(LIFE_RETURNED, CHANNEL_LOSS, "heartbeat", "were heard again")                                \
    X(LIFE_LOST, CHANNEL_LOSS, "silence", "stay silent")                                           \
    X(SERVER_HEARD, CHANNEL_SERVER, "heartbeat", "the server's agent is heard")                    \
    X(SERVER_OVERDUE, CHANNEL_SERVER, "silence", "the server's agent fell silent")                 \
    X(SERVER_RETURNED, CHANNEL_SERVER_LOSS, "heartbeat", "the server's agent is heard again")      \
    X(SERVER_LOST, CHANNEL_SERVER_LOSS, "silence", "the server's agent stays silent")              \
    X(STATE_UP, CHANNEL_STATE, "service", "the service runs")                                      \
    X(STATE_PENDING, CHANNEL_STATE, "service", "the service is starting or stopping")              \
    X(STATE_DOWN, CHANNEL_STATE, "service", "the service does not run")                            \
    X(OUTPUT_FLOWING, CHANNEL_OUTPUT, "order_output", "orders are being made")                     \
    X(OUTPUT_IDLE, CHANNEL_OUTPUT, "order_output", "no request waits for an order")                \
    X(OUTPUT_LATE, CHANNEL_OUTPUT, "order_output", "requests wait and no new order was made")      \
    X(OUTPUT_STALE, CHANNEL_OUTPUT, "order_output", "requests have waited long and unanswered")    \
    X(LINK_UP, CHANNEL_LINK, "link", "the collector's own link is up")                             \
    X(LINK_DOWN, CHANNEL_LINK, "link", "the collector's own link is down")                         \
    X(WILL_NONE, CHANNEL_WILL, "will", "no last will was heard from the silent ones")              \
    X(WILL_HEARD, CHANNEL_WILL, "will", "the broker sent last wills of the silent ones")           \
    X(RESTART_NONE, CHANNEL_RESTART, "host", "the server is not restarting")                       \
    X(RESTART_PLANNED, CHANNEL_RESTART, "host", "the server said that it shuts down")              \
    X(RESTART_OVERDUE, CHANNEL_RESTART, "host", "the server is not back in time")                  \
    X(START_SURE, CHANNEL_START, "start_mode", "the service starts by itself after a boot")        \
    X(START_UNSURE, CHANNEL_START, "start_mode",                                                   \
      "the service will not start by itself after a boot")                                         \
    X(DISK_AMPLE, CHANNEL_DISK, "disk", "the disk of the orders has room")                         \
    X(DISK_FILLING, CHANNEL_DISK, "disk", "the disk of the orders fills up")                       \
    X(DISK_FULL, CHANNEL_DISK, "disk", "the disk of the orders is full")                           \
    X(CERTIFICATE_FRESH, CHANNEL_CERTIFICATE, "certificate", "no certificate expires soon")        \
    X(CERTIFICATE_EXPIRING, CHANNEL_CERTIFICATE, "certificate", "certificates expire soon")        \
    X(SOFTWARE_UP, CHANNEL_SOFTWARE, "software", "the tester software runs")                       \
    X(SOFTWARE_DOWN, CHANNEL_SOFTWARE, "software",                                                 \
      "the tester software ended and the station is on")                                           \
    X(CLOCK_TRUE, CHANNEL_CLOCK, "clock", "the clock agrees with the collector")                   \
    X(CLOCK_SKEWED, CHANNEL_CLOCK, "clock", "the clock differs from the collector by minutes")     \
    X(IDENTITY_ONE, CHANNEL_IDENTITY, "identity", "one computer speaks under the name")            \
    X(IDENTITY_TWO, CHANNEL_IDENTITY, "identity", "two computers speak under one name")

enum symptom {
#define SYMPTOM_ENUM(name, channel, kind, text) SYMPTOM_##name,
    SYMPTOM_MAP(SYMPTOM_ENUM)
#undef SYMPTOM_ENUM
        SYMPTOM_COUNT
};

enum channel {
    CHANNEL_FETCH,       // a station's order fetch
    CHANNEL_PROBE,       // a station's probe of the share
    CHANNEL_LIFE,        // a station turned overdue, once; or is heard when it counts
    CHANNEL_LOSS,        // and stayed so
    CHANNEL_SERVER,      // the same for a server's agent
    CHANNEL_SERVER_LOSS, // …
    CHANNEL_STATE,       // a watched service, as its server reports it
    CHANNEL_OUTPUT,      // the order output of a server, under demand
    CHANNEL_LINK,        // the collector's own link
    CHANNEL_WILL,        // last wills of silent nodes
    CHANNEL_RESTART,     // a server announced its shutdown
    CHANNEL_START,       // how a running service would start after a boot
    CHANNEL_DISK,        // the disk that holds the orders
    CHANNEL_CERTIFICATE, // the certificates that nodes connect with, all together
    CHANNEL_SOFTWARE,    // the tester software of a station
    CHANNEL_CLOCK,       // a node's wall clock beside the collector's
    CHANNEL_IDENTITY,    // how many computers speak under one name
    CHANNEL_COUNT
};

enum channel symptom_channel(enum symptom symptom);
const char *symptom_kind(enum symptom symptom); // as in an incident's evidence
const char *symptom_text(enum symptom symptom);

// A fetch or probe that did not end well, a silence.
bool symptom_is_failure(enum symptom symptom);

// A fetch's or probe's outcome; OUTCOME_UNSPECIFIED has no symptom and gives SYMPTOM_COUNT.
enum symptom symptom_of_fetch(enum outcome outcome);
enum symptom symptom_of_probe(enum outcome outcome);

#endif
