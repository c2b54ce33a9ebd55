// SPDX-License-Identifier: Apache-2.0
// Providers and guardians brought together.
#include "agent/shell/service_set.h"

#include "runtime/clock.h"
#include "runtime/log.h"

#include <stdlib.h>

#define REOPEN_AFTER duration_s(60)

struct watched_service {
    struct service_set *set;
    const struct service_settings *settings;
    struct guardian guardian;
    struct service_report latest;      // as the provider told it; state 0: nothing yet
    struct service_provider *provider; // NULL: could not be opened yet
    struct mono_time reopen_at;
    bool told; // why it could not be opened
};

struct service_set {
    uv_loop_t *loop;
    struct probe_sink sink;
    size_t count, open; // open: providers not yet closed
    bool closing;
    void (*closed)(void *context);
    void *closed_context;
    struct watched_service services[];
};

static struct watched_service *find(struct service_set *set, const char *name)
{
    for (size_t i = 0; i < set->count; i++) {
        if (text_equal(set->services[i].settings->name, name))
            return &set->services[i];
    }
    return NULL;
}

// Tells what the guardian does as an event: the service's state of the moment, or the start that
// begins now, with a reason of ours.
static void tell(struct watched_service *service, const struct guardian_effect *effect,
                 const char *detail, struct instant now)
{
    struct message event = {.kind = MESSAGE_SERVICE, .service = service->latest};
    struct service_report *report = &event.service;
    struct text reason;
    if (effect->kind == GUARDIAN_START || report->state == SERVICE_UNSPECIFIED) {
        report->state = SERVICE_START_PENDING;
        report->since_ms = now.wall.ms;
        report->pid = 0;
        report->exit_code = 0;
    }
    report->key.at_ms = now.wall.ms;
    text_set(report->service, service->settings->name);
    text_init(&reason, report->reason, sizeof report->reason);
    text_append(&reason, effect->reason);
    if (detail != NULL && detail[0] != '\0')
        text_printf(&reason, ": %s", detail);
    log_info("service", "%s: %s", report->service, report->reason);
    struct probe_sink *sink = &service->set->sink;
    enum status status = sink->append(sink->context, &event, 1, now, NULL);
    if (status != STATUS_OK)
        log_warning("service", "%s: the line above is in the log alone, the outbox did not take it",
                    report->service);
}

static void on_started(void *context, enum status status, const char *text);

static void perform(struct watched_service *service, const struct guardian_effect *effect,
                    const char *detail, struct instant now)
{
    if (effect->kind == GUARDIAN_NOTHING)
        return;
    tell(service, effect, detail, now);
    if (effect->kind != GUARDIAN_START)
        return;
    if (service->provider != NULL)
        service->provider->ops->start(service->provider, on_started, service);
    else
        on_started(service, STATUS_UNAVAILABLE, "nothing watches it at the moment");
}

static void on_started(void *context, enum status status, const char *text)
{
    struct watched_service *service = context;
    if (service->set->closing)
        return;
    struct instant now = clock_now();
    struct guardian_effect effect =
        guardian_start_result(&service->guardian, status == STATUS_OK, now);
    perform(service, &effect, text, now);
}

static void open_provider(struct watched_service *service, struct instant now)
{
    char problem[TEXT_SIZE] = "";
    struct service_set *set = service->set;
    service->reopen_at = MONO_NEVER;
    enum status status = service_provider_open(set->loop, service->settings, &set->sink,
                                               &service->provider, problem);
    if (status == STATUS_OK) {
        service->told = false;
        return;
    }
    service->provider = NULL;
    service->reopen_at = mono_add(now.mono, REOPEN_AFTER);
    if (!service->told)
        log_error("service", "%s is not watched: %s; tried again every minute",
                  service->settings->name, problem[0] != '\0' ? problem : status_text(status));
    service->told = true;
}

enum status service_set_open(uv_loop_t *loop, const struct agent_config *config,
                             const struct probe_sink *sink, struct mono_time booted_at,
                             struct service_set **ret_set)
{
    struct service_set *set =
        calloc(1, sizeof *set + config->service_count * sizeof set->services[0]);
    if (set == NULL)
        return STATUS_NO_MEMORY;
    set->loop = loop;
    set->sink = *sink;
    set->count = config->service_count;
    // The caller knows the set before the first provider tells its first state.
    *ret_set = set;
    for (size_t i = 0; i < set->count; i++) {
        struct watched_service *service = &set->services[i];
        struct guardian_settings settings;
        service->set = set;
        service->settings = &config->services[i].provider;
        agent_config_guardian(&config->services[i], &settings);
        guardian_init(&service->guardian, &settings, booted_at);
    }
    struct instant now = clock_now();
    for (size_t i = 0; i < set->count; i++)
        open_provider(&set->services[i], now);
    return STATUS_OK;
}

void service_set_observe(struct service_set *set, const struct service_report *report,
                         struct instant now)
{
    struct watched_service *service = find(set, report->service);
    if (service == NULL || set->closing)
        return;
    service->latest = *report;
    struct guardian_effect effect =
        guardian_observe(&service->guardian, report->state, report->start_mode, now);
    perform(service, &effect, NULL, now);
}

enum status service_set_request(struct service_set *set, const char *name, struct instant now,
                                const char **ret_refusal)
{
    struct watched_service *service = find(set, name);
    struct guardian_effect effect;
    if (service == NULL)
        return STATUS_NOT_FOUND;
    if (!guardian_request(&service->guardian, now, &effect, ret_refusal))
        return STATUS_DENIED;
    perform(service, &effect, NULL, now);
    return STATUS_OK;
}

void service_set_resync(struct service_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        struct service_provider *provider = set->services[i].provider;
        if (provider != NULL)
            provider->ops->resync(provider);
    }
}

void service_set_resume(struct service_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        struct service_provider *provider = set->services[i].provider;
        if (provider != NULL)
            provider->ops->resume(provider);
    }
}

struct mono_time service_set_deadline(const struct service_set *set)
{
    struct mono_time deadline = MONO_NEVER;
    for (size_t i = 0; i < set->count && !set->closing; i++) {
        const struct watched_service *service = &set->services[i];
        struct mono_time own = guardian_deadline(&service->guardian);
        if (service->provider == NULL)
            own = mono_min(own, service->reopen_at);
        deadline = mono_min(deadline, own);
    }
    return deadline;
}

void service_set_expire(struct service_set *set, struct instant now)
{
    for (size_t i = 0; i < set->count && !set->closing; i++) {
        struct watched_service *service = &set->services[i];
        if (service->provider == NULL && !mono_before(now.mono, service->reopen_at))
            open_provider(service, now);
        struct guardian_effect effect = guardian_expire(&service->guardian, now);
        perform(service, &effect, NULL, now);
    }
}

static void one_closed(void *context)
{
    struct service_set *set = context;
    if (--set->open > 0)
        return;
    void (*closed)(void *) = set->closed;
    void *closed_context = set->closed_context;
    free(set);
    closed(closed_context);
}

void service_set_close(struct service_set *set, void (*closed)(void *context), void *context)
{
    set->closing = true;
    set->closed = closed;
    set->closed_context = context;
    set->open = 1; // ourselves, until all have been asked
    for (size_t i = 0; i < set->count; i++) {
        struct service_provider *provider = set->services[i].provider;
        if (provider == NULL)
            continue;
        set->open++;
        provider->ops->close(provider, one_closed, set);
    }
    one_closed(set);
}
