// SPDX-License-Identifier: Apache-2.0
// The restart policy as one small table of phases.
#include "agent/core/guardian.h"

#include "base/text.h"

static const struct guardian_effect nothing = {.kind = GUARDIAN_NOTHING};

static bool is_down(enum service_state state)
{
    return state == SERVICE_STOPPED || state == SERVICE_FAILED;
}

static bool is_pending(enum service_state state)
{
    return state == SERVICE_START_PENDING || state == SERVICE_STOP_PENDING;
}

// Why this service can't be started at all; NULL when it can.
static const char *obstacle(const struct guardian *guardian)
{
    if (guardian->state == SERVICE_NOT_INSTALLED)
        return "is not installed";
    if (guardian->start_mode == START_DISABLED)
        return "is disabled";
    return NULL;
}

static struct guardian_effect effect(enum guardian_effect_kind kind, const char *what,
                                     const struct guardian *guardian)
{
    struct guardian_effect result = {.kind = kind};
    struct text text;
    text_init(&text, result.reason, sizeof result.reason);
    text_append(&text, what);
    if (guardian->attempt > 0)
        text_printf(&text, ", attempt %u of %u", guardian->attempt, guardian->settings.attempts);
    return result;
}

static void enter(struct guardian *guardian, enum guardian_phase phase, struct mono_time deadline)
{
    guardian->phase = phase;
    guardian->deadline = deadline;
}

// Until when the system itself is given time to start the service after a boot.
static struct mono_time boot_grace_end(const struct guardian *guardian)
{
    if (guardian->seen_running)
        return guardian->booted_at;
    if (guardian->start_mode == START_AUTO)
        return mono_add(guardian->booted_at, duration_s(120));
    if (guardian->start_mode == START_AUTO_DELAYED)
        return mono_add(guardian->booted_at, duration_s(300));
    return guardian->booted_at;
}

static struct guardian_effect give_up(struct guardian *guardian, const char *why)
{
    enter(guardian, GUARDIAN_SPENT, MONO_NEVER);
    struct guardian_effect result = {.kind = GUARDIAN_GAVE_UP};
    struct text text;
    text_init(&text, result.reason, sizeof result.reason);
    if (why != NULL)
        text_printf(&text, "stationwatch-agent does not start it: the service %s", why);
    else
        text_printf(&text, "stationwatch-agent gave up after %u attempts", guardian->attempt);
    return result;
}

static struct duration backoff_after(const struct guardian_settings *settings, uint32_t attempt)
{
    struct duration wait = settings->backoff;
    for (uint32_t i = 1; i < attempt && wait.us < settings->backoff_max.us; i++)
        wait.us *= 2;
    return wait.us < settings->backoff_max.us ? wait : settings->backoff_max;
}

static struct guardian_effect attempt_failed(struct guardian *guardian, struct instant now)
{
    if (guardian->attempt >= guardian->settings.attempts)
        return give_up(guardian, NULL);
    struct duration wait = backoff_after(&guardian->settings, guardian->attempt);
    enter(guardian, GUARDIAN_WAITING, mono_add(now.mono, wait));
    return effect(GUARDIAN_FAILED, "not started by stationwatch-agent", guardian);
}

static struct guardian_effect start(struct guardian *guardian, struct instant now)
{
    guardian->attempt++;
    guardian->stirred = false;
    enter(guardian, GUARDIAN_STARTING, mono_add(now.mono, guardian->settings.start_timeout));
    return effect(GUARDIAN_START, "started by stationwatch-agent", guardian);
}

static struct guardian_effect observe_running(struct guardian *guardian, struct instant now)
{
    guardian->seen_running = true;
    if (guardian->phase == GUARDIAN_PROVING || guardian->phase == GUARDIAN_RESTING)
        return nothing;
    if (guardian->attempt == 0)
        enter(guardian, GUARDIAN_RESTING, MONO_NEVER);
    else
        enter(guardian, GUARDIAN_PROVING, mono_add(now.mono, guardian->settings.stable_after));
    return nothing;
}

static struct guardian_effect observe_down(struct guardian *guardian, struct instant now)
{
    switch (guardian->phase) {
    case GUARDIAN_RESTING: {
        struct mono_time after_delay = mono_add(now.mono, guardian->settings.delay);
        enter(guardian, GUARDIAN_WAITING, mono_max(after_delay, boot_grace_end(guardian)));
        return nothing;
    }
    case GUARDIAN_STARTING:
        // The state from before the start may be told once more: only a change is an answer.
        return guardian->stirred ? attempt_failed(guardian, now) : nothing;
    case GUARDIAN_PROVING:
        return attempt_failed(guardian, now);
    case GUARDIAN_WAITING:
    case GUARDIAN_SPENT:
        break;
    }
    return nothing;
}

void guardian_init(struct guardian *guardian, const struct guardian_settings *settings,
                   struct mono_time booted_at)
{
    *guardian =
        (struct guardian){.settings = *settings, .booted_at = booted_at, .deadline = MONO_NEVER};
}

struct guardian_effect guardian_observe(struct guardian *guardian, enum service_state state,
                                        enum start_mode start_mode, struct instant now)
{
    guardian->stirred |= state != guardian->state;
    guardian->state = state;
    guardian->start_mode = start_mode;
    if (guardian->settings.policy != GUARDIAN_ENSURE_RUNNING)
        return nothing;
    if (state == SERVICE_RUNNING)
        return observe_running(guardian, now);
    const char *why = obstacle(guardian);
    if (why != NULL && (is_down(state) || state == SERVICE_NOT_INSTALLED))
        return guardian->phase == GUARDIAN_SPENT ? nothing : give_up(guardian, why);
    return is_down(state) ? observe_down(guardian, now) : nothing;
}

struct guardian_effect guardian_start_result(struct guardian *guardian, bool accepted,
                                             struct instant now)
{
    if (accepted || guardian->phase != GUARDIAN_STARTING)
        return nothing;
    return attempt_failed(guardian, now);
}

bool guardian_request(struct guardian *guardian, struct instant now,
                      struct guardian_effect *ret_effect, const char **ret_refusal)
{
    const char *refusal = NULL;
    if (guardian->settings.policy != GUARDIAN_ENSURE_RUNNING)
        refusal = "is only watched: its policy does not allow a start";
    else if (guardian->phase == GUARDIAN_STARTING || is_pending(guardian->state))
        refusal = "is being started or stopped already";
    else if (guardian->state == SERVICE_RUNNING)
        refusal = "is running already";
    else
        refusal = obstacle(guardian);
    if (refusal != NULL) {
        *ret_refusal = refusal;
        return false;
    }
    guardian->attempt = 0;
    *ret_effect = start(guardian, now);
    return true;
}

struct mono_time guardian_deadline(const struct guardian *guardian)
{
    return guardian->deadline;
}

struct guardian_effect guardian_expire(struct guardian *guardian, struct instant now)
{
    if (mono_is_never(guardian->deadline) || mono_before(now.mono, guardian->deadline))
        return nothing;
    switch (guardian->phase) {
    case GUARDIAN_WAITING:
        if (is_down(guardian->state))
            return start(guardian, now);
        // Somebody else is at it: look again a little later.
        guardian->deadline = mono_add(now.mono, guardian->settings.backoff);
        return nothing;
    case GUARDIAN_STARTING:
        return attempt_failed(guardian, now);
    case GUARDIAN_PROVING: {
        struct guardian_effect done =
            effect(GUARDIAN_VERIFIED, "verified by stationwatch-agent", guardian);
        guardian->attempt = 0;
        enter(guardian, GUARDIAN_RESTING, MONO_NEVER);
        return done;
    }
    case GUARDIAN_RESTING:
    case GUARDIAN_SPENT:
        break;
    }
    guardian->deadline = MONO_NEVER;
    return nothing;
}
