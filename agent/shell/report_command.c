// SPDX-License-Identifier: Apache-2.0
// One order fetch from the command line to the report socket.
#include "agent/shell/report_command.h"

#include "agent/probe/report_client.h"
#include "agent/shell/agent_config.h"
#include "config/arguments.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ORDER, OUTCOME, PRODUCT, LATENCY, DETAIL, SOCKET, CONFIG, HELP, ARGUMENT_COUNT };

static const struct argument arguments[ARGUMENT_COUNT] = {
    [ORDER] = ARGUMENT("order", "ID", "the order that was fetched"),
    [OUTCOME] = ARGUMENT("outcome", "WORD",
                         "ok, missing, unreachable, denied, timeout, locked, invalid or stale"),
    [PRODUCT] = ARGUMENT("product", "ID", "its product"),
    [LATENCY] = ARGUMENT("latency-ms", "N", "how long the fetch took"),
    [DETAIL] = ARGUMENT("detail", "TEXT", "what the operator saw"),
    [SOCKET] = ARGUMENT("socket", "PATH", "the agent's report socket",
                        .preset = "/var/lib/stationwatch-agent/report.sock"),
    [CONFIG] = ARGUMENT("config", "FILE", "or the agent's configuration, which names it"),
    [HELP] = FLAG("help", "print this help"),
};

static const struct subcommand command = {
    .name = "report",
    .operands = "",
    .help = "tell the running agent of one order fetch",
    .arguments = arguments,
    .argument_count = ARGUMENT_COUNT,
};

static const struct program program = {
    .name = "stationwatch-agent",
    .purpose = "watches this computer for Stationwatch",
    .example = "stationwatch-agent report --order 4711 --outcome missing",
};

static int fail(enum status status, const char *sentence)
{
    fprintf(stderr, "stationwatch-agent report: %s\n", sentence);
    return status_exit_code(status);
}

static bool find_outcome(const char *word, enum outcome *ret)
{
    for (int i = OUTCOME_OK; i < OUTCOME_COUNT; i++) {
        if (strcmp(outcome_text((enum outcome)i), word) == 0) {
            *ret = (enum outcome)i;
            return true;
        }
    }
    return false;
}

// The fetch out of the arguments; NULL, or a sentence on what is wrong.
static const char *read_fetch(const struct arguments *given, struct order_fetch *fetch)
{
    *fetch = (struct order_fetch){.latency_ms = -1, .source = SOURCE_API};
    if (given->value[ORDER] == NULL || given->value[OUTCOME] == NULL)
        return "--order ID and --outcome WORD are needed; --help shows how";
    if (!find_outcome(given->value[OUTCOME], &fetch->outcome))
        return "--outcome is one of ok, missing, unreachable, denied, timeout, locked, invalid, "
               "stale";
    if (given->value[LATENCY] != NULL &&
        !argument_integer(given->value[LATENCY], 0, INT32_MAX, &fetch->latency_ms))
        return "--latency-ms is a whole number of milliseconds";
    if (!text_set(fetch->order, given->value[ORDER]))
        return "--order is too long";
    if (given->value[PRODUCT] != NULL && !text_set(fetch->product, given->value[PRODUCT]))
        return "--product is too long";
    if (given->value[DETAIL] != NULL)
        text_set(fetch->detail, given->value[DETAIL]);
    return NULL;
}

static enum status find_socket(const struct arguments *given, char out[TEXT_SIZE],
                               struct text *problem)
{
    if (given->value[CONFIG] == NULL)
        return text_copy(out, TEXT_SIZE, given->value[SOCKET]) ? STATUS_OK : STATUS_INVALID;
    struct agent_config *config = calloc(1, sizeof *config);
    if (config == NULL)
        return STATUS_NO_MEMORY;
    struct config_error error;
    enum status status =
        config_load(given->value[CONFIG], agent_settings, agent_setting_count, config, &error);
    if (status == STATUS_OK)
        status = agent_config_report_socket(config, out);
    else
        config_error_format(&error, problem);
    free(config);
    return status;
}

static int print_help(void)
{
    char help[4096];
    struct text text;
    text_init(&text, help, sizeof help);
    subcommand_help(&program, &command, &text);
    printf("%s\nExample:\n  %s\n", help, program.example);
    return 0;
}

int report_command(int argc, char *const argv[])
{
    struct arguments given;
    char sentence[1024];
    struct text problem;
    text_init(&problem, sentence, sizeof sentence);
    char usage[ARGUMENTS_PROBLEM_SIZE];
    if (arguments_parse(&command, argc - 1, argv + 1, &given, usage) != STATUS_OK)
        return fail(STATUS_INVALID, usage);
    if (given.value[HELP] != NULL)
        return print_help();
    struct order_fetch fetch;
    const char *wrong = read_fetch(&given, &fetch);
    if (wrong != NULL)
        return fail(STATUS_INVALID, wrong);
    char socket[TEXT_SIZE], answer[TEXT_SIZE] = "";
    enum status status = find_socket(&given, socket, &problem);
    if (status != STATUS_OK)
        return fail(status, problem.length > 0 ? sentence : "the socket's path is too long");
    status = report_send(socket, &fetch, duration_s(10), answer);
    if (status != STATUS_OK)
        return fail(status, answer);
    printf("%s\n", answer);
    return 0;
}
