// SPDX-License-Identifier: Apache-2.0
// The service providers of this platform, one row each.
//
// Ownership: constant. Thread: any. Failure: none.
#ifndef AGENT_PROBE_SERVICE_TABLE_H
#define AGENT_PROBE_SERVICE_TABLE_H

#include "agent/probe/service.h"

struct service_provider_row {
    const char *name; // service_settings.provider
    enum status (*open)(uv_loop_t *loop, const struct service_settings *settings,
                        const struct probe_sink *sink, struct service_provider **ret_provider,
                        char problem[TEXT_SIZE]);
};

// Ends with a row whose name is NULL.
extern const struct service_provider_row service_providers[];

#endif
