// SPDX-License-Identifier: Apache-2.0
// The probe of the order share: what share_probe_open (probes.h) opens, and its counters.
//
// Asked through the helper process every interval, jittered by 20 % either way so that a fleet does
// not ask in step, and at once on probe_now. Each probe done is one call of sink->share. A deadline
// passed, or too many helpers hanging, is OUTCOME_TIMEOUT. What says nothing about the share (the
// helper cannot be started) is told as trouble and is no probe.
// Ownership, thread and failure: probe.h.
#ifndef AGENT_PROBE_SHARE_H
#define AGENT_PROBE_SHARE_H

#include "agent/probe/probe_helper.h"
#include "agent/probe/probes.h"

// Of a probe that share_probe_open made.
struct probe_helper_counters share_probe_counters(const struct probe *probe);

#endif
