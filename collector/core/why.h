// SPDX-License-Identifier: Apache-2.0
// Why a service does not run, in one sentence, from what its server's agent reported.
//
// Ownership: caller's buffers. Thread: any. Failure: UNKNOWN with a sentence that says what is
// known.
#ifndef COLLECTOR_CORE_WHY_H
#define COLLECTOR_CORE_WHY_H

#include "domain/incident.h"
#include "domain/observation.h"

// `booted`: the server's boot was told and no start of the service was seen since.
void why_of(const struct service_report *report, bool booted, char code[CODE_SIZE],
            char text[TEXT_SIZE]);

#endif
