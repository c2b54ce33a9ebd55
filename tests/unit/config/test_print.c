// SPDX-License-Identifier: Apache-2.0
// --print-config reads back to the same configuration; the reference page has every setting.
#include "sample.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint64_t seed_from_environment(void)
{
    const char *text = getenv("STATIONWATCH_SEED");
    uint64_t seed = text != NULL ? strtoull(text, NULL, 10) : 20241106;
    print_message("STATIONWATCH_SEED=%llu\n", (unsigned long long)seed);
    return seed;
}

// Pieces that tempt a YAML reader: indicators, breaks, escapes, nulls, wide characters.
static void random_text(struct random_state *random, char *out, size_t size)
{
    static const char *const pieces[] = {"a",
                                         "Z",
                                         "0",
                                         " ",
                                         ":",
                                         "#",
                                         ": ",
                                         " #",
                                         "-",
                                         "\"",
                                         "'",
                                         "\\",
                                         "\n",
                                         "\t",
                                         "[",
                                         "{",
                                         "*",
                                         "&",
                                         "!",
                                         "%",
                                         "@",
                                         "`",
                                         "|",
                                         ">",
                                         "?",
                                         "null",
                                         "~",
                                         "\xC3\xBC",
                                         "\xE2\x80\xA8",
                                         "\xC2\x85",
                                         "\r",
                                         "\x01",
                                         "\x7F",
                                         ".",
                                         "\xEF\xBB\xBF",
                                         "\xF0\x9F\x94\xA5",
                                         ",",
                                         "true",
                                         "=",
                                         "\xEE\x80\x80"};
    struct text text;
    text_init(&text, out, size);
    uint64_t count = random_below(random, 8);
    for (uint64_t i = 0; i < count; i++)
        text_append(&text, pieces[random_below(random, sizeof pieces / sizeof pieces[0])]);
}

static struct duration random_duration(struct random_state *random, uint64_t below_ms)
{
    static const int64_t steps[] = {1, 1000, 60000, 3600000, 86400000};
    int64_t step = steps[random_below(random, 5)];
    return duration_ms((int64_t)random_below(random, below_ms) / step * step);
}

static void random_service(struct random_state *random, struct sample_service *service)
{
    random_text(random, service->server, sizeof service->server);
    random_text(random, service->share_path, sizeof service->share_path);
    service->weight = (int64_t)random_next(random);
    service->share_count = random_below(random, 3);
    for (size_t i = 0; i < service->share_count; i++) {
        random_text(random, service->shares[i].name, sizeof service->shares[i].name);
        service->shares[i].limit = random_duration(random, 1000000000);
    }
    service->tag_count = random_below(random, 3);
    for (size_t i = 0; i < service->tag_count; i++)
        random_text(random, service->tags[i], sizeof service->tags[i]);
}

static void random_sample(struct random_state *random, struct sample *sample)
{
    memset(sample, 0, sizeof *sample);
    random_text(random, sample->site, sizeof sample->site);
    random_text(random, sample->url, sizeof sample->url);
    random_text(random, sample->password_file, sizeof sample->password_file);
    sample->repair = random_below(random, 2) == 1;
    sample->retries = 1 + (int64_t)random_below(random, 10);
    sample->ceiling = random_below(random, 2) == 1 ? (int64_t)random_below(random, 1000) + 5 : 0;
    sample->rate = random_unit(random) * 2 - 1;
    sample->interval = duration_ms(100 + (int64_t)random_below(random, 3500000));
    sample->deepest = random_duration(random, 1000000000000);
    sample->mode = (int)random_below(random, 3);
    sample->service_count = random_below(random, 4);
    for (size_t i = 0; i < sample->service_count; i++)
        random_service(random, &sample->services[i]);
    sample->day_count = random_below(random, 4);
    for (size_t i = 0; i < sample->day_count; i++)
        random_text(random, sample->days[i], sizeof sample->days[i]);
}

static void expect_same(const struct sample *sample)
{
    static char yaml[65536];
    static struct sample again;
    struct text text;
    struct config_error error;
    text_init(&text, yaml, sizeof yaml);
    config_print(sample_settings, SAMPLE_SETTINGS, sample, &text);
    assert_false(text.truncated);
    memset(&again, 0, sizeof again);
    enum status status = config_parse("printed", yaml, text.length, sample_settings,
                                      SAMPLE_SETTINGS, &again, &error);
    if (status != STATUS_OK || memcmp(sample, &again, sizeof again) != 0)
        print_message("%u:%u: %s\n%s\n", error.line, error.column, error.text, yaml);
    assert_int_equal(status, STATUS_OK);
    assert_memory_equal(sample, &again, sizeof again);
}

static void what_is_printed_reads_back_to_the_same_configuration(void **state)
{
    (void)state;
    struct random_state random;
    random_seed(&random, seed_from_environment());
    for (int i = 0; i < 3000; i++) {
        static struct sample sample;
        random_sample(&random, &sample);
        expect_same(&sample);
    }
}

static void the_printed_page_carries_help_bounds_and_what_is_unset(void **state)
{
    static struct sample sample;
    static const char yaml[] = "site: a\nservices: [{server: s, tags: [x]}, {server: 'no way'}]\n";
    static const char expected[] =
        "# the site's id (required)\n"
        "site: a\n"
        "broker:\n"
        "  # the broker | its address (preset mqtt://127.0.0.1:1883)\n"
        "  url: mqtt://127.0.0.1:1883\n"
        "  # login:\n"
        "    # the broker's password (the path of a file; its content is never shown)\n"
        "    # password_file: \"\"\n"
        "  # how long (100ms to 1h; preset 5s)\n"
        "  interval: 5s\n"
        "# starts services (preset true)\n"
        "repair: true\n"
        "# how often (1 to 10 tries; preset 3)\n"
        "retries: 3\n"
        "# no preset, only a min (at least 5)\n"
        "# ceiling: 0\n"
        "# how much (-1 to 1; preset 0.25)\n"
        "rate: 0.25\n"
        "# a:\n"
        "  # b:\n"
        "    # c:\n"
        "      # far below\n"
        "      # deepest: 0s\n"
        "# what it does (one of watch, start, restart; preset start)\n"
        "mode: start\n"
        "# the services (up to 3 entries)\n"
        "#   server: its server (required)\n"
        "#   share.path: where it writes\n"
        "#   weight: its share (preset 1)\n"
        "#   shares: shares it fills (up to 2 entries)\n"
        "#   tags: words for people (up to 2 entries)\n"
        "services:\n"
        "  - server: s\n"
        "    weight: 1\n"
        "    tags:\n"
        "      - x\n"
        "  - server: \"no way\"\n"
        "    weight: 1\n"
        "# working days (up to 3 entries; preset [mon, tue])\n"
        "days:\n"
        "  - mon\n"
        "  - tue\n";
    (void)state;
    char buffer[4096];
    struct text text;
    struct config_error error;
    text_init(&text, buffer, sizeof buffer);
    assert_int_equal(config_parse("c.yaml", yaml, sizeof yaml - 1, sample_settings, SAMPLE_SETTINGS,
                                  &sample, &error),
                     STATUS_OK);
    config_print(sample_settings, SAMPLE_SETTINGS, &sample, &text);
    assert_string_equal(buffer, expected);
}

static void what_does_not_fit_the_page_is_said_to_be_cut(void **state)
{
    static struct sample sample;
    (void)state;
    char buffer[64];
    struct text text;
    text_init(&text, buffer, sizeof buffer);
    config_print(sample_settings, SAMPLE_SETTINGS, &sample, &text);
    assert_true(text.truncated);
}

static void the_reference_page_has_a_row_for_every_setting(void **state)
{
    static const char expected[] =
        "| Setting | Takes | Preset | What it does |\n"
        "| --- | --- | --- | --- |\n"
        "| `site` | a text, up to 8 bytes | required | the site's id |\n"
        "| `broker.url` | a text, up to 39 bytes | `mqtt://127.0.0.1:1883` | the broker \\| its "
        "address |\n"
        "| `broker.login.password_file` | the path of a file that holds the secret, up to 39 bytes "
        "| unset | the broker's password |\n"
        "| `repair` | true or false | `true` | starts services |\n"
        "| `retries` | an integer, 1 to 10 (tries) | `3` | how often |\n"
        "| `ceiling` | an integer, at least 5 | unset | no preset, only a min |\n"
        "| `rate` | a number, -1 to 1 | `0.25` | how much |\n"
        "| `broker.interval` | a duration such as 5s, 100ms to 1h | `5s` | how long |\n"
        "| `a.b.c.deepest` | a duration such as 5s | unset | far below |\n"
        "| `mode` | one of watch, start, restart | `start` | what it does |\n"
        "| `services` | a list of mappings, up to 3 | unset | the services |\n"
        "| `services[].server` | a text, up to 15 bytes | required | its server |\n"
        "| `services[].share.path` | a text, up to 23 bytes | unset | where it writes |\n"
        "| `services[].weight` | an integer | `1` | its share |\n"
        "| `services[].shares` | a list of mappings, up to 2 | unset | shares it fills |\n"
        "| `services[].shares[].name` | a text, up to 15 bytes | required | the share's name |\n"
        "| `services[].shares[].limit` | a duration such as 5s | `1s` | its deadline |\n"
        "| `services[].tags` | a list of texts, up to 2 | unset | words for people |\n"
        "| `days` | a list of texts, up to 3 | `[mon, tue]` | working days |\n";
    (void)state;
    char buffer[4096];
    struct text text;
    text_init(&text, buffer, sizeof buffer);
    config_reference(sample_settings, SAMPLE_SETTINGS, &text);
    assert_string_equal(buffer, expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_printed_reads_back_to_the_same_configuration),
        cmocka_unit_test(the_printed_page_carries_help_bounds_and_what_is_unset),
        cmocka_unit_test(what_does_not_fit_the_page_is_said_to_be_cut),
        cmocka_unit_test(the_reference_page_has_a_row_for_every_setting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
