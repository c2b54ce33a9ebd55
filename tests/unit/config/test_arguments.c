// SPDX-License-Identifier: Apache-2.0
// Command lines from a table: what is accepted, and what a person is told when it is not.
#include "config/arguments.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { FOLDER, WAIT, ONCE };

static const struct argument arguments[] = {
    ARGUMENT("folder", "DIR", "folder of requests", .required = true),
    ARGUMENT("wait", "TIME", "longest wait", .preset = "2s"),
    FLAG("once", "end after the first"),
};

static int run(const struct arguments *parsed)
{
    (void)parsed;
    return 0;
}

static const struct subcommand serve = {"serve", "FILE", 0, 1, "serves orders", arguments, 3, run};
static const struct subcommand show = {"show", "ID", 1, 1, "shows one thing", NULL, 0, run};
static const struct subcommand *const subcommands[] = {&serve, &show};
static const struct program program = {"tool", "does things", "tool show 1", subcommands, 2};

static enum status parse(const char *name, int argc, const char **argv, struct arguments *ret,
                         char *problem)
{
    return arguments_parse(program_find(&program, name), argc, (char *const *)argv, ret, problem);
}

static void options_and_operands_come_in_any_order(void **state)
{
    (void)state;
    struct arguments parsed;
    char problem[ARGUMENTS_PROBLEM_SIZE];
    const char *argv[] = {"-", "--once", "--folder=/a b", "--wait", "5s"};
    assert_int_equal(parse("serve", 5, argv, &parsed, problem), STATUS_OK);
    assert_string_equal(parsed.value[FOLDER], "/a b");
    assert_string_equal(parsed.value[WAIT], "5s");
    assert_non_null(parsed.value[ONCE]);
    assert_int_equal(parsed.operand_count, 1);
    assert_string_equal(parsed.operand[0], "-");
}

static void an_option_that_is_not_given_has_its_preset(void **state)
{
    (void)state;
    struct arguments parsed;
    char problem[ARGUMENTS_PROBLEM_SIZE];
    const char *argv[] = {"--folder", "--", "--", "--once"};
    assert_int_equal(parse("serve", 4, argv, &parsed, problem), STATUS_OK);
    assert_string_equal(parsed.value[FOLDER], "--");
    assert_string_equal(parsed.value[WAIT], "2s");
    assert_null(parsed.value[ONCE]);
    assert_string_equal(parsed.operand[0], "--once");
}

static void a_wrong_command_line_is_refused_with_a_sentence(void **state)
{
    (void)state;
    static const struct {
        const char *command;
        int argc;
        const char *argv[3];
        const char *says;
    } cases[] = {
        {"serve", 1, {"--wait=1s"}, "serve needs --folder"},
        {"serve", 1, {"--folder"}, "--folder needs a value: DIR"},
        {"serve", 1, {"--colour"}, "no option --colour"},
        {"serve", 1, {"-x"}, "no option -x"},
        {"serve", 1, {"--once=1"}, "--once takes no value"},
        {"show", 0, {NULL}, "show needs ID"},
        {"show", 2, {"1", "2"}, "'2' is one word too many"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arguments parsed;
        char problem[ARGUMENTS_PROBLEM_SIZE] = "";
        assert_int_equal(
            parse(cases[i].command, cases[i].argc, (const char **)cases[i].argv, &parsed, problem),
            STATUS_INVALID);
        if (strstr(problem, cases[i].says) == NULL)
            fail_msg("'%s' does not say '%s'", problem, cases[i].says);
    }
}

static void help_shows_every_command_and_option_of_the_table(void **state)
{
    (void)state;
    char buffer[2048];
    struct text out;
    text_init(&out, buffer, sizeof buffer);
    program_help(&program, &out);
    assert_non_null(strstr(buffer, "serve FILE"));
    assert_non_null(strstr(buffer, "shows one thing"));
    assert_non_null(strstr(buffer, "tool show 1"));
    text_init(&out, buffer, sizeof buffer);
    subcommand_help(&program, &serve, &out);
    assert_non_null(strstr(buffer, "--folder DIR"));
    assert_non_null(strstr(buffer, "(required)"));
    assert_non_null(strstr(buffer, "(default 2s)"));
    assert_non_null(strstr(buffer, "--once"));
}

static void a_number_is_whole_and_within_its_bounds(void **state)
{
    (void)state;
    int64_t number = 7;
    assert_false(argument_integer("12abc", 0, 100, &number));
    assert_false(argument_integer("", 0, 100, &number));
    assert_false(argument_integer("101", 0, 100, &number));
    assert_false(argument_integer("99999999999999999999", 0, INT64_MAX, &number));
    assert_int_equal(number, 7);
    assert_true(argument_integer("100", 0, 100, &number));
    assert_int_equal(number, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_and_operands_come_in_any_order),
        cmocka_unit_test(an_option_that_is_not_given_has_its_preset),
        cmocka_unit_test(a_wrong_command_line_is_refused_with_a_sentence),
        cmocka_unit_test(help_shows_every_command_and_option_of_the_table),
        cmocka_unit_test(a_number_is_whole_and_within_its_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
