// SPDX-License-Identifier: Apache-2.0
// Every way a configuration can be wrong, with the exact place and words of its report.
#include "sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct wrong {
    const char *yaml;
    const char *report;
};

static void expect_report(const char *yaml, size_t size, const char *report)
{
    static struct sample sample;
    struct config_error error;
    char buffer[1024];
    struct text text;
    text_init(&text, buffer, sizeof buffer);
    enum status status =
        config_parse("c.yaml", yaml, size, sample_settings, SAMPLE_SETTINGS, &sample, &error);
    assert_int_equal(status, STATUS_CONFIG);
    config_error_format(&error, &text);
    assert_string_equal(buffer, report);
}

static void expect_reports(const struct wrong *wrongs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        expect_report(wrongs[i].yaml, strlen(wrongs[i].yaml), wrongs[i].report);
}

#define EXPECT_REPORTS(wrongs) expect_reports(wrongs, sizeof(wrongs) / sizeof((wrongs)[0]))

static void an_unknown_key_is_named_with_what_it_may_have_meant(void **state)
{
    static const struct wrong wrongs[] = {
        {"site: a\nretires: 3\n", "c.yaml:2:1: unknown key 'retires'; did you mean 'retries'?"},
        {"Site: a\n", "c.yaml:1:1: unknown key 'Site'; did you mean 'site'?"},
        {"site: a\nbroker:\n  urll: x\n",
         "c.yaml:3:3: unknown key 'broker.urll'; did you mean 'url'?"},
        {"site: a\nbroker:\nurl: x\n",
         "c.yaml:2:8: 'broker' is a group, not a single value; write its settings indented below "
         "it: url, login, interval"},
        {"site: a\nurl: x\n",
         "c.yaml:2:1: unknown key 'url'; did you mean 'broker.url'? Check the indentation"},
        {"site: a\nbroker: {weather: fine}\n",
         "c.yaml:2:10: unknown key 'broker.weather'; known here: url, login, interval"},
        {"site: a\nbroker.url: x\n",
         "c.yaml:2:1: unknown key 'broker.url'; write each part before a dot as a line of its own, "
         "and the next part indented below it"},
        {"site: a\na.b: {c: {deepest: 1s}}\n",
         "c.yaml:2:1: unknown key 'a.b'; known here: site, broker, repair, retries, ceiling, rate, "
         "a, mode, services, days"},
        {"services:\n  - server: s\n    shares:\n      - nam: x\n",
         "c.yaml:4:9: unknown key 'services[].shares[].nam'; did you mean 'name'?"},
        {"\"\": 1\n", "c.yaml:1:1: unknown key ''; known here: site, broker, repair, retries, "
                      "ceiling, rate, a, mode, services, days"},
        {"\"site\\0x\": 1\n", "c.yaml:1:1: unknown key 'site'; did you mean 'site'?"},
    };
    (void)state;
    EXPECT_REPORTS(wrongs);
}

static void a_key_given_twice_is_reported_at_its_second_place(void **state)
{
    static const struct wrong wrongs[] = {
        {"site: a\n\nsite: b\n",
         "c.yaml:3:1: 'site' is given twice, first in line 1; remove one of them"},
        {"site: a\nbroker:\n  url: x\nbroker:\n  interval: 1s\n",
         "c.yaml:4:1: 'broker' is given twice, first in line 2; remove one of them"},
        {"site: a\nservices: [{server: s, weight: 1, weight: 2}]\n",
         "c.yaml:2:35: 'services[].weight' is given twice, first in line 2; remove one of them"},
    };
    (void)state;
    EXPECT_REPORTS(wrongs);
}

static void a_missing_key_is_named_at_the_mapping_that_lacks_it(void **state)
{
    static const struct wrong wrongs[] = {
        {"", "c.yaml:1:1: 'site' is missing here and required: the site's id"},
        {"---\n# nothing\n", "c.yaml:1:1: 'site' is missing here and required: the site's id"},
        {"\n\nretries: 3\n", "c.yaml:3:1: 'site' is missing here and required: the site's id"},
        {"site: a\nservices:\n  - server: s\n  - weight: 2\n",
         "c.yaml:4:5: 'services[].server' is missing here and required: its server"},
        {"site: a\nservices:\n  - server: s\n    shares: [{}]\n",
         "c.yaml:4:14: 'services[].shares[].name' is missing here and required: the share's name"},
    };
    (void)state;
    EXPECT_REPORTS(wrongs);
}

static void a_value_of_the_wrong_kind_is_refused(void **state)
{
    static const struct wrong wrongs[] = {
        {"site: [a]\n", "c.yaml:1:7: 'site' takes one value, not a list"},
        {"site: {a: b}\n", "c.yaml:1:7: 'site' takes one value, not a mapping"},
        {"site:\n", "c.yaml:1:6: 'site' has no value; it takes a text; remove the line to leave it "
                    "unset"},
        {"site: ~\n", "c.yaml:1:7: 'site' takes a text, not '~'; quote it, or remove the line to "
                      "leave it unset"},
        {"site: a\nbroker: [url]\n",
         "c.yaml:2:9: 'broker' is a group, not a single value; write its settings indented below "
         "it: url, login, interval"},
        {"site: a\nservices: s\n",
         "c.yaml:2:11: 'services' takes a list of mappings; begin each with '- ' on lines below "
         "it"},
        {"site: a\nservices:\n",
         "c.yaml:2:10: 'services' has no value; it takes a list of mappings; remove the line to "
         "leave it unset"},
        {"site: a\nservices: {server: s}\n",
         "c.yaml:2:11: 'services' takes a list: begin each entry with '- ' on lines below it"},
        {"site: a\nservices: [s]\n",
         "c.yaml:2:12: 'services' takes mappings: write '- key: value' with the further keys "
         "indented below the first"},
        {"site: a\ndays: mon\n",
         "c.yaml:2:7: 'days' takes a list: begin each entry with '- ' on lines below it"},
        {"site: a\ndays: [[mon]]\n", "c.yaml:2:8: 'days' takes one value, not a list"},
        {"- site\n", "c.yaml:1:1: a configuration is made of lines 'key: value'; this is a list"},
        {"site\n",
         "c.yaml:1:1: a configuration is made of lines 'key: value'; this is a single value"},
    };
    (void)state;
    EXPECT_REPORTS(wrongs);
}

static void numbers_are_read_strictly(void **state)
{
    static const struct wrong wrongs[] = {
        {"retries: 010\n", "c.yaml:1:10: 'retries' takes an integer, not '010'; write decimal "
                           "digits only"},
        {"retries: 0x3\n", "c.yaml:1:10: 'retries' takes an integer, not '0x3'; write decimal "
                           "digits only"},
        {"retries: 12abc\n", "c.yaml:1:10: 'retries' takes an integer, not '12abc'; write decimal "
                             "digits only"},
        {"retries: +3\n", "c.yaml:1:10: 'retries' takes an integer, not '+3'; write decimal digits "
                          "only"},
        {"retries: 3.0\n", "c.yaml:1:10: 'retries' takes an integer, not '3.0'; write decimal "
                           "digits only"},
        {"retries: \"3\"\n", "c.yaml:1:10: 'retries' takes an integer, not '3'; remove the "
                             "quotes"},
        {"retries: 11\n", "c.yaml:1:10: 'retries' is out of range: 11; allowed is 1 to 10"},
        {"retries: -1\n", "c.yaml:1:10: 'retries' is out of range: -1; allowed is 1 to 10"},
        {"ceiling: 4\n", "c.yaml:1:10: 'ceiling' is out of range: 4; allowed is at least 5"},
        {"retries: 99999999999999999999\n",
         "c.yaml:1:10: 'retries' is out of range: 99999999999999999999; allowed is 1 to 10"},
        {"rate: .nan\n", "c.yaml:1:7: 'rate' takes a number, not '.nan'; write it like 0.25 or 3"},
        {"rate: inf\n", "c.yaml:1:7: 'rate' takes a number, not 'inf'; write it like 0.25 or 3"},
        {"rate: 0x1p3\n", "c.yaml:1:7: 'rate' takes a number, not '0x1p3'; write it like 0.25 or "
                          "3"},
        {"rate: 1.\n", "c.yaml:1:7: 'rate' takes a number, not '1.'; write it like 0.25 or 3"},
        {"rate: 0,5\n", "c.yaml:1:7: 'rate' takes a number, not '0,5'; write it like 0.25 or 3"},
        {"rate: 1e999\n", "c.yaml:1:7: 'rate' is out of range: 1e999; allowed is -1 to 1"},
        {"rate: 1.5\n", "c.yaml:1:7: 'rate' is out of range: 1.5; allowed is -1 to 1"},
    };
    (void)state;
    EXPECT_REPORTS(wrongs);
}

static void durations_booleans_and_choices_are_read_strictly(void **state)
{
    static const struct wrong wrongs[] = {
        {"broker:\n  interval: 5\n", "c.yaml:2:13: 'broker.interval' takes a duration, not '5'; "
                                     "add the unit: ms, s, min, h or d"},
        {"broker:\n  interval: 5 weeks\n",
         "c.yaml:2:13: 'broker.interval' takes a duration, not '5 weeks'; write a whole number and "
         "ms, s, min, h or d, like 250ms or 5s"},
        {"broker:\n  interval: 1.5s\n",
         "c.yaml:2:13: 'broker.interval' takes a duration, not '1.5s'; write a whole number and "
         "ms, s, min, h or d, like 250ms or 5s"},
        {"broker:\n  interval: 10ms\n",
         "c.yaml:2:13: 'broker.interval' is out of range: 10ms; allowed is 100ms to 1h"},
        {"broker:\n  interval: 2h\n",
         "c.yaml:2:13: 'broker.interval' is out of range: 2h; allowed is 100ms to 1h"},
        {"repair: yes\n", "c.yaml:1:9: 'repair' takes true or false, not 'yes'; write it exactly "
                          "so"},
        {"repair: True\n", "c.yaml:1:9: 'repair' takes true or false, not 'True'; write it exactly "
                           "so"},
        {"repair: 'true'\n", "c.yaml:1:9: 'repair' takes true or false, not 'true'; remove the "
                             "quotes"},
        {"mode: stop\n", "c.yaml:1:7: 'mode' cannot be 'stop'; it is one of watch, start, restart"},
        {"mode: Restart\n", "c.yaml:1:7: 'mode' cannot be 'Restart'; it is one of watch, start, "
                            "restart; did you mean 'restart'?"},
    };
    (void)state;
    EXPECT_REPORTS(wrongs);
}

static void texts_and_lists_have_their_limits(void **state)
{
    static const struct wrong wrongs[] = {
        {"site: abcdefghi\n", "c.yaml:1:7: 'site' is too long: 9 bytes, at most 8 fit"},
        {"site: a/b\n", "c.yaml:1:7: 'site' is 'a/b': a site has no slash"},
        {"site: \"a\\0b\"\n", "c.yaml:1:7: 'site' contains a NUL character; remove it"},
        {"site: a\ndays: [mon, tue, wed, thu]\n",
         "c.yaml:2:23: 'days' has too many entries; at most 3 fit"},
        {"site: a\ndays:\n  - wednesday\n",
         "c.yaml:3:5: 'days' is too long: 9 bytes, at most 7 fit"},
        {"services: [{server: a}, {server: b}, {server: c}, {server: d}]\n",
         "c.yaml:1:51: 'services' has too many entries; at most 3 fit"},
    };
    (void)state;
    EXPECT_REPORTS(wrongs);
}

static void what_is_not_yaml_is_reported_where_it_breaks(void **state)
{
    static const struct wrong wrongs[] = {
        {"site: a\nretries: 3: 4\n",
         "c.yaml:2:11: not valid YAML: mapping values are not allowed in this context"},
        {"site: [a\n", "c.yaml:2:1: not valid YAML: did not find expected ',' or ']' (while "
                       "parsing a flow sequence that began in line 1)"},
        {"site: a\n\tretries: 3\n", "c.yaml:2:1: a tab cannot indent or align YAML; use spaces"},
        {"site: \"a\n", "c.yaml:2:1: not valid YAML: found unexpected end of stream (while "
                        "scanning a quoted scalar that began in line 1)"},
        {"site: a\nmode: \xFF\n",
         "c.yaml:2:7: not readable text (invalid leading UTF-8 octet); save the file as UTF-8 "
         "without control characters"},
        {"site: a\n# \xC3\xBC \x01\n",
         "c.yaml:2:5: not readable text (control characters are not allowed); save the file as "
         "UTF-8 without control characters"},
    };
    (void)state;
    EXPECT_REPORTS(wrongs);
}

static void yaml_that_a_configuration_does_not_need_is_refused(void **state)
{
    static const struct wrong wrongs[] = {
        {"site: &a b\n", "c.yaml:1:7: anchors (&name) are not supported; repeat the value"},
        {"broker: &b {url: x}\n",
         "c.yaml:1:9: anchors (&name) are not supported; repeat the value"},
        {"site: *a\n", "c.yaml:1:7: aliases (*name) are not supported; repeat the value, or quote "
                       "a value that begins with '*'"},
        {"site: !!str a\n", "c.yaml:1:7: tags (!name) are not supported; quote a value that begins "
                            "with '!'"},
        {"days: !x [a]\n", "c.yaml:1:7: tags (!name) are not supported; quote a value that begins "
                           "with '!'"},
        {"site: a\n---\nsite: b\n",
         "c.yaml:2:1: a second document begins here; one file holds one configuration"},
        {"? [site]\n: a\n", "c.yaml:1:3: a key must be plain text, not a list or a mapping"},
        {"{a: b}: c\n", "c.yaml:1:1: a key must be plain text, not a list or a mapping"},
    };
    (void)state;
    EXPECT_REPORTS(wrongs);
}

static void columns_count_characters_not_bytes(void **state)
{
    (void)state;
    const char *yaml = "\xEF\xBB\xBFservices: [{server: \"\xC3\xBC\xC3\xBC\", x: 1}]\r\n";
    expect_report(yaml, strlen(yaml),
                  "c.yaml:1:27: unknown key 'services[].x'; known here: server, share, weight, "
                  "shares, tags");
}

static void deep_nesting_is_refused_at_once(void **state)
{
    (void)state;
    enum { BRACKETS = 20000 };
    char *yaml = malloc(BRACKETS + 6);
    assert_non_null(yaml);
    memcpy(yaml, "site: ", 6);
    memset(yaml + 6, '[', BRACKETS);
    expect_report(yaml, BRACKETS + 6,
                  "c.yaml:1:38: nested more than 32 levels deep; no setting needs that");
    for (size_t i = 0; i < BRACKETS; i += 2)
        memcpy(yaml + i, "- ", 2);
    expect_report(yaml, BRACKETS,
                  "c.yaml:1:65: nested more than 32 levels deep; no setting needs that");
    free(yaml);
}

static void a_configuration_over_the_size_limit_is_refused(void **state)
{
    (void)state;
    char *yaml = malloc(CONFIG_FILE_MAX_BYTES + 1);
    assert_non_null(yaml);
    memset(yaml, '#', CONFIG_FILE_MAX_BYTES + 1);
    expect_report(yaml, CONFIG_FILE_MAX_BYTES + 1,
                  "c.yaml: the configuration is larger than 1048576 bytes");
    free(yaml);
}

static void a_wrong_preset_is_the_programs_fault_not_the_files(void **state)
{
    static const struct setting settings[] = {
        SETTING_INTEGER(struct sample, retries, "retries", .preset = "many"),
        SETTING_TEXT_LIST(struct sample, days, day_count, "days", .preset = "[mon"),
    };
    static const char *const reports[] = {
        "the program's own preset is wrong: 'retries' takes an integer, not 'many'; write decimal "
        "digits only",
        "the program's own preset is wrong: not valid YAML: did not find expected ',' or ']' "
        "(while parsing a flow sequence that began in line 1)",
    };
    static struct sample sample;
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct config_error error;
        assert_int_equal(config_parse("c.yaml", "", 0, &settings[i], 1, &sample, &error),
                         STATUS_CONFIG);
        assert_int_equal(error.line, 0);
        assert_string_equal(error.text, reports[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unknown_key_is_named_with_what_it_may_have_meant),
        cmocka_unit_test(a_key_given_twice_is_reported_at_its_second_place),
        cmocka_unit_test(a_missing_key_is_named_at_the_mapping_that_lacks_it),
        cmocka_unit_test(a_value_of_the_wrong_kind_is_refused),
        cmocka_unit_test(numbers_are_read_strictly),
        cmocka_unit_test(durations_booleans_and_choices_are_read_strictly),
        cmocka_unit_test(texts_and_lists_have_their_limits),
        cmocka_unit_test(what_is_not_yaml_is_reported_where_it_breaks),
        cmocka_unit_test(yaml_that_a_configuration_does_not_need_is_refused),
        cmocka_unit_test(columns_count_characters_not_bytes),
        cmocka_unit_test(deep_nesting_is_refused_at_once),
        cmocka_unit_test(a_configuration_over_the_size_limit_is_refused),
        cmocka_unit_test(a_wrong_preset_is_the_programs_fault_not_the_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
