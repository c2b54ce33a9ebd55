// SPDX-License-Identifier: Apache-2.0
// Who this agent is.
#include "agent/shell/self.h"

#include "agent/shell/host.h"
#include "base/text.h"

#include <string.h>

enum status self_describe(const struct agent_config *config, struct instant now,
                          struct identity *ret_identity)
{
    struct identity identity = {0};
    uint64_t random;
    enum status status = host_random(&random);
    if (status == STATUS_OK)
        status = host_boot_id(identity.boot_id);
    if (status != STATUS_OK)
        return status;
    identity.incarnation = identity_incarnation(random);
    identity.role = agent_config_role(config);
    identity.boot_at_ms = now.wall.ms - duration_to_ms((struct duration){now.mono.us});
    identity.heartbeat_interval_ms = (uint32_t)duration_to_ms(config->heartbeat_interval);
    identity.label_count = (uint32_t)config->label_count;
    memcpy(identity.labels, config->labels, sizeof identity.labels);
    host_name(identity.hostname);
    host_platform(identity.platform);
    text_set(identity.version, STATIONWATCH_VERSION);
    identity.service_count = (uint32_t)config->service_count;
    for (size_t i = 0; i < config->service_count; i++)
        text_set(identity.services[i], config->services[i].provider.name);
    *ret_identity = identity;
    return STATUS_OK;
}
