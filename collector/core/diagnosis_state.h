// SPDX-License-Identifier: Apache-2.0
// The diagnosis' own state, shared by its files: diagnosis.c (running scores), window.c (rescoring
// over a window) and choice.c (the verdict). Nobody else includes this.
#ifndef COLLECTOR_CORE_DIAGNOSIS_STATE_H
#define COLLECTOR_CORE_DIAGNOSIS_STATE_H

#include "collector/core/diagnosis.h"
#include "collector/core/suspects.h"

#define NOT_ACTIVE UINT32_MAX

struct candidate {
    uint32_t component;
    uint16_t row;
    uint32_t epoch;  // rises when the score falls to 0, so that old credit is void
    uint32_t active; // place among the active ones, NOT_ACTIVE at score 0
    double score;
    struct mono_time onset; // when the score last left 0
};

struct credit { // of one station to one candidate since its score last was 0
    uint32_t epoch;
    float given;
};

struct node_credits {
    struct credit *slots; // in the order of the node's components and their candidates
    uint32_t count;
    uint64_t attached; // the node's topology version they were made for
};

struct seen { // one sighting of a station, kept for rescoring
    struct mono_time at;
    uint64_t order, product;
    uint32_t node;
    uint8_t symptom;
    bool booting;    // as in the sighting
    uint8_t follows; // enum follows
};

struct component_candidates {
    uint32_t first, count;
    uint32_t active; // of them with a score above 0
};

enum { PAST_MAX = 64 };

// An explanation that ended: what happened before its end belongs to it, however late it is told.
struct past {
    struct hypothesis hypothesis;
    struct mono_time ended_at;
};

// An open incident: what it predicts is the reference for its scope.
struct explanation {
    struct hypothesis hypothesis;
    struct mono_time since;
};

struct diagnosis {
    const struct engine_config *config;
    // ln P(symptom | row); row 0 is health, row r + 1 the codebook's r
    double ln[64][SYMPTOM_COUNT];
    double ln_good[FOLLOWS_COUNT][64]; // of FETCH_OK, by what it came after
    bool speaks[63][SYMPTOM_COUNT];    // the row has an opinion on the symptom's channel
    struct candidate *candidates;
    uint32_t candidate_count, candidate_capacity;
    uint32_t *active;
    uint32_t active_count, active_capacity;
    struct component_candidates *by_component;
    uint32_t component_count, component_capacity;
    struct node_credits *credits; // nodes_max
    uint32_t *mark;               // nodes_max: scratch of a pass over the window
    float *given;                 // nodes_max: the same
    uint32_t pass;
    struct suspects suspects;
    struct seen *ring;
    uint32_t ring_capacity, ring_count, ring_next;
    struct explanation explanations[EXPLANATIONS_MAX];
    uint32_t explanation_count;
    struct past past[PAST_MAX]; // a ring of explanations that ended not long ago
    uint32_t past_next;
    double threshold;
    struct mono_time settle_at; // not before
    uint64_t threshold_version; // of the topology it was made for
};

static inline uint32_t row_of(const struct cause *cause)
{
    return (uint32_t)(cause - codebook);
}

static inline struct hypothesis hypothesis_of(const struct candidate *candidate)
{
    return (struct hypothesis){&codebook[candidate->row], candidate->component};
}

static inline bool hypothesis_equal(struct hypothesis a, struct hypothesis b)
{
    return a.cause == b.cause && a.component == b.component;
}

// scores.c
// At least so many stations share what it takes to reach a threshold.
double sharers_of(const struct component *component);
// `known`: ln P(sighting | what is believed already).
bool score_component(struct diagnosis *diagnosis, const struct fleet *fleet, uint32_t component,
                     const struct sighting *sighting, double known, struct credit *credits);
bool score_subjects(struct diagnosis *diagnosis, const struct fleet *fleet, struct mono_time now,
                    const struct sighting *sighting, double known);

// diagnosis.c
// ln P(symptom | row) of ln[]; for a good fetch by what it came after.
static inline double ln_of(const struct diagnosis *diagnosis, uint32_t row, enum symptom symptom,
                           enum follows follows)
{
    return symptom == SYMPTOM_FETCH_OK ? diagnosis->ln_good[follows][row]
                                       : diagnosis->ln[row][symptom];
}
// Candidates for components that appeared since the last look.
void follow_components(struct diagnosis *diagnosis, const struct fleet *fleet);
void set_active(struct diagnosis *diagnosis, uint32_t candidate, bool active);
double candidate_threshold(const struct diagnosis *diagnosis, uint32_t row);
// ln P(seen | the incidents that are open, else health), `except` left out.
// For a wider cause (`own` false) a station's own incident of late is no explanation yet: it may be
// one of its first signs.
double reference(const struct diagnosis *diagnosis, const struct fleet *fleet,
                 const struct seen *seen, struct hypothesis except, struct mono_time now, bool own);
void candidate_reset(struct diagnosis *diagnosis, struct candidate *candidate);

// window.c: ln of the likelihood of everything seen since `from` in the scope of `of`, relative to
// `given` where that covers the node (`given.cause` NULL: the open incidents but `except`, else
// health).
struct window {
    struct mono_time from, now;
    struct hypothesis given, except;
    bool against_health; // compared with health alone
};
// What a station sees in its first two minutes after a boot counts for this part.
#define BOOTING_WEIGHT 0.25

// False: nothing shows yet that other orders can be had. Stations that failed to get it since
// `from` have to get something else; failing that, many others do, for longer than a stock lasts.
bool window_has_contrast(struct diagnosis *diagnosis, const struct component *subject,
                         struct mono_time from);

double window_score(struct diagnosis *diagnosis, const struct fleet *fleet, struct hypothesis of,
                    const struct window *window);

#endif
