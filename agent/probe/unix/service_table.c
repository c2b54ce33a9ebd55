// SPDX-License-Identifier: Apache-2.0
// The service providers on Unix.
#include "agent/probe/service_table.h"

#include "agent/probe/unix/process_service.h"

const struct service_provider_row service_providers[] = {
    {"process", process_service_open},
    {NULL, NULL},
};
