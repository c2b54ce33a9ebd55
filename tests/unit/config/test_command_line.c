// SPDX-License-Identifier: Apache-2.0
// The daemons' command line: what each option answers and with which exit code.
#include "config/command_line.h"
#include "sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static enum status check(const void *config, struct config_error *error)
{
    const struct sample *sample = config;
    if (sample->retries != 9)
        return STATUS_OK;
    (void)text_set(error->text, "nine is one too many");
    return STATUS_CONFIG;
}

static const struct daemon_program program = {
    .name = "sampled",
    .purpose = "samples things.",
    .example = "sampled --config sample.yaml",
    .settings = sample_settings,
    .setting_count = SAMPLE_SETTINGS,
    .check = check,
};

static char out[8192];
static char problem[1024];
static struct sample sample;
static int exit_code;
static const char *path;

static enum daemon_next run(int argc, const char *const *words)
{
    struct text out_text;
    struct text problem_text;
    text_init(&out_text, out, sizeof out);
    text_init(&problem_text, problem, sizeof problem);
    char *argv[8];
    for (int i = 0; i < argc; i++)
        memcpy(&argv[i], &words[i], sizeof argv[i]);
    return daemon_command_line(&program, argc, argv, &sample, &out_text, &problem_text, &path,
                               &exit_code);
}

#define RUN(...)                                                                                   \
    run(sizeof((const char *[]){"sampled", __VA_ARGS__}) / sizeof(char *),                         \
        (const char *[]){"sampled", __VA_ARGS__})

static char config_path[] = "/tmp/stationwatch-command-line-XXXXXX";

static int make_config(void **state)
{
    (void)state;
    int fd = mkstemp(config_path);
    if (fd < 0)
        return -1;
    return close(fd);
}

static int remove_config(void **state)
{
    (void)state;
    return unlink(config_path);
}

static void write_config(const char *yaml)
{
    FILE *file = fopen(config_path, "wb");
    assert_non_null(file);
    assert_true(fputs(yaml, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void without_arguments_there_is_help_with_an_example(void **state)
{
    (void)state;
    const char *words[] = {"sampled"};
    assert_int_equal(run(1, words), DAEMON_EXIT);
    assert_int_equal(exit_code, 2);
    assert_non_null(strstr(out, "\nExample:\n  sampled --config sample.yaml\n"));
    assert_non_null(strstr(out, "  --config        FILE  run with this configuration\n"));
    assert_string_equal(problem, "");
}

static void help_and_version_end_well(void **state)
{
    (void)state;
    assert_int_equal(RUN("--help"), DAEMON_EXIT);
    assert_int_equal(exit_code, 0);
    assert_non_null(strstr(out, "--check-config"));
    assert_int_equal(RUN("--version"), DAEMON_EXIT);
    assert_int_equal(exit_code, 0);
    assert_string_equal(out, "sampled " STATIONWATCH_VERSION "\n");
}

static void a_wrong_command_line_ends_with_2_and_a_sentence(void **state)
{
    (void)state;
    assert_int_equal(RUN("--check-config"), DAEMON_EXIT);
    assert_int_equal(exit_code, 2);
    assert_string_equal(problem, "sampled: --config FILE is missing; --help shows how\n");
    assert_int_equal(RUN("--config"), DAEMON_EXIT);
    assert_int_equal(exit_code, 2);
    assert_int_equal(RUN("--confg", "x"), DAEMON_EXIT);
    assert_int_equal(exit_code, 2);
    assert_non_null(strstr(problem, "--confg"));
    assert_int_equal(RUN("run"), DAEMON_EXIT);
    assert_int_equal(exit_code, 2);
    assert_string_equal(out, "");
}

static void a_good_configuration_runs_or_is_said_to_be_right(void **state)
{
    (void)state;
    write_config("site: a\nretries: 8\n");
    assert_int_equal(RUN("--config", config_path), DAEMON_RUN);
    assert_int_equal(sample.retries, 8);
    assert_string_equal(path, config_path);
    assert_int_equal(RUN("--config", config_path, "--check-config"), DAEMON_EXIT);
    assert_int_equal(exit_code, 0);
    assert_non_null(strstr(out, "the configuration is right"));
    assert_int_equal(RUN("--print-config", "--config", config_path), DAEMON_EXIT);
    assert_int_equal(exit_code, 0);
    assert_non_null(strstr(out, "\nretries: 8\n"));
}

static void a_wrong_configuration_ends_with_78_and_its_place(void **state)
{
    (void)state;
    char expected[256];
    write_config("site: a\nretries: many\n");
    assert_int_equal(RUN("--config", config_path), DAEMON_EXIT);
    assert_int_equal(exit_code, 78);
    (void)snprintf(expected, sizeof expected,
                   "%s:2:10: 'retries' takes an integer, not 'many'; write decimal digits only\n",
                   config_path);
    assert_string_equal(problem, expected);
    write_config("site: a\nretries: 9\n");
    assert_int_equal(RUN("--config", config_path, "--check-config"), DAEMON_EXIT);
    assert_int_equal(exit_code, 78);
    (void)snprintf(expected, sizeof expected, "%s: nine is one too many\n", config_path);
    assert_string_equal(problem, expected);
    assert_int_equal(RUN("--config", "/nonexistent/c.yaml"), DAEMON_EXIT);
    assert_int_equal(exit_code, 78);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_arguments_there_is_help_with_an_example),
        cmocka_unit_test(help_and_version_end_well),
        cmocka_unit_test(a_wrong_command_line_ends_with_2_and_a_sentence),
        cmocka_unit_test(a_good_configuration_runs_or_is_said_to_be_right),
        cmocka_unit_test(a_wrong_configuration_ends_with_78_and_its_place),
    };
    return cmocka_run_group_tests(tests, make_config, remove_config);
}
