// SPDX-License-Identifier: Apache-2.0
// What is remembered: the list's limits, and what the engine makes of what comes back.
#include "collector/core/engine.h"
#include "collector/core/memory.h"
#include "collector/core/week_pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void the_list_says_full_and_refuses_what_is_too_long(void **state)
{
    (void)state;
    struct memory memory;
    char key[MEMORY_KEY_SIZE + 1];
    memory_init(&memory);
    memset(key, 'k', MEMORY_KEY_SIZE);
    key[MEMORY_KEY_SIZE] = '\0';
    assert_int_equal(memory_put(&memory, key, "1:"), STATUS_INVALID);
    for (int i = 0; i < MEMORIES_PER_STEP; i++) {
        snprintf(key, sizeof key, "habit:%d", i);
        assert_int_equal(memory_put(&memory, key, "1:"), STATUS_OK);
    }
    assert_int_equal(memory_put(&memory, "habit:more", "1:"), STATUS_FULL);
    assert_string_equal(memory.items[7].key, "habit:7");
    memory_clear(&memory);
    assert_int_equal(memory_put(&memory, "habit:more", "1:"), STATUS_OK);
    memory_fini(&memory);
}

static const struct instant start = {{1000000}, {1736769600000}};

static struct engine *engine_with_a_station(void)
{
    static struct engine_station station = {.node = "ETS-1"};
    struct engine_config config;
    struct engine *engine = NULL;
    engine_config_init(&config);
    config.site = "plant";
    config.stations_listed = true;
    config.stations = &station;
    config.station_count = 1;
    assert_int_equal(engine_new(&config, start, &engine), STATUS_OK);
    return engine;
}

static struct effects restore(struct engine *engine, const char *key, const char *memory)
{
    return engine_step(engine, start,
                       &(struct event){.kind = EVENT_RESTORE_MEMORY, .key = key, .memory = memory});
}

static void a_text_that_is_not_ours_is_noted_and_one_about_nobody_is_not(void **state)
{
    (void)state;
    struct engine *engine = engine_with_a_station();
    char text[WEEK_PATTERN_TEXT_SIZE];
    struct week_pattern pattern = {{0}};
    week_pattern_write(&pattern, text);
    assert_int_equal(restore(engine, "habit:ETS-1", text).count, 0);
    assert_int_equal(restore(engine, "habit:ETS-2", text).count, 0);
    assert_int_equal(restore(engine, "other:ETS-1", "1:").count, 0);
    struct effects effects = restore(engine, "habit:ETS-1", "1:rubbish");
    assert_int_equal(effects.count, 1);
    assert_int_equal(effects.items[0].kind, EFFECT_NOTE);
    assert_non_null(strstr(effects.items[0].text, "habit:ETS-1"));
    engine_free(engine);
}

// Heard all day: told at most once an hour, and only what changed.
static void a_habit_is_remembered_once_an_hour_while_it_changes(void **state)
{
    (void)state;
    struct engine *engine = engine_with_a_station();
    const struct message heartbeat = {
        .kind = MESSAGE_HEARTBEAT,
        .heartbeat = {.incarnation = 1, .interval_ms = 60000, .share_probe_age_ms = -1}};
    const struct message birth = {
        .kind = MESSAGE_BIRTH,
        .birth = {.online = true, .incarnation = 1, .heartbeat_interval_ms = 60000}};
    int64_t last_minute = -60;
    int remembered = 0;
    for (int64_t minute = 0; minute < 24 * 60; minute++) {
        struct instant now = {mono_add(start.mono, duration_s(minute * 60)),
                              wall_add(start.wall, duration_s(minute * 60))};
        struct effects effects =
            engine_step(engine, now,
                        &(struct event){.kind = EVENT_MESSAGE,
                                        .node = "ETS-1",
                                        .message = minute == 0 ? &birth : &heartbeat});
        for (size_t i = 0; i < effects.count; i++) {
            assert_int_equal(effects.items[i].kind, EFFECT_REMEMBER);
            assert_string_equal(effects.items[i].key, "habit:ETS-1");
            struct week_pattern pattern;
            assert_true(week_pattern_read(effects.items[i].memory, &pattern));
            assert_true(minute - last_minute >= 60);
            last_minute = minute;
            remembered++;
        }
    }
    assert_in_range(remembered, 22, 24);
    engine_free(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_list_says_full_and_refuses_what_is_too_long),
        cmocka_unit_test(a_text_that_is_not_ours_is_noted_and_one_about_nobody_is_not),
        cmocka_unit_test(a_habit_is_remembered_once_an_hour_while_it_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
