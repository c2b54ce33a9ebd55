// SPDX-License-Identifier: Apache-2.0
// What holds for the engine whatever the figures: the order of arrival between stations changes no
// verdict, healthy hours with the usual noise stay silent, and one bad station stays one, however
// many healthy ones are beside it. The seed is printed; STATIONWATCH_SEED sets it.
#include "tests/scenario/play.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { VERDICTS_SIZE = 8192, SCRIPT_SIZE = 65536 };

static uint64_t base_seed(void)
{
    const char *text = getenv("STATIONWATCH_SEED");
    return text != NULL ? strtoull(text, NULL, 10) : 20241106;
}

struct verdicts { // what was opened, resolved and closed, a line each
    char buffer[VERDICTS_SIZE];
    struct text text;
};

static void see(void *context, struct duration at, const struct effect *effect)
{
    struct verdicts *verdicts = context;
    (void)at;
    if (effect->kind != EFFECT_TRANSITION || effect->transition == TRANSITION_UPDATED)
        return;
    text_printf(&verdicts->text, "%s %s %s\n", transition_name(effect->transition),
                effect->incident->code, effect->incident->component);
}

static void play_file(const char *path, struct duration delay, uint64_t seed,
                      struct verdicts *verdicts)
{
    struct play play;
    text_init(&verdicts->text, verdicts->buffer, sizeof verdicts->buffer);
    assert_true(play_init(&play, path, delay, seed));
    play.heedless = true;
    play.see = see;
    play.context = verdicts;
    if (!play_run(&play))
        fail_msg("%s, seed %llu: %s", path, (unsigned long long)seed, play.problem);
    play_fini(&play);
}

static void arrival_order_between_stations_changes_no_verdict(void **state)
{
    (void)state;
    static const char *const names[] = {"service_crash", "outage_without_agent", "segment_silent",
                                        "server_down"};
    const char *source = getenv("STATIONWATCH_SOURCE");
    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
        char path[1024];
        struct verdicts in_order, delayed;
        snprintf(path, sizeof path, "%s/tests/scenario/%s.scn", source != NULL ? source : ".",
                 names[n]);
        play_file(path, (struct duration){0}, 0, &in_order);
        assert_string_not_equal(in_order.buffer, "");
        for (uint64_t i = 0; i < 5; i++) {
            printf("%s, seed %" PRIu64 "\n", names[n], base_seed() + i);
            play_file(path, duration_ms(100), base_seed() + i, &delayed);
            assert_string_equal(delayed.buffer, in_order.buffer);
        }
    }
}

// A script made on the spot, in a file of its own for the time of the test.
static void play_text(const char *script, uint64_t seed, struct verdicts *verdicts)
{
    char path[] = "/tmp/scenario-XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    FILE *file = fdopen(descriptor, "w");
    assert_non_null(file);
    assert_true(fputs(script, file) >= 0);
    assert_int_equal(fclose(file), 0);
    play_file(path, (struct duration){0}, seed, verdicts);
    remove(path);
}

static const char *noise(struct random_state *random)
{
    static const char *const outcomes[] = {"missing", "timeout", "unreachable",
                                           "locked",  "denied",  "invalid"};
    return outcomes[random_below(random, sizeof outcomes / sizeof outcomes[0])];
}

// Now and then an order fails by itself, at any station, at most two at one station in these hours.
static void healthy_hours_with_the_usual_noise_stay_silent(void **state)
{
    (void)state;
    enum { STATIONS = 60, HOURS = 4, FAILURES = 20 };
    for (uint64_t seed = base_seed(); seed < base_seed() + 5; seed++) {
        static char script[SCRIPT_SIZE];
        struct random_state random;
        struct text text;
        struct verdicts verdicts;
        uint8_t failed[STATIONS] = {0};
        printf("seed %llu\n", (unsigned long long)seed);
        random_seed(&random, seed);
        text_init(&text, script, sizeof script);
        text_printf(&text,
                    "fleet %d stations in 5 segments 3 lines\n"
                    "server SRV service Orders share orders\n"
                    "seed %llu\nat 60s expect quiet\n",
                    STATIONS, (unsigned long long)(seed % 1000));
        for (uint32_t i = 0; i < FAILURES; i++) {
            uint64_t station = random_below(&random, STATIONS);
            if (failed[station]++ >= 2)
                continue;
            uint64_t pause = random_below(&random, 2 * HOURS * 3600 / FAILURES);
            text_printf(&text, "+%llus order ETS-%03llu N-%u %s\n", (unsigned long long)pause,
                        (unsigned long long)station + 1, i, noise(&random));
        }
        text_append(&text, "+10m expect quiet\nend\n");
        assert_false(text.truncated);
        play_text(script, seed, &verdicts);
        assert_string_equal(verdicts.buffer, "");
    }
}

static void assert_only_station(const char *verdicts, const char *component)
{
    size_t length = strlen(component);
    for (const char *line = verdicts; *line != '\0'; line = strchr(line, '\n') + 1) {
        const char *end = strchr(line, '\n');
        if ((size_t)(end - line) < length || memcmp(end - length, component, length) != 0)
            fail_msg("more than %s is blamed:\n%s", component, verdicts);
    }
}

static void one_bad_station_stays_one_whatever_is_beside_it(void **state)
{
    (void)state;
    static const uint32_t fleets[] = {3, 5, 10, 40, 160, 400};
    static const char *const outcomes[] = {"missing", "unreachable", "denied"};
    for (size_t f = 0; f < sizeof fleets / sizeof fleets[0]; f++)
        for (size_t o = 0; o < sizeof outcomes / sizeof outcomes[0]; o++) {
            char script[1024];
            struct verdicts verdicts;
            uint64_t seed = base_seed() + f;
            printf("%u stations, %s, seed %llu\n", fleets[f], outcomes[o],
                   (unsigned long long)seed);
            snprintf(script, sizeof script,
                     "fleet %u stations in 2 segments 1 lines\n"
                     "server SRV without agent service Orders share orders\n"
                     "seed %llu\n"
                     "at 5m fetch ETS-001 %s\n"
                     "       probe ETS-001 %s\n"
                     "at 25m end\n",
                     fleets[f], (unsigned long long)(seed % 1000), outcomes[o], outcomes[o]);
            play_text(script, seed, &verdicts);
            assert_only_station(verdicts.buffer, "station:ETS-001");
            assert_string_not_equal(verdicts.buffer, "");
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrival_order_between_stations_changes_no_verdict),
        cmocka_unit_test(healthy_hours_with_the_usual_noise_stay_silent),
        cmocka_unit_test(one_bad_station_stays_one_whatever_is_beside_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
