// SPDX-License-Identifier: Apache-2.0
// Names of the contract's enum values, one table each.
#include "domain/observation.h"

#include <stddef.h>

#define NAME_OF(table, value)                                                                      \
    ((size_t)(value) < sizeof(table) / sizeof(table)[0] ? (table)[value] : (table)[0])

const char *message_kind_name(enum message_kind kind)
{
    static const char *const names[] = {"birth", "heartbeat", "order",  "service",
                                        "host",  "ack",       "command"};
    return NAME_OF(names, kind);
}

const char *offline_reason_name(enum offline_reason reason)
{
    static const char *const names[] = {"OFFLINE_UNSPECIFIED", "OFFLINE_WILL",
                                        "OFFLINE_SHUTDOWN",    "OFFLINE_SUSPEND",
                                        "OFFLINE_AGENT_STOP",  "OFFLINE_UPGRADE"};
    return NAME_OF(names, reason);
}

const char *role_name(enum role role)
{
    static const char *const names[] = {"ROLE_UNSPECIFIED", "ROLE_STATION", "ROLE_SERVER"};
    return NAME_OF(names, role);
}

const char *outcome_name(enum outcome outcome)
{
    static const char *const names[] = {"OUTCOME_UNSPECIFIED", "OUTCOME_OK",      "OUTCOME_MISSING",
                                        "OUTCOME_UNREACHABLE", "OUTCOME_DENIED",  "OUTCOME_TIMEOUT",
                                        "OUTCOME_LOCKED",      "OUTCOME_INVALID", "OUTCOME_STALE"};
    return NAME_OF(names, outcome);
}

const char *source_name(enum source source)
{
    static const char *const names[] = {"SOURCE_UNSPECIFIED", "SOURCE_LOG", "SOURCE_PROBE",
                                        "SOURCE_API"};
    return NAME_OF(names, source);
}

const char *service_state_name(enum service_state state)
{
    static const char *const names[] = {
        "SERVICE_UNSPECIFIED",  "SERVICE_RUNNING", "SERVICE_STOPPED",      "SERVICE_START_PENDING",
        "SERVICE_STOP_PENDING", "SERVICE_FAILED",  "SERVICE_NOT_INSTALLED"};
    return NAME_OF(names, state);
}

const char *start_mode_name(enum start_mode mode)
{
    static const char *const names[] = {"START_UNSPECIFIED", "START_AUTO", "START_AUTO_DELAYED",
                                        "START_MANUAL", "START_DISABLED"};
    return NAME_OF(names, mode);
}

const char *host_event_name(enum host_event_kind event)
{
    static const char *const names[] = {
        "HOST_UNSPECIFIED", "HOST_BOOTED",  "HOST_SHUTDOWN_PLANNED", "HOST_SHUTDOWN_UNEXPECTED",
        "HOST_SUSPENDED",   "HOST_RESUMED", "HOST_ORDER_OUTPUT"};
    return NAME_OF(names, event);
}

const char *outcome_text(enum outcome outcome)
{
    static const char *const texts[] = {"unknown", "ok",     "missing", "unreachable", "denied",
                                        "timeout", "locked", "invalid", "stale"};
    return NAME_OF(texts, outcome);
}

const char *service_state_text(enum service_state state)
{
    static const char *const texts[] = {"unknown",      "running", "stopped",      "start pending",
                                        "stop pending", "failed",  "not installed"};
    return NAME_OF(texts, state);
}

const struct event_key *message_event_key(const struct message *message)
{
    switch (message->kind) {
    case MESSAGE_ORDER:
        return &message->order.key;
    case MESSAGE_SERVICE:
        return &message->service.key;
    case MESSAGE_HOST:
        return &message->host.key;
    default:
        return NULL;
    }
}
