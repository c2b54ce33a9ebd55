// SPDX-License-Identifier: Apache-2.0
// `stationwatch-sim testers`: the testers of N stations in one process, told what to do on standard
// input.
#include "config/config.h"
#include "runtime/log.h"
#include "sim/commands.h"
#include "sim/testers/control.h"
#include "sim/testers/fleet.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { COUNT, PREFIX, FIRST, REQUESTS, ORDERS, LOGS, SCAN_INTERVAL, WAIT, SEED, PAUSED };

static const struct argument testers_arguments[] = {
    ARGUMENT("count", "N", "how many stations", .required = true),
    ARGUMENT("prefix", "TEXT", "station names begin with this", .preset = "ETS-"),
    ARGUMENT("first", "N", "number of the first station", .preset = "1"),
    ARGUMENT("requests", "DIR", "folder that requests are placed in", .required = true),
    ARGUMENT("orders", "DIR", "folder that order files appear in", .required = true),
    ARGUMENT("logs", "DIR", "each station's log is DIR/NODE/tester.log", .required = true),
    ARGUMENT("scan-interval", "TIME", "mean time between a station's scans", .preset = "90s"),
    ARGUMENT("wait", "TIME", "longest wait for an order file", .preset = "2s"),
    ARGUMENT("seed", "N", "the same seed gives the same scans", .preset = "1"),
    FLAG("paused", "nobody scans until 'resume' or 'scan NODE' comes on standard input"),
};

struct process {
    struct tester_fleet *fleet;
    struct control control;
    uv_signal_t terminate, interrupt;
};

static void on_line(void *context, const char *line)
{
    struct process *process = context;
    if (!tester_fleet_obey(process->fleet, line))
        log_warning("testers",
                    "'%s' is not understood; known are: scan NODE, scan all, interval TIME, "
                    "pause, resume",
                    line);
}

static void on_signal(uv_signal_t *signal, int number)
{
    struct process *process = signal->data;
    struct tester_fleet_counters counters = tester_fleet_counters(process->fleet);
    log_info("testers", "stop on signal %d after %" PRIu64 " scans, %" PRIu64 " of them failed",
             number, counters.scans, counters.failed);
    tester_fleet_close(process->fleet, NULL, NULL);
    control_close(&process->control);
    uv_close((uv_handle_t *)&process->terminate, NULL);
    uv_close((uv_handle_t *)&process->interrupt, NULL);
}

static bool read_settings(const struct arguments *arguments, struct tester_fleet_settings *out)
{
    int64_t count, first, seed;
    *out = (struct tester_fleet_settings){
        .prefix = arguments->value[PREFIX],
        .requests = arguments->value[REQUESTS],
        .orders = arguments->value[ORDERS],
        .logs = arguments->value[LOGS],
        .paused = arguments->value[PAUSED] != NULL,
    };
    const char *wrong = NULL;
    if (!argument_integer(arguments->value[COUNT], 1, TESTERS_MAX, &count))
        wrong = "--count has to be a number from 1 to 100000";
    else if (!argument_integer(arguments->value[FIRST], 0, 1000000, &first))
        wrong = "--first has to be a number from 0 to 1000000";
    else if (!argument_integer(arguments->value[SEED], 0, INT64_MAX, &seed))
        wrong = "--seed has to be a number from 0";
    else if (!config_parse_duration(arguments->value[SCAN_INTERVAL], &out->interval) ||
             out->interval.us <= 0)
        wrong = "--scan-interval has to be a time such as 90s";
    else if (!config_parse_duration(arguments->value[WAIT], &out->wait) || out->wait.us <= 0)
        wrong = "--wait has to be a time such as 2s";
    if (wrong != NULL) {
        log_error("testers", "%s", wrong);
        return false;
    }
    out->count = (uint32_t)count;
    out->first = (uint32_t)first;
    out->seed = (uint64_t)seed;
    return true;
}

static int run(const struct arguments *arguments)
{
    struct tester_fleet_settings settings;
    if (!read_settings(arguments, &settings))
        return status_exit_code(STATUS_INVALID);
    if (mkdir(settings.logs, 0755) != 0 && errno != EEXIST) {
        log_error("testers", "cannot make the folder %s: %s", settings.logs, strerror(errno));
        return status_exit_code(STATUS_IO);
    }
    uv_loop_t *loop = uv_default_loop();
    struct process process = {0};
    char problem[TEXT_SIZE];
    enum status status = tester_fleet_open(loop, &settings, &process.fleet, problem);
    if (status != STATUS_OK) {
        log_error("testers", "%s", problem);
        uv_run(loop, UV_RUN_DEFAULT); // what was opened halfway closes
        return status_exit_code(status);
    }
    uv_signal_init(loop, &process.terminate);
    uv_signal_init(loop, &process.interrupt);
    process.terminate.data = process.interrupt.data = &process;
    uv_signal_start(&process.terminate, on_signal, SIGTERM);
    uv_signal_start(&process.interrupt, on_signal, SIGINT);
    control_open(&process.control, loop, 0, on_line, &process);
    log_info("testers", "%" PRIu32 " testers, a scan each per %s", settings.count,
             arguments->value[SCAN_INTERVAL]);
    uv_run(loop, UV_RUN_DEFAULT);
    uv_loop_close(loop);
    return 0;
}

const struct subcommand testers_command = {
    .name = "testers",
    .operands = "",
    .help = "scans harnesses at N stations and writes their testers' logs",
    .arguments = testers_arguments,
    .argument_count = sizeof testers_arguments / sizeof testers_arguments[0],
    .run = run,
};
