// SPDX-License-Identifier: Apache-2.0
// What a node can say: the messages of the bus as plain structs that both programs speak.
//
// Field for field the messages of proto/stationwatch.proto, with the same names; enum values carry
// the contract's own numbers. Ownership: plain values with fixed-size text, copyable by
// assignment. Thread: any. Failure: none here; the codec has already refused what does not fit.
#ifndef DOMAIN_OBSERVATION_H
#define DOMAIN_OBSERVATION_H

#include "domain/ids.h"

#include <stdbool.h>
#include <stdint.h>

enum { BIRTH_LABELS_MAX = 16, BIRTH_SERVICES_MAX = 16 };

enum offline_reason {
    OFFLINE_UNSPECIFIED,
    OFFLINE_WILL,
    OFFLINE_SHUTDOWN,
    OFFLINE_SUSPEND,
    OFFLINE_AGENT_STOP,
    OFFLINE_UPGRADE,
    OFFLINE_REASON_COUNT
};

enum role { ROLE_UNSPECIFIED, ROLE_STATION, ROLE_SERVER, ROLE_COUNT };

enum outcome {
    OUTCOME_UNSPECIFIED,
    OUTCOME_OK,
    OUTCOME_MISSING,
    OUTCOME_UNREACHABLE,
    OUTCOME_DENIED,
    OUTCOME_TIMEOUT,
    OUTCOME_LOCKED,
    OUTCOME_INVALID,
    OUTCOME_STALE,
    OUTCOME_COUNT
};

enum source { SOURCE_UNSPECIFIED, SOURCE_LOG, SOURCE_PROBE, SOURCE_API, SOURCE_COUNT };

enum service_state {
    SERVICE_UNSPECIFIED,
    SERVICE_RUNNING,
    SERVICE_STOPPED,
    SERVICE_START_PENDING,
    SERVICE_STOP_PENDING,
    SERVICE_FAILED,
    SERVICE_NOT_INSTALLED,
    SERVICE_STATE_COUNT
};

enum start_mode {
    START_UNSPECIFIED,
    START_AUTO,
    START_AUTO_DELAYED,
    START_MANUAL,
    START_DISABLED,
    START_MODE_COUNT
};

enum host_event_kind {
    HOST_UNSPECIFIED,
    HOST_BOOTED,
    HOST_SHUTDOWN_PLANNED,
    HOST_SHUTDOWN_UNEXPECTED,
    HOST_SUSPENDED,
    HOST_RESUMED,
    HOST_ORDER_OUTPUT,
    HOST_EVENT_COUNT
};

struct label {
    char key[NAME_SIZE];
    char value[NAME_SIZE];
};

struct birth {
    bool online;
    enum offline_reason offline_reason;
    enum role role;
    uint32_t label_count;
    struct label labels[BIRTH_LABELS_MAX];
    char hostname[NAME_SIZE];
    char platform[NAME_SIZE];
    char version[NAME_SIZE];
    uint64_t incarnation;
    uint32_t session;
    char boot_id[ID_SIZE];
    int64_t boot_at_ms;
    char outbox_id[ID_SIZE];
    uint64_t outbox_oldest_seq;
    uint32_t heartbeat_interval_ms;
    uint32_t service_count;
    char services[BIRTH_SERVICES_MAX][NAME_SIZE];
    int64_t sent_at_ms;
    int64_t certificate_expires_at_ms; // of the certificate it connects with, 0 = none
};

struct heartbeat {
    uint64_t incarnation;
    uint64_t seq;
    uint32_t interval_ms;
    int64_t uptime_ms;
    int64_t sent_at_ms;
    uint64_t fetch_ok, fetch_failed;
    char outbox_id[ID_SIZE];
    uint64_t outbox_oldest_seq;
    uint64_t outbox_depth;
    enum outcome share_outcome;
    int64_t share_probe_age_ms; // -1 = unknown
    bool software_running;
};

// Where an outbox event stands in its outbox and in time; the first fields of all three events.
struct event_key {
    char outbox_id[ID_SIZE];
    uint64_t seq;
    int64_t at_ms;
    int64_t age_ms; // -1 = unknown, so late
};

struct order_fetch {
    struct event_key key;
    char order[NAME_SIZE];
    char product[NAME_SIZE];
    enum outcome outcome;
    int64_t latency_ms; // -1 = unknown
    enum source source;
    char detail[TEXT_SIZE];
};

struct service_report {
    struct event_key key;
    char service[NAME_SIZE];
    enum service_state state;
    enum start_mode start_mode;
    int64_t since_ms;
    int32_t exit_code;
    uint32_t pid;
    char reason[TEXT_SIZE];
};

struct host_event {
    struct event_key key;
    enum host_event_kind event;
    char reason[TEXT_SIZE];
    int64_t newest_order_age_ms; // -1 = unknown
    uint64_t order_files;
    int64_t backlog; // -1 = unknown
    uint64_t disk_free_bytes, disk_total_bytes;
};

struct ack {
    char outbox_id[ID_SIZE];
    uint64_t seq;
};

struct command {
    char id[ID_SIZE];
    char action[ID_SIZE];
    char argument[NAME_SIZE];
    int64_t expires_at_ms;
};

// The kinds of topic below a node; the order of enum observation_kind's names is their spelling.
enum message_kind {
    MESSAGE_BIRTH,
    MESSAGE_HEARTBEAT,
    MESSAGE_ORDER,
    MESSAGE_SERVICE,
    MESSAGE_HOST,
    MESSAGE_ACK,
    MESSAGE_COMMAND,
    MESSAGE_KIND_COUNT
};

struct message {
    enum message_kind kind;
    union {
        struct birth birth;
        struct heartbeat heartbeat;
        struct order_fetch order;
        struct service_report service;
        struct host_event host;
        struct ack ack;
        struct command command;
    };
};

// "birth", "heartbeat", … as in topics.
const char *message_kind_name(enum message_kind kind);
// The contract's spelling, prefix included: "OUTCOME_MISSING"; out of range: the _UNSPECIFIED name.
const char *offline_reason_name(enum offline_reason reason);
const char *role_name(enum role role);
const char *outcome_name(enum outcome outcome);
const char *source_name(enum source source);
const char *service_state_name(enum service_state state);
const char *start_mode_name(enum start_mode mode);
const char *host_event_name(enum host_event_kind event);

// For people: "missing", "unreachable", "stopped", "start pending".
const char *outcome_text(enum outcome outcome);
const char *service_state_text(enum service_state state);

// The key of an order, service or host message, NULL for every other kind.
const struct event_key *message_event_key(const struct message *message);

#endif
