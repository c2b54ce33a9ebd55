// SPDX-License-Identifier: Apache-2.0
// The rows of the codebook. Probabilities are judgements on how a fault shows, not fits to a trace;
// docs/decisions/0003-codebook-figures.md says where each comes from.
#include "collector/core/codebook.h"

#define ON(kind) (1U << COMPONENT_##kind)

// A fetch fails now and then without any fault of ours; a watched service, the link and a long
// silence never do: 1e-18 is 'this alone is proof' at any fleet's threshold.
#define NEVER 1e-18

const double codebook_health[SYMPTOM_COUNT] = {
    [SYMPTOM_FETCH_OK] = 0.9985,          [SYMPTOM_FETCH_MISSING] = 0.0005,
    [SYMPTOM_FETCH_UNREACHABLE] = 0.0002, [SYMPTOM_FETCH_DENIED] = 0.0001,
    [SYMPTOM_FETCH_TIMEOUT] = 0.0003,     [SYMPTOM_FETCH_LOCKED] = 0.0002,
    [SYMPTOM_FETCH_INVALID] = 0.0001,     [SYMPTOM_FETCH_STALE] = 0.0001,
    [SYMPTOM_PROBE_OK] = 0.9985,          [SYMPTOM_PROBE_MISSING] = 0.0002,
    [SYMPTOM_PROBE_UNREACHABLE] = 0.0003, [SYMPTOM_PROBE_DENIED] = 0.0001,
    [SYMPTOM_PROBE_TIMEOUT] = 0.0006,     [SYMPTOM_PROBE_LOCKED] = 0.0001,
    [SYMPTOM_PROBE_INVALID] = 0.0001,     [SYMPTOM_PROBE_STALE] = 0.0001,
    [SYMPTOM_LIFE_HEARD] = 0.999,         [SYMPTOM_LIFE_OVERDUE] = 0.001,
    [SYMPTOM_LIFE_RETURNED] = 1.0,        [SYMPTOM_LIFE_LOST] = NEVER,
    [SYMPTOM_SERVER_HEARD] = 0.999,       [SYMPTOM_SERVER_OVERDUE] = 0.001,
    [SYMPTOM_SERVER_RETURNED] = 1.0,      [SYMPTOM_SERVER_LOST] = NEVER,
    [SYMPTOM_STATE_UP] = 0.998,           [SYMPTOM_STATE_PENDING] = 0.002,
    [SYMPTOM_STATE_DOWN] = NEVER,         [SYMPTOM_OUTPUT_FLOWING] = 0.6,
    [SYMPTOM_OUTPUT_IDLE] = 0.39,         [SYMPTOM_OUTPUT_LATE] = 0.01,
    [SYMPTOM_OUTPUT_STALE] = NEVER,       [SYMPTOM_LINK_UP] = 1.0,
    [SYMPTOM_LINK_DOWN] = NEVER,          [SYMPTOM_WILL_NONE] = 0.9,
    [SYMPTOM_WILL_HEARD] = 0.1,
};

// What stations see when the share answers and new order files are not there; some orders were
// fetched before, so a quarter of the fetches still ends well.
#define PREDICTS_ORDERS_MISSING                                                                    \
    [SYMPTOM_FETCH_OK] = 0.25, [SYMPTOM_FETCH_MISSING] = 0.69,                                     \
    [SYMPTOM_FETCH_UNREACHABLE] = 0.005, [SYMPTOM_FETCH_DENIED] = 0.005,                           \
    [SYMPTOM_FETCH_TIMEOUT] = 0.015, [SYMPTOM_FETCH_LOCKED] = 0.005,                               \
    [SYMPTOM_FETCH_INVALID] = 0.005, [SYMPTOM_FETCH_STALE] = 0.025

// What they see when no packet comes back.
#define PREDICTS_NO_ANSWER(ok)                                                                     \
    [SYMPTOM_FETCH_OK] = (ok), [SYMPTOM_FETCH_MISSING] = 0.02,                                     \
    [SYMPTOM_FETCH_UNREACHABLE] = 0.91 - (ok)-0.25, [SYMPTOM_FETCH_DENIED] = 0.01,                 \
    [SYMPTOM_FETCH_TIMEOUT] = 0.25, [SYMPTOM_FETCH_LOCKED] = 0.01, [SYMPTOM_FETCH_INVALID] = 0.01, \
    [SYMPTOM_FETCH_STALE] = 0.04, [SYMPTOM_PROBE_OK] = 0.02, [SYMPTOM_PROBE_MISSING] = 0.04,       \
    [SYMPTOM_PROBE_UNREACHABLE] = 0.65, [SYMPTOM_PROBE_DENIED] = 0.01,                             \
    [SYMPTOM_PROBE_TIMEOUT] = 0.25, [SYMPTOM_PROBE_LOCKED] = 0.01, [SYMPTOM_PROBE_INVALID] = 0.01, \
    [SYMPTOM_PROBE_STALE] = 0.01

#define PREDICTS_SILENCE                                                                           \
    [SYMPTOM_LIFE_HEARD] = 0.02, [SYMPTOM_LIFE_OVERDUE] = 0.98, [SYMPTOM_LIFE_RETURNED] = 0.02,    \
    [SYMPTOM_LIFE_LOST] = 0.98
#define PREDICTS_SERVER_SILENCE                                                                    \
    [SYMPTOM_SERVER_HEARD] = 0.0005, [SYMPTOM_SERVER_OVERDUE] = 0.9995,                            \
    [SYMPTOM_SERVER_RETURNED] = 0.02, [SYMPTOM_SERVER_LOST] = 0.98

const struct cause codebook[] = {
    {
        .code = "ORDER_SERVICE_STOPPED",
        .kinds = ON(SERVICE),
        .predicts = {PREDICTS_ORDERS_MISSING, [SYMPTOM_STATE_UP] = 0.01,
                     [SYMPTOM_STATE_PENDING] = 0.04, [SYMPTOM_STATE_DOWN] = 0.95,
                     [SYMPTOM_OUTPUT_FLOWING] = 0.05, [SYMPTOM_OUTPUT_IDLE] = 0.35,
                     [SYMPTOM_OUTPUT_LATE] = 0.3, [SYMPTOM_OUTPUT_STALE] = 0.3},
        .per_year = 0.5,
        .recovery = RECOVERY_FETCHES,
        .ruled_out_by = PROOF_STATE,
        .priority = PRIORITY_CRITICAL,
        .respond_within_s = 300,
        .owner = "Test Technology",
        .title = "Order service stopped",
        .headline = "Order service {name} on {server} has stopped: {affected} of {total} stations "
                    "get no new orders",
        .cause = "The service {name} on {server}, which makes the order files, does not run.",
        .consequence =
            "No new order files are made. Stations can test only what they fetched before; "
            "after that the lines stop.",
        .action =
            "Start the service {name} on {server}. If it does not stay up, read its log there.",
    },
    {
        .code = "ORDER_SERVICE_HUNG",
        .kinds = ON(SERVICE),
        .predicts = {PREDICTS_ORDERS_MISSING, [SYMPTOM_STATE_UP] = 0.97,
                     [SYMPTOM_STATE_PENDING] = 0.02, [SYMPTOM_STATE_DOWN] = 0.01,
                     [SYMPTOM_OUTPUT_FLOWING] = 0.04, [SYMPTOM_OUTPUT_IDLE] = 0.03,
                     [SYMPTOM_OUTPUT_LATE] = 0.45, [SYMPTOM_OUTPUT_STALE] = 0.48},
        .per_year = 0.15,
        .recovery = RECOVERY_FETCHES,
        .ruled_out_by = PROOF_OUTPUT,
        .priority = PRIORITY_CRITICAL,
        .respond_within_s = 300,
        .owner = "Test Technology",
        .title = "Order service hangs",
        .headline =
            "Order service {name} on {server} runs but makes no orders: {affected} of {total} "
            "stations get no new orders",
        .cause = "The service {name} on {server} runs, requests wait, and no order file is made.",
        .consequence =
            "No new order files are made. Stations can test only what they fetched before; "
            "after that the lines stop.",
        .action =
            "Restart the service {name} on {server} and keep its log and a dump for its maker.",
    },
    {
        .code = "ORDER_FEED_STOPPED",
        .kinds = ON(SERVICE),
        .predicts = {PREDICTS_ORDERS_MISSING, [SYMPTOM_STATE_UP] = 0.98,
                     [SYMPTOM_STATE_PENDING] = 0.01, [SYMPTOM_STATE_DOWN] = 0.01,
                     [SYMPTOM_OUTPUT_FLOWING] = 0.04, [SYMPTOM_OUTPUT_IDLE] = 0.92,
                     [SYMPTOM_OUTPUT_LATE] = 0.03, [SYMPTOM_OUTPUT_STALE] = 0.01},
        .per_year = 0.2,
        .recovery = RECOVERY_FETCHES,
        .ruled_out_by = PROOF_OUTPUT,
        .priority = PRIORITY_CRITICAL,
        .respond_within_s = 300,
        .owner = "IT Support",
        .title = "Order service is not fed",
        .headline = "Order service {name} on {server} gets nothing from {upstream}: {affected} of "
                    "{total} stations get no new orders",
        .cause =
            "The service {name} on {server} runs and nothing waits for it: {upstream} sends it "
            "no requests.",
        .consequence = "No new order files are made although the service works.",
        .action = "Check {upstream} and the interface between it and {name} on {server}.",
    },
    {
        .code = "ORDER_SHARE_DOWN",
        .kinds = ON(SHARE),
        .predicts = {PREDICTS_NO_ANSWER(0.05)},
        .per_year = 0.2,
        .recovery = RECOVERY_FETCHES,
        .ruled_out_by = PROOF_SHARE_ANSWERS,
        .priority = PRIORITY_CRITICAL,
        .respond_within_s = 300,
        .owner = "IT Support",
        .title = "Order share does not answer",
        .headline =
            "Order share {name} on {server} does not answer: {affected} of {total} stations "
            "get no orders",
        .cause =
            "The share {name} is not offered by {server}, or not reachable, although the server "
            "lives.",
        .consequence = "Stations cannot read any order file.",
        .action = "Check the file service and the share {name} on {server}.",
    },
    {
        .code = "ORDER_SHARE_DENIED",
        .kinds = ON(SHARE),
        .predicts = {[SYMPTOM_FETCH_OK] = 0.1,
                     [SYMPTOM_FETCH_MISSING] = 0.02,
                     [SYMPTOM_FETCH_UNREACHABLE] = 0.02,
                     [SYMPTOM_FETCH_DENIED] = 0.8,
                     [SYMPTOM_FETCH_TIMEOUT] = 0.02,
                     [SYMPTOM_FETCH_LOCKED] = 0.02,
                     [SYMPTOM_FETCH_INVALID] = 0.01,
                     [SYMPTOM_FETCH_STALE] = 0.01,
                     [SYMPTOM_PROBE_OK] = 0.05,
                     [SYMPTOM_PROBE_MISSING] = 0.01,
                     [SYMPTOM_PROBE_UNREACHABLE] = 0.02,
                     [SYMPTOM_PROBE_DENIED] = 0.88,
                     [SYMPTOM_PROBE_TIMEOUT] = 0.01,
                     [SYMPTOM_PROBE_LOCKED] = 0.01,
                     [SYMPTOM_PROBE_INVALID] = 0.01,
                     [SYMPTOM_PROBE_STALE] = 0.01},
        .per_year = 0.3,
        .recovery = RECOVERY_FETCHES,
        .ruled_out_by = PROOF_SHARE_ANSWERS,
        .priority = PRIORITY_CRITICAL,
        .respond_within_s = 300,
        .owner = "IT Support",
        .title = "Order share refuses access",
        .headline =
            "Order share {name} on {server} refuses access: {affected} of {total} stations get "
            "no orders",
        .cause = "The share {name} on {server} answers and refuses the stations' logon or access.",
        .consequence = "Stations cannot read any order file.",
        .action = "Check the stations' account (expired, locked, password changed) and the "
                  "permissions of the share {name}.",
    },
    {
        .code = "SERVER_DOWN",
        .kinds = ON(SERVER),
        .predicts = {PREDICTS_NO_ANSWER(0.05), PREDICTS_SERVER_SILENCE},
        .per_year = 0.3,
        .recovery = RECOVERY_FETCHES,
        .ruled_out_by = PROOF_SHARE_ANSWERS,
        .priority = PRIORITY_CRITICAL,
        .respond_within_s = 300,
        .owner = "IT Support",
        .title = "Order server down",
        .headline = "Order server {name} is down: {affected} of {total} stations get no orders",
        .cause = "{name} does not answer: neither its agent nor its share.",
        .consequence = "Stations cannot read any order file.",
        .action =
            "Check power, network and console of {name}; then that its order service started.",
    },
    {
        .code = "SEGMENT_DOWN",
        .kinds = ON(LABEL),
        .predicts = {PREDICTS_NO_ANSWER(0.02), PREDICTS_SILENCE},
        .per_year = 0.5,
        .recovery = RECOVERY_HEARTBEATS,
        .ruled_out_by = PROOF_STATIONS_HEARD,
        .priority = PRIORITY_HIGH,
        .respond_within_s = 600,
        .owner = "IT Support",
        .title = "Part of the plant cut off",
        .headline = "{name} is {off}: {affected} of {total} stations are silent",
        .cause = "All stations of {name} fell silent together without a goodbye, while others are "
                 "heard.",
        .consequence = "These stations cannot be watched and probably get no orders.",
        .action = "Check the network switch and the power of {name}.",
    },
    {
        .code = "SITE_NETWORK_DOWN",
        .kinds = ON(SITE),
        .predicts = {PREDICTS_NO_ANSWER(0.02), PREDICTS_SILENCE,
                     PREDICTS_SERVER_SILENCE, [SYMPTOM_LINK_UP] = 0.97, [SYMPTOM_LINK_DOWN] = 0.03,
                     [SYMPTOM_WILL_NONE] = 0.4, [SYMPTOM_WILL_HEARD] = 0.6},
        .per_year = 0.2,
        .recovery = RECOVERY_HEARTBEATS,
        .ruled_out_by = PROOF_STATIONS_HEARD,
        .priority = PRIORITY_CRITICAL,
        .respond_within_s = 300,
        .owner = "IT Support",
        .title = "Plant network down",
        .headline = "The plant network is down: {affected} of {total} stations are silent",
        .cause = "All nodes fell silent together while the broker still speaks to the collector.",
        .consequence = "No station is watched, and probably none gets orders.",
        .action = "Check the core switch and the connection between the lines and the server room.",
    },
    {
        .code = "BROKER_DOWN",
        .kinds = ON(BROKER),
        .predicts = {PREDICTS_SILENCE,
                     PREDICTS_SERVER_SILENCE, [SYMPTOM_LINK_UP] = 0.1, [SYMPTOM_LINK_DOWN] = 0.9,
                     [SYMPTOM_WILL_NONE] = 0.98, [SYMPTOM_WILL_HEARD] = 0.02},
        .per_year = 0.5,
        .recovery = RECOVERY_LINK,
        .ruled_out_by = PROOF_BUS,
        .priority = PRIORITY_HIGH,
        .respond_within_s = 600,
        .owner = "IT Support",
        .title = "MQTT broker down",
        .headline =
            "The MQTT broker does not answer: {affected} of {total} stations cannot be watched",
        .cause =
            "The collector cannot reach the broker; stations keep their events until it is back.",
        .consequence = "Testing goes on; it is not watched, and faults will be seen late.",
        .action = "Check the broker's process, its host and the network to it.",
    },
    {
        .code = "COLLECTOR_BLIND",
        .kinds = ON(COLLECTOR),
        .predicts = {PREDICTS_SILENCE,
                     PREDICTS_SERVER_SILENCE, [SYMPTOM_LINK_UP] = 0.2, [SYMPTOM_LINK_DOWN] = 0.8,
                     [SYMPTOM_WILL_NONE] = 0.98, [SYMPTOM_WILL_HEARD] = 0.02},
        .per_year = 0.2,
        .recovery = RECOVERY_LINK,
        .ruled_out_by = PROOF_BUS,
        .priority = PRIORITY_HIGH,
        .respond_within_s = 600,
        .owner = "IT Support",
        .title = "Collector cut off",
        .headline =
            "The collector is cut off from the broker: {affected} of {total} stations cannot "
            "be watched",
        .cause = "The collector's own network or host keeps it from the broker.",
        .consequence = "Testing goes on; it is not watched, and faults will be seen late.",
        .action = "Check the network of the collector's host.",
    },
    {
        .code = "ORDER_FETCH_FAILING",
        .kinds = ON(SERVICE) | ON(LABEL) | ON(SITE),
        .predicts = {[SYMPTOM_FETCH_OK] = 0.25,
                     [SYMPTOM_FETCH_MISSING] = 0.2,
                     [SYMPTOM_FETCH_UNREACHABLE] = 0.12,
                     [SYMPTOM_FETCH_DENIED] = 0.1,
                     [SYMPTOM_FETCH_TIMEOUT] = 0.13,
                     [SYMPTOM_FETCH_LOCKED] = 0.07,
                     [SYMPTOM_FETCH_INVALID] = 0.07,
                     [SYMPTOM_FETCH_STALE] = 0.06},
        .per_year = 0.1,
        .recovery = RECOVERY_FETCHES,
        .ruled_out_by = PROOF_NONE,
        .priority = PRIORITY_CRITICAL,
        .respond_within_s = 300,
        .owner = "Test Technology",
        .title = "Order fetches fail",
        .headline =
            "Order fetches fail at {affected} of {total} stations ({name}); the cause is not "
            "known yet",
        .cause = "Fetches fail in a way that no single known cause explains.",
        .consequence = "Stations get orders unreliably or not at all.",
        .action =
            "Look at the outcomes in the evidence; check the order server, its share and {name}.",
    },
    {
        .code = "STATION_FAULT",
        .kinds = ON(STATION),
        .predicts = {[SYMPTOM_FETCH_OK] = 0.05,
                     [SYMPTOM_FETCH_MISSING] = 0.3,
                     [SYMPTOM_FETCH_UNREACHABLE] = 0.2,
                     [SYMPTOM_FETCH_DENIED] = 0.15,
                     [SYMPTOM_FETCH_TIMEOUT] = 0.15,
                     [SYMPTOM_FETCH_LOCKED] = 0.05,
                     [SYMPTOM_FETCH_INVALID] = 0.05,
                     [SYMPTOM_FETCH_STALE] = 0.05,
                     [SYMPTOM_PROBE_OK] = 0.88,
                     [SYMPTOM_PROBE_MISSING] = 0.02,
                     [SYMPTOM_PROBE_UNREACHABLE] = 0.04,
                     [SYMPTOM_PROBE_DENIED] = 0.02,
                     [SYMPTOM_PROBE_TIMEOUT] = 0.037,
                     [SYMPTOM_PROBE_LOCKED] = 0.001,
                     [SYMPTOM_PROBE_INVALID] = 0.001,
                     [SYMPTOM_PROBE_STALE] = 0.001},
        .per_year = 1,
        .recovery = RECOVERY_FETCHES,
        .ruled_out_by = PROOF_MANY_STATIONS,
        .priority = PRIORITY_MEDIUM,
        .respond_within_s = 1800,
        .owner = "Test Technology",
        .title = "Station cannot fetch orders",
        .headline = "Station {name} cannot fetch orders",
        .cause = "Several different orders, or its looks at the share, failed at {name}.",
        .consequence = "This station stands still.",
        .action = "Check network, logon and order path of {name}.",
    },
    {
        .code = "AGENT_LOST",
        .kinds = ON(STATION),
        .predicts = {PREDICTS_SILENCE},
        .per_year = 2,
        .recovery = RECOVERY_HEARTBEATS,
        .ruled_out_by = PROOF_STATIONS_HEARD,
        .priority = PRIORITY_LOW,
        .respond_within_s = 3600,
        .owner = "Test Technology",
        .title = "Node is silent",
        .headline = "{name} is silent: its agent, its computer or its network cable",
        .cause = "{name} stopped reporting without a goodbye while others are heard.",
        .consequence = "This node is not watched.",
        .action = "Check whether {name} is switched on and connected, then its agent.",
    },
    {
        .code = "AGENT_LOST",
        .kinds = ON(SERVER),
        .spares_stations = true,
        .predicts = {PREDICTS_SERVER_SILENCE},
        .per_year = 2,
        .recovery = RECOVERY_HEARTBEATS,
        .ruled_out_by = PROOF_STATIONS_HEARD,
        .priority = PRIORITY_LOW,
        .respond_within_s = 3600,
        .owner = "Test Technology",
        .title = "Server agent is silent",
        .headline = "Server {name} is silent, but its share answers: its agent does not run",
        .cause = "The agent of {name} stopped reporting without a goodbye; stations still reach "
                 "the server.",
        .consequence = "The order service on {name} is watched through its stations only.",
        .action = "Check the agent on {name}.",
    },
};

const size_t codebook_count = sizeof codebook / sizeof codebook[0];
