// SPDX-License-Identifier: Apache-2.0
// `stationwatch replay`: prints each transition of a recording as a JSON line, or a post-mortem.
#include "collector/config/collector_config.h"
#include "collector/config/site_zone.h"
#include "collector/core/report.h"
#include "ctl/commands.h"
#include "ctl/trace/line_reader.h"
#include "ctl/trace/replay.h"
#include "ctl/view/complain.h"
#include "wire/json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CONFIG, REPORT };
enum { TRANSITION_TEXT_SIZE = 512 * 1024, PROGRESS_EVERY_LINES = 100000 };

static const struct argument replay_arguments[] = {
    ARGUMENT("config", "FILE", "the collector's configuration", .required = true),
    ARGUMENT("report", "ID", "print this incident's post-mortem instead; 'last' is the latest"),
};

struct output {
    const char *report; // id, "last", NULL = print transitions
    struct incident reported;
    bool has_reported, failed;
    char text[TRANSITION_TEXT_SIZE];
};

static void print_transition(struct output *output, struct wall_time t, const struct effect *effect)
{
    struct text line;
    text_init(&line, output->text, sizeof output->text);
    json_write_transition(&line, t, effect->transition, effect->annunciated, effect->incident);
    text_append(&line, "\n");
    if (line.truncated || fwrite(line.data, 1, line.length, stdout) != line.length)
        output->failed = true;
}

static void on_transition(void *context, struct wall_time t, const struct effect *effect)
{
    struct output *output = context;
    if (output->report == NULL) {
        print_transition(output, t, effect);
    } else if (strcmp(output->report, "last") == 0 ||
               strcmp(output->report, effect->incident->id) == 0) {
        output->reported = *effect->incident;
        output->has_reported = true;
    }
}

static void show_progress(const struct replay *replay, bool last)
{
    uint64_t lines = replay_counters(replay).lines;
    if (lines % PROGRESS_EVERY_LINES != 0 && !last)
        return;
    char now[WALL_TEXT_SIZE];
    fprintf(stderr, "\r%" PRIu64 " lines, %s%s", lines, wall_format(replay_now(replay), now),
            last ? "\n" : "");
}

static enum status play_lines(struct line_reader *reader, const char *path, struct replay *replay)
{
    bool progress = isatty(STDERR_FILENO) == 1 && isatty(STDOUT_FILENO) == 0;
    for (;;) {
        const char *line;
        size_t size;
        char problem[TEXT_SIZE];
        enum status status = line_reader_next(reader, &line, &size);
        if (status == STATUS_NOT_FOUND)
            break;
        if (status == STATUS_FULL) {
            snprintf(problem, sizeof problem, "the line is longer than %d bytes",
                     LINE_READER_LINE_MAX);
            status = STATUS_INVALID;
        } else if (status != STATUS_OK) {
            complain("cannot read %s: %s", path, strerror(errno));
            return status;
        } else {
            status = replay_line(replay, line, size, problem);
        }
        if (status != STATUS_OK) {
            complain("%s:%" PRIu64 ": %s", path, line_reader_number(reader), problem);
            return status;
        }
        if (progress)
            show_progress(replay, false);
    }
    replay_finish(replay);
    if (progress)
        show_progress(replay, true);
    return STATUS_OK;
}

static void tell_skipped(const struct replay *replay)
{
    struct replay_counters counters = replay_counters(replay);
    if (counters.other_sites > 0)
        complain("%" PRIu64 " of %" PRIu64 " lines are of other sites and were skipped",
                 counters.other_sites, counters.lines);
    if (counters.undecoded > 0)
        complain("%" PRIu64 " of %" PRIu64 " lines hold what could not be decoded",
                 counters.undecoded, counters.lines);
}

static enum status print_report(const struct output *output, const char *site)
{
    if (!output->has_reported) {
        complain("the trace has no incident '%s'; without --report all of them are printed",
                 output->report);
        return STATUS_NOT_FOUND;
    }
    char *buffer = malloc(REPORT_MAX_BYTES);
    if (buffer == NULL)
        return STATUS_NO_MEMORY;
    struct text report;
    text_init(&report, buffer, REPORT_MAX_BYTES);
    report_write(&report, site, site_zone_offset_minutes(output->reported.since),
                 &output->reported);
    bool printed = fputs(buffer, stdout) >= 0;
    free(buffer);
    return printed ? STATUS_OK : STATUS_IO;
}

static enum status play_file(const struct collector_config *config, const char *path,
                             struct output *output)
{
    struct line_reader *reader = NULL;
    struct replay *replay = NULL;
    enum status status = line_reader_open(path, &reader);
    if (status != STATUS_OK) {
        complain("cannot open %s: %s", path, strerror(errno));
        return status;
    }
    struct replay_events events = {on_transition, output};
    status = replay_new(&config->engine, &events, &replay);
    if (status == STATUS_OK)
        status = play_lines(reader, path, replay);
    if (status == STATUS_OK)
        tell_skipped(replay);
    if (status == STATUS_OK && output->report != NULL)
        status = print_report(output, config->site);
    replay_free(replay);
    line_reader_close(reader);
    if (fflush(stdout) != 0 || output->failed) {
        complain("cannot write the output: %s", strerror(errno));
        return STATUS_IO;
    }
    return status;
}

static int run(const struct arguments *arguments)
{
    struct collector_config *config = NULL;
    struct config_error error;
    enum status status = collector_config_load(arguments->value[CONFIG], &config, &error);
    if (status != STATUS_OK) {
        char buffer[1024];
        struct text text;
        text_init(&text, buffer, sizeof buffer);
        config_error_format(&error, &text);
        complain("%s", buffer);
        return status_exit_code(status);
    }
    site_zone_use(config->timezone);
    struct output *output = calloc(1, sizeof *output);
    if (output != NULL) {
        output->report = arguments->value[REPORT];
        status = play_file(config, arguments->operand[0], output);
    } else {
        status = STATUS_NO_MEMORY;
    }
    free(output);
    collector_config_free(config);
    return status == STATUS_INVALID ? 1 : status_exit_code(status);
}

const struct subcommand replay_command = {
    .name = "replay",
    .operands = "TRACE",
    .operands_min = 1,
    .operands_max = 1,
    .help = "plays a recording ('-': standard input) through the engine; prints what it found",
    .arguments = replay_arguments,
    .argument_count = sizeof replay_arguments / sizeof replay_arguments[0],
    .run = run,
};
