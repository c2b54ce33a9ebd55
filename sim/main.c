// SPDX-License-Identifier: Apache-2.0
// stationwatch-sim: the surroundings of Stationwatch in software, for the demo and the tests.
#include "sim/commands.h"

#include <stdio.h>
#include <string.h>

enum { EXIT_USAGE = 2, HELP_SIZE = 8192 };

static const struct subcommand *const subcommands[] = {
    &order_service_command,
    &testers_command,
    &trace_command,
};

static const struct program program = {
    .name = "stationwatch-sim",
    .purpose = "order services and testers in software, for demonstrations and tests",
    .example = "stationwatch-sim order-service --requests /tmp/requests --orders /tmp/orders",
    .subcommands = subcommands,
    .subcommand_count = sizeof subcommands / sizeof subcommands[0],
};

static int print_help(FILE *file, const struct subcommand *subcommand)
{
    char buffer[HELP_SIZE];
    struct text out;
    text_init(&out, buffer, sizeof buffer);
    if (subcommand == NULL)
        program_help(&program, &out);
    else
        subcommand_help(&program, subcommand, &out);
    fputs(buffer, file);
    return file == stdout ? 0 : EXIT_USAGE;
}

static bool asks_for_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0;
}

int main(int argc, char *argv[])
{
    if (argc < 2 || asks_for_help(argv[1]))
        return print_help(stdout, NULL);
    if (strcmp(argv[1], "--version") == 0) {
        puts("stationwatch-sim " STATIONWATCH_VERSION);
        return 0;
    }
    const struct subcommand *subcommand = program_find(&program, argv[1]);
    if (subcommand == NULL) {
        fprintf(stderr, "stationwatch-sim: there is no command '%s'; try --help\n", argv[1]);
        return EXIT_USAGE;
    }
    if (argc > 2 && asks_for_help(argv[2]))
        return print_help(stdout, subcommand);
    struct arguments arguments;
    char problem[ARGUMENTS_PROBLEM_SIZE];
    if (arguments_parse(subcommand, argc - 2, argv + 2, &arguments, problem) != STATUS_OK) {
        fprintf(stderr, "stationwatch-sim: %s\n", problem);
        return EXIT_USAGE;
    }
    return subcommand->run(&arguments);
}
