// SPDX-License-Identifier: Apache-2.0
// A property of the tail: whatever happens to the log and to the agent, each complete line comes
// exactly once and in order. Random operations from a printed seed (STATIONWATCH_SEED repeats a
// run).
#include "fake_sink.h"

#include "agent/probe/log_tail.h"
#include "base/random.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 12, STEPS = 80 };

struct world {
    struct fake_sink fake;
    struct log_tail_settings settings;
    struct random_state random;
    char log[TEXT_SIZE];
    struct probe *probe; // NULL = the agent is down
    unsigned begun;      // number of the line being written
    size_t finished;     // lines with their break
    bool half;           // the log ends within a line
    unsigned rotated;    // names given so far
    bool known;          // the tail has read a line of the present file since it began or was cut
};

static void start(struct world *world)
{
    char problem[TEXT_SIZE];
    if (world->probe != NULL)
        return;
    assert_int_equal(log_tail_open(&world->fake.loop, &world->settings, &world->fake.sink,
                                   &world->probe, problem),
                     STATUS_OK);
}

static void stop(struct world *world)
{
    if (world->probe != NULL)
        close_probe(&world->fake, world->probe);
    world->probe = NULL;
}

// Every finished line has come.
static void settle(struct world *world)
{
    start(world);
    if (world->fake.refuses) {
        world->fake.refuses = false;
        world->probe->ops->resume(world->probe);
    }
    run_until_count(&world->fake, world->finished);
    run_ready(&world->fake);
}

static void write_part(struct world *world)
{
    char text[64];
    if (!world->half) {
        int length = snprintf(text, sizeof(text), "ok %u", world->begun);
        append_file(world->log, text, (size_t)length);
        world->half = true;
    } else {
        append_file(world->log, ".", 1);
    }
}

static void finish_line(struct world *world)
{
    if (!world->half)
        write_part(world);
    append_file(world->log, "\n", 1);
    world->half = false;
    world->begun++;
    world->finished++;
}

// Has the tail read of the present file: of one that came and went unseen nobody can know.
static void make_known(struct world *world)
{
    if (world->half || !world->known)
        finish_line(world);
    if (!world->known)
        settle(world);
    world->known = true;
}

static void rotate(struct world *world)
{
    char name[32];
    make_known(world);
    snprintf(name, sizeof(name), "tester.log.%u", ++world->rotated);
    assert_int_equal(rename(world->log, fake_path(&world->fake, name)), 0);
    if (random_below(&world->random, 2) == 0)
        append_file(world->log, "", 0);
    world->known = false;
}

static void cut(struct world *world)
{
    make_known(world);
    settle(world); // what is cut before it is read is lost to everyone
    assert_int_equal(truncate(world->log, 0), 0);
    world->known = false;
}

static void step(struct world *world)
{
    switch (random_below(&world->random, 12)) {
    case 0:
        rotate(world);
        break;
    case 1:
        cut(world);
        break;
    case 2:
        stop(world);
        break;
    case 3:
        start(world);
        break;
    case 4:
        settle(world);
        break;
    case 5:
        world->fake.refuses = true;
        break;
    case 6:
        run_ready(&world->fake);
        break;
    case 7:
    case 8:
        write_part(world);
        break;
    default:
        finish_line(world);
    }
    // A refusal holds the tail until resume; the agent's shell calls that in its own time.
    if (world->fake.refuses && world->probe != NULL && random_below(&world->random, 3) == 0) {
        world->fake.refuses = false;
        world->probe->ops->resume(world->probe);
    }
}

static void run_round(uint64_t seed)
{
    struct world *world = calloc(1, sizeof(*world));
    assert_non_null(world);
    fake_sink_init(&world->fake);
    random_seed(&world->random, seed);
    text_set(world->log, fake_path(&world->fake, "tester.log"));
    text_set(world->settings.path, world->log);
    text_set(world->settings.encoding, "utf-8");
    world->settings.pattern_count = 1;
    world->settings.patterns[0] =
        (struct log_pattern){"loaded", "^ok (?<order>\\d+)\\.*$", OUTCOME_OK};
    start(world);
    settle(world);
    while (world->fake.bookmark[0] == '\0')
        uv_run(&world->fake.loop, UV_RUN_ONCE);
    for (int i = 0; i < STEPS; i++)
        step(world);
    settle(world);
    for (size_t i = 0; i < world->fake.count; i++)
        assert_int_equal(strtoul(world->fake.messages[i].order.order, NULL, 10), i);
    assert_int_equal(world->fake.count, world->finished);
    stop(world);
    fake_sink_fini(&world->fake);
    free(world);
}

static void each_line_comes_once_and_in_order(void **state)
{
    (void)state;
    const char *given = getenv("STATIONWATCH_SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    printf("STATIONWATCH_SEED=%" PRIu64 "\n", seed);
    for (unsigned i = 0; i < ROUNDS; i++)
        run_round(seed + i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_line_comes_once_and_in_order)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
