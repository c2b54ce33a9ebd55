// SPDX-License-Identifier: Apache-2.0
// What happens to servers: their services, hosts, order output and disks.
//
// Ownership: the stage's. Thread: one at a time. Failure: false, the statement is not to be
// understood.
#ifndef SCENARIO_SERVER_DIRECTIVE_H
#define SCENARIO_SERVER_DIRECTIVE_H

#include "tests/scenario/directive.h"

bool server_service(struct stage *stage, const struct statement *statement);
bool server_host(struct stage *stage, const struct statement *statement);
bool server_output(struct stage *stage, const struct statement *statement);
bool server_disk(struct stage *stage, const struct statement *statement);

#endif
