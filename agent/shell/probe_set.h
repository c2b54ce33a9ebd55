// SPDX-License-Identifier: Apache-2.0
// The probes that the configuration asks for, opened, asked and closed as one.
//
// Ownership: the caller's to free by probe_set_close; configuration and sink outlive it. Thread:
// the loop's. Failure: a probe that can't be opened is logged and tried again each minute, the
// others work.
#ifndef AGENT_SHELL_PROBE_SET_H
#define AGENT_SHELL_PROBE_SET_H

#include "agent/probe/probe.h"
#include "agent/shell/agent_config.h"

struct probe_set;

// `seed` is the jitter's.
MUST_CHECK enum status probe_set_open(uv_loop_t *loop, const struct agent_config *config,
                                      uint64_t seed, const struct probe_sink *sink,
                                      struct probe_set **ret_set);

void probe_set_probe_now(struct probe_set *set);
void probe_set_resync(struct probe_set *set);
void probe_set_resume(struct probe_set *set);

struct mono_time probe_set_deadline(const struct probe_set *set);
void probe_set_expire(struct probe_set *set, struct instant now);

void probe_set_close(struct probe_set *set, void (*closed)(void *context), void *context);

#endif
