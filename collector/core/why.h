// SPDX-License-Identifier: Apache-2.0
// Why a service does not run, in one sentence, from what its server's agent reported.
//
// What is told outright (an exit code, a reason in plain words, English or German) comes first;
// then the start mode after a boot; then what the states were before. Ownership: caller's buffers.
// Thread: any. Failure: UNKNOWN with a sentence that says what is known.
#ifndef COLLECTOR_CORE_WHY_H
#define COLLECTOR_CORE_WHY_H

#include "domain/incident.h"
#include "domain/observation.h"

struct why_past {         // what is known from before the report
    bool idle_since_boot; // the server's boot was told, and no start of the service since
    bool stopping_seen;   // it ran, and was seen stopping in an orderly way; no shutdown was said
};

// True when a start was tried and did not succeed, or the service ended by itself: nothing to wait
// for.
bool why_start_failed(const struct service_report *report);

void why_of(const struct service_report *report, struct why_past past, char code[CODE_SIZE],
            char text[TEXT_SIZE]);

#endif
