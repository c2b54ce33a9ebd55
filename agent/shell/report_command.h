// SPDX-License-Identifier: Apache-2.0
// `stationwatch-agent report`: a script or the tester's software tells the running agent of one
// order fetch.
//
// Ownership: argv stays the caller's. Thread: the caller's; blocks until the agent has answered.
// Failure: the process exit code; what is wrong is on standard error.
#ifndef AGENT_SHELL_REPORT_COMMAND_H
#define AGENT_SHELL_REPORT_COMMAND_H

// argv[0] is "report".
int report_command(int argc, char *const argv[]);

#endif
