// SPDX-License-Identifier: Apache-2.0
// stationwatch: the command line for people and scripts.
#include "ctl/commands.h"
#include "ctl/view/complain.h"

#include <stdio.h>
#include <string.h>

enum { EXIT_USAGE = 2, HELP_SIZE = 8192 };

static const struct subcommand *const subcommands[] = {
    &status_command, &stations_command, &incidents_command, &incident_command,
    &report_command, &why_command,      &record_command,    &replay_command,
};

static const struct program program = {
    .name = "stationwatch",
    .purpose = "what the stations and the order service are doing, and why",
    .example = "stationwatch status --url http://127.0.0.1:8080",
    .subcommands = subcommands,
    .subcommand_count = sizeof subcommands / sizeof subcommands[0],
};

static int print_help(const struct subcommand *subcommand)
{
    char buffer[HELP_SIZE];
    struct text out;
    text_init(&out, buffer, sizeof buffer);
    if (subcommand == NULL)
        program_help(&program, &out);
    else
        subcommand_help(&program, subcommand, &out);
    fputs(buffer, stdout);
    return 0;
}

static bool asks_for_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

// "help" and "help COMMAND".
static int help_command(int argc, char *argv[])
{
    const struct subcommand *subcommand = argc > 2 ? program_find(&program, argv[2]) : NULL;
    return print_help(subcommand);
}

int main(int argc, char *argv[])
{
    if (argc < 2 || asks_for_help(argv[1]))
        return print_help(NULL);
    if (strcmp(argv[1], "help") == 0)
        return help_command(argc, argv);
    if (strcmp(argv[1], "--version") == 0) {
        puts("stationwatch " STATIONWATCH_VERSION);
        return 0;
    }
    const struct subcommand *subcommand = program_find(&program, argv[1]);
    if (subcommand == NULL) {
        complain("there is no command '%s'; 'stationwatch --help' lists them", argv[1]);
        return EXIT_USAGE;
    }
    for (int i = 2; i < argc; i++)
        if (asks_for_help(argv[i]))
            return print_help(subcommand);
    struct arguments arguments;
    char problem[ARGUMENTS_PROBLEM_SIZE];
    if (arguments_parse(subcommand, argc - 2, argv + 2, &arguments, problem) != STATUS_OK) {
        complain("%s", problem);
        return EXIT_USAGE;
    }
    return subcommand->run(&arguments);
}
