// SPDX-License-Identifier: Apache-2.0
// The diagnosis, measured: its truth over random scenarios, its cost, its false alarms.
#include "bench/cost.h"
#include "bench/delay.h"
#include "bench/truth_table.h"
#include "config/arguments.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { QUICK, SEED, PER_CODE, CODE, STATIONS, VERBOSE };

static const struct argument bench_arguments[] = {
    FLAG("quick", "five scenarios a code, one healthy year"),
    ARGUMENT("seed", "N", "the first scenario's seed", .preset = "1"),
    ARGUMENT("per-code", "N", "scenarios of each code"),
    ARGUMENT("code", "CODE", "only the truth table, and of it only this code"),
    ARGUMENT("stations", "N", "stations of each plant; random without"),
    FLAG("verbose", "shows every scenario in which something was said wrong"),
};

static int run(const struct arguments *arguments)
{
    bool quick = arguments->value[QUICK] != NULL;
    int64_t seed, per_code = quick ? 5 : 40, stations = 0;
    if (!argument_integer(arguments->value[SEED], 0, INT64_MAX, &seed) ||
        (arguments->value[PER_CODE] != NULL &&
         !argument_integer(arguments->value[PER_CODE], 1, 100000, &per_code)) ||
        (arguments->value[STATIONS] != NULL &&
         !argument_integer(arguments->value[STATIONS], 8, 1000, &stations))) {
        fprintf(stderr, "diagnosis: --seed, --per-code and --stations are whole numbers\n");
        return status_exit_code(STATUS_INVALID);
    }
    printf("seed %" PRId64 "\n\na) truth, %" PRId64 " scenarios a code\n", seed, per_code);
    struct truth_settings settings = {.seed = (uint64_t)seed,
                                      .per_code = (uint32_t)per_code,
                                      .only = arguments->value[CODE],
                                      .stations = (uint32_t)stations,
                                      .verbose = arguments->value[VERBOSE] != NULL};
    enum status status = truth_table(&settings);
    if (status == STATUS_OK && settings.only == NULL)
        status = delay_table(settings.seed, quick);
    if (status == STATUS_OK && settings.only == NULL)
        status = cost_table(quick);
    if (status != STATUS_OK)
        fprintf(stderr, "diagnosis: %s\n", status_text(status));
    return status_exit_code(status);
}

static const struct subcommand bench_command = {
    .name = "diagnosis",
    .operands = "",
    .help = "measures the diagnosis",
    .arguments = bench_arguments,
    .argument_count = sizeof bench_arguments / sizeof bench_arguments[0],
    .run = run,
};

int main(int argc, char *argv[])
{
    struct arguments arguments;
    char problem[ARGUMENTS_PROBLEM_SIZE];
    if (arguments_parse(&bench_command, argc - 1, argv + 1, &arguments, problem) != STATUS_OK) {
        fprintf(stderr, "diagnosis: %s\n", problem);
        return status_exit_code(STATUS_INVALID);
    }
    return bench_command.run(&arguments);
}
