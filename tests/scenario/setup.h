// SPDX-License-Identifier: Apache-2.0
// The statements that describe the plant before it starts.
//
// Ownership: borrows the statement. Thread: one at a time. Failure: false, and the stage's problem
// may say why.
#ifndef SCENARIO_SETUP_H
#define SCENARIO_SETUP_H

#include "tests/scenario/directive.h"

bool setup_fleet(struct stage *stage, const struct statement *statement);
bool setup_server(struct stage *stage, const struct statement *statement);
bool setup_traffic(struct stage *stage, const struct statement *statement);
bool setup_seed(struct stage *stage, const struct statement *statement);
bool setup_heartbeat(struct stage *stage, const struct statement *statement);
bool setup_start(struct stage *stage, const struct statement *statement);
bool setup_timezone(struct stage *stage, const struct statement *statement);
bool setup_calendar(struct stage *stage, const struct statement *statement);
bool setup_holiday(struct stage *stage, const struct statement *statement);
bool setup_setting(struct stage *stage, const struct statement *statement);

#endif
