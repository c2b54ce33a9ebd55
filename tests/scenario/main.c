// SPDX-License-Identifier: Apache-2.0
// Runs one scenario: `scenario [-v] FILE`. The language is documented in scenario.h.
#include "tests/scenario/play.h"

#include <stdio.h>
#include <string.h>

static void print_effect(void *context, struct duration at, const struct effect *effect)
{
    const bool *verbose = context;
    char buffer[PROBLEM_SIZE];
    struct text text;
    text_init(&text, buffer, sizeof buffer);
    bool quiet_update = effect->kind == EFFECT_TRANSITION && !effect->annunciated &&
                        effect->transition == TRANSITION_UPDATED;
    if (effect->kind == EFFECT_TRANSITION && (*verbose || !quiet_update))
        expectations_describe(&text, effect);
    else if (effect->kind == EFFECT_COMMAND && *verbose)
        text_printf(&text, "command %s to %s", effect->command.action, effect->node);
    else if (effect->kind == EFFECT_NOTE && *verbose)
        text_printf(&text, "note %s: %s", effect->node == NULL ? "" : effect->node, effect->text);
    else
        return;
    printf("  %10.3f s  %s\n", duration_to_s(at), buffer);
}

int main(int argc, char **argv)
{
    bool verbose = argc == 3 && strcmp(argv[1], "-v") == 0;
    if (argc != (verbose ? 3 : 2)) {
        fprintf(stderr, "usage: %s [-v] FILE.scn\n", argv[0]);
        return 2;
    }
    const char *path = argv[argc - 1];
    struct play play;
    bool good = play_init(&play, path, (struct duration){0}, 0);
    play.see = print_effect;
    play.context = &verbose;
    good = good && play_run(&play);
    // A problem with a line begins with its ":LINE".
    if (!good)
        printf("%s%s%s\n", path, play.problem[0] == ':' ? "" : ": ", play.problem);
    play_fini(&play);
    return good ? 0 : 1;
}
