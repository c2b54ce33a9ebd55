// SPDX-License-Identifier: Apache-2.0
// Playing a script.
#include "tests/scenario/play.h"

#include <stdio.h>

static void see(void *context, struct duration at, const struct effect *effect)
{
    struct play *play = context;
    if (play->see != NULL)
        play->see(play->context, at, effect);
    if (play->problem[0] == '\0' && !play->heedless)
        expectations_see(&play->expectations, at, effect, play->problem);
}

bool play_init(struct play *play, const char *path, struct duration delay_max, uint64_t delay_seed)
{
    *play = (struct play){.stage = {.problem = ""}};
    world_init(&play->world, delay_max, delay_seed);
    play->world.see = see;
    play->world.context = play;
    play->stage.world = &play->world;
    play->stage.expectations = &play->expectations;
    char problem[TEXT_SIZE];
    if (script_read(path, &play->script, problem) == STATUS_OK)
        return true;
    text_set(play->problem, problem);
    return false;
}

void play_fini(struct play *play)
{
    expectations_fini(&play->expectations);
    world_fini(&play->world);
    script_fini(&play->script);
}

// Everything that waits is known before anything happens.
static bool collect(struct play *play)
{
    for (size_t i = 0; i < play->script.count; i++) {
        const struct statement *statement = &play->script.statements[i];
        bool setup;
        if (!directive_known(statement->words[0], &setup)) {
            snprintf(play->problem, sizeof play->problem, ":%u: there is no '%s'", statement->line,
                     statement->words[0]);
            return false;
        }
        if (text_equal(statement->words[0], "expect") && !play->heedless)
            (void)expectations_add(&play->expectations, statement, play->problem);
        if (play->problem[0] != '\0')
            return false;
    }
    return true;
}

static bool waits(const struct statement *statement)
{
    struct expectations none = {0};
    char problem[PROBLEM_SIZE] = "";
    bool kind =
        text_equal(statement->words[0], "expect") && expectations_add(&none, statement, problem);
    expectations_fini(&none);
    return kind;
}

static bool run_until(struct play *play, struct duration at)
{
    world_run(&play->world, at);
    if (play->problem[0] == '\0' && world_failed(&play->world))
        text_set(play->problem, play->world.problem);
    if (play->problem[0] == '\0')
        expectations_due(&play->expectations, at, play->problem);
    return play->problem[0] == '\0';
}

static bool perform(struct play *play, const struct statement *statement, bool *started)
{
    bool setup = false;
    (void)directive_known(statement->words[0], &setup);
    if (!setup && !*started) {
        world_start(&play->world);
        *started = true;
    }
    if (setup && *started) {
        snprintf(play->problem, sizeof play->problem, ":%u: '%s' comes before anything happens",
                 statement->line, statement->words[0]);
        return false;
    }
    if (!run_until(play, statement->at))
        return false;
    bool expects = text_equal(statement->words[0], "expect");
    if ((expects && (play->heedless || waits(statement))) ||
        directive_perform(&play->stage, statement))
        return play->problem[0] == '\0';
    if (play->problem[0] == '\0')
        snprintf(play->problem, sizeof play->problem, ":%u: %.2000s", statement->line,
                 play->stage.problem[0] != '\0' ? play->stage.problem : "this is not understood");
    return false;
}

bool play_run(struct play *play)
{
    if (!collect(play))
        return false;
    bool started = false;
    for (size_t i = 0; i < play->script.count; i++)
        if (!perform(play, &play->script.statements[i], &started))
            return false;
    struct duration end = play->script.statements[play->script.count - 1].at;
    struct duration latest = expectations_latest(&play->expectations);
    // One moment more, so that the last expectation is overdue if it was not met.
    end.us = (latest.us > end.us ? latest.us : end.us) + 1;
    if (!run_until(play, end))
        return false;
    world_check_recorded(&play->world);
    return run_until(play, end);
}
