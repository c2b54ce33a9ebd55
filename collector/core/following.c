// SPDX-License-Identifier: Apache-2.0
// Following an open incident: what is seen of it confirms it, sharpens it, repairs it or proves
// that it is over.
#include "collector/core/incident_state.h"

#include "base/text.h"

#include <inttypes.h>

// After a repair that does not help for this long, at this many stations, the cause was another.
enum { REPAIR_PATIENCE_S = 60, REPAIR_DOUBTERS = 5 };
// A new order younger than this shows that orders are being made.
enum { FRESH_ORDER_S = 15 };

static bool is_whole(const struct fleet *fleet, uint32_t component)
{
    enum component_kind kind = components_get(fleet_components(fleet), component)->kind;
    return kind == COMPONENT_BROKER || kind == COMPONENT_COLLECTOR || kind == COMPONENT_SITE;
}

static bool concerns(const struct entry *entry, const struct fleet *fleet,
                     const struct sighting *sighting)
{
    uint32_t component = entry_hypothesis(entry).component;
    if (symptom_channel(sighting->symptom) == CHANNEL_LINK)
        return is_whole(fleet, component);
    if (sighting->component != NAME_NONE)
        return fleet_related(fleet, component, sighting->component);
    return fleet_concerns(fleet, component, sighting->node, sighting->order, sighting->product) ||
           (fleet_node(fleet, sighting->node)->role == ROLE_SERVER &&
            fleet_node(fleet, sighting->node)->component_count > 0 &&
            fleet_related(fleet, component, fleet_node(fleet, sighting->node)->components[0]));
}

// ---- confirmation ----------------------------------------------------------------------------

static void confirm(struct entry *entry, const struct book_context *with, struct instant now,
                    const struct sighting *sighting, const char *event)
{
    if (!symptom_is_failure(sighting->symptom) ||
        !codebook_expects(entry_hypothesis(entry).cause, sighting->symptom))
        return;
    bool fetch = symptom_channel(sighting->symptom) == CHANNEL_FETCH;
    if (fetch && entry->confirmed.count == 0)
        timeline_add(&entry->record, now.wall, event, "First failing fetch: one at %s %s",
                     fleet_node_name(with->fleet, sighting->node), symptom_text(sighting->symptom));
    bool added = node_set_add(&entry->confirmed, sighting->node);
    bool patient = !mono_is_never(entry->patience) && mono_before(now.mono, entry->patience);
    if (fetch && !mono_is_never(entry->tell_at) && !entry->people_know && !patient) {
        entry_tell(entry, with, now, TRANSITION_UPDATED); // an operator stands before it now
    } else if (added && entry->confirmed.count >= entry->next_mark) {
        // The record grows with the evidence, in doubling steps, without telling anybody again.
        while (entry->next_mark <= entry->confirmed.count)
            entry->next_mark *= 2;
        entry_weigh(entry, with);
        entry_emit(entry, with, TRANSITION_UPDATED, false);
    }
}

// ---- direct evidence -------------------------------------------------------------------------

static const struct watched_service *service_of(const struct entry *entry,
                                                const struct book_context *with)
{
    uint32_t number = fleet_service_of(with->fleet, entry_hypothesis(entry).component);
    return number == NAME_NONE ? NULL : fleet_service(with->fleet, number);
}

void entry_reconsider(struct entry *entry, const struct book_context *with, struct instant now,
                      struct mono_time from)
{
    struct verdict verdict;
    struct hypothesis before = entry_hypothesis(entry);
    const struct watched_service *service = service_of(entry, with);
    if (entry->saw_down && service != NULL && service->state == SYMPTOM_COUNT)
        return; // after a restart: what was known is not doubted before it is told again
    if (!diagnosis_reconsider(with->diagnosis, with->fleet, before, from, now.mono, &verdict))
        return;
    bool renamed = before.cause != verdict.hypothesis.cause ||
                   before.component != verdict.hypothesis.component;
    bool settled = verdict.alternative_count != entry->verdict.alternative_count;
    if ((renamed && verdict.probability > 0.5) || (!renamed && settled))
        entry_sharpen(entry, with, now, &verdict);
}

// Running for less long than the incident lasts, by the reporter's own clock: it was started since.
static bool started_since(const struct entry *entry, const struct service_report *report,
                          struct instant now)
{
    int64_t running_ms;
    return report->since_ms > 0 &&
           !__builtin_sub_overflow(report->key.at_ms, report->since_ms, &running_ms) &&
           running_ms >= 0 && running_ms < duration_to_ms(mono_sub(now.mono, entry->onset));
}

static void service_runs(struct entry *entry, const struct book_context *with, struct instant now)
{
    const struct watched_service *service = service_of(entry, with);
    if (!mono_is_never(entry->recovery.repaired_at))
        return;
    if (!entry->saw_down && !started_since(entry, &service->report, now)) {
        entry_reconsider(entry, with, now, entry->onset);
        return;
    }
    recovery_repaired(&entry->recovery, now.mono);
    timeline_add(&entry->record, now.wall, service->report_event,
                 "%s runs again on %s; proof of recovery pending", service->name, service->server);
    entry_emit(entry, with, TRANSITION_UPDATED, false);
}

static void service_is_down(struct entry *entry, const struct book_context *with,
                            struct instant now)
{
    const struct watched_service *service = service_of(entry, with);
    if (!mono_is_never(entry->recovery.repaired_at)) {
        recovery_undone(&entry->recovery, now.mono);
        timeline_add(&entry->record, now.wall, service->report_event, "%s stopped again",
                     service->name);
        entry_emit(entry, with, TRANSITION_UPDATED, false);
    }
    if (!entry->saw_down || entry->verdict.alternative_count > 0)
        entry_reconsider(entry, with, now, entry->onset);
    entry->saw_down = true;
}

// Orders are made again although the service was never reported down: that is the repair.
static bool orders_flow(const struct entry *entry, const struct book_context *with,
                        struct instant now)
{
    const struct watched_service *service = service_of(entry, with);
    struct mono_time fresh = mono_add(now.mono, duration_s(-FRESH_ORDER_S));
    return service->state == SYMPTOM_STATE_UP &&
           mono_before(mono_max(fresh, entry->onset), service->newest_order_at);
}

static void output_is_told(struct entry *entry, const struct book_context *with, struct instant now,
                           const struct sighting *sighting)
{
    if (!mono_is_never(entry->recovery.repaired_at))
        return;
    enum symptom symptom = sighting->symptom;
    bool good = symptom == SYMPTOM_OUTPUT_FLOWING || symptom == SYMPTOM_OUTPUT_IDLE;
    if (!good || !orders_flow(entry, with, now)) {
        if (!sighting->repeated || entry->verdict.alternative_count > 0)
            entry_reconsider(entry, with, now, entry->onset);
        return;
    }
    recovery_repaired(&entry->recovery, now.mono);
    timeline_add(&entry->record, now.wall, "", "Orders are made again; proof of recovery pending");
    entry_emit(entry, with, TRANSITION_UPDATED, false);
}

static void service_is_tried(struct entry *entry, const struct book_context *with,
                             struct instant now)
{
    const struct watched_service *service = service_of(entry, with);
    timeline_add(&entry->record, now.wall, service->report_event, "%s is %s%s%s", service->name,
                 service_state_text(service->report.state),
                 service->report.reason[0] != '\0' ? ": " : "", service->report.reason);
    entry_emit(entry, with, TRANSITION_UPDATED, false);
}

static void follow_direct(struct entry *entry, const struct book_context *with, struct instant now,
                          const struct sighting *sighting)
{
    if (entry_hypothesis(entry).cause->recovery != RECOVERY_FETCHES ||
        service_of(entry, with) == NULL)
        return;
    bool repaired = !mono_is_never(entry->recovery.repaired_at);
    switch (sighting->symptom) {
    case SYMPTOM_STATE_UP:
        service_runs(entry, with, now);
        break;
    case SYMPTOM_STATE_DOWN:
        service_is_down(entry, with, now);
        break;
    case SYMPTOM_STATE_PENDING:
        service_is_tried(entry, with, now);
        break;
    case SYMPTOM_SERVER_RETURNED:
        if (entry_hypothesis(entry).cause->predicts[SYMPTOM_SERVER_OVERDUE] > 0.5 && !repaired)
            recovery_repaired(&entry->recovery, now.mono);
        break;
    case SYMPTOM_OUTPUT_FLOWING:
    case SYMPTOM_OUTPUT_IDLE:
    case SYMPTOM_OUTPUT_LATE:
    case SYMPTOM_OUTPUT_STALE:
        output_is_told(entry, with, now, sighting);
        break;
    case SYMPTOM_SERVER_OVERDUE:
    case SYMPTOM_SERVER_LOST:
        if (!repaired)
            entry_reconsider(entry, with, now, entry->onset);
        break;
    default:
        break;
    }
}

// ---- the door --------------------------------------------------------------------------------

static void doubt_repair(struct entry *entry, const struct book_context *with, struct instant now)
{
    struct mono_time repaired_at = entry->recovery.repaired_at;
    if (mono_is_never(repaired_at) || entry->recovery.bad.count < REPAIR_DOUBTERS ||
        entry->recovery.bad.count < entry->recovery.good.count ||
        mono_before(now.mono, mono_add(repaired_at, duration_s(REPAIR_PATIENCE_S))))
        return;
    timeline_add(&entry->record, now.wall, "",
                 "The repair did not help: fetches still fail at %u "
                 "stations",
                 entry->recovery.bad.count);
    recovery_undone(&entry->recovery, now.mono);
    entry->saw_down = false;
    entry_reconsider(entry, with, now, repaired_at);
}

static void follow(struct entry *entry, const struct book_context *with, struct instant now,
                   const struct sighting *sighting, const char *event)
{
    char why[TEXT_SIZE];
    confirm(entry, with, now, sighting, event);
    if (entry->planned)
        plan_sight(entry, with, now, sighting->symptom);
    else if (sighting->symptom == SYMPTOM_WILL_HEARD && entry->verdict.alternative_count > 0)
        entry_reconsider(entry, with, now, entry->onset);
    else
        follow_direct(entry, with, now, sighting);
    recovery_sight(&entry->recovery, now.mono, sighting);
    doubt_repair(entry, with, now);
    // Silence is looked at once a second, not at every word that comes through.
    enum recovery kind = entry_hypothesis(entry).cause->recovery;
    bool proven = kind == RECOVERY_FETCHES
                      ? recovery_is_proven_by_fetches(&entry->recovery, with->fleet, now.mono, why)
                      : (kind == RECOVERY_SIGN || kind == RECOVERY_RETURN) &&
                            recovery_is_proven(&entry->recovery, with->fleet, now.mono, why);
    if (proven)
        entry_resolve(entry, with, now, why);
    else
        entry->look_at = mono_min(mono_is_never(entry->look_at) ? MONO_NEVER : entry->look_at,
                                  recovery_next_look(&entry->recovery, with->fleet, now.mono));
}

void incident_book_sight(struct incident_book *book, const struct book_context *with,
                         struct instant now, const struct sighting *sighting, const char *event)
{
    for (uint32_t i = 0; i < book->count; i++)
        if (entry_is_open(book->entries[i]) && concerns(book->entries[i], with->fleet, sighting))
            follow(book->entries[i], with, now, sighting, event);
    supersede_all_foretold(book, with, now);
}
