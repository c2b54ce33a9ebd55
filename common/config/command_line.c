// SPDX-License-Identifier: Apache-2.0
// The daemons' options and what each of them answers.
#include "config/command_line.h"

#include "config/arguments.h"
#include "config/error.h"

enum { CONFIG, CHECK_CONFIG, PRINT_CONFIG, VERSION, HELP, OPTION_COUNT };
enum { EXIT_OK = 0, EXIT_USAGE = 2 };

static const struct argument options[OPTION_COUNT] = {
    [CONFIG] = ARGUMENT("config", "FILE", "run with this configuration"),
    [CHECK_CONFIG] = FLAG("check-config", "with --config: say whether the file is right, then end"),
    [PRINT_CONFIG] = FLAG("print-config", "with --config: print every setting, then end"),
    [VERSION] = FLAG("version", "print the version"),
    [HELP] = FLAG("help", "print this help"),
};

static void print_help(const struct daemon_program *program, struct text *out)
{
    text_printf(out, "%s: %s\n\nUsage: %s --config FILE [OPTION]\n\nOptions:\n", program->name,
                program->purpose, program->name);
    for (size_t i = 0; i < OPTION_COUNT; i++)
        text_printf(out, "  --%-14s%-6s%s\n", options[i].name,
                    options[i].value != NULL ? options[i].value : "", options[i].help);
    text_printf(out, "\nExample:\n  %s\n", program->example);
}

static int usage(const struct daemon_program *program, const char *sentence, struct text *problem)
{
    text_printf(problem, "%s: %s\n", program->name, sentence);
    return EXIT_USAGE;
}

// Loads and checks; EXIT_OK when `config` is good.
static int load(const struct daemon_program *program, const char *path, void *config,
                struct text *problem)
{
    struct config_error error;
    enum status status =
        config_load(path, program->settings, program->setting_count, config, &error);
    if (status == STATUS_OK && program->check != NULL) {
        config_error_init(&error, path);
        status = program->check(config, &error);
    }
    if (status == STATUS_OK)
        return EXIT_OK;
    config_error_format(&error, problem);
    text_append(problem, "\n");
    return status_exit_code(status);
}

// What is asked for with a good configuration in hand, other than to run with it.
static int show(const struct daemon_program *program, const struct arguments *given,
                const void *config, struct text *out, struct text *problem)
{
    if (given->value[PRINT_CONFIG] == NULL) {
        text_printf(out, "%s: the configuration is right\n", given->value[CONFIG]);
        return EXIT_OK;
    }
    config_print(program->settings, program->setting_count, config, out);
    if (!out->truncated)
        return EXIT_OK;
    text_printf(problem, "%s: the configuration is too long to print\n", program->name);
    return status_exit_code(STATUS_FULL);
}

enum daemon_next daemon_command_line(const struct daemon_program *program, int argc,
                                     char *const argv[], void *config, struct text *out,
                                     struct text *problem, const char **ret_path,
                                     int *ret_exit_code)
{
    const struct subcommand daemon = {
        .name = program->name, .arguments = options, .argument_count = OPTION_COUNT};
    struct arguments given;
    char sentence[ARGUMENTS_PROBLEM_SIZE];
    *ret_exit_code = EXIT_OK;
    if (argc <= 1) {
        // A service that lost its arguments must not look as if it had worked.
        print_help(program, out);
        *ret_exit_code = EXIT_USAGE;
    } else if (arguments_parse(&daemon, argc - 1, argv + 1, &given, sentence) != STATUS_OK) {
        *ret_exit_code = usage(program, sentence, problem);
    } else if (given.value[HELP] != NULL) {
        print_help(program, out);
    } else if (given.value[VERSION] != NULL) {
        text_printf(out, "%s %s\n", program->name, STATIONWATCH_VERSION);
    } else if (given.value[CONFIG] == NULL || given.value[CONFIG][0] == '\0') {
        *ret_exit_code = usage(program, "--config FILE is missing; --help shows how", problem);
    } else {
        *ret_exit_code = load(program, given.value[CONFIG], config, problem);
        bool shown = given.value[CHECK_CONFIG] != NULL || given.value[PRINT_CONFIG] != NULL;
        if (*ret_exit_code == EXIT_OK && !shown) {
            *ret_path = given.value[CONFIG];
            return DAEMON_RUN;
        }
        if (*ret_exit_code == EXIT_OK)
            *ret_exit_code = show(program, &given, config, out, problem);
    }
    return DAEMON_EXIT;
}
