// SPDX-License-Identifier: Apache-2.0
// The plug point of what tells people: one more kind of sink is one more file with a `sink_ops`.
//
// Sinks hear what the core marks as annunciated and nothing else. The bus is not a sink: it hears
// every transition, from the publisher.
// Ownership: a sink is the caller's to close; the incident lives for the call. Thread: the loop's;
// `tell` must not block. Failure: a sink deals with its own and counts it.
#ifndef COLLECTOR_SHELL_SINK_H
#define COLLECTOR_SHELL_SINK_H

#include "domain/incident.h"

struct sink; // a sink's state begins with `const struct sink_ops *`

struct sink_ops {
    const char *type; // "log"
    void (*tell)(struct sink *sink, enum transition transition, const struct incident *incident);
    void (*close)(struct sink *sink);
};

struct sink {
    const struct sink_ops *ops;
};

// Writes a block of lines to standard error; needs nothing, so it works when all else is down.
struct sink *sink_log(void);

#endif
