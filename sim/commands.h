// SPDX-License-Identifier: Apache-2.0
// The subcommands of stationwatch-sim: one file each, one line in main.c's table.
//
// Ownership: static tables. Thread: main. Failure: the exit code of each run.
#ifndef SIM_COMMANDS_H
#define SIM_COMMANDS_H

#include "config/arguments.h"

extern const struct subcommand order_service_command;
extern const struct subcommand testers_command;
extern const struct subcommand trace_command;

#endif
