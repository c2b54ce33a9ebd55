// SPDX-License-Identifier: Apache-2.0
// The command line that agent and collector share: --config FILE, --check-config, --print-config,
// --version, --help.
//
// Ownership: the caller's buffers and config. Thread: any. Failure: an exit code and a sentence;
// nothing is printed here and nothing exits here, the caller does both.
#ifndef CONFIG_COMMAND_LINE_H
#define CONFIG_COMMAND_LINE_H

#include "config/config.h"

struct daemon_program {
    const char *name;    // "stationwatch-agent"
    const char *purpose; // one sentence
    const char *example; // a whole command line that works
    const struct setting *settings;
    size_t setting_count;
    // What no single setting can tell: STATUS_CONFIG with place and sentence. NULL: nothing to add.
    enum status (*check)(const void *config, struct config_error *error);
};

enum daemon_next { DAEMON_RUN, DAEMON_EXIT };

// DAEMON_RUN: `config` is filled, *ret_path (into argv) names its file. DAEMON_EXIT: print `out` to
// standard output and `problem` to standard error (each may be empty) and exit with *ret_exit_code:
// 0; 2 usage, or no arguments (`out` is then the help); 78 configuration; 77 no permission; 69
// otherwise. `out` wants room for the printed configuration.
MUST_CHECK enum daemon_next daemon_command_line(const struct daemon_program *program, int argc,
                                                char *const argv[], void *config, struct text *out,
                                                struct text *problem, const char **ret_path,
                                                int *ret_exit_code);

#endif
