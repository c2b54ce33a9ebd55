// SPDX-License-Identifier: Apache-2.0
// What a right configuration becomes.
#include "sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void parse(const char *yaml, struct sample *sample)
{
    struct config_error error;
    enum status status = config_parse("c.yaml", yaml, strlen(yaml), sample_settings,
                                      SAMPLE_SETTINGS, sample, &error);
    if (status != STATUS_OK)
        print_message("%u:%u: %s\n", error.line, error.column, error.text);
    assert_int_equal(status, STATUS_OK);
}

static void the_smallest_configuration_takes_every_preset(void **state)
{
    static struct sample sample;
    (void)state;
    memset(&sample, 0x5A, sizeof sample);
    parse("site: a\n", &sample);
    assert_string_equal(sample.site, "a");
    assert_string_equal(sample.url, "mqtt://127.0.0.1:1883");
    assert_string_equal(sample.password_file, "");
    assert_true(sample.repair);
    assert_int_equal(sample.retries, 3);
    assert_int_equal(sample.ceiling, 0);
    assert_true(sample.rate == 0.25);
    assert_int_equal(sample.interval.us, 5000000);
    assert_int_equal(sample.deepest.us, 0);
    assert_int_equal(sample.mode, 1);
    assert_int_equal(sample.service_count, 0);
    assert_int_equal(sample.day_count, 2);
    assert_string_equal(sample.days[1], "tue");
}

static void every_type_is_read(void **state)
{
    static struct sample sample;
    (void)state;
    parse("site: 'plant 1'\n"
          "broker:\n"
          "  url: \"mqtts://b\\u00fcro\"\n"
          "  login: {password_file: /etc/secret}\n"
          "  interval: 250ms\n"
          "repair: false\n"
          "retries: 10\n"
          "ceiling: 9223372036854775807\n"
          "rate: -2.5e-1\n"
          "a:\n  b:\n    c:\n      deepest: 7d\n"
          "mode: restart\n"
          "services:\n"
          "  - server: one\n"
          "    share:\n      path: /orders\n"
          "    shares:\n      - name: x\n        limit: 2min\n      - {name: y}\n"
          "    tags: [red, \"no\"]\n"
          "  - server: two\n"
          "    weight: -0\n"
          "days: []\n",
          &sample);
    assert_string_equal(sample.site, "plant 1");
    assert_string_equal(sample.url, "mqtts://b\xC3\xBCro");
    assert_string_equal(sample.password_file, "/etc/secret");
    assert_int_equal(sample.interval.us, 250000);
    assert_false(sample.repair);
    assert_int_equal(sample.retries, 10);
    assert_true(sample.ceiling == INT64_MAX);
    assert_true(sample.rate == -0.25);
    assert_true(sample.deepest.us == INT64_C(604800000000));
    assert_int_equal(sample.mode, 2);
    assert_int_equal(sample.service_count, 2);
    const struct sample_service *one = &sample.services[0];
    assert_string_equal(one->share_path, "/orders");
    assert_int_equal(one->weight, 1);
    assert_int_equal(one->share_count, 2);
    assert_int_equal(one->shares[0].limit.us, 120000000);
    assert_string_equal(one->shares[1].name, "y");
    assert_int_equal(one->shares[1].limit.us, 1000000);
    assert_int_equal(one->tag_count, 2);
    assert_string_equal(one->tags[1], "no");
    assert_string_equal(sample.services[1].server, "two");
    assert_int_equal(sample.services[1].weight, 0);
    assert_int_equal(sample.services[1].share_count, 0);
    assert_int_equal(sample.day_count, 0);
}

static void a_text_is_taken_as_it_stands_whatever_yaml_thinks_it_is(void **state)
{
    static struct sample sample;
    (void)state;
    parse("site: 007\ndays: [no, true, 1e3]\n", &sample);
    assert_string_equal(sample.site, "007");
    assert_string_equal(sample.days[0], "no");
    assert_string_equal(sample.days[1], "true");
    assert_string_equal(sample.days[2], "1e3");
}

static void a_byte_order_mark_and_carriage_returns_are_accepted(void **state)
{
    static struct sample sample;
    (void)state;
    parse("\xEF\xBB\xBF%YAML 1.1\r\n---\r\nsite: a\r\nretries: 4\r\n...\r\n", &sample);
    assert_int_equal(sample.retries, 4);
}

static void durations_know_their_units(void **state)
{
    static const struct {
        const char *text;
        int64_t us;
    } good[] = {
        {"0s", 0},          {"1ms", 1000},        {"250ms", 250000},
        {"5s", 5000000},    {"2min", 120000000},  {"30m", 1800000000},
        {"1h", 3600000000}, {"7d", 604800000000}, {"106751991d", 9223372022400000000},
    };
    static const char *const bad[] = {"",
                                      "5",
                                      "s",
                                      "05s",
                                      "5 s",
                                      "-5s",
                                      "5S",
                                      "1us",
                                      "5s ",
                                      "1.5s",
                                      "5sec",
                                      "106751992d",
                                      "9999999999999999999999s"};
    (void)state;
    struct duration d;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(config_parse_duration(good[i].text, &d));
        assert_true(d.us == good[i].us);
    }
    d.us = 42;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(config_parse_duration(bad[i], &d));
    assert_int_equal(d.us, 42);
}

static void load_file(const char *path, enum status expected, const char *text)
{
    static struct sample sample;
    struct config_error error;
    assert_int_equal(config_load(path, sample_settings, SAMPLE_SETTINGS, &sample, &error),
                     expected);
    if (text == NULL)
        return;
    assert_string_equal(error.file, path);
    assert_int_equal(error.line, 0);
    assert_string_equal(error.text, text);
}

static void files_that_cannot_be_read_are_reported_in_words(void **state)
{
    (void)state;
    char folder[] = "/tmp/stationwatch-config-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char path[64];
    (void)snprintf(path, sizeof path, "%s/c.yaml", folder);
    load_file(path, STATUS_CONFIG, "there is no such file; check the path");
    load_file(folder, STATUS_CONFIG, "this is a directory; name a file");
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs("site: a\n", file) >= 0);
    assert_int_equal(fclose(file), 0);
    load_file(path, STATUS_OK, NULL);
    assert_int_equal(chmod(path, 0), 0);
    if (access(path, R_OK) != 0) // the superuser reads everything
        load_file(path, STATUS_DENIED,
                  "permission denied; let the user this program runs as read the file");
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(truncate(path, CONFIG_FILE_MAX_BYTES + 1), 0);
    load_file(path, STATUS_CONFIG, "the file is larger than 1048576 bytes; is it the right one?");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_smallest_configuration_takes_every_preset),
        cmocka_unit_test(every_type_is_read),
        cmocka_unit_test(a_text_is_taken_as_it_stands_whatever_yaml_thinks_it_is),
        cmocka_unit_test(a_byte_order_mark_and_carriage_returns_are_accepted),
        cmocka_unit_test(durations_know_their_units),
        cmocka_unit_test(files_that_cannot_be_read_are_reported_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
