// SPDX-License-Identifier: Apache-2.0
// The diagnosis, measured: its truth over random scenarios, its cost, its false alarms.
#include "bench/cost.h"
#include "bench/delay.h"
#include "bench/healthy_year.h"
#include "bench/reliability.h"
#include "bench/truth_table.h"
#include "config/arguments.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { QUICK, SEED, PER_CODE, CODE, STATIONS, YEARS, ONLY, VERBOSE };

static const struct argument bench_arguments[] = {
    FLAG("quick", "five scenarios a code, one healthy year"),
    ARGUMENT("seed", "N", "the first scenario's seed", .preset = "1"),
    ARGUMENT("per-code", "N", "scenarios of each code"),
    ARGUMENT("code", "CODE", "only the truth table, and of it only this code"),
    ARGUMENT("stations", "N", "stations of each plant; random without"),
    ARGUMENT("years", "N", "healthy years"),
    ARGUMENT("only", "TABLE", "only this table: truth, delay, cost, healthy or reliability"),
    FLAG("verbose", "shows every scenario in which something was said wrong"),
};

static bool read_number(const struct arguments *arguments, int which, int64_t min, int64_t max,
                        int64_t *ret)
{
    const char *value = arguments->value[which];
    if (value == NULL || argument_integer(value, min, max, ret))
        return true;
    fprintf(stderr, "diagnosis: --%s has to be a number from %" PRId64 " to %" PRId64 "\n",
            bench_arguments[which].name, min, max);
    return false;
}

static bool wanted(const struct arguments *arguments, const char *table)
{
    const char *only = arguments->value[ONLY];
    if (arguments->value[CODE] != NULL)
        only = "truth";
    return only == NULL || strcmp(only, table) == 0;
}

static int run(const struct arguments *arguments)
{
    bool quick = arguments->value[QUICK] != NULL;
    int64_t seed = 1, per_code = quick ? 5 : 40, stations = 0, years = quick ? 1 : 10;
    if (!read_number(arguments, SEED, 0, INT64_MAX, &seed) ||
        !read_number(arguments, PER_CODE, 1, 100000, &per_code) ||
        !read_number(arguments, STATIONS, 8, 1000, &stations) ||
        !read_number(arguments, YEARS, 1, 1000, &years))
        return status_exit_code(STATUS_INVALID);
    printf("seed %" PRId64 "\n", seed);
    struct truth_settings truth = {.seed = (uint64_t)seed,
                                   .per_code = (uint32_t)per_code,
                                   .only = arguments->value[CODE],
                                   .stations = (uint32_t)stations,
                                   .verbose = arguments->value[VERBOSE] != NULL};
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    struct healthy_settings healthy = {.seed = (uint64_t)seed,
                                       .years = (uint32_t)years,
                                       .false_alarms_per_year = 1,
                                       .jobs = processors > 0 ? (uint32_t)processors : 1};
    enum status status = wanted(arguments, "truth") ? truth_table(&truth) : STATUS_OK;
    if (status == STATUS_OK && wanted(arguments, "delay"))
        status = delay_table((uint64_t)seed, quick);
    if (status == STATUS_OK && wanted(arguments, "cost"))
        status = cost_table(quick);
    if (status == STATUS_OK && wanted(arguments, "healthy"))
        status = healthy_table(&healthy);
    if (status == STATUS_OK && wanted(arguments, "reliability"))
        status = reliability_table(&truth);
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
