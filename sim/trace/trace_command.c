// SPDX-License-Identifier: Apache-2.0
// `stationwatch-sim trace`: a random scenario with its truth, as files for replay.
#include "sim/commands.h"
#include "sim/trace/trace_folder.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { SEED, CODE, STATIONS, OUT };

static const struct argument trace_arguments[] = {
    ARGUMENT("seed", "N", "the same seed gives the same files, to the byte", .required = true),
    ARGUMENT("code", "CODE", "the cause, or HEALTHY or SEVERAL; by default the seed chooses"),
    ARGUMENT("stations", "N", "8 to 1000; by default the seed chooses", .preset = "0"),
    ARGUMENT("out", "DIR", "folder for trace.jsonl, collector.yaml, stations.csv and truth.json",
             .preset = "."),
};

static int complain(const char *problem)
{
    fprintf(stderr, "stationwatch-sim: %s\n", problem);
    return status_exit_code(STATUS_INVALID);
}

static void list_codes(void)
{
    fprintf(stderr, "stationwatch-sim: there are scenarios of");
    for (size_t i = 0; scenario_code(i) != NULL; i++)
        fprintf(stderr, " %s", scenario_code(i));
    fprintf(stderr, "\n");
}

static const char *chosen_code(uint64_t seed)
{
    size_t count = 1; // there is at least one
    while (scenario_code(count) != NULL)
        count++;
    return scenario_code(seed % count);
}

static enum status write_files(struct scenario *scenario, const char *folder)
{
    char problem[TEXT_SIZE] = "";
    enum status status = STATUS_OK;
    if (mkdir(folder, 0755) != 0 && errno != EEXIST) {
        snprintf(problem, sizeof problem, "cannot make the folder %.150s: %s", folder,
                 strerror(errno));
        status = STATUS_IO;
    }
    if (status == STATUS_OK)
        status = trace_folder_write(scenario, folder, problem);
    if (status != STATUS_OK)
        fprintf(stderr, "stationwatch-sim: %s\n", problem);
    return status;
}

static int run(const struct arguments *arguments)
{
    int64_t seed, stations;
    if (!argument_integer(arguments->value[SEED], 0, INT64_MAX, &seed))
        return complain("--seed has to be a number from 0");
    if (!argument_integer(arguments->value[STATIONS], 0, PLANT_STATIONS_MAX, &stations) ||
        (stations > 0 && stations < PLANT_STATIONS_MIN))
        return complain("--stations has to be a number from 8 to 1000");
    struct trace_plan plan = {
        .seed = (uint64_t)seed, .code = arguments->value[CODE], .stations = (uint32_t)stations};
    if (plan.code == NULL)
        plan.code = chosen_code(plan.seed);
    struct scenario *scenario = NULL;
    enum status status = scenario_new(&plan, &scenario);
    if (status == STATUS_NOT_FOUND) {
        list_codes();
        return complain("--code has to be one of these");
    }
    if (status != STATUS_OK)
        return complain(status_text(status));
    status = write_files(scenario, arguments->value[OUT]);
    const struct truth *truth = scenario_truth(scenario);
    if (status == STATUS_OK)
        printf("%s, seed %" PRIu64 ": %" PRIu32 " stations, %" PRIu32 " faults, %.0f s\n",
               truth->code, truth->seed, truth->stations, truth->fault_count,
               (double)truth->length_ms / 1000);
    scenario_free(scenario);
    return status_exit_code(status);
}

const struct subcommand trace_command = {
    .name = "trace",
    .operands = "",
    .help = "writes a random scenario as a trace, with what is true about it",
    .arguments = trace_arguments,
    .argument_count = sizeof trace_arguments / sizeof trace_arguments[0],
    .run = run,
};
