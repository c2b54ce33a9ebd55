// SPDX-License-Identifier: Apache-2.0
// Incidents to faults.
#include "bench/judge.h"

#include <string.h>

enum {
    BEFORE_MS = 1000,  // rounding
    AFTER_MS = 240000, // an incident may stay open until the proof, and its echo counts as its own
    LEAST_TIME_MS = 30000 // a symptom just before the end is none
};

static bool is_component(const char *true_one, const char *said)
{
    return true_one[0] == '\0' || strcmp(true_one, said) == 0;
}

static bool is_it(const struct truth_fault *fault, const char *code, const char *component)
{
    if (strcmp(fault->code, code) != 0)
        return false;
    bool same = is_component(fault->component, component);
    for (uint32_t i = 0; !same && i < fault->rival_count; i++) // the same by another name
        same = strcmp(fault->rivals[i].code, code) == 0 &&
               strcmp(fault->rivals[i].component, component) == 0;
    return same;
}

static bool is_unsplit_rival(const struct truth_fault *fault, const char *code,
                             const char *component, int64_t t_ms)
{
    for (uint32_t i = 0; i < fault->rival_count; i++)
        if (fault->rivals[i].splits_at_ms >= t_ms && strcmp(fault->rivals[i].code, code) == 0 &&
            is_component(fault->rivals[i].component, component))
            return true;
    return false;
}

bool judge_leads(const struct truth_fault *fault, const struct named *named, int64_t t_ms)
{
    const char *code = named->items[0].code, *component = named->items[0].component;
    return named->count > 0 &&
           (is_it(fault, code, component) || is_unsplit_rival(fault, code, component, t_ms));
}

double judge_named(const struct truth_fault *fault, const struct named *named, int64_t t_ms)
{
    uint32_t size = 0, excused = 0;
    bool holds = false;
    for (uint32_t i = 0; i < named->count; i++) {
        const char *code = named->items[i].code, *component = named->items[i].component;
        if (i > 0 && named->items[i].probability < NAMED_FROM)
            continue;
        size++;
        if (is_it(fault, code, component)) {
            excused += holds;
            holds = true;
        } else {
            excused += is_unsplit_rival(fault, code, component, t_ms);
        }
    }
    return holds ? 1.0 / (size - excused) : 0;
}

static bool overlaps(const struct truth_fault *fault, const struct incident_record *record)
{
    int64_t end = fault->end_ms == TRUTH_NEVER ? TRUTH_NEVER : fault->end_ms + AFTER_MS;
    int64_t from = record->told_ms >= 0 ? record->told_ms : record->opened_ms;
    return from >= fault->onset_ms - BEFORE_MS && from <= end;
}

// The station's own name in a component that is a station, else NULL.
static const char *station_of(const char *component)
{
    return strncmp(component, "station:", 8) == 0 ? component + 8 : NULL;
}

// How well a record fits a fault; 0 = not at all, as an echo of something wider 1.
static double fit(const struct truth *truth, const struct truth_fault *fault,
                  const struct incident_record *record)
{
    (void)truth;
    if (!overlaps(fault, record))
        return 0;
    double score = judge_named(fault, &record->at_last, record->opened_ms) * 4 +
                   judge_named(fault, &record->when_opened, record->opened_ms) * 4;
    if (score > 0)
        return 2 + score;
    const char *struck = station_of(fault->component);
    const char *said = station_of(record->at_last.items[0].component);
    if (struck != NULL) // a station's fault is not what others are said to have
        return said != NULL && strcmp(struck, said) == 0 ? 2 : 0;
    return fault->beside ? 0 : 1;
}

static const struct truth_fault *best_fault(const struct truth *truth,
                                            const struct incident_record *record,
                                            uint32_t *ret_index)
{
    const struct truth_fault *best = NULL;
    double best_fit = 0;
    for (uint32_t i = 0; i < truth->fault_count; i++) {
        double fits = fit(truth, &truth->faults[i], record);
        if (fits > best_fit) {
            best = &truth->faults[i];
            best_fit = fits;
            *ret_index = i;
        }
    }
    return best;
}

static void take_told(const struct truth_fault *fault, const struct incident_record *record,
                      struct fault_judgement *judged)
{
    double first = judge_named(fault, &record->when_told, record->told_ms);
    int64_t last_ms = record->resolved_ms >= 0 ? record->resolved_ms : TRUTH_NEVER - 1;
    double last = judge_named(fault, &record->at_last, last_ms);
    judged->alerts++;
    if (!judged->told || record->told_ms - fault->symptom_ms < judged->delay_ms)
        judged->delay_ms = record->told_ms - fault->symptom_ms;
    judged->told = true;
    if (first > judged->named_first)
        judged->named_first = first;
    if (last > judged->named_last)
        judged->named_last = last;
}

static void take(const struct truth *truth, const struct incident_record *record,
                 struct judgement *judgement)
{
    uint32_t index = 0;
    const struct truth_fault *fault = best_fault(truth, record, &index);
    if (fault == NULL) {
        judgement->spurious += record->told > 0;
        return;
    }
    struct fault_judgement *judged = &judgement->faults[index];
    int64_t opened = record->opened_ms - fault->symptom_ms;
    if (judge_named(fault, &record->when_opened, record->opened_ms) > 0 ||
        judge_named(fault, &record->at_last, record->opened_ms) > 0) {
        judged->quiet_seen = true;
        if (judged->opened_delay_ms < 0 || opened < judged->opened_delay_ms)
            judged->opened_delay_ms = opened > 0 ? opened : 0;
    }
    if (record->told > 0)
        take_told(fault, record, judged);
}

void judge_run(const struct truth *truth, const struct engine_run *run, struct judgement *ret)
{
    *ret = (struct judgement){0};
    for (uint32_t i = 0; i < truth->fault_count; i++) {
        const struct truth_fault *fault = &truth->faults[i];
        int64_t end = fault->end_ms < truth->length_ms ? fault->end_ms : truth->length_ms;
        ret->faults[i].visible =
            fault->symptom_ms != TRUTH_NEVER && fault->symptom_ms + LEAST_TIME_MS <= end;
        ret->faults[i].delay_ms = ret->faults[i].opened_delay_ms = -1;
    }
    for (uint32_t i = 0; i < run->count; i++)
        take(truth, &run->records[i], ret);
}
