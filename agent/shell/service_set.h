// SPDX-License-Identifier: Apache-2.0
// The watched services: a provider that sees and starts, a guardian that decides, for each.
//
// Every action of a guardian is told as a service event: START_PENDING with "started by
// stationwatch-agent, attempt 1 of 5", and the state of the moment with what became of it.
// Ownership: the caller's to free by service_set_close; configuration and sink outlive it. Thread:
// the loop's. Failure: a provider that can't be opened is logged and tried again each minute; an
// event that the outbox does not take is in the log alone.
#ifndef AGENT_SHELL_SERVICE_SET_H
#define AGENT_SHELL_SERVICE_SET_H

#include "agent/probe/probe.h"
#include "agent/shell/agent_config.h"

struct service_set;

MUST_CHECK enum status service_set_open(uv_loop_t *loop, const struct agent_config *config,
                                        const struct probe_sink *sink, struct mono_time booted_at,
                                        struct service_set **ret_set);

// A provider has told a state (probe_sink.service).
void service_set_observe(struct service_set *set, const struct service_report *report,
                         struct instant now);
// Command start_service. STATUS_NOT_FOUND: no such service; STATUS_DENIED: `*ret_refusal` says why.
MUST_CHECK enum status service_set_request(struct service_set *set, const char *name,
                                           struct instant now, const char **ret_refusal);
// Every service's state as a new event.
void service_set_resync(struct service_set *set);
// The outbox has room again.
void service_set_resume(struct service_set *set);

struct mono_time service_set_deadline(const struct service_set *set);
void service_set_expire(struct service_set *set, struct instant now);

void service_set_close(struct service_set *set, void (*closed)(void *context), void *context);

#endif
