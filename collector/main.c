// SPDX-License-Identifier: Apache-2.0
// stationwatch-collector: options, signals, and the loop.
#include "collector/config/collector_config.h"
#include "collector/config/site_zone.h"
#include "collector/shell/collector.h"
#include "config/command_line.h"
#include "runtime/log.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { OUTPUT_BYTES = 1 << 20, PROBLEM_BYTES = 4096, SIGNALS = 2 };

struct shutdown {
    struct collector *collector;
    uv_signal_t signals[SIGNALS];
};

// What the whole configuration, station list included, has to say.
static enum status check(const void *config, struct config_error *error)
{
    (void)config;
    char path[sizeof error->file];
    text_set(path, error->file);
    struct collector_config *whole = NULL;
    enum status status = collector_config_load(path, &whole, error);
    collector_config_free(whole);
    return status;
}

static const struct daemon_program program = {
    .name = "stationwatch-collector",
    .purpose = "recognises the failures of a plant's test stations and raises one alert a cause",
    .example = "printf 'site: plant\\nstore: {path: collector.db}\\n' >collector.yaml; "
               "stationwatch-collector --config collector.yaml",
    .check = check,
};

// Reads the command line. *ret_path is NULL when there is nothing to run.
static int read_command_line(int argc, char *const argv[], const char **ret_path)
{
    struct daemon_program collector = program;
    collector.settings = collector_settings;
    collector.setting_count = collector_setting_count;
    struct collector_config *config = calloc(1, sizeof *config);
    char *output = malloc(OUTPUT_BYTES);
    char sentence[PROBLEM_BYTES];
    int code = status_exit_code(STATUS_NO_MEMORY);
    *ret_path = NULL;
    if (config != NULL && output != NULL) {
        struct text out, problem;
        text_init(&out, output, OUTPUT_BYTES);
        text_init(&problem, sentence, sizeof sentence);
        if (daemon_command_line(&collector, argc, argv, config, &out, &problem, ret_path, &code) ==
            DAEMON_EXIT)
            *ret_path = NULL;
        fputs(out.data, stdout);
        fputs(problem.data, stderr);
    }
    free(output);
    free(config);
    return code;
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct shutdown *shutdown = handle->data;
    log_info("collector", "ending after %s", number == SIGTERM ? "SIGTERM" : "SIGINT");
    for (size_t i = 0; i < SIGNALS; i++)
        uv_close((uv_handle_t *)&shutdown->signals[i], NULL);
    collector_stop(shutdown->collector);
}

static void watch_signals(uv_loop_t *loop, struct shutdown *shutdown)
{
    static const int numbers[SIGNALS] = {SIGTERM, SIGINT};
    for (size_t i = 0; i < SIGNALS; i++) {
        (void)uv_signal_init(loop, &shutdown->signals[i]);
        shutdown->signals[i].data = shutdown;
        if (uv_signal_start(&shutdown->signals[i], on_signal, numbers[i]) != 0)
            log_warning("collector", "signal %d is not watched", numbers[i]);
    }
}

static enum status run(const struct collector_config *config)
{
    uv_loop_t loop;
    struct shutdown shutdown = {0};
    if (uv_loop_init(&loop) != 0)
        return STATUS_NO_MEMORY;
    enum status status = collector_new(&loop, config, &shutdown.collector);
    if (status == STATUS_OK) {
        status = collector_start(shutdown.collector);
        if (status == STATUS_OK)
            watch_signals(&loop, &shutdown);
        else
            collector_stop(shutdown.collector);
        uv_run(&loop, UV_RUN_DEFAULT);
        if (collector_hung(shutdown.collector))
            _exit(status_exit_code(STATUS_TIMEOUT)); // a thread still uses what would be freed
        collector_free(shutdown.collector);
    }
    if (uv_loop_close(&loop) != 0)
        log_error("collector", "something was left open");
    return status;
}

int main(int argc, char *argv[])
{
    const char *path;
    int code = read_command_line(argc, argv, &path);
    if (path == NULL)
        return code;
    struct collector_config *config;
    struct config_error error;
    enum status status = collector_config_load(path, &config, &error);
    if (status != STATUS_OK) {
        fprintf(stderr, "%s: %s\n", error.file, error.text);
        return status_exit_code(status);
    }
    (void)signal(SIGPIPE, SIG_IGN); // a page that goes away is no reason to end
    log_set_level((enum log_level)config->log_level);
    site_zone_use(config->timezone);
    log_info("collector", "version %s for site '%s', %zu stations listed", STATIONWATCH_VERSION,
             config->site, config->station_count);
    status = run(config);
    collector_config_free(config);
    return status_exit_code(status);
}
