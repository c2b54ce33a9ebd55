// SPDX-License-Identifier: Apache-2.0
// The provider "process": a service that is a plain process, known by its pid file or its program.
//
// Its end is a notice of the kernel (pidfd), a pid file's appearance one of the file system. For a
// program that is not running and has no pid file there is no notice without privileges (the
// process connector needs CAP_NET_ADMIN): it is looked for once a second until it runs. STOPPED is
// an end of which nothing is known or that was clean; FAILED one that is known not to be: the
// kernel tells a process's exit only to its parent, so only of one that this agent has started.
// Ownership, thread and failure: service.h.
#ifndef AGENT_PROBE_UNIX_PROCESS_SERVICE_H
#define AGENT_PROBE_UNIX_PROCESS_SERVICE_H

#include "agent/probe/service.h"

MUST_CHECK enum status process_service_open(uv_loop_t *loop,
                                            const struct service_settings *settings,
                                            const struct probe_sink *sink,
                                            struct service_provider **ret_provider,
                                            char problem[TEXT_SIZE]);

#endif
