// SPDX-License-Identifier: Apache-2.0
// Runs one scenario: `scenario [-v] FILE`. The language is documented in scenario.h.
#include "tests/scenario/directive.h"

#include <stdio.h>
#include <string.h>

struct run {
    struct script script;
    struct world world;
    struct expectations expectations;
    struct stage stage;
    bool verbose;
    char problem[PROBLEM_SIZE];
};

static void print_effect(struct duration at, const struct effect *effect)
{
    char buffer[PROBLEM_SIZE];
    struct text text;
    text_init(&text, buffer, sizeof buffer);
    if (effect->kind == EFFECT_TRANSITION)
        expectations_describe(&text, effect);
    else if (effect->kind == EFFECT_COMMAND)
        text_printf(&text, "command %s to %s", effect->command.action, effect->node);
    else if (effect->kind == EFFECT_NOTE)
        text_printf(&text, "note %s: %s", effect->node == NULL ? "" : effect->node, effect->text);
    else
        return;
    printf("  %10.3f s  %s\n", duration_to_s(at), buffer);
}

static void see(void *context, struct duration at, const struct effect *effect)
{
    struct run *run = context;
    if (run->verbose || effect->kind == EFFECT_TRANSITION)
        print_effect(at, effect);
    if (run->problem[0] == '\0')
        expectations_see(&run->expectations, at, effect, run->problem);
}

// Everything that waits is known before anything happens.
static bool collect(struct run *run)
{
    for (size_t i = 0; i < run->script.count; i++) {
        const struct statement *statement = &run->script.statements[i];
        bool setup;
        if (!directive_known(statement->words[0], &setup)) {
            snprintf(run->problem, sizeof run->problem, ":%u: there is no '%s'", statement->line,
                     statement->words[0]);
            return false;
        }
        if (text_equal(statement->words[0], "expect"))
            (void)expectations_add(&run->expectations, statement, run->problem);
        if (run->problem[0] != '\0')
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

static bool run_until(struct run *run, struct duration at)
{
    world_run(&run->world, at);
    if (run->problem[0] == '\0' && world_failed(&run->world))
        text_set(run->problem, run->world.problem);
    if (run->problem[0] == '\0')
        expectations_due(&run->expectations, at, run->problem);
    return run->problem[0] == '\0';
}

static bool perform(struct run *run, const struct statement *statement, bool *started)
{
    bool setup = false;
    (void)directive_known(statement->words[0], &setup);
    if (!setup && !*started) {
        world_start(&run->world);
        *started = true;
    }
    if (setup && *started) {
        snprintf(run->problem, sizeof run->problem, ":%u: '%s' comes before anything happens",
                 statement->line, statement->words[0]);
        return false;
    }
    if (!run_until(run, statement->at))
        return false;
    if (waits(statement) || directive_perform(&run->stage, statement))
        return run->problem[0] == '\0';
    if (run->problem[0] == '\0')
        snprintf(run->problem, sizeof run->problem, ":%u: %.2000s", statement->line,
                 run->stage.problem[0] != '\0' ? run->stage.problem : "this is not understood");
    return false;
}

static bool play(struct run *run)
{
    bool started = false;
    for (size_t i = 0; i < run->script.count; i++)
        if (!perform(run, &run->script.statements[i], &started))
            return false;
    struct duration end = run->script.statements[run->script.count - 1].at;
    struct duration latest = expectations_latest(&run->expectations);
    // One moment more, so that the last expectation is overdue if it was not met.
    end.us = (latest.us > end.us ? latest.us : end.us) + 1;
    if (!run_until(run, end))
        return false;
    world_check_recorded(&run->world);
    return run_until(run, end);
}

int main(int argc, char **argv)
{
    static struct run run; // large; the program's only one
    run.verbose = argc == 3 && strcmp(argv[1], "-v") == 0;
    if (argc != (run.verbose ? 3 : 2)) {
        fprintf(stderr, "usage: %s [-v] FILE.scn\n", argv[0]);
        return 2;
    }
    char problem[TEXT_SIZE];
    const char *path = argv[argc - 1];
    if (script_read(path, &run.script, problem) != STATUS_OK) {
        fprintf(stderr, "%s\n", problem);
        return 2;
    }
    world_init(&run.world);
    run.world.see = see;
    run.world.context = &run;
    run.stage = (struct stage){.world = &run.world, .expectations = &run.expectations};
    bool good = collect(&run) && play(&run);
    if (!good)
        printf("%s%s%s\n", path, run.problem[0] == ':' ? "" : ": ", run.problem);
    expectations_fini(&run.expectations);
    world_fini(&run.world);
    script_fini(&run.script);
    return good ? 0 : 1;
}
