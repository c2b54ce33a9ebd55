// SPDX-License-Identifier: Apache-2.0
// The restart policy of one watched service: watch only (default), or ensure that it runs.
//
// With GUARDIAN_ENSURE_RUNNING a service that is stopped or failed is started after `delay`, at
// most `attempts` times with exponential back-off in between; it counts as repaired once it has
// been running for `stable_after`, and only then is the count forgotten. After a boot a service
// that the system starts by itself is given time to do so (120 s, delayed start 300 s). A disabled
// or missing service is never started: that is told, not fought. Whether a plain process was
// stopped by hand can't be told; who stops one on purpose sets its policy to watch.
// Ownership: plain value. Thread: one at a time. Failure: none; what it wants done comes back as
// one effect per call, and the shell reports each as a service event.
#ifndef AGENT_CORE_GUARDIAN_H
#define AGENT_CORE_GUARDIAN_H

#include "base/time.h"
#include "domain/observation.h"

enum guardian_policy { GUARDIAN_WATCH, GUARDIAN_ENSURE_RUNNING };

struct guardian_settings {
    enum guardian_policy policy;
    struct duration delay; // before the first attempt, so that the alert can be told first
    uint32_t attempts;     // at least 1
    struct duration backoff, backoff_max;
    struct duration start_timeout; // an accepted start that has not become RUNNING has failed
    struct duration stable_after;
};

enum guardian_phase {
    GUARDIAN_RESTING,  // running, or not known to be stopped
    GUARDIAN_WAITING,  // stopped; the next attempt is at `deadline`
    GUARDIAN_STARTING, // start asked for; it has to run before `deadline`
    GUARDIAN_PROVING,  // running after an attempt; repaired at `deadline`
    GUARDIAN_SPENT     // gave up
};

struct guardian {
    struct guardian_settings settings;
    enum guardian_phase phase;
    enum service_state state;
    enum start_mode start_mode;
    struct mono_time booted_at;
    bool seen_running; // since the agent's start
    bool stirred;      // the state has changed since the start was asked for
    uint32_t attempt;  // number of the latest attempt, 0 = none
    struct mono_time deadline;
};

enum guardian_effect_kind {
    GUARDIAN_NOTHING,
    GUARDIAN_START,   // start the service now
    GUARDIAN_FAILED,  // the attempt did; the next one comes after the back-off
    GUARDIAN_GAVE_UP, // no further attempt until it ran stably or a person asks
    GUARDIAN_VERIFIED // it has been running long enough after an attempt
};

struct guardian_effect {
    enum guardian_effect_kind kind;
    char
        reason[TEXT_SIZE]; // for the service event: "started by stationwatch-agent, attempt 1 of 5"
};

void guardian_init(struct guardian *guardian, const struct guardian_settings *settings,
                   struct mono_time booted_at);

// The service is in this state (again).
struct guardian_effect guardian_observe(struct guardian *guardian, enum service_state state,
                                        enum start_mode start_mode, struct instant now);
// What became of asking the system for the start: false is a failed attempt.
struct guardian_effect guardian_start_result(struct guardian *guardian, bool accepted,
                                             struct instant now);
// A person asks for a start (command start_service): the count begins anew. False: the policy does
// not allow it, or there is nothing to start; `*ret_refusal` then says why.
bool guardian_request(struct guardian *guardian, struct instant now,
                      struct guardian_effect *ret_effect, const char **ret_refusal);

struct mono_time guardian_deadline(const struct guardian *guardian);
struct guardian_effect guardian_expire(struct guardian *guardian, struct instant now);

#endif
