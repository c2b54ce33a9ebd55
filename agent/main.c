// SPDX-License-Identifier: Apache-2.0
// stationwatch-agent: the command line of the agent.
#include "agent/shell/agent.h"
#include "agent/shell/report_command.h"
#include "config/command_line.h"
#include "runtime/log.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OUTPUT_SIZE = 1 << 17, PROBLEM_SIZE = 2048 };

static const struct daemon_program program = {
    .name = "stationwatch-agent",
    .purpose = "watches this computer for Stationwatch and tells the collector over MQTT",
    .example = "stationwatch-agent --config packaging/agent.station.yaml\n\n"
               "Tell the running agent of an order fetch (report --help shows more):\n"
               "  stationwatch-agent report --order 4711 --outcome missing",
    .settings = agent_settings,
    .check = agent_config_check,
};

static int run(const struct agent_config *config)
{
    char sentence[PROBLEM_SIZE];
    struct text problem;
    text_init(&problem, sentence, sizeof sentence);
    // A broken connection is a result of write, not the end of the program.
    signal(SIGPIPE, SIG_IGN);
    log_set_level((enum log_level)config->log_level);
    enum status status = agent_run(config, &problem);
    if (status != STATUS_OK)
        fprintf(stderr, "stationwatch-agent: %s\n",
                problem.length > 0 ? sentence : status_text(status));
    return status_exit_code(status);
}

static int serve(int argc, char **argv, struct agent_config *config, char *output)
{
    char sentence[PROBLEM_SIZE];
    struct text out, problem;
    const char *path;
    int exit_code;
    struct daemon_program daemon = program;
    daemon.setting_count = agent_setting_count;
    text_init(&out, output, OUTPUT_SIZE);
    text_init(&problem, sentence, sizeof sentence);
    enum daemon_next next =
        daemon_command_line(&daemon, argc, argv, config, &out, &problem, &path, &exit_code);
    fputs(output, stdout);
    fputs(sentence, stderr);
    return next == DAEMON_RUN ? run(config) : exit_code;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "report") == 0)
        return report_command(argc - 1, argv + 1);
    struct agent_config *config = calloc(1, sizeof *config);
    char *output = calloc(1, OUTPUT_SIZE);
    int exit_code = status_exit_code(STATUS_NO_MEMORY);
    if (config != NULL && output != NULL)
        exit_code = serve(argc, argv, config, output);
    free(output);
    free(config);
    return exit_code;
}
