// SPDX-License-Identifier: Apache-2.0
// Which cause explains what is seen: a score for each cause at each component, and a choice.
//
// Running scores only raise the alarm (Page's CUSUM: E. S. Page, "Continuous inspection schemes",
// Biometrika 41, 1954). The choice is made by rescoring every live candidate over one window with
// the priors, so that what is healthy inside a scope counts against it and the right width wins.
// While an incident is open, what it predicts is the reference for the stations it covers: that is
// how a second, independent fault shows.
// Ownership: the diagnosis owns its state; the fleet is read only. Thread: one at a time. Failure:
// STATUS_NO_MEMORY when a component's candidates cannot be kept: it is then not judged, and
// counted.
#ifndef COLLECTOR_CORE_DIAGNOSIS_H
#define COLLECTOR_CORE_DIAGNOSIS_H

#include "collector/core/fleet.h"
#include "collector/core/node_set.h"

enum { VERDICT_ALTERNATIVES_MAX = INCIDENT_ALTERNATIVES_MAX, EXPLANATIONS_MAX = 256 };

// A cause at a component.
struct hypothesis {
    const struct cause *cause;
    uint32_t component;
};

struct verdict_alternative {
    struct hypothesis hypothesis;
    double probability;
};

struct verdict {
    struct hypothesis hypothesis;
    double probability;     // among those that explain the same evidence
    struct mono_time onset; // when it began, as estimated
    uint32_t alternative_count;
    struct verdict_alternative alternatives[VERDICT_ALTERNATIVES_MAX]; // most probable first
    bool unsettled;    // a splitting observation is due within moments
    uint32_t ask_node; // … from this server's agent, if asked; NAME_NONE = nobody to ask
};

// How often each symptom was seen in a scope and window, and at how many stations.
struct tally {
    uint64_t seen[SYMPTOM_COUNT];
    uint32_t stations[SYMPTOM_COUNT];
    uint32_t heard, silent, wills; // stations of the scope
};

struct diagnosis;

MUST_CHECK enum status diagnosis_new(const struct engine_config *config, struct diagnosis **ret);
void diagnosis_free(struct diagnosis *diagnosis);

// One sighting. True: some candidate is at its threshold, so that diagnosis_decide is due.
bool diagnosis_sight(struct diagnosis *diagnosis, const struct fleet *fleet, struct mono_time now,
                     const struct sighting *sighting);

// The best explanation of what raised the alarm. False: nothing is at its threshold (any more).
bool diagnosis_decide(struct diagnosis *diagnosis, const struct fleet *fleet, struct mono_time now,
                      struct verdict *ret);
// The best explanation for everything in `scope` since `from`, whatever the running scores; for an
// incident that is open when direct evidence comes.
bool diagnosis_reconsider(struct diagnosis *diagnosis, const struct fleet *fleet,
                          struct hypothesis open, struct mono_time from, struct mono_time now,
                          struct verdict *ret);
// True when `by` explains the evidence for `what` since `from`: nothing worth an alarm remains.
bool diagnosis_explains(struct diagnosis *diagnosis, const struct fleet *fleet,
                        struct hypothesis by, struct hypothesis what, struct mono_time from,
                        struct mono_time now);

// An incident with this cause is open: what it predicts is the reference for its scope; running
// scores that it explains restart at 0. And its end.
void diagnosis_explain(struct diagnosis *diagnosis, const struct fleet *fleet, struct hypothesis by,
                       struct mono_time from, struct mono_time now);
void diagnosis_unexplain(struct diagnosis *diagnosis, const struct fleet *fleet,
                         struct hypothesis by, struct mono_time now);

// The alarm of this hypothesis was dealt with: its score restarts at 0.
void diagnosis_forget(struct diagnosis *diagnosis, const struct fleet *fleet,
                      struct hypothesis hypothesis);

void diagnosis_tally(struct diagnosis *diagnosis, const struct fleet *fleet, uint32_t component,
                     struct mono_time from, struct tally *ret);

// True when a scope that the station is part of, wider than itself, gathers evidence that is not
// the station's alone.
bool diagnosis_wider_stirs(const struct diagnosis *diagnosis, const struct fleet *fleet,
                           uint32_t station);

// Adds the stations that saw since `from` what the cause predicts.
void diagnosis_witnesses(const struct diagnosis *diagnosis, const struct fleet *fleet,
                         struct hypothesis of, struct mono_time from, struct node_set *set);

double diagnosis_threshold(struct diagnosis *diagnosis, const struct fleet *fleet);
uint64_t diagnosis_candidate_count(const struct diagnosis *diagnosis);

#endif
