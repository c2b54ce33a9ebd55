// SPDX-License-Identifier: Apache-2.0
// Writes causes as Markdown: what people are told, what it predicts, what proves it and its end.
#include "tests/house/causes_page/section.h"

#include "base/text.h"
#include "tests/house/causes_page/words.h"

#include <ctype.h>
#include <stdio.h>

// What is less likely than this is put together as 'else'.
#define WORTH_NAMING 0.02
// What health shows less often than this is evidence by itself.
#define NEVER 1e-9

// ---- names -----------------------------------------------------------------------------------

static enum component_kind first_kind(const struct cause *cause)
{
    int kind = 0;
    while (kind + 1 < COMPONENT_KIND_COUNT && (cause->kinds & (1U << kind)) == 0)
        kind++;
    return (enum component_kind)kind;
}

static bool has_namesake(const struct cause *cause)
{
    for (size_t i = 0; i < codebook_count; i++)
        if (&codebook[i] != cause && text_equal(codebook[i].code, cause->code))
            return true;
    return false;
}

// A code that two rows share is told apart by the component.
static void print_heading(const struct cause *cause)
{
    printf("%s", cause->code);
    if (has_namesake(cause))
        printf(" (%s)", component_kind_name(first_kind(cause)));
}

// The heading in brackets, and its anchor as Markdown viewers derive it.
static void print_link(const struct cause *cause)
{
    printf("[");
    print_heading(cause);
    printf("](#");
    for (const char *c = cause->code; *c != '\0'; c++)
        putchar(tolower((unsigned char)*c));
    if (has_namesake(cause))
        printf("-%s", component_kind_name(first_kind(cause)));
    printf(")");
}

static void print_components(const struct cause *cause)
{
    const char *between = "";
    for (int kind = 0; kind < COMPONENT_KIND_COUNT; kind++)
        if ((cause->kinds & (1U << kind)) != 0) {
            printf("%s%s", between, kind_words((enum component_kind)kind));
            between = ", ";
        }
}

void print_index_line(const struct cause *cause)
{
    printf("| ");
    print_link(cause);
    printf(" | %s | ", cause->title);
    print_components(cause);
    printf(" | %s | %s |\n", priority_words(cause->priority), cause->owner);
}

// ---- what it predicts ------------------------------------------------------------------------

// The likeliest symptom of the channel that is not yet `named`; SYMPTOM_COUNT: none worth it.
static enum symptom next_likely(const struct cause *cause, enum channel channel, const bool *named)
{
    enum symptom best = SYMPTOM_COUNT;
    for (int s = 0; s < SYMPTOM_COUNT; s++) {
        if (symptom_channel((enum symptom)s) != channel || named[s] ||
            cause->predicts[s] < WORTH_NAMING)
            continue;
        if (best == SYMPTOM_COUNT || cause->predicts[s] > cause->predicts[best])
            best = (enum symptom)s;
    }
    return best;
}

static void print_likely(const struct cause *cause, enum symptom symptom)
{
    char value[WORD_SIZE];
    char percent[WORD_SIZE];
    value_name(value, symptom);
    percent_words(percent, cause->predicts[symptom]);
    const char *strong = codebook_expects(cause, symptom) ? "**" : "";
    printf("%s%s %s%s", strong, value, percent, strong);
}

static void print_channel(const struct cause *cause, enum channel channel)
{
    bool named[SYMPTOM_COUNT] = {false};
    double rest = 1;
    const char *between = "";
    for (enum symptom s; (s = next_likely(cause, channel, named)) != SYMPTOM_COUNT;) {
        printf("%s", between);
        print_likely(cause, s);
        named[s] = true;
        rest -= cause->predicts[s];
        between = ", ";
    }
    if (rest > 1e-4) {
        char percent[WORD_SIZE];
        percent_words(percent, rest);
        printf(", else %s", percent);
    }
}

static void print_predictions(const struct cause *cause)
{
    printf("| Observed | Predicted |\n| --- | --- |\n");
    bool printed[CHANNEL_COUNT] = {false};
    for (int s = 0; s < SYMPTOM_COUNT; s++) {
        enum channel channel = symptom_channel((enum symptom)s);
        if (printed[channel] || !codebook_speaks_of(cause, (enum symptom)s))
            continue;
        printed[channel] = true;
        char name[WORD_SIZE];
        channel_name(name, (enum symptom)s);
        printf("| %s | ", name);
        print_channel(cause, channel);
        printf(" |\n");
    }
    printf("\n");
}

// ---- what proves it, and its end -------------------------------------------------------------

static void print_evidence(const struct cause *cause)
{
    if (cause->needs != 0)
        printf("- Never named without: %s%s.\n", subject_words(cause->needs),
               symptom_text(cause->needs));
    const char *between = "- Evidence by itself: ";
    for (int s = 0; s < SYMPTOM_COUNT; s++) {
        enum symptom symptom = (enum symptom)s;
        if (symptom == cause->needs || !codebook_expects(cause, symptom) ||
            codebook_health[s] >= NEVER)
            continue;
        printf("%s%s%s", between, subject_words(symptom), symptom_text(symptom));
        between = "; ";
    }
    if (between[0] == ';')
        printf(".\n");
}

static void print_foretelling(const struct cause *cause)
{
    for (size_t i = 0; i < codebook_count; i++) {
        if (cause->foretells != NULL && text_equal(codebook[i].code, cause->foretells)) {
            printf("- Foretells ");
            print_link(&codebook[i]);
            printf(", which takes its place.\n");
        }
        if (codebook[i].foretells != NULL && text_equal(codebook[i].foretells, cause->code)) {
            printf("- Foretold by ");
            print_link(&codebook[i]);
            printf(".\n");
        }
    }
}

static void print_facts(const struct cause *cause)
{
    print_evidence(cause);
    printf("- Ruled out by: %s.\n", proof_words(cause->ruled_out_by));
    printf("- Over when: %s.\n", recovery_words(cause->recovery));
    print_foretelling(cause);
    if (cause->spares_stations)
        printf("- No station is at risk by it now.\n");
    if (cause->planned)
        printf("- On purpose: nobody is told, unless it lasts longer than it may.\n");
    printf("- Expected %g times a year at each component.\n\n", cause->per_year);
}

void print_section(const struct cause *cause)
{
    char respond_within[WORD_SIZE];
    duration_words(respond_within, cause->respond_within_s);
    printf("## ");
    print_heading(cause);
    printf("\n\n%s. At: ", cause->title);
    print_components(cause);
    printf(". Priority %s; %s responds within %s.\n\n", priority_words(cause->priority),
           cause->owner, respond_within);
    printf("> **%s**\n>\n> %s\n>\n> %s\n>\n> Do: %s\n\n", cause->headline, cause->cause,
           cause->consequence, cause->action);
    print_predictions(cause);
    print_facts(cause);
}
