// SPDX-License-Identifier: Apache-2.0
// The send window: go back to the oldest unacked event after a jittered, growing wait.
#include "agent/core/outbox_policy.h"

#include "base/text.h"

static uint64_t max_seq(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

// Uniform in [d/2, d]: agents that lost the same collector do not come back together.
static struct duration jittered(struct outbox_policy *policy, struct duration d)
{
    uint64_t half = (uint64_t)d.us / 2;
    return (struct duration){
        (int64_t)((uint64_t)d.us - half + random_below(&policy->random, half + 1))};
}

static void arm(struct outbox_policy *policy, struct instant now)
{
    policy->resend_at = mono_add(now.mono, jittered(policy, policy->backoff));
}

static void start_over(struct outbox_policy *policy)
{
    policy->cursor = policy->oldest;
    policy->backoff = policy->settings.backoff_min;
    policy->resend_at = MONO_NEVER;
}

void outbox_policy_init(struct outbox_policy *policy, const struct outbox_policy_settings *settings)
{
    *policy = (struct outbox_policy){.settings = *settings};
    random_seed(&policy->random, settings->jitter_seed);
    outbox_policy_detach(policy);
}

void outbox_policy_attach(struct outbox_policy *policy, const char *outbox_id, uint64_t oldest,
                          uint64_t next)
{
    text_set(policy->outbox_id, outbox_id);
    policy->oldest = oldest;
    policy->next = next;
    start_over(policy);
}

void outbox_policy_detach(struct outbox_policy *policy)
{
    outbox_policy_attach(policy, "", 1, 1);
}

void outbox_policy_connected(struct outbox_policy *policy)
{
    policy->connected = true;
    start_over(policy);
}

void outbox_policy_disconnected(struct outbox_policy *policy)
{
    policy->connected = false;
    start_over(policy);
}

void outbox_policy_changed(struct outbox_policy *policy, uint64_t oldest, uint64_t next)
{
    policy->oldest = max_seq(policy->oldest, oldest);
    policy->next = max_seq(policy->next, next);
    policy->cursor = max_seq(policy->cursor, policy->oldest);
    if (policy->cursor == policy->oldest)
        policy->resend_at = MONO_NEVER; // what was sent has been dropped: nothing to wait for
}

bool outbox_policy_next(const struct outbox_policy *policy, uint64_t *ret_seq)
{
    if (!policy->connected || policy->cursor >= policy->next)
        return false;
    if (policy->cursor - policy->oldest >= policy->settings.window)
        return false;
    *ret_seq = policy->cursor;
    return true;
}

void outbox_policy_sent(struct outbox_policy *policy, struct instant now)
{
    if (policy->cursor < policy->next)
        policy->cursor++;
    if (mono_is_never(policy->resend_at))
        arm(policy, now);
}

enum ack_verdict outbox_policy_ack(struct outbox_policy *policy, const struct ack *ack,
                                   struct instant now)
{
    if (policy->outbox_id[0] == '\0' || !text_equal(policy->outbox_id, ack->outbox_id))
        return ACK_FOREIGN;
    if (ack->seq >= policy->next)
        return ACK_BEYOND;
    bool waiting = !mono_is_never(policy->resend_at);
    if (ack->seq < policy->oldest) {
        struct mono_time soon = mono_add(now.mono, policy->settings.backoff_min);
        if (waiting)
            policy->resend_at = mono_min(policy->resend_at, soon);
        return ACK_REPEATED;
    }
    policy->oldest = ack->seq + 1;
    policy->cursor = max_seq(policy->cursor, policy->oldest);
    policy->backoff = policy->settings.backoff_min;
    if (policy->cursor == policy->oldest)
        policy->resend_at = MONO_NEVER;
    else
        arm(policy, now);
    return ACK_ADVANCED;
}

struct mono_time outbox_policy_deadline(const struct outbox_policy *policy)
{
    return policy->connected ? policy->resend_at : MONO_NEVER;
}

bool outbox_policy_expire(struct outbox_policy *policy, struct instant now)
{
    struct mono_time deadline = outbox_policy_deadline(policy);
    if (mono_is_never(deadline) || mono_before(now.mono, deadline))
        return false;
    policy->cursor = policy->oldest;
    policy->backoff.us *= 2;
    if (policy->backoff.us > policy->settings.backoff_max.us)
        policy->backoff = policy->settings.backoff_max;
    policy->resend_at = MONO_NEVER; // armed again by the first event sent
    return true;
}

int64_t event_stamp_age_ms(const struct event_stamp *stamp, const char *boot_id, struct instant now)
{
    if (stamp->boot_id[0] == '\0' || !text_equal(stamp->boot_id, boot_id))
        return -1;
    int64_t age_ms = duration_to_ms(mono_sub(now.mono, stamp->at));
    return age_ms > 0 ? age_ms : 0;
}
