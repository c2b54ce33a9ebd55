// SPDX-License-Identifier: Apache-2.0
// A probe: something on this machine that is watched and turned into observations. One probe, one
// file of its own behind this ops table; platform code lives in unix/ and windows/.
//
// Ownership: a probe is freed by its close; settings and sink outlive it. Thread: everything on the
// loop's thread. A probe never blocks: what can hang (a share) happens in a helper process.
// Failure: open reports a status and a sentence; later trouble goes to sink->trouble and the probe
// goes on by itself.
#ifndef AGENT_PROBE_PROBE_H
#define AGENT_PROBE_PROBE_H

#include "base/status.h"
#include "base/time.h"
#include "domain/observation.h"

#include <uv.h>

// A place in a source that is saved in the same transaction as the events read before it, so that a
// line is reported exactly once.
struct bookmark {
    const char *name;  // of the source, unique within the agent: "log:/var/log/tester.log"
    const char *value; // opaque to all but the probe
};

enum { BOOKMARK_VALUE_SIZE = 512 };

struct probe_sink {
    // Accepts `count` order, service or host messages: when STATUS_OK returns they are on disk.
    // With a bookmark `count` may be 0: only the place moves. The keys' outbox_id, seq and age_ms
    // are filled in by the sink; at_ms is the probe's to set, `at` is when they happened. Not OK
    // (disk full): keep the place and offer them again later, when probe_ops.resume is called.
    MUST_CHECK enum status (*append)(void *context, struct message *messages, size_t count,
                                     struct instant at, const struct bookmark *bookmark);
    // The saved value of a bookmark. STATUS_NOT_FOUND: none yet.
    MUST_CHECK enum status (*load)(void *context, const char *name,
                                   char value[BOOKMARK_VALUE_SIZE]);
    // The state of the order share as this node sees it, for the heartbeat: one call per probe
    // done.
    void (*share)(void *context, enum outcome outcome, struct instant at);
    // A watched service is in a new state: for the guardian. Called besides append.
    void (*service)(void *context, const struct service_report *report, struct instant at);
    // The tester's software runs or not, for the heartbeat.
    void (*software)(void *context, bool running);
    // Something a person should know, once per change: "log: /x/y.log does not exist yet".
    void (*trouble)(void *context, const char *probe, const char *text);
    void *context;
};

struct probe; // a probe's state begins with `const struct probe_ops *`

struct probe_ops {
    const char *name; // "log_tail", "share", "report", "service", "order_output"
    // Ask now instead of at the next turn (command `probe`, or suspicion). May be NULL.
    void (*probe_now)(struct probe *probe);
    // Report the present state as new events: at birth and on command `resync`. May be NULL.
    void (*resync)(struct probe *probe);
    // The sink has room again. May be NULL.
    void (*resume)(struct probe *probe);
    // Stops and frees; `closed` comes on the loop's thread, after every handle is closed.
    void (*close)(struct probe *probe, void (*closed)(void *context), void *context);
};

struct probe {
    const struct probe_ops *ops;
};

#endif
