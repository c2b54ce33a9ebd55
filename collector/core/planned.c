// SPDX-License-Identifier: Apache-2.0
// Incidents on purpose and incidents that foretell: a planned restart is suppressed until it ends
// badly, and then the same id is the fault; a latent fault gives way to the fault it foretold.
#include "collector/core/incident_state.h"

#include "base/text.h"

void entry_follow_plan(struct entry *entry, const struct book_context *with, struct instant now)
{
    bool planned = entry_hypothesis(entry).cause->planned;
    if (planned == entry->planned)
        return;
    entry->planned = planned;
    entry->tell_at = MONO_NEVER;
    entry_move(entry, planned ? LIFECYCLE_SUPPRESS : LIFECYCLE_UNSUPPRESS);
    if (planned)
        return;
    entry->people_know = false;
    entry->tell_at = mono_add(now.mono, with->config->annunciate_after);
}

// ---- a planned restart -----------------------------------------------------------------------

static void is_back(struct entry *entry, const struct book_context *with, struct instant now)
{
    recovery_repaired(&entry->recovery, now.mono);
    entry->look_at = now.mono;
    timeline_add(&entry->record, now.wall, "", "The server is back");
    entry_emit(entry, with, TRANSITION_UPDATED, false);
}

// It is back or overdue, and something is wrong: the plan is no excuse any more.
static void ended_badly(struct entry *entry, const struct book_context *with, struct instant now)
{
    struct mono_time back_at = entry->recovery.repaired_at;
    struct mono_time from = mono_is_never(back_at) ? entry->onset : back_at;
    struct verdict verdict;
    if (diagnosis_reconsider(with->diagnosis, with->fleet, entry_hypothesis(entry), from, now.mono,
                             &verdict) &&
        !verdict.hypothesis.cause->planned) {
        recovery_undone(&entry->recovery, now.mono);
        entry_sharpen(entry, with, now, &verdict);
    }
}

void plan_sight(struct entry *entry, const struct book_context *with, struct instant now,
                enum symptom symptom)
{
    bool back = !mono_is_never(entry->recovery.repaired_at);
    switch (symptom) {
    case SYMPTOM_RESTART_NONE:
        if (!back)
            is_back(entry, with, now);
        break;
    case SYMPTOM_RESTART_OVERDUE:
        ended_badly(entry, with, now);
        break;
    case SYMPTOM_STATE_DOWN:
    case SYMPTOM_OUTPUT_LATE:
    case SYMPTOM_OUTPUT_STALE:
        if (back)
            ended_badly(entry, with, now);
        break;
    default:
        break;
    }
}

void plan_look(struct entry *entry, const struct book_context *with, struct instant now)
{
    uint32_t server = entry_hypothesis(entry).component;
    for (uint32_t i = 0; i < fleet_service_count(with->fleet); i++) {
        const struct watched_service *service = fleet_service(with->fleet, i);
        if (service->server_component != server || service->state != SYMPTOM_STATE_DOWN ||
            mono_is_never(entry->recovery.repaired_at))
            continue;
        ended_badly(entry, with, now);
        return;
    }
}

// ---- what is foretold ------------------------------------------------------------------------

static bool foretells(const struct cause *latent, const struct cause *fault)
{
    return latent->foretells != NULL && text_equal(latent->foretells, fault->code);
}

void supersede_foretold(struct incident_book *book, const struct book_context *with,
                        struct instant now, const struct entry *fault)
{
    struct hypothesis named = entry_hypothesis(fault);
    for (uint32_t i = 0; i < book->count; i++) {
        struct entry *entry = book->entries[i];
        if (entry != fault && entry_is_open(entry) &&
            foretells(entry_hypothesis(entry).cause, named.cause) &&
            fleet_related(with->fleet, entry_hypothesis(entry).component, named.component))
            entry_supersede(entry, fault, with, now);
    }
}

void supersede_all_foretold(struct incident_book *book, const struct book_context *with,
                            struct instant now)
{
    bool latent = false;
    for (uint32_t i = 0; i < book->count; i++)
        latent |= entry_is_open(book->entries[i]) &&
                  entry_hypothesis(book->entries[i]).cause->foretells != NULL;
    for (uint32_t i = 0; latent && i < book->count; i++)
        if (entry_is_open(book->entries[i]))
            supersede_foretold(book, with, now, book->entries[i]);
}

bool is_foretold_already(const struct incident_book *book, const struct fleet *fleet,
                         struct hypothesis latent)
{
    for (uint32_t i = 0; i < book->count; i++) {
        const struct entry *entry = book->entries[i];
        if (entry_is_open(entry) && foretells(latent.cause, entry_hypothesis(entry).cause) &&
            fleet_related(fleet, entry_hypothesis(entry).component, latent.component))
            return true;
    }
    return false;
}
