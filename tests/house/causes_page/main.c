// SPDX-License-Identifier: Apache-2.0
// Prints docs/causes.md from the codebook.
#include "tests/house/causes_page/section.h"
#include "tests/house/causes_page/words.h"

#include <stdio.h>
#include <string.h>

static const char introduction[] =
    "# Causes\n"
    "\n"
    "What the diagnosis can name: each cause, what people are told of it, what it makes likely\n"
    "to be seen, and what proves its end. Made from `collector/core/causes.c` by\n"
    "`cmake --build build/debug --target causes-document`: change it there.\n"
    "\n"
    "How to read a cause:\n"
    "\n"
    "- The quote is what an alert says: headline, cause, consequence, what to do. In it `{name}`\n"
    "  is the component's name, `{kind}` what it is, `{server}` the server it is on,\n"
    "  `{upstream}` the system that feeds the service, `{affected}` and `{total}` numbers of\n"
    "  stations, `{off}` 'cut off' or 'switched off or cut off', `{fact}` what is known of it in\n"
    "  figures. Owners can be set per site (`owners`, `docs/configuration.md`).\n"
    "- The table is P(seen | this cause) for what the cause speaks of; **bold** speaks for it.\n"
    "  Of anything else it predicts what health does: see [what is observed](#what-is-observed).\n"
    "  `docs/decisions/0003-codebook-figures.md` tells where the figures come from.\n"
    "- 'Evidence by itself' never happens in health: seeing it once is enough.\n"
    "\n"
    "| Code | Title | At | Priority | Owner |\n"
    "| --- | --- | --- | --- | --- |\n";

static const char observations[] =
    "## What is observed\n"
    "\n"
    "Each kind of observation with its values, and how often each is seen when nothing is wrong.\n"
    "\n"
    "| Observed | Value | In words | In health |\n"
    "| --- | --- | --- | --- |\n";

// A row that says something for which the page has no words.
static const struct cause *find_unspeakable(void)
{
    for (size_t i = 0; i < codebook_count; i++) {
        const struct cause *cause = &codebook[i];
        if (recovery_words(cause->recovery) == NULL || proof_words(cause->ruled_out_by) == NULL ||
            priority_words(cause->priority) == NULL)
            return cause;
        for (int kind = 0; kind < COMPONENT_KIND_COUNT; kind++)
            if ((cause->kinds & (1U << kind)) != 0 && kind_words((enum component_kind)kind) == NULL)
                return cause;
    }
    return NULL;
}

static void print_observations(void)
{
    char before[WORD_SIZE] = "";
    for (int s = 0; s < SYMPTOM_COUNT; s++) {
        enum symptom symptom = (enum symptom)s;
        char channel[WORD_SIZE];
        char value[WORD_SIZE];
        char percent[WORD_SIZE];
        channel_name(channel, symptom);
        value_name(value, symptom);
        percent_words(percent, codebook_health[s]);
        printf("| %s | %s | %s%s | %s |\n", strcmp(channel, before) == 0 ? "" : channel, value,
               subject_words(symptom), symptom_text(symptom), percent);
        memcpy(before, channel, sizeof before);
    }
}

int main(void)
{
    const struct cause *unspeakable = find_unspeakable();
    if (unspeakable != NULL) {
        fprintf(stderr,
                "%s: its component, recovery, proof or priority has no words yet; add them to "
                "tests/house/causes_page/words.c\n",
                unspeakable->code);
        return 1;
    }
    printf("%s", introduction);
    for (size_t i = 0; i < codebook_count; i++)
        print_index_line(&codebook[i]);
    printf("\n");
    for (size_t i = 0; i < codebook_count; i++)
        print_section(&codebook[i]);
    printf("%s", observations);
    print_observations();
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "the page could not be written to standard output\n");
        return 1;
    }
    return 0;
}
