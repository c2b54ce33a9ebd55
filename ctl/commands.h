// SPDX-License-Identifier: Apache-2.0
// The subcommands of stationwatch: one file each in command/, one line in main.c's table.
//
// Ownership: static tables. Thread: main. Failure: the exit code of each run (DESIGN section 8): 0,
// 1 the answer is no, 2 usage, 69 unavailable, 77 permission, 78 configuration.
#ifndef CTL_COMMANDS_H
#define CTL_COMMANDS_H

#include "config/arguments.h"

extern const struct subcommand status_command;
extern const struct subcommand stations_command;
extern const struct subcommand incidents_command;
extern const struct subcommand incident_command;
extern const struct subcommand report_command;
extern const struct subcommand why_command;
extern const struct subcommand record_command;
extern const struct subcommand replay_command;

#endif
