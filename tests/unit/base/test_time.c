// SPDX-License-Identifier: Apache-2.0
// Times: text forms there and back, saturating arithmetic.
#include "base/random.h"
#include "base/time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const int64_t last_ms = 253402300799999; // 9999-12-31T23:59:59.999Z

static void known_moments_are_spelled_in_utc(void **state)
{
    (void)state;
    static const struct {
        int64_t ms;
        const char *text;
    } rows[] = {{0, "1970-01-01T00:00:00.000Z"},
                {-1, "1969-12-31T23:59:59.999Z"},
                {1730872320125, "2024-11-06T05:52:00.125Z"},
                {1709164800000, "2024-02-29T00:00:00.000Z"},
                {4107542400000, "2100-03-01T00:00:00.000Z"},
                {951782400000, "2000-02-29T00:00:00.000Z"},
                {253402300799999, "9999-12-31T23:59:59.999Z"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[WALL_TEXT_SIZE];
        struct wall_time back;
        assert_string_equal(wall_format((struct wall_time){rows[i].ms}, text), rows[i].text);
        assert_true(wall_parse(text, &back));
        assert_true(back.ms == rows[i].ms);
    }
}

static void any_number_becomes_a_terminated_text(void **state)
{
    (void)state;
    static const int64_t wild[] = {INT64_MIN, INT64_MIN + 1, INT64_MAX, last_ms + 1,
                                   -62167219200001};
    for (size_t i = 0; i < sizeof wild / sizeof wild[0]; i++) {
        char text[WALL_TEXT_SIZE];
        struct wall_time back;
        wall_format((struct wall_time){wild[i]}, text);
        assert_true(wall_parse(text, &back));
    }
}

static void random_moments_come_back(void **state)
{
    (void)state;
    const char *wanted = getenv("STATIONWATCH_SEED");
    uint64_t seed = wanted != NULL ? strtoull(wanted, NULL, 0) : 20241106;
    printf("STATIONWATCH_SEED=%" PRIu64 "\n", seed);
    struct random_state random;
    random_seed(&random, seed);
    for (int i = 0; i < 20000; i++) {
        char text[WALL_TEXT_SIZE];
        struct wall_time t = {(int64_t)random_below(&random, (uint64_t)last_ms)}, back;
        assert_true(wall_parse(wall_format(t, text), &back));
        assert_true(back.ms == t.ms);
    }
}

static void the_fraction_may_have_up_to_three_digits(void **state)
{
    (void)state;
    struct wall_time t;
    assert_true(wall_parse("1970-01-01T00:00:01Z", &t) && t.ms == 1000);
    assert_true(wall_parse("1970-01-01T00:00:01.5Z", &t) && t.ms == 1500);
    assert_true(wall_parse("1970-01-01T00:00:01.05Z", &t) && t.ms == 1050);
    assert_true(wall_parse("1970-01-01T00:00:01.005Z", &t) && t.ms == 1005);
}

static void other_texts_are_no_times(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "now",
                                      "2024-11-06",
                                      "2024-11-06T05:52:00",
                                      "2024-11-06 05:52:00Z",
                                      "2024-11-06T05:52:00.1234Z",
                                      "2024-11-06T05:52:00+01:00",
                                      "2024-11-06T05:52:00Zx",
                                      "2024-13-06T05:52:00Z",
                                      "2024-00-06T05:52:00Z",
                                      "2024-11-00T05:52:00Z",
                                      "2024-11-31T05:52:00Z",
                                      "2023-02-29T05:52:00Z",
                                      "2024-11-06T24:00:00Z",
                                      "2024-11-06T05:60:00Z",
                                      "2024-11-06T05:52:60Z",
                                      " 024-11-06T05:52:00Z",
                                      "+024-11-06T05:52:00Z",
                                      "2024-11-06T05:52:-1Z",
                                      "2024-11-06T 5:52:00Z",
                                      "24-11-06T05:52:00Z"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct wall_time t = {77};
        if (wall_parse(bad[i], &t))
            fail_msg("accepted: %s", bad[i]);
        assert_int_equal(t.ms, 77);
    }
}

static void never_stays_never(void **state)
{
    (void)state;
    assert_true(mono_is_never(mono_add(MONO_NEVER, duration_s(-5))));
    assert_true(mono_is_never(mono_add((struct mono_time){INT64_MAX - 1}, duration_s(1))));
    assert_int_equal(mono_add((struct mono_time){5}, duration_ms(2)).us, 2005);
    assert_int_equal(mono_sub((struct mono_time){9}, (struct mono_time){12}).us, -3);
    assert_int_equal(mono_min((struct mono_time){9}, MONO_NEVER).us, 9);
    assert_true(mono_is_never(mono_max((struct mono_time){9}, MONO_NEVER)));
    assert_true(mono_before((struct mono_time){9}, MONO_NEVER));
    assert_false(mono_before(MONO_NEVER, MONO_NEVER));
}

static void durations_convert(void **state)
{
    (void)state;
    assert_int_equal(duration_ms(1500).us, 1500000);
    assert_int_equal(duration_to_ms(duration_s(2)), 2000);
    assert_true(duration_to_s(duration_ms(250)) == 0.25);
    assert_int_equal(wall_add((struct wall_time){1000}, duration_s(1)).ms, 2000);
    assert_false(wall_known(WALL_UNKNOWN));
    assert_true(wall_known((struct wall_time){1}));
}

static void durations_are_spelled_for_people(void **state)
{
    (void)state;
    static const struct {
        int64_t ms;
        const char *text;
    } rows[] = {{0, "0.0 s"},           {4250, "4.2 s"},        {10000, "10 s"},
                {59999, "59 s"},        {90000, "1 min 30 s"},  {7500000, "2 h 5 min"},
                {273600000, "3 d 4 h"}, {-90000, "-1 min 30 s"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[DURATION_TEXT_SIZE];
        assert_string_equal(duration_format(duration_ms(rows[i].ms), text), rows[i].text);
    }
    char text[DURATION_TEXT_SIZE];
    assert_string_equal(duration_format((struct duration){INT64_MIN}, text), "-106751991 d 4 h");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_moments_are_spelled_in_utc),
        cmocka_unit_test(any_number_becomes_a_terminated_text),
        cmocka_unit_test(random_moments_come_back),
        cmocka_unit_test(the_fraction_may_have_up_to_three_digits),
        cmocka_unit_test(other_texts_are_no_times),
        cmocka_unit_test(never_stays_never),
        cmocka_unit_test(durations_convert),
        cmocka_unit_test(durations_are_spelled_for_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
