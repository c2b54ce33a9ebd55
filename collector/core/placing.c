// SPDX-License-Identifier: Apache-2.0
// What a verdict becomes: a new incident, a sharper name for an open one, the return of a closed
// one, or nothing, because an open one explains it.
#include "collector/core/incident_state.h"

#include "base/text.h"
#include "collector/core/asking.h"

#include <inttypes.h>
#include <stdio.h>

enum {
    RESERVED_FOR_WIDE = 32,
    WAIT_S = 2,            // at most, for a splitting observation
    SAME_MOMENT_S = 90,    // a station's incident this close to a wider one was its first sign
    PATIENCE_S = 60,       // with telling of a station that may be the first of many
    USUALLY_FAILING = 300, // one station in so many, by the codebook's health, twice over
    SETTLING_S = 120,      // after a repair
    ONE_FAULT_S = 20,      // two verdicts on one service this close are one fault
    PLACINGS_MAX = 64      // independent faults that one step can raise
};

// ---- asking ----------------------------------------------------------------------------------

// True while a splitting observation is due.
static bool worth_waiting(struct incident_book *book, const struct book_context *with,
                          struct instant now, const struct verdict *verdict)
{
    if (!verdict->unsettled)
        return false;
    if (!book->waiting) {
        book->waiting = true;
        book->wait_until = mono_add(now.mono, duration_s(WAIT_S));
        if (verdict->ask_node != NAME_NONE)
            ask_resync(with->effects, fleet_node_name(with->fleet, verdict->ask_node), now);
    }
    return mono_before(now.mono, book->wait_until);
}

// ---- what is there already -------------------------------------------------------------------

static bool is_narrow(const struct fleet *fleet, uint32_t component)
{
    enum component_kind kind = components_get(fleet_components(fleet), component)->kind;
    return kind == COMPONENT_STATION;
}

// While a server restarts as planned, and for a while after what was repaired, orders fail in ways
// of their own: that is not another fault yet.
static bool is_expected(const struct entry *entry, const struct fleet *fleet, struct instant now,
                        const struct verdict *verdict)
{
    struct hypothesis open = entry_hypothesis(entry), named = verdict->hypothesis;
    if (named.cause->recovery != RECOVERY_FETCHES || is_narrow(fleet, named.component))
        return false;
    if (!fleet_scopes_meet(fleet, open.component, named.component))
        return false;
    bool open_plan = entry->planned && entry_is_open(entry);
    struct mono_time repaired_at = entry->recovery.repaired_at;
    return open_plan || (!mono_is_never(repaired_at) && (entry->planned || entry_is_open(entry)) &&
                         mono_before(now.mono, mono_add(repaired_at, duration_s(SETTLING_S))));
}

// One thing breaks at a time: two faults of one service, its server or its share within a moment
// are one, and what it is called is decided over everything that was seen.
static bool is_same_moment(const struct entry *entry, const struct fleet *fleet,
                           const struct verdict *verdict)
{
    struct hypothesis open = entry_hypothesis(entry), named = verdict->hypothesis;
    struct duration apart = mono_sub(verdict->onset, entry->onset);
    return entry_is_open(entry) && !entry->planned && open.cause->recovery == RECOVERY_FETCHES &&
           named.cause->recovery == RECOVERY_FETCHES &&
           fleet_related(fleet, open.component, named.component) &&
           apart.us < duration_s(ONE_FAULT_S).us && -apart.us < duration_s(ONE_FAULT_S).us;
}

static struct entry *explained_by(struct incident_book *book, const struct book_context *with,
                                  struct instant now, const struct verdict *verdict)
{
    for (uint32_t i = 0; i < book->count; i++) {
        struct entry *entry = book->entries[i];
        if (is_expected(entry, with->fleet, now, verdict))
            return entry;
        if (is_same_moment(entry, with->fleet, verdict)) {
            entry_reconsider(entry, with, now, mono_min(entry->onset, verdict->onset));
            return entry;
        }
        if (entry_is_open(entry) &&
            fleet_scopes_meet(with->fleet, entry_hypothesis(entry).component,
                              verdict->hypothesis.component) &&
            (diagnosis_explains(with->diagnosis, with->fleet, entry_hypothesis(entry),
                                verdict->hypothesis, verdict->onset, now.mono)))
            return entry;
    }
    return NULL;
}

// A sign is no wider than what it is a sign of; and silence is none of an order fault, but for a
// dead server's: while nobody is heard, nothing is known of orders.
static bool could_be_sign(const struct fleet *fleet, struct hypothesis open,
                          struct hypothesis named)
{
    const struct components *components = fleet_components(fleet);
    if (components_get(components, open.component)->stations >
        components_get(components, named.component)->stations)
        return false;
    return open.cause->recovery == RECOVERY_FETCHES || named.cause->recovery != RECOVERY_FETCHES ||
           named.cause->predicts[SYMPTOM_SERVER_OVERDUE] > 0.5;
}

// True when the open incident was a sign of what the verdict now names.
static bool is_sign_of(const struct entry *entry, const struct book_context *with,
                       struct instant now, const struct verdict *verdict)
{
    struct hypothesis open = entry_hypothesis(entry);
    if (!entry_is_open(entry) || !mono_is_never(entry->recovery.repaired_at) ||
        !fleet_scopes_meet(with->fleet, open.component, verdict->hypothesis.component))
        return false;
    if (!could_be_sign(with->fleet, open, verdict->hypothesis))
        return false;
    struct duration apart = mono_sub(verdict->onset, entry->onset);
    bool same_moment =
        apart.us < duration_s(SAME_MOMENT_S).us && -apart.us < duration_s(SAME_MOMENT_S).us;
    // A station's incident that people know of stays its own: it may be a fault of its own.
    if (is_narrow(with->fleet, open.component) && (!same_moment || entry->people_know))
        return false;
    return diagnosis_explains(with->diagnosis, with->fleet, verdict->hypothesis, open,
                              mono_min(entry->onset, verdict->onset), now.mono);
}

static bool names(const struct entry *entry, const struct cause *cause)
{
    if (text_equal(entry->record.code, cause->code))
        return true;
    for (uint32_t i = 0; i < entry->record.alternative_count; i++)
        if (text_equal(entry->record.alternatives[i].code, cause->code))
            return true;
    return false;
}

// What comes back at a part of the scope, and the closed cause explains, is that cause again.
static bool is_part_of(const struct entry *closed, const struct book_context *with,
                       struct instant now, const struct verdict *verdict)
{
    uint32_t wide = entry_hypothesis(closed).component, narrow = verdict->hypothesis.component;
    const struct components *components = fleet_components(with->fleet);
    return components_get(components, narrow)->kind == COMPONENT_LABEL &&
           components_get(components, narrow)->stations <
               components_get(components, wide)->stations &&
           fleet_scopes_meet(with->fleet, wide, narrow) &&
           diagnosis_explains(with->diagnosis, with->fleet, entry_hypothesis(closed),
                              verdict->hypothesis, verdict->onset, now.mono);
}

static struct entry *returned(struct incident_book *book, const struct book_context *with,
                              struct instant now, const struct verdict *verdict)
{
    for (uint32_t i = book->count; i-- > 0;) {
        struct entry *entry = book->entries[i];
        bool same = entry_hypothesis(entry).component == verdict->hypothesis.component &&
                    names(entry, verdict->hypothesis.cause);
        if (entry->resolved && (same || is_part_of(entry, with, now, verdict)))
            return entry;
    }
    return NULL;
}

// ---- opening ---------------------------------------------------------------------------------

static bool is_failing_fetch(enum symptom symptom)
{
    return symptom_channel(symptom) == CHANNEL_FETCH && symptom != SYMPTOM_FETCH_OK;
}

static bool stations_already_fail(const struct book_context *with, const struct verdict *verdict)
{
    struct tally tally;
    diagnosis_tally(with->diagnosis, with->fleet, verdict->hypothesis.component, verdict->onset,
                    &tally);
    for (int s = SYMPTOM_FETCH_OK; s <= SYMPTOM_FETCH_STALE; s++)
        if (is_failing_fetch((enum symptom)s) && tally.seen[s] > 0 &&
            codebook_expects(verdict->hypothesis.cause, (enum symptom)s))
            return true;
    return false;
}

// Stations that gave evidence before the incident had a name.
static void confirm_early(struct entry *entry, const struct book_context *with)
{
    struct hypothesis named = entry_hypothesis(entry);
    diagnosis_witnesses(with->diagnosis, with->fleet, named, entry->onset, &entry->confirmed);
    for (uint32_t i = 0; i < fleet_node_count(with->fleet); i++) {
        const struct node *node = fleet_node(with->fleet, i);
        if (node->presence == PRESENCE_SILENT && node->role != ROLE_SERVER &&
            named.cause->predicts[SYMPTOM_LIFE_OVERDUE] > 0.5 &&
            fleet_covers(with->fleet, i, named.component))
            node_set_add(&entry->confirmed, i);
    }
    entry->record.scope.confirmed = entry->confirmed.count;
}

static const char *direct_event(const struct book_context *with, const struct verdict *verdict)
{
    uint32_t number = fleet_service_of(with->fleet, verdict->hypothesis.component);
    if (number == NAME_NONE || fleet_service(with->fleet, number)->state != SYMPTOM_STATE_DOWN ||
        verdict->hypothesis.cause->predicts[SYMPTOM_STATE_DOWN] < 0.5)
        return "";
    return fleet_service(with->fleet, number)->report_event;
}

static void describe(struct entry *entry, const struct book_context *with,
                     const struct verdict *verdict)
{
    ledger_name(&entry->record, with->config, with->fleet, verdict);
    entry_weigh(entry, with);
    entry->saw_down = direct_event(with, verdict)[0] != '\0';
}

// Beside what fails now and then anyway, another station's latest fetch failed in the same way.
static bool others_fail(const struct fleet *fleet, uint32_t station)
{
    uint32_t index = components_get(fleet_components(fleet), station)->owner;
    uint32_t same = 0;
    for (uint32_t i = 0; i < fleet_node_count(fleet); i++) {
        const struct node *node = fleet_node(fleet, i);
        same += i != index && node->failing && node->presence == PRESENCE_ON &&
                        node->last_fetch == fleet_node(fleet, index)->last_fetch
                    ? 1
                    : 0;
    }
    return same > fleet_station_count(fleet) / USUALLY_FAILING;
}

// Others in a wider scope begin to fail as well: a moment shows whether this station is the first
// of many, and people hear of one thing, not of two.
static bool may_be_first_sign(const struct book_context *with, const struct verdict *verdict)
{
    if (!is_narrow(with->fleet, verdict->hypothesis.component) ||
        verdict->hypothesis.cause->recovery != RECOVERY_FETCHES)
        return false;
    return verdict->alternative_count > 0 ||
           others_fail(with->fleet, verdict->hypothesis.component) ||
           diagnosis_wider_stirs(with->diagnosis, with->fleet, verdict->hypothesis.component);
}

// Incidents of single nodes leave room for those of the plant.
static bool room_for(struct incident_book *book, const struct book_context *with,
                     const struct verdict *verdict)
{
    uint32_t open = incident_book_count(book);
    book->overflowed = book->overflowed && open >= INCIDENTS_MAX - RESERVED_FOR_WIDE;
    return open < INCIDENTS_MAX - RESERVED_FOR_WIDE ||
           !is_narrow(with->fleet, verdict->hypothesis.component);
}

static struct entry *open_incident(struct incident_book *book, const struct book_context *with,
                                   struct instant now, const struct verdict *verdict)
{
    struct entry *entry = room_for(book, with, verdict) ? entry_new(book, verdict, now) : NULL;
    if (entry == NULL) {
        struct effect note = {.kind = EFFECT_NOTE, .node = ""};
        text_set(note.text, "too many incidents are open: further small ones are not opened");
        if (!book->overflowed)
            effect_list_add(with->effects, &note);
        book->overflowed = true;
        diagnosis_forget(with->diagnosis, with->fleet, verdict->hypothesis);
        return NULL;
    }
    struct incident *record = &entry->record;
    struct text id;
    text_init(&id, record->id, sizeof record->id);
    text_printf(&id, "%s-%" PRId64 "-%" PRIu64, book->config->site, now.wall.ms / 1000,
                ++book->opened);
    record->detected_at = now.wall;
    record->since = wall_add(now.wall, mono_sub(verdict->onset, now.mono));
    confirm_early(entry, with);
    describe(entry, with, verdict);
    timeline_add(record, record->since, direct_event(with, verdict), "It began: %s",
                 record->why_text[0] != '\0' ? record->why_text : verdict->hypothesis.cause->title);
    timeline_add(record, now.wall, "", "Detected: %s", record->headline);
    diagnosis_explain(with->diagnosis, with->fleet, verdict->hypothesis, entry->onset, now.mono);
    entry->look_at = recovery_next_look(&entry->recovery, with->fleet, now.mono);
    supersede_foretold(book, with, now, entry);
    entry_follow_plan(entry, with, now);
    if (entry->planned) {
        entry_emit(entry, with, TRANSITION_OPENED, false);
    } else if (may_be_first_sign(with, verdict)) {
        entry->patience = entry->tell_at = mono_add(now.mono, duration_s(PATIENCE_S));
        entry_emit(entry, with, TRANSITION_OPENED, false);
    } else if (stations_already_fail(with, verdict)) {
        entry_tell(entry, with, now, TRANSITION_OPENED);
    } else {
        entry->tell_at = mono_add(now.mono, with->config->annunciate_after);
        entry_emit(entry, with, TRANSITION_OPENED, false);
    }
    return entry;
}

static void reopen(struct entry *entry, const struct book_context *with, struct instant now,
                   const struct verdict *verdict)
{
    entry->resolved = false;
    entry->record.acknowledged_by[0] = entry->record.acknowledged_comment[0] = '\0';
    entry->record.acknowledged_at = WALL_UNKNOWN;
    entry->verdict = *verdict;
    entry->onset = verdict->onset; // what was fetched well in between says nothing of it
    entry->record.resolved_at = entry->record.closed_at = WALL_UNKNOWN;
    entry_move(entry, LIFECYCLE_RECUR);
    describe(entry, with, verdict);
    timeline_add(&entry->record, now.wall, direct_event(with, verdict), "It is back: %s",
                 entry->record.headline);
    recovery_undone(&entry->recovery, now.mono);
    entry->recovery.bad_at = now.mono;
    entry->recovery.steady_at = entry->close_at = entry->forget_at = MONO_NEVER;
    diagnosis_explain(with->diagnosis, with->fleet, verdict->hypothesis, verdict->onset, now.mono);
    entry->look_at = recovery_next_look(&entry->recovery, with->fleet, now.mono);
    // Told once more only if it stays.
    entry->tell_at = mono_add(now.mono, with->config->annunciate_after);
    entry_emit(entry, with, TRANSITION_UPDATED, false);
}

// ---- sharpening ------------------------------------------------------------------------------

void entry_sharpen(struct entry *entry, const struct book_context *with, struct instant now,
                   const struct verdict *verdict)
{
    char owner[NAME_SIZE];
    text_set(owner, entry->record.owner);
    struct hypothesis before = entry_hypothesis(entry);
    bool renamed = before.cause != verdict->hypothesis.cause ||
                   before.component != verdict->hypothesis.component;
    diagnosis_unexplain(with->diagnosis, with->fleet, before, now.mono);
    entry->verdict = *verdict;
    entry->onset = mono_min(entry->onset, verdict->onset);
    struct wall_time since = wall_add(now.wall, mono_sub(entry->onset, now.mono));
    if (since.ms < entry->record.since.ms)
        entry->record.since = since;
    entry->recovery.cause = verdict->hypothesis.cause;
    entry->recovery.component = verdict->hypothesis.component;
    confirm_early(entry, with);
    describe(entry, with, verdict);
    diagnosis_explain(with->diagnosis, with->fleet, verdict->hypothesis, entry->onset, now.mono);
    entry->look_at = recovery_next_look(&entry->recovery, with->fleet, now.mono);
    timeline_add(&entry->record, now.wall, direct_event(with, verdict), "Cause %s: %s",
                 renamed ? "changed" : "confirmed", entry->record.headline);
    entry_follow_plan(entry, with, now);
    if (!is_narrow(with->fleet, verdict->hypothesis.component))
        entry->patience = MONO_NEVER;
    if (!entry->planned && !entry->people_know && stations_already_fail(with, verdict)) {
        entry_tell(entry, with, now, TRANSITION_UPDATED);
        return;
    }
    bool news = renamed || !text_equal(owner, entry->record.owner);
    entry_emit(entry, with, TRANSITION_UPDATED,
               news && entry->people_know && entry_may_be_told(entry));
}

void entry_supersede(struct entry *entry, const struct entry *by, const struct book_context *with,
                     struct instant now)
{
    entry->resolved = true;
    entry->record.resolved_at = now.wall;
    timeline_add(&entry->record, now.wall, "", "Superseded by %s: %s", by->record.id,
                 by->record.headline);
    diagnosis_unexplain(with->diagnosis, with->fleet, entry_hypothesis(entry), now.mono);
    entry_emit(entry, with, TRANSITION_RESOLVED, false);
    entry_close(entry, with, now);
}

// Open incidents that were signs of the verdict: the oldest takes its name, the others give way.
static bool sharpen_signs(struct incident_book *book, const struct book_context *with,
                          struct instant now, const struct verdict *verdict)
{
    struct entry *signs[INCIDENTS_MAX];
    uint32_t count = 0;
    for (uint32_t i = 0; i < book->count; i++)
        if (is_sign_of(book->entries[i], with, now, verdict))
            signs[count++] = book->entries[i];
    struct entry *named = NULL;
    for (uint32_t i = 0; named == NULL && i < count; i++)
        if (!is_narrow(with->fleet, entry_hypothesis(signs[i]).component) ||
            is_narrow(with->fleet, verdict->hypothesis.component))
            named = signs[i];
    if (named == NULL) { // only stations' own: the wide one is an incident of its own
        named = open_incident(book, with, now, verdict);
    } else {
        entry_sharpen(named, with, now, verdict);
        supersede_foretold(book, with, now, named);
    }
    for (uint32_t i = 0; named != NULL && i < count; i++)
        if (signs[i] != named)
            entry_supersede(signs[i], named, with, now);
    return true;
}

// ---- the door --------------------------------------------------------------------------------

void place_verdict(struct incident_book *book, const struct book_context *with, struct instant now,
                   const struct verdict *verdict)
{
    struct entry *back = returned(book, with, now, verdict);
    if (is_foretold_already(book, with->fleet, verdict->hypothesis))
        diagnosis_forget(with->diagnosis, with->fleet, verdict->hypothesis);
    else if (back != NULL)
        reopen(back, with, now, verdict);
    else if (explained_by(book, with, now, verdict) != NULL)
        diagnosis_forget(with->diagnosis, with->fleet, verdict->hypothesis);
    else if (!sharpen_signs(book, with, now, verdict))
        open_incident(book, with, now, verdict);
}

void incident_book_consider(struct incident_book *book, const struct book_context *with,
                            struct instant now)
{
    struct verdict verdict;
    for (int i = 0; i < PLACINGS_MAX; i++) {
        if (!diagnosis_decide(with->diagnosis, with->fleet, now.mono, &verdict))
            break;
        if (worth_waiting(book, with, now, &verdict))
            return;
        place_verdict(book, with, now, &verdict);
    }
    book->waiting = false;
}
