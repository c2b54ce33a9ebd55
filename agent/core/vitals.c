// SPDX-License-Identifier: Apache-2.0
// Heartbeats out of what the agent has counted.
#include "agent/core/vitals.h"

#include <string.h>

void vitals_init(struct vitals *vitals, struct instant now)
{
    *vitals =
        (struct vitals){.started_at = now.mono, .share_at = MONO_NEVER, .suspected_at = MONO_NEVER};
}

void vitals_count(struct vitals *vitals, const struct message *event)
{
    if (event->kind != MESSAGE_ORDER)
        return;
    if (event->order.outcome == OUTCOME_OK)
        vitals->fetch_ok++;
    else
        vitals->fetch_failed++;
}

bool vitals_suspect(struct vitals *vitals, const struct message *event, struct instant now)
{
    bool failed = event->kind == MESSAGE_ORDER && event->order.outcome != OUTCOME_OK &&
                  event->order.source != SOURCE_PROBE;
    bool lately = !mono_is_never(vitals->suspected_at) &&
                  mono_before(now.mono, mono_add(vitals->suspected_at, duration_s(1)));
    if (!failed || lately)
        return false;
    vitals->suspected_at = now.mono;
    return true;
}

void vitals_share(struct vitals *vitals, enum outcome outcome, struct instant at)
{
    vitals->share_outcome = outcome;
    vitals->share_at = at.mono;
}

static int64_t share_age_ms(const struct vitals *vitals, struct instant now)
{
    if (mono_is_never(vitals->share_at))
        return -1;
    int64_t age_ms = duration_to_ms(mono_sub(now.mono, vitals->share_at));
    return age_ms > 0 ? age_ms : 0;
}

void vitals_heartbeat(struct vitals *vitals, const struct identity *identity,
                      const struct outbox_view *outbox, struct instant now,
                      struct message *ret_heartbeat)
{
    memset(ret_heartbeat, 0, sizeof *ret_heartbeat);
    ret_heartbeat->kind = MESSAGE_HEARTBEAT;
    struct heartbeat *beat = &ret_heartbeat->heartbeat;
    beat->incarnation = identity->incarnation;
    beat->seq = ++vitals->beats;
    beat->interval_ms = identity->heartbeat_interval_ms;
    beat->uptime_ms = duration_to_ms(mono_sub(now.mono, vitals->started_at));
    beat->sent_at_ms = now.wall.ms;
    beat->fetch_ok = vitals->fetch_ok;
    beat->fetch_failed = vitals->fetch_failed;
    memcpy(beat->outbox_id, outbox->id, sizeof beat->outbox_id);
    beat->outbox_oldest_seq = outbox->oldest;
    beat->outbox_depth = outbox->next - outbox->oldest;
    beat->share_outcome = vitals->share_outcome;
    beat->share_probe_age_ms = share_age_ms(vitals, now);
    beat->software_running = vitals->software_running;
}
