// SPDX-License-Identifier: Apache-2.0
// Patterns against lines, the shipped ones among them.
#include "agent/probe/log_matcher.h"

#include "base/text.h"
#include "config/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct log_matcher *matcher_of(const struct log_pattern *patterns, size_t count)
{
    struct log_matcher *matcher = NULL;
    char problem[TEXT_SIZE] = "";
    enum status status = log_matcher_new(patterns, count, &matcher, problem);
    if (status != STATUS_OK)
        fail_msg("%s", problem);
    return matcher;
}

static void the_first_pattern_that_matches_wins(void **state)
{
    (void)state;
    static const struct log_pattern patterns[] = {
        {"one", "order (?<order>\\d+)", OUTCOME_OK},
        {"two", "order (?<order>\\w+)", OUTCOME_MISSING},
    };
    struct log_match match;
    struct log_matcher *matcher = matcher_of(patterns, 2);
    assert_true(log_matcher_match(matcher, "order 12", 8, &match));
    assert_int_equal(match.pattern, 0);
    assert_true(log_matcher_match(matcher, "order AB", 8, &match));
    assert_int_equal(match.pattern, 1);
    assert_int_equal(match.outcome, OUTCOME_MISSING);
    assert_string_equal(match.order, "AB");
    assert_string_equal(match.product, "");
    assert_int_equal(match.latency_ms, -1);
    assert_false(log_matcher_match(matcher, "nothing", 7, &match));
    log_matcher_free(matcher);
}

static void a_latency_that_is_no_number_is_unknown(void **state)
{
    (void)state;
    static const struct log_pattern patterns[] = {{"one", "t=(?<latency_ms>\\S*)", OUTCOME_OK}};
    static const struct {
        const char *line;
        int64_t latency_ms;
    } cases[] = {{"t=84", 84}, {"t=84.6", 84}, {"t=84,6", 84},
                 {"t=", -1},   {"t=x", -1},    {"t=-5", -1},
                 {"t=8x", -1}, {"t=0", 0},     {"t=99999999999999999999", -1}};
    struct log_match match;
    struct log_matcher *matcher = matcher_of(patterns, 1);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_true(log_matcher_match(matcher, cases[i].line, strlen(cases[i].line), &match));
        assert_int_equal(match.latency_ms, cases[i].latency_ms);
    }
    log_matcher_free(matcher);
}

static void an_over_long_name_is_cut_at_a_character(void **state)
{
    (void)state;
    static const struct log_pattern patterns[] = {{"one", "(?<order>.+)", OUTCOME_OK}};
    char line[2 * NAME_SIZE + 2];
    for (size_t i = 0; i < NAME_SIZE; i++)
        memcpy(line + 2 * i, "\xC3\xBC", 2);
    struct log_match match;
    struct log_matcher *matcher = matcher_of(patterns, 1);
    assert_true(log_matcher_match(matcher, line, 2 * NAME_SIZE, &match));
    assert_int_equal(strlen(match.order), NAME_SIZE - 1);
    assert_true(text_is_utf8(match.order, strlen(match.order)));
    log_matcher_free(matcher);
}

static void a_pattern_that_would_take_for_ever_is_given_up_and_counted(void **state)
{
    (void)state;
    static const struct log_pattern patterns[] = {{"one", "^(a+)+$", OUTCOME_OK},
                                                  {"two", "b$", OUTCOME_MISSING}};
    char line[4000];
    memset(line, 'a', sizeof(line));
    line[sizeof(line) - 1] = 'b';
    struct log_match match;
    struct log_matcher *matcher = matcher_of(patterns, 2);
    assert_true(log_matcher_match(matcher, line, sizeof(line), &match));
    assert_int_equal(match.pattern, 1);
    assert_int_equal(log_matcher_given_up(matcher), 1);
    log_matcher_free(matcher);
}

static void a_bad_pattern_is_named_with_its_place(void **state)
{
    (void)state;
    static const struct log_pattern bad[] = {{"fine", "x", OUTCOME_OK},
                                             {"broken", "ab(c", OUTCOME_OK}};
    static const struct log_pattern aimless[] = {{"aimless", "x", OUTCOME_UNSPECIFIED}};
    struct log_matcher *matcher = NULL;
    char problem[TEXT_SIZE] = "";
    assert_int_equal(log_matcher_new(bad, 2, &matcher, problem), STATUS_INVALID);
    assert_non_null(strstr(problem, "'broken', character 5"));
    assert_int_equal(log_matcher_new(aimless, 1, &matcher, problem), STATUS_INVALID);
    assert_non_null(strstr(problem, "'aimless' has no outcome"));
    assert_int_equal(log_matcher_new(aimless, 0, &matcher, problem), STATUS_INVALID);
    assert_null(matcher);
}

struct pattern_file {
    size_t count;
    struct log_pattern patterns[LOG_PATTERNS_MAX];
};

static const char *const outcomes[] = {"ok",     "missing", "unreachable", "denied", "timeout",
                                       "locked", "invalid", "stale",       NULL};
static const struct setting pattern_settings[] = {
    SETTING_TEXT(struct log_pattern, name, "name", .required = true, .help = "its name"),
    SETTING_TEXT(struct log_pattern, regex, "regex", .required = true, .help = "PCRE2"),
    SETTING_CHOICE(struct log_pattern, outcome, "outcome", outcomes, .required = true,
                   .help = "what it means"),
};
static const struct setting file_settings[] = {
    SETTING_LIST(struct pattern_file, patterns, count, "patterns", pattern_settings,
                 .help = "the patterns"),
};

static struct log_matcher *shipped(const char *name)
{
    struct pattern_file *file = calloc(1, sizeof(*file));
    struct config_error error;
    char path[1024], problem[512];
    struct text text;
    const char *source = getenv("STATIONWATCH_SOURCE");
    snprintf(path, sizeof(path), "%s/packaging/patterns/%s.yaml", source != NULL ? source : ".",
             name);
    text_init(&text, problem, sizeof(problem));
    assert_non_null(file);
    if (config_load(path, file_settings, 1, file, &error) != STATUS_OK) {
        config_error_format(&error, &text);
        fail_msg("%s", problem);
    }
    for (size_t i = 0; i < file->count; i++)
        file->patterns[i].outcome++; // the choices begin with OUTCOME_OK
    struct log_matcher *matcher = matcher_of(file->patterns, file->count);
    free(file);
    return matcher;
}

struct sample {
    const char *line;
    enum outcome outcome;
    const char *order, *product;
    int64_t latency_ms;
};

static void expect_samples(const char *name, const struct sample *samples, size_t count)
{
    struct log_matcher *matcher = shipped(name);
    for (size_t i = 0; i < count; i++) {
        struct log_match match;
        const struct sample *sample = &samples[i];
        if (!log_matcher_match(matcher, sample->line, strlen(sample->line), &match))
            fail_msg("no pattern matches: %s", sample->line);
        assert_int_equal(match.outcome, sample->outcome);
        assert_string_equal(match.order, sample->order);
        assert_string_equal(match.product, sample->product);
        assert_int_equal(match.latency_ms, sample->latency_ms);
    }
    struct log_match none;
    static const char other[] = "2024-11-06 06:00:12.345 [ETS-017] Test started";
    assert_false(log_matcher_match(matcher, other, sizeof(other) - 1, &none));
    log_matcher_free(matcher);
}

#define T    "2024-11-06 06:00:12.345 [ETS-017] "
#define UNC  "\\\\ETS-SRV-01\\orders\\4711-000123.ord"
#define UNIX "/srv/orders/4711-000123.ord"

static void the_english_patterns_read_each_outcome(void **state)
{
    (void)state;
    static const char o[] = "4711-000123", p[] = "W213-COCKPIT";
    const struct sample samples[] = {
        {T "Order 4711-000123 loaded (product W213-COCKPIT, 84 ms)", OUTCOME_OK, o, p, 84},
        {T "Order 4711-000123 loaded (product W213-COCKPIT)", OUTCOME_OK, o, p, -1},
        {T "ERROR order file not found: " UNIX " (product W213-COCKPIT)", OUTCOME_MISSING, o, p,
         -1},
        {T "ERROR order file not found: " UNC " (product W213-COCKPIT)", OUTCOME_MISSING, o, p, -1},
        {T "ERROR order file not found: " UNIX, OUTCOME_MISSING, o, "", -1},
        {T "ERROR access denied: " UNIX " (product W213-COCKPIT, Permission denied)",
         OUTCOME_DENIED, o, p, -1},
        {T "ERROR network path not found: " UNC " (product W213-COCKPIT)", OUTCOME_UNREACHABLE, o,
         p, -1},
        {T "ERROR share unreachable: " UNIX " (product W213-COCKPIT, Host is down)",
         OUTCOME_UNREACHABLE, o, p, -1},
        {T "ERROR timeout reading order after 5000 ms: " UNC " (product W213-COCKPIT)",
         OUTCOME_TIMEOUT, o, p, -1},
        {T "ERROR order file is locked by another process: " UNC " (product W213-COCKPIT)",
         OUTCOME_LOCKED, o, p, -1},
        {T "ERROR order file invalid: " UNC " (product W213-COCKPIT, no checksum)", OUTCOME_INVALID,
         o, p, -1},
        {T "ERROR order file is outdated: " UNC " (product W213-COCKPIT)", OUTCOME_STALE, o, p, -1},
    };
    expect_samples("english", samples, sizeof(samples) / sizeof(samples[0]));
}

static void the_german_patterns_read_each_outcome(void **state)
{
    (void)state;
    static const char o[] = "4711-000123", p[] = "W213-COCKPIT";
    const struct sample samples[] = {
        {T "Auftrag 4711-000123 geladen (Produkt W213-COCKPIT, 84 ms)", OUTCOME_OK, o, p, 84},
        {T "FEHLER Auftragsdatei nicht gefunden: " UNC " (Produkt W213-COCKPIT)", OUTCOME_MISSING,
         o, p, -1},
        {T "FEHLER Zugriff verweigert: " UNC " (Produkt W213-COCKPIT)", OUTCOME_DENIED, o, p, -1},
        {T "FEHLER Anmeldung fehlgeschlagen: " UNC, OUTCOME_DENIED, o, "", -1},
        {T "FEHLER Netzwerkpfad nicht gefunden: " UNC " (Produkt W213-COCKPIT)",
         OUTCOME_UNREACHABLE, o, p, -1},
        {T "FEHLER Netzwerkname nicht verfügbar: " UNC " (Produkt W213-COCKPIT)",
         OUTCOME_UNREACHABLE, o, p, -1},
        {T "FEHLER Zeitüberschreitung beim Lesen: " UNC " (Produkt W213-COCKPIT)", OUTCOME_TIMEOUT,
         o, p, -1},
        {T "FEHLER Auftragsdatei ist gesperrt: " UNC " (Produkt W213-COCKPIT)", OUTCOME_LOCKED, o,
         p, -1},
        {T "FEHLER Auftragsdatei ist beschädigt: " UNC " (Produkt W213-COCKPIT)", OUTCOME_INVALID,
         o, p, -1},
        {T "FEHLER Auftragsdatei veraltet: " UNC " (Produkt W213-COCKPIT)", OUTCOME_STALE, o, p,
         -1},
    };
    expect_samples("german", samples, sizeof(samples) / sizeof(samples[0]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_pattern_that_matches_wins),
        cmocka_unit_test(a_latency_that_is_no_number_is_unknown),
        cmocka_unit_test(an_over_long_name_is_cut_at_a_character),
        cmocka_unit_test(a_pattern_that_would_take_for_ever_is_given_up_and_counted),
        cmocka_unit_test(a_bad_pattern_is_named_with_its_place),
        cmocka_unit_test(the_english_patterns_read_each_outcome),
        cmocka_unit_test(the_german_patterns_read_each_outcome),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
