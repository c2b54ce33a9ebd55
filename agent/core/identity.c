// SPDX-License-Identifier: Apache-2.0
// Births and wills out of the agent's identity.
#include "agent/core/identity.h"

#include <string.h>

uint64_t identity_incarnation(uint64_t random)
{
    uint64_t incarnation = random % INCARNATION_LIMIT;
    return incarnation > 0 ? incarnation : 1;
}

void identity_next_session(struct identity *identity)
{
    identity->session++;
}

void identity_birth(const struct identity *identity, const struct outbox_view *outbox,
                    struct instant now, struct message *ret_birth)
{
    memset(ret_birth, 0, sizeof *ret_birth);
    ret_birth->kind = MESSAGE_BIRTH;
    struct birth *birth = &ret_birth->birth;
    birth->online = true;
    birth->role = identity->role;
    birth->label_count = identity->label_count;
    memcpy(birth->labels, identity->labels, sizeof birth->labels);
    memcpy(birth->hostname, identity->hostname, sizeof birth->hostname);
    memcpy(birth->platform, identity->platform, sizeof birth->platform);
    memcpy(birth->version, identity->version, sizeof birth->version);
    birth->incarnation = identity->incarnation;
    birth->session = identity->session;
    memcpy(birth->boot_id, identity->boot_id, sizeof birth->boot_id);
    birth->boot_at_ms = identity->boot_at_ms;
    memcpy(birth->outbox_id, outbox->id, sizeof birth->outbox_id);
    birth->outbox_oldest_seq = outbox->oldest;
    birth->heartbeat_interval_ms = identity->heartbeat_interval_ms;
    birth->service_count = identity->service_count;
    memcpy(birth->services, identity->services, sizeof birth->services);
    birth->sent_at_ms = now.wall.ms;
    birth->certificate_expires_at_ms = identity->certificate_expires_at_ms;
}

void identity_goodbye(const struct identity *identity, enum offline_reason reason,
                      const struct outbox_view *outbox, struct instant now,
                      struct message *ret_birth)
{
    identity_birth(identity, outbox, now, ret_birth);
    ret_birth->birth.online = false;
    ret_birth->birth.offline_reason = reason;
}

bool identity_is_overturned(const struct birth *seen)
{
    return !seen->online;
}
