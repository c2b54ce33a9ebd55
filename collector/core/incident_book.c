// SPDX-License-Identifier: Apache-2.0
// Keeping the incidents: storage, transitions, telling people, deadlines, operators.
#include "collector/core/incident_state.h"
#include "collector/core/signs.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum status incident_book_new(const struct engine_config *config, struct incident_book **ret_book)
{
    struct incident_book *book = calloc(1, sizeof *book);
    if (book == NULL)
        return STATUS_NO_MEMORY;
    book->config = config;
    *ret_book = book;
    return STATUS_OK;
}

static void entry_free(struct entry *entry)
{
    recovery_fini(&entry->recovery);
    node_set_fini(&entry->confirmed);
    free(entry);
}

void incident_book_free(struct incident_book *book)
{
    if (book == NULL)
        return;
    for (uint32_t i = 0; i < book->count; i++)
        entry_free(book->entries[i]);
    free(book);
}

static void drop(struct incident_book *book, uint32_t index)
{
    entry_free(book->entries[index]);
    memmove(&book->entries[index], &book->entries[index + 1],
            (book->count - index - 1) * sizeof(struct entry *));
    book->count--;
}

// At the limit the oldest closed one is forgotten early.
static bool make_room(struct incident_book *book)
{
    for (uint32_t i = 0; book->count == INCIDENTS_MAX && i < book->count; i++)
        if (book->entries[i]->record.state == INCIDENT_CLOSED)
            drop(book, i);
    return book->count < INCIDENTS_MAX;
}

struct entry *entry_new(struct incident_book *book, const struct verdict *verdict,
                        struct instant now)
{
    struct entry *entry = make_room(book) ? calloc(1, sizeof *entry) : NULL;
    if (entry == NULL)
        return NULL;
    if (node_set_init(&entry->confirmed, book->config->nodes_max) != STATUS_OK ||
        recovery_init(&entry->recovery, verdict->hypothesis.cause, verdict->hypothesis.component,
                      book->config->nodes_max, now.mono) != STATUS_OK) {
        entry_free(entry);
        return NULL;
    }
    entry->verdict = *verdict;
    entry->onset = verdict->onset;
    entry->opened_at = now.mono;
    entry->tell_at = entry->look_at = entry->unshelve_at = MONO_NEVER;
    entry->close_at = entry->forget_at = entry->patience = MONO_NEVER;
    entry->next_mark = 1;
    book->entries[book->count++] = entry;
    return entry;
}

// ---- transitions -----------------------------------------------------------------------------

void entry_emit(struct entry *entry, const struct book_context *with, enum transition transition,
                bool annunciated)
{
    effect_list_add(with->effects, &(struct effect){.kind = EFFECT_TRANSITION,
                                                    .transition = transition,
                                                    .annunciated = annunciated,
                                                    .incident = &entry->record});
}

void entry_move(struct entry *entry, enum lifecycle_input input)
{
    entry->record.state = lifecycle_next(entry->record.state, input);
}

bool entry_may_be_told(const struct entry *entry)
{
    return entry->record.state != INCIDENT_SHELVED && entry->record.state != INCIDENT_SUPPRESSED;
}

// Of the stations with evidence of their own those that the cause, as it is named now, covers.
static uint32_t confirmed_in_scope(const struct entry *entry, const struct fleet *fleet)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < fleet_node_count(fleet); i++)
        if (node_set_has(&entry->confirmed, i) && fleet_node(fleet, i)->role != ROLE_SERVER &&
            fleet_covers(fleet, i, entry_hypothesis(entry).component))
            count++;
    return entry_hypothesis(entry).cause->spares_stations ? 0 : count;
}

void entry_weigh(struct entry *entry, const struct book_context *with)
{
    ledger_weigh(&entry->record, with->diagnosis, with->fleet, &entry->verdict, entry->onset);
    entry->record.scope.confirmed = confirmed_in_scope(entry, with->fleet);
    struct components *components = fleet_components(with->fleet);
    struct component *component = components_edit(components, entry_hypothesis(entry).component);
    if (component_is_subject(component)) { // its scope is who asked for it
        component->stations = entry->confirmed.count;
        entry->record.scope.affected = entry->record.scope.confirmed = entry->confirmed.count;
    }
}

void entry_tell(struct entry *entry, const struct book_context *with, struct instant now,
                enum transition transition)
{
    entry->tell_at = MONO_NEVER;
    if (!entry_may_be_told(entry)) {
        entry_emit(entry, with, transition, false);
        return;
    }
    entry->record.told = entry->people_know = true;
    entry->record.told_at = now.wall;
    timeline_add(&entry->record, now.wall, "", "Told to %s", entry->record.owner);
    entry_weigh(entry, with);
    entry_emit(entry, with, transition, true);
}

void entry_close(struct entry *entry, const struct book_context *with, struct instant now)
{
    entry_move(entry, LIFECYCLE_CLOSE);
    entry->record.closed_at = now.wall;
    entry->tell_at = entry->look_at = entry->unshelve_at = entry->close_at = MONO_NEVER;
    entry->forget_at = mono_add(now.mono, with->config->reopen_within);
    entry_emit(entry, with, TRANSITION_CLOSED, false);
}

void entry_resolve(struct entry *entry, const struct book_context *with, struct instant now,
                   const char *why)
{
    bool told = entry->people_know && entry_may_be_told(entry);
    entry->resolved = true;
    entry->people_know = false;
    entry->tell_at = entry->look_at = MONO_NEVER;
    entry->record.scope.confirmed = confirmed_in_scope(entry, with->fleet);
    entry->record.resolved_at = now.wall;
    timeline_add(&entry->record, now.wall, "", "Recovery proven: %s", why);
    entry_move(entry, LIFECYCLE_RETURN);
    entry_emit(entry, with, TRANSITION_RESOLVED, told);
    diagnosis_unexplain(with->diagnosis, with->fleet, entry_hypothesis(entry), now.mono);
    if (entry->record.state == INCIDENT_CLOSED || with->config->auto_close_after.us == 0)
        entry_close(entry, with, now);
    else
        entry->close_at = mono_add(now.mono, with->config->auto_close_after);
}

// ---- deadlines -------------------------------------------------------------------------------

static struct mono_time earliest(const struct entry *entry)
{
    struct mono_time first = mono_min(entry->tell_at, entry->look_at);
    first = mono_min(first, mono_min(entry->unshelve_at, entry->close_at));
    return mono_min(first, entry->forget_at);
}

struct mono_time incident_book_next_deadline(const struct incident_book *book)
{
    struct mono_time first = book->waiting ? book->wait_until : MONO_NEVER;
    for (uint32_t i = 0; i < book->count; i++)
        first = mono_min(first, earliest(book->entries[i]));
    return first;
}

static void look(struct entry *entry, const struct book_context *with, struct instant now)
{
    char why[TEXT_SIZE];
    entry->look_at = recovery_next_look(&entry->recovery, with->fleet, now.mono);
    if (recovery_is_proven(&entry->recovery, with->fleet, now.mono, why))
        entry_resolve(entry, with, now, why);
    else if (entry->planned)
        plan_look(entry, with, now);
}

static void unshelve(struct entry *entry, const struct book_context *with, struct instant now)
{
    entry->unshelve_at = MONO_NEVER;
    entry_move(entry, LIFECYCLE_UNSHELVE);
    timeline_add(&entry->record, now.wall, "", "Shelving ended; it is still true");
    entry_tell(entry, with, now, TRANSITION_UPDATED);
}

static bool is_due(struct mono_time deadline, struct instant now)
{
    return !mono_before(now.mono, deadline);
}

static void entry_due(struct incident_book *book, uint32_t index, const struct book_context *with,
                      struct instant now)
{
    struct entry *entry = book->entries[index];
    if (is_due(entry->look_at, now))
        look(entry, with, now); // first: what is repaired and proven in time is not told
    else if (is_due(entry->tell_at, now))
        entry_tell(entry, with, now, TRANSITION_UPDATED);
    else if (is_due(entry->unshelve_at, now))
        unshelve(entry, with, now);
    else if (is_due(entry->close_at, now))
        entry_close(entry, with, now);
    else
        drop(book, index);
}

bool incident_book_due(struct incident_book *book, const struct book_context *with,
                       struct instant now)
{
    if (book->waiting && is_due(book->wait_until, now)) {
        incident_book_consider(book, with, now);
        return true;
    }
    for (uint32_t i = 0; i < book->count; i++)
        if (is_due(earliest(book->entries[i]), now)) {
            entry_due(book, i, with, now);
            supersede_all_foretold(book, with, now);
            return true;
        }
    return false;
}

// ---- operators -------------------------------------------------------------------------------

static void acknowledge(struct entry *entry, const struct book_context *with, struct instant now,
                        const struct operator_action *action)
{
    if (entry->record.state != INCIDENT_UNACKNOWLEDGED &&
        entry->record.acknowledged_by[0] != '\0') // once is enough; the first name stays
        return;
    text_set(entry->record.acknowledged_by, action->by);
    text_set(entry->record.acknowledged_comment, action->comment);
    entry->record.acknowledged_at = now.wall;
    timeline_add(&entry->record, now.wall, "", "Acknowledged by %s", action->by);
    entry_move(entry, LIFECYCLE_ACKNOWLEDGE);
    if (entry->record.state == INCIDENT_CLOSED)
        entry_close(entry, with, now);
    else
        entry_emit(entry, with, TRANSITION_UPDATED, false);
}

static void shelve(struct entry *entry, const struct book_context *with, struct instant now,
                   const struct operator_action *action)
{
    if (entry->resolved || action->for_s <= 0)
        return;
    char text[DURATION_TEXT_SIZE];
    entry_move(entry, LIFECYCLE_SHELVE);
    entry->unshelve_at = mono_add(now.mono, duration_s(action->for_s));
    timeline_add(&entry->record, now.wall, "", "Shelved by %s for %s", action->by,
                 duration_format(duration_s(action->for_s), text));
    entry_emit(entry, with, TRANSITION_UPDATED, false);
}

static void note(const struct book_context *with, const char *text)
{
    struct effect effect = {.kind = EFFECT_NOTE, .node = ""};
    text_set(effect.text, text);
    effect_list_add(with->effects, &effect);
}

void incident_book_operate(struct incident_book *book, const struct book_context *with,
                           struct instant now, const struct operator_action *action)
{
    struct entry *entry = NULL;
    for (uint32_t i = 0; i < book->count; i++)
        if (text_equal(book->entries[i]->record.id, action->id))
            entry = book->entries[i];
    if (entry == NULL || entry->record.state == INCIDENT_CLOSED)
        note(with, "an operator's action names no open incident and was passed over");
    else if (text_equal(action->action, "ack"))
        acknowledge(entry, with, now, action);
    else if (text_equal(action->action, "shelve"))
        shelve(entry, with, now, action);
    else if (text_equal(action->action, "unshelve") && entry->record.state == INCIDENT_SHELVED)
        unshelve(entry, with, now);
    else
        note(with, "an operator's action is not one of ack, shelve, unshelve");
}

// ---- restart ---------------------------------------------------------------------------------

static bool component_of(const struct fleet *fleet, const char *spelled, uint32_t *ret)
{
    enum component_kind kind;
    const char *rest;
    return components_parse(spelled, &kind, &rest) &&
           components_add(fleet_components(fleet), kind, rest, ret) == STATUS_OK;
}

void incident_book_restore(struct incident_book *book, const struct book_context *with,
                           struct instant now, const struct incident *incident)
{
    struct verdict verdict = {.probability = incident->confidence, .ask_node = NAME_NONE};
    uint32_t *component = &verdict.hypothesis.component;
    if (component_of(with->fleet, incident->component, component))
        verdict.hypothesis.cause = codebook_find(
            incident->code, components_get(fleet_components(with->fleet), *component)->kind);
    if (verdict.hypothesis.cause == NULL || incident->state == INCIDENT_CLOSED) {
        note(with, "a stored incident has a code or component that this version does not know");
        return;
    }
    verdict.onset = mono_add(now.mono, duration_ms(incident->since.ms - now.wall.ms));
    struct entry *entry = entry_new(book, &verdict, now);
    if (entry == NULL)
        return;
    entry->record = *incident;
    entry->saw_down = incident->why_code[0] != '\0';
    entry->people_know = incident->told;
    entry->resolved = wall_known(incident->resolved_at);
    if (entry->resolved) {
        entry->close_at = mono_add(now.mono, with->config->auto_close_after);
        return;
    }
    const struct cause *cause = verdict.hypothesis.cause;
    entry->planned = cause->planned;
    if (cause->recovery == RECOVERY_SIGN) // its end is told only as a change
        sign_restore(fleet_components(with->fleet), *component, codebook_sign(cause));
    if (cause->planned)
        sign_restore(fleet_components(with->fleet), *component, cause->needs);
    if (!incident->told && !entry->planned)
        entry->tell_at = mono_add(now.mono, with->config->annunciate_after);
    if (incident->state == INCIDENT_SHELVED) // how long it had left is not known: ask again soon
        entry->unshelve_at = mono_add(now.mono, with->config->annunciate_after);
    entry->look_at = recovery_next_look(&entry->recovery, with->fleet, now.mono);
    diagnosis_explain(with->diagnosis, with->fleet, verdict.hypothesis, entry->onset, now.mono);
}

// ---- views -----------------------------------------------------------------------------------

uint32_t incident_book_count(const struct incident_book *book)
{
    uint32_t open = 0;
    for (uint32_t i = 0; i < book->count; i++)
        open += book->entries[i]->record.state != INCIDENT_CLOSED ? 1 : 0;
    return open;
}

const struct incident *incident_book_get(const struct incident_book *book, uint32_t index)
{
    for (uint32_t i = 0; i < book->count; i++)
        if (book->entries[i]->record.state != INCIDENT_CLOSED && index-- == 0)
            return &book->entries[i]->record;
    return NULL;
}

const struct incident *incident_book_find(const struct incident_book *book, const char *id)
{
    for (uint32_t i = 0; i < book->count; i++)
        if (text_equal(book->entries[i]->record.id, id))
            return &book->entries[i]->record;
    return NULL;
}
