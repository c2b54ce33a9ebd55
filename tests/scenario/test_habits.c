// SPDX-License-Identifier: Apache-2.0
// Habits over weeks: lines that are switched off at the wall at times of their own, within a few
// minutes of them, through the change of the clocks. From the sixth working day on nobody is told
// of it; a line that is cut off in the middle of a shift is told at once, beside it and in between.
// The seed is printed; STATIONWATCH_SEED sets it.
#include "tests/scenario/play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { DAYS = 21, LINES = 2, JITTER_MIN = 8, DAY_MIN = 1440, SCRIPT_SIZE = 65536 };
enum { CHANGE_DAY = 13 }; // Sunday 30 March, when the day has 23 hours

struct happening {
    int minute; // after the start
    char text[64];
};

struct plan {
    struct random_state random;
    struct happening happenings[DAYS * LINES * 2 + 2];
    size_t count;
    int known_from; // minute from which on habits are known
    int cut_at;
};

static uint64_t base_seed(void)
{
    const char *text = getenv("STATIONWATCH_SEED");
    return text != NULL ? strtoull(text, NULL, 10) : 20250317;
}

static int within(struct random_state *random, int least, int most)
{
    return least + (int)random_below(random, (uint64_t)most - (uint64_t)least + 1);
}

// From a local time to minutes after the start, Monday 17 March 00:00 local.
static int minute_of(int day, int local_minute)
{
    return day * DAY_MIN + local_minute - (day >= CHANGE_DAY ? 60 : 0);
}

static void add(struct plan *plan, int minute, const char *what, int line)
{
    struct happening *happening = &plan->happenings[plan->count++];
    happening->minute = minute;
    snprintf(happening->text, sizeof happening->text, "%s line=L%d", what, line);
}

static void plan_line(struct plan *plan, int line)
{
    int on = within(&plan->random, 5 * 60, 7 * 60), off = within(&plan->random, 15 * 60, 23 * 60);
    for (int day = 0; day < DAYS; day++) {
        if (day % 7 >= 5)
            continue;
        int jitter = within(&plan->random, -JITTER_MIN, JITTER_MIN);
        if (day > 0)
            add(plan, minute_of(day, on + jitter), "boot", line);
        jitter = within(&plan->random, -JITTER_MIN, JITTER_MIN);
        add(plan, minute_of(day, off + jitter), "silence", line);
    }
}

static int by_time(const void *a, const void *b)
{
    return ((const struct happening *)a)->minute - ((const struct happening *)b)->minute;
}

static void write_script(const struct plan *plan, char *path)
{
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    FILE *file = fdopen(descriptor, "w");
    assert_non_null(file);
    fprintf(file,
            "fleet 24 stations in 4 segments %d lines\n"
            "server SRV without agent service Orders share orders\n"
            "start 2025-03-16T23:00:00Z\ntimezone CET\nheartbeat every 20s\ntraffic off\n",
            LINES + 1);
    for (size_t i = 0; i < plan->count; i++)
        fprintf(file, "at %dm %s\n", plan->happenings[i].minute, plan->happenings[i].text);
    fprintf(file, "at %dm end\n", DAYS * DAY_MIN);
    assert_int_equal(fclose(file), 0);
}

struct seen {
    const struct plan *plan;
    uint64_t seed;
    int cuts_found;
};

static void see(void *context, struct duration at, const struct effect *effect)
{
    struct seen *seen = context;
    int minute = (int)(at.us / 60000000);
    if (effect->kind != EFFECT_TRANSITION || effect->transition == TRANSITION_RESOLVED ||
        effect->transition == TRANSITION_CLOSED || minute < seen->plan->known_from)
        return;
    bool of_cut = minute >= seen->plan->cut_at && minute <= seen->plan->cut_at + 2;
    if (of_cut && text_equal(effect->incident->component, "label:line=L3"))
        seen->cuts_found++;
    else if (!of_cut)
        fail_msg("seed %llu: minute %d (day %d): %s %s %s", (unsigned long long)seen->seed, minute,
                 minute / DAY_MIN, transition_name(effect->transition), effect->incident->code,
                 effect->incident->component);
}

static void play(const struct plan *plan, struct seen *seen)
{
    char path[] = "/tmp/habits-XXXXXX";
    struct play play;
    write_script(plan, path);
    assert_true(play_init(&play, path, (struct duration){0}, 0));
    play.heedless = true;
    play.see = see;
    play.context = seen;
    bool good = play_run(&play);
    remove(path);
    if (!good)
        fail_msg("seed %llu: %s", (unsigned long long)seen->seed, play.problem);
    play_fini(&play);
}

static void switching_off_at_usual_times_is_silent_and_a_cut_beside_it_is_not(void **state)
{
    (void)state;
    for (uint64_t seed = base_seed(); seed < base_seed() + 4; seed++) {
        static struct plan plan;
        plan = (struct plan){.known_from = minute_of(7, 0)};
        printf("seed %llu\n", (unsigned long long)seed);
        random_seed(&plan.random, seed);
        for (int line = 1; line <= LINES; line++)
            plan_line(&plan, line);
        // The third line is never off; it is cut off in week three, at any time.
        plan.cut_at = minute_of(14 + within(&plan.random, 0, 4), within(&plan.random, 0, 1380));
        add(&plan, plan.cut_at, "silence", 3);
        add(&plan, plan.cut_at + 20, "heard", 3);
        qsort(plan.happenings, plan.count, sizeof plan.happenings[0], by_time);
        struct seen seen = {&plan, seed, 0};
        play(&plan, &seen);
        assert_true(seen.cuts_found > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(switching_off_at_usual_times_is_silent_and_a_cut_beside_it_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
