// SPDX-License-Identifier: Apache-2.0
// Watching and starting services: a provider behind an ops table (plain processes here; systemd and
// the Windows SCM are further files).
//
// Ownership: the provider frees itself in close. Thread: the loop's. Failure: start reports through
// `started`, never by blocking; state changes come by notice of the system (pidfd), not by polling.
#ifndef AGENT_PROBE_SERVICE_H
#define AGENT_PROBE_SERVICE_H

#include "agent/probe/probe.h"

struct service_settings {
    char name[NAME_SIZE];
    char provider[ID_SIZE];   // "process"
    char pid_file[TEXT_SIZE]; // process: where its pid stands …
    char command[TEXT_SIZE];  // … or the executable path (or name) by which it is found in /proc
    char start_command[TEXT_SIZE]; // run by the shell-less argv split to start it; "" = cannot
};

struct service_provider; // state begins with `const struct service_provider_ops *`

struct service_provider_ops {
    const char *name;
    // Starts the service; `started` comes once, with STATUS_OK when the system accepted the start
    // (whether it then runs is told by the sink), else a status and a sentence. It may come before
    // start returns, and comes no more after close.
    void (*start)(struct service_provider *provider,
                  void (*started)(void *context, enum status status, const char *text),
                  void *context);
    void (*resync)(struct service_provider *provider); // append the present state as a new event
    // The sink has room again: what it refused is offered once more (the latest state only).
    void (*resume)(struct service_provider *provider);
    void (*close)(struct service_provider *provider, void (*closed)(void *context), void *context);
};

struct service_provider {
    const struct service_provider_ops *ops;
};

// Opens the provider that settings->provider names. `problem` (TEXT_SIZE) tells why not.
MUST_CHECK enum status service_provider_open(uv_loop_t *loop,
                                             const struct service_settings *settings,
                                             const struct probe_sink *sink,
                                             struct service_provider **ret_provider,
                                             char problem[TEXT_SIZE]);

#endif
