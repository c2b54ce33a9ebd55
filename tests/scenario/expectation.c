// SPDX-License-Identifier: Apache-2.0
// Reading expectations and matching them with effects, in order.
#include "tests/scenario/expectation.h"

#include "tests/scenario/field.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- reading -----------------------------------------------------------------------------------

static bool transition_of(const char *word, enum transition *ret)
{
    for (int t = 0; t < TRANSITION_COUNT; t++)
        if (text_equal(word, transition_name((enum transition)t))) {
            *ret = (enum transition)t;
            return true;
        }
    return false;
}

// The options after the expected thing; returns the word that is not understood, NULL = all are.
static const char *read_options(struct expectation *expectation, const struct statement *statement,
                                uint32_t word)
{
    for (; word < statement->word_count; word++) {
        char *w = statement->words[word];
        char *next = word + 1 < statement->word_count ? statement->words[word + 1] : NULL;
        struct duration within;
        if (text_equal(w, "within") && next != NULL && script_time(next, &within)) {
            expectation->to.us = expectation->from.us + within.us;
            word++;
        } else if (text_equal(w, "as") && next != NULL) {
            expectation->incident = next;
            word++;
        } else if (text_equal(w, "to") && next != NULL) {
            expectation->node = next;
            word++;
        } else if (text_equal(w, "told")) {
            expectation->told = true;
        } else if (text_equal(w, "untold")) {
            expectation->untold = true;
        } else if (text_equal(w, "unordered")) {
            expectation->unordered = true;
        } else if (text_equal(w, "maybe")) {
            expectation->maybe = expectation->unordered = true;
        } else if (expectation->field_count == EXPECTED_FIELDS_MAX ||
                   !field_read(w, &expectation->fields[expectation->field_count++])) {
            return w;
        }
    }
    return NULL;
}

static bool read_gap(struct expectation *expectation, const struct statement *statement)
{
    double from, to;
    if (statement->word_count < 5 || !script_number(statement->words[3], &from, NULL) ||
        !script_number(statement->words[4], &to, NULL))
        return false;
    expectation->node = statement->words[2];
    expectation->gap_from = (uint64_t)from;
    expectation->gap_to = (uint64_t)to;
    return true;
}

bool expectations_add(struct expectations *expectations, const struct statement *statement,
                      char problem[PROBLEM_SIZE])
{
    const char *what = statement->word_count >= 2 ? statement->words[1] : "";
    struct expectation expectation = {
        .line = statement->line, .from = statement->at, .to = {statement->at.us + 1000000}};
    uint32_t options = 2;
    bool understood = true;
    if (text_equal(what, "command") && statement->word_count >= 3) {
        expectation.kind = EXPECT_COMMAND;
        expectation.action = statement->words[2];
        options = 3;
    } else if (text_equal(what, "gap")) {
        expectation.kind = EXPECT_GAP;
        understood = read_gap(&expectation, statement);
        options = 5;
    } else if (!transition_of(what, &expectation.transition)) {
        return false;
    }
    const char *bad = understood ? read_options(&expectation, statement, options) : what;
    if (bad != NULL) {
        snprintf(problem, PROBLEM_SIZE, ":%u: '%s' is not understood", statement->line, bad);
        return true;
    }
    struct expectation *grown =
        realloc(expectations->items, (expectations->count + 1) * sizeof *grown);
    if (grown == NULL)
        abort();
    expectations->items = grown;
    grown[expectations->count++] = expectation;
    return true;
}

void expectations_fini(struct expectations *expectations)
{
    free(expectations->items);
    *expectations = (struct expectations){0};
}

struct duration expectations_latest(const struct expectations *expectations)
{
    struct duration latest = {0};
    for (size_t i = 0; i < expectations->count; i++)
        if (expectations->items[i].to.us > latest.us)
            latest = expectations->items[i].to;
    return latest;
}

// ---- names
// ---------------------------------------------------------------------------------------

const char *expectations_id(const struct expectations *expectations, const char *name)
{
    for (size_t i = 0; i < expectations->named_count; i++)
        if (text_equal(expectations->named[i].name, name))
            return expectations->named[i].id;
    return NULL;
}

static void give_name(struct expectations *expectations, const char *name, const char *id)
{
    if (expectations_id(expectations, name) != NULL ||
        expectations->named_count == NAMED_INCIDENTS_MAX)
        return;
    struct named_incident *named = &expectations->named[expectations->named_count++];
    named->name = name;
    text_set(named->id, id);
}

// ---- matching
// ------------------------------------------------------------------------------------

// Why the effect is not what is expected, into `why`; false = it is.
static bool differs(const struct expectations *expectations, const struct expectation *expectation,
                    struct duration at, const struct effect *effect, struct text *why)
{
    const struct incident *incident = effect->incident;
    if (expectation->transition != effect->transition) {
        text_printf(why, "'%s' was expected", transition_name(expectation->transition));
        return true;
    }
    if (at.us < expectation->from.us || at.us > expectation->to.us) {
        text_printf(why, "it was expected between %.3f s and %.3f s",
                    duration_to_s(expectation->from), duration_to_s(expectation->to));
        return true;
    }
    if ((expectation->told && !effect->annunciated) ||
        (expectation->untold && effect->annunciated)) {
        text_append(why, expectation->told ? "people were to be told" : "people are told");
        return true;
    }
    const char *id =
        expectation->incident == NULL ? NULL : expectations_id(expectations, expectation->incident);
    if (id != NULL && !text_equal(id, incident->id)) {
        text_printf(why, "'%s' is %s", expectation->incident, id);
        return true;
    }
    for (uint32_t f = 0; f < expectation->field_count; f++)
        if (!field_holds(&expectation->fields[f], incident, why))
            return true;
    return false;
}

static bool asks_for_an_answer(const struct effect *effect)
{
    return effect->transition != TRANSITION_UPDATED || effect->annunciated;
}

static void see_transition(struct expectations *expectations, struct duration at,
                           const struct effect *effect, char problem[PROBLEM_SIZE])
{
    char buffer[PROBLEM_SIZE];
    struct text why;
    text_init(&why, buffer, sizeof buffer);
    bool in_turn = true;
    for (size_t i = 0; i < expectations->count; i++) {
        struct expectation *expectation = &expectations->items[i];
        if (expectation->met || expectation->kind != EXPECT_TRANSITION ||
            (!in_turn && !expectation->unordered))
            continue;
        struct text reason;
        char reason_buffer[PROBLEM_SIZE / 2];
        text_init(&reason, reason_buffer, sizeof reason_buffer);
        if (!differs(expectations, expectation, at, effect, &reason)) {
            expectation->met = true;
            if (expectation->incident != NULL)
                give_name(expectations, expectation->incident, effect->incident->id);
            return;
        }
        text_printf(&why, "; line %u: %s", expectation->line, reason_buffer);
        in_turn = in_turn && expectation->unordered;
    }
    if (!asks_for_an_answer(effect))
        return;
    struct text text;
    text_init(&text, problem, PROBLEM_SIZE);
    text_printf(&text, "%.3f s: unexpected: ", duration_to_s(at));
    expectations_describe(&text, effect);
    text_append(&text, buffer);
}

static bool meets(const struct expectation *expectation, struct duration at,
                  const struct effect *effect)
{
    if (expectation->met || at.us < expectation->from.us || at.us > expectation->to.us ||
        (expectation->node != NULL && !text_equal(expectation->node, effect->node)))
        return false;
    if (expectation->kind == EXPECT_COMMAND)
        return effect->kind == EFFECT_COMMAND &&
               text_equal(expectation->action, effect->command.action);
    return expectation->kind == EXPECT_GAP && effect->kind == EFFECT_GAP &&
           expectation->gap_from == effect->gap_from && expectation->gap_to == effect->seq;
}

void expectations_see(struct expectations *expectations, struct duration since_start,
                      const struct effect *effect, char problem[PROBLEM_SIZE])
{
    if (effect->kind == EFFECT_TRANSITION) {
        see_transition(expectations, since_start, effect, problem);
        return;
    }
    if (effect->kind != EFFECT_COMMAND && effect->kind != EFFECT_GAP)
        return;
    for (size_t i = 0; i < expectations->count; i++)
        if (meets(&expectations->items[i], since_start, effect)) {
            expectations->items[i].met = true;
            return;
        }
    if (effect->kind == EFFECT_GAP)
        snprintf(problem, PROBLEM_SIZE, "%.3f s: unexpected gap %" PRIu64 " to %" PRIu64 " of %s",
                 duration_to_s(since_start), effect->gap_from, effect->seq, effect->node);
}

void expectations_due(const struct expectations *expectations, struct duration since_start,
                      char problem[PROBLEM_SIZE])
{
    for (size_t i = 0; i < expectations->count; i++) {
        const struct expectation *expectation = &expectations->items[i];
        if (expectation->met || expectation->maybe || expectation->to.us >= since_start.us)
            continue;
        snprintf(problem, PROBLEM_SIZE, ":%u: expected by %.3f s and never seen", expectation->line,
                 duration_to_s(expectation->to));
        return;
    }
}

void expectations_describe(struct text *out, const struct effect *effect)
{
    const struct incident *i = effect->incident;
    text_printf(out, "%s %s %s %s, %s, %s, %u of %u (%u confirmed), confidence %.2f, why '%s'",
                transition_name(effect->transition), effect->annunciated ? "told" : "untold",
                i->code, i->component, incident_state_name(i->state), priority_name(i->priority),
                i->scope.affected, i->scope.total, i->scope.confirmed, i->confidence, i->why_code);
    for (uint32_t a = 0; a < i->alternative_count; a++)
        text_printf(out, "%s%s %s %.2f", a == 0 ? ", else " : ", ", i->alternatives[a].code,
                    i->alternatives[a].component, i->alternatives[a].probability);
    for (uint32_t r = 0; r < i->ruled_out_count; r++)
        text_printf(out, "%s%s by %s", r == 0 ? ", ruled out " : ", ", i->ruled_out[r].code,
                    i->ruled_out[r].path);
    text_printf(out, " (%s)", i->id);
}
