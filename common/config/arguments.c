// SPDX-License-Identifier: Apache-2.0
// Command lines from a table: parsing and the help that goes with it.
#include "config/arguments.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct subcommand *program_find(const struct program *program, const char *name)
{
    for (size_t i = 0; i < program->subcommand_count; i++)
        if (strcmp(program->subcommands[i]->name, name) == 0)
            return program->subcommands[i];
    return NULL;
}

static enum status fail(char *problem, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static enum status fail(char *problem, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(problem, ARGUMENTS_PROBLEM_SIZE, format, args);
    va_end(args);
    return STATUS_INVALID;
}

// Index of the option that `word` (without dashes, up to `length`) names.
static size_t find_argument(const struct subcommand *subcommand, const char *word, size_t length)
{
    for (size_t i = 0; i < subcommand->argument_count; i++) {
        const char *name = subcommand->arguments[i].name;
        if (strlen(name) == length && strncmp(name, word, length) == 0)
            return i;
    }
    return SIZE_MAX;
}

// Reads the option at argv[*index] and moves *index over what it used.
static enum status parse_option(const struct subcommand *subcommand, int argc, char *const argv[],
                                int *index, struct arguments *out, char *problem)
{
    const char *word = argv[*index] + 2;
    const char *equals = strchr(word, '=');
    size_t length = equals == NULL ? strlen(word) : (size_t)(equals - word);
    size_t found = find_argument(subcommand, word, length);
    if (found == SIZE_MAX)
        return fail(problem, "there is no option %s; '%s --help' lists them", argv[*index],
                    subcommand->name);
    bool wants_value = subcommand->arguments[found].value != NULL;
    if (!wants_value && equals != NULL)
        return fail(problem, "option --%s takes no value", subcommand->arguments[found].name);
    if (!wants_value) {
        out->value[found] = "";
    } else if (equals != NULL) {
        out->value[found] = equals + 1;
    } else if (*index + 1 < argc) {
        out->value[found] = argv[++*index];
    } else {
        return fail(problem, "option --%s needs a value: %s", word,
                    subcommand->arguments[found].value);
    }
    return STATUS_OK;
}

static enum status check_complete(const struct subcommand *subcommand,
                                  const struct arguments *parsed, char *problem)
{
    if (parsed->operand_count < subcommand->operands_min)
        return fail(problem, "%s needs %s", subcommand->name, subcommand->operands);
    for (size_t i = 0; i < subcommand->argument_count; i++)
        if (subcommand->arguments[i].required && parsed->value[i] == NULL)
            return fail(problem, "%s needs --%s", subcommand->name, subcommand->arguments[i].name);
    return STATUS_OK;
}

enum status arguments_parse(const struct subcommand *subcommand, int argc, char *const argv[],
                            struct arguments *ret, char problem[ARGUMENTS_PROBLEM_SIZE])
{
    struct arguments parsed = {0};
    for (size_t i = 0; i < subcommand->argument_count; i++)
        parsed.value[i] = subcommand->arguments[i].preset;
    bool options_end = false;
    for (int i = 0; i < argc; i++) {
        if (!options_end && strcmp(argv[i], "--") == 0) {
            options_end = true;
        } else if (!options_end && strncmp(argv[i], "--", 2) == 0) {
            enum status status = parse_option(subcommand, argc, argv, &i, &parsed, problem);
            if (status != STATUS_OK)
                return status;
        } else if (!options_end && argv[i][0] == '-' && argv[i][1] != '\0') {
            return fail(problem, "there is no option %s; '%s --help' lists them", argv[i],
                        subcommand->name);
        } else if (parsed.operand_count >= subcommand->operands_max) {
            return fail(problem, "'%s' is one word too many for %s", argv[i], subcommand->name);
        } else {
            parsed.operand[parsed.operand_count++] = argv[i];
        }
    }
    enum status status = check_complete(subcommand, &parsed, problem);
    if (status == STATUS_OK)
        *ret = parsed;
    return status;
}

void program_help(const struct program *program, struct text *out)
{
    text_printf(out, "%s: %s\n\nUsage: %s COMMAND [OPTIONS]\n\nCommands:\n", program->name,
                program->purpose, program->name);
    for (size_t i = 0; i < program->subcommand_count; i++) {
        const struct subcommand *subcommand = program->subcommands[i];
        char usage[80];
        snprintf(usage, sizeof usage, "%s %s", subcommand->name, subcommand->operands);
        text_printf(out, "  %-22s %s\n", usage, subcommand->help);
    }
    text_printf(out, "\nExample:\n  %s\n\n'%s COMMAND --help' lists a command's options.\n",
                program->example, program->name);
}

void subcommand_help(const struct program *program, const struct subcommand *subcommand,
                     struct text *out)
{
    text_printf(out, "%s %s: %s\n\nUsage: %s %s%s%s%s\n", program->name, subcommand->name,
                subcommand->help, program->name, subcommand->name,
                subcommand->argument_count > 0 ? " [OPTIONS]" : "",
                subcommand->operands[0] == '\0' ? "" : " ", subcommand->operands);
    for (size_t i = 0; i < subcommand->argument_count; i++) {
        const struct argument *argument = &subcommand->arguments[i];
        char usage[80];
        snprintf(usage, sizeof usage, "--%s %s", argument->name,
                 argument->value == NULL ? "" : argument->value);
        text_printf(out, "%s  %-24s %s%s", i == 0 ? "\nOptions:\n" : "", usage, argument->help,
                    argument->required ? " (required)" : "");
        if (argument->preset != NULL)
            text_printf(out, " (default %s)", argument->preset);
        text_append(out, "\n");
    }
}

bool argument_integer(const char *value, int64_t min, int64_t max, int64_t *ret)
{
    char *end;
    errno = 0;
    long long number = strtoll(value, &end, 10);
    if (errno != 0 || end == value || *end != '\0' || number < min || number > max)
        return false;
    *ret = number;
    return true;
}
