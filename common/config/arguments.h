// SPDX-License-Identifier: Apache-2.0
// The command line of a program with subcommands, from one table that drives dispatch, parsing and
// help: an option or a subcommand that is not in it does not exist.
//
//   static const struct argument arguments[] = {
//       ARGUMENT("requests", "DIR", "folder of requests", .required = true),
//       FLAG("once", "end after the first"),
//   };
//   values.value[0] is then the DIR; a flag's value is "" when given, NULL when not.
//
// Accepts --name VALUE and --name=VALUE anywhere, "--" ends options, "-" is an operand.
// Ownership: tables are the caller's and static; values point into argv and the table. Thread: any.
// Failure: STATUS_INVALID with one sentence in `problem`. Nothing here prints.
#ifndef CONFIG_ARGUMENTS_H
#define CONFIG_ARGUMENTS_H

#include "base/status.h"
#include "base/text.h"
#include "base/time.h"

#include <stddef.h>
#include <stdint.h>

enum { ARGUMENTS_MAX = 16, OPERANDS_MAX = 4, ARGUMENTS_PROBLEM_SIZE = 256 };

struct argument {
    const char *name;  // without the dashes
    const char *value; // the word for its value in help; NULL = a flag
    const char *help;  // one line
    bool required;
    const char *preset; // NULL = none
};

#define ARGUMENT(name_, value_, help_, ...)                                                        \
    {                                                                                              \
        .name = (name_), .value = (value_), .help = (help_), __VA_ARGS__                           \
    }
#define FLAG(name_, help_) ARGUMENT(name_, NULL, help_)

struct arguments {
    const char *value[ARGUMENTS_MAX]; // in the table's order; NULL = not given and no preset
    const char *operand[OPERANDS_MAX];
    size_t operand_count;
};

struct subcommand {
    const char *name;
    const char *operands; // as help shows them: "ID"; "" = none
    size_t operands_min, operands_max;
    const char *help; // one line
    const struct argument *arguments;
    size_t argument_count;
    int (*run)(const struct arguments *arguments); // the program's exit code
};

struct program {
    const char *name;
    const char *purpose; // one sentence
    const char *example; // a command line that works
    const struct subcommand *const *subcommands;
    size_t subcommand_count;
};

// Parses what follows the subcommand's name.
MUST_CHECK enum status arguments_parse(const struct subcommand *subcommand, int argc,
                                       char *const argv[], struct arguments *ret,
                                       char problem[ARGUMENTS_PROBLEM_SIZE]);

// NULL: there is no such subcommand.
const struct subcommand *program_find(const struct program *program, const char *name);

// Help for the program, and for one subcommand of it.
void program_help(const struct program *program, struct text *out);
void subcommand_help(const struct program *program, const struct subcommand *subcommand,
                     struct text *out);

// Whole-number value within bounds. False: not one; *ret untouched.
bool argument_integer(const char *value, int64_t min, int64_t max, int64_t *ret);

#endif
