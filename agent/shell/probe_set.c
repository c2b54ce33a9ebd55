// SPDX-License-Identifier: Apache-2.0
// One row a probe: whether it is wanted, and how it is opened out of the configuration.
#include "agent/shell/probe_set.h"

#include "runtime/clock.h"
#include "runtime/log.h"

#include <stdlib.h>
#include <string.h>

#define REOPEN_AFTER duration_s(60)

struct probe_row {
    const char *name;
    bool (*wanted)(const struct agent_config *config);
    enum status (*open)(struct probe_set *set, struct probe **ret_probe, char problem[TEXT_SIZE]);
};

static const struct probe_row rows[5];

enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

struct probe_set {
    uv_loop_t *loop;
    const struct agent_config *config;
    uint64_t seed;
    struct probe_sink sink;
    struct probe *probes[ROW_COUNT]; // NULL: not wanted, or not open yet
    char problems[ROW_COUNT][TEXT_SIZE];
    struct mono_time reopen_at;
    size_t open;
    bool closing;
    void (*closed)(void *context);
    void *closed_context;
};

static bool log_wanted(const struct agent_config *config)
{
    return config->log_path[0] != '\0';
}

static enum status log_open(struct probe_set *set, struct probe **ret_probe,
                            char problem[TEXT_SIZE])
{
    // 10 kB, wanted during the call only.
    struct log_tail_settings *settings = calloc(1, sizeof *settings);
    if (settings == NULL)
        return STATUS_NO_MEMORY;
    agent_config_log_tail(set->config, settings);
    enum status status = log_tail_open(set->loop, settings, &set->sink, ret_probe, problem);
    free(settings);
    return status;
}

static bool share_wanted(const struct agent_config *config)
{
    return config->share_path[0] != '\0';
}

static enum status share_open(struct probe_set *set, struct probe **ret_probe,
                              char problem[TEXT_SIZE])
{
    struct share_settings settings = {.interval = set->config->share_interval,
                                      .deadline = set->config->share_deadline,
                                      .jitter_seed = set->seed};
    text_set(settings.path, set->config->share_path);
    text_set(settings.helper, set->config->helper);
    return share_probe_open(set->loop, &settings, &set->sink, ret_probe, problem);
}

static bool report_wanted(const struct agent_config *config)
{
    (void)config;
    return true;
}

static enum status report_open_socket(struct probe_set *set, struct probe **ret_probe,
                                      char problem[TEXT_SIZE])
{
    struct report_settings settings;
    memset(&settings, 0, sizeof settings);
    enum status status = agent_config_report_socket(set->config, settings.socket);
    if (status != STATUS_OK)
        return status;
    return report_open(set->loop, &settings, &set->sink, ret_probe, problem);
}

static bool output_wanted(const struct agent_config *config)
{
    return config->output_path[0] != '\0';
}

static enum status output_open(struct probe_set *set, struct probe **ret_probe,
                               char problem[TEXT_SIZE])
{
    struct order_output_settings settings = {.interval = set->config->output_interval,
                                             .deadline = set->config->output_deadline};
    text_set(settings.path, set->config->output_path);
    text_set(settings.request_path, set->config->output_request_path);
    text_set(settings.helper, set->config->helper);
    return order_output_open(set->loop, &settings, &set->sink, ret_probe, problem);
}

static bool software_wanted(const struct agent_config *config)
{
    return config->software_command[0] != '\0';
}

static enum status software_open_watch(struct probe_set *set, struct probe **ret_probe,
                                       char problem[TEXT_SIZE])
{
    struct software_settings settings;
    memset(&settings, 0, sizeof settings);
    text_set(settings.command, set->config->software_command);
    return software_open(set->loop, &settings, &set->sink, ret_probe, problem);
}

static const struct probe_row rows[5] = {
    {"log_tail", log_wanted, log_open},
    {"share", share_wanted, share_open},
    {"report", report_wanted, report_open_socket},
    {"order_output", output_wanted, output_open},
    {"software", software_wanted, software_open_watch},
};

static void open_missing(struct probe_set *set, struct instant now)
{
    set->reopen_at = MONO_NEVER;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (set->probes[i] != NULL || !rows[i].wanted(set->config))
            continue;
        char problem[TEXT_SIZE] = "";
        enum status status = rows[i].open(set, &set->probes[i], problem);
        if (status == STATUS_OK)
            continue;
        set->probes[i] = NULL;
        set->reopen_at = mono_add(now.mono, REOPEN_AFTER);
        if (problem[0] == '\0')
            text_set(problem, status_text(status));
        if (!text_equal(problem, set->problems[i]))
            log_error(rows[i].name, "%s; tried again every minute", problem);
        text_set(set->problems[i], problem);
    }
}

enum status probe_set_open(uv_loop_t *loop, const struct agent_config *config, uint64_t seed,
                           const struct probe_sink *sink, struct probe_set **ret_set)
{
    struct probe_set *set = calloc(1, sizeof *set);
    if (set == NULL)
        return STATUS_NO_MEMORY;
    set->loop = loop;
    set->config = config;
    set->seed = seed;
    set->sink = *sink;
    *ret_set = set; // before a probe speaks
    open_missing(set, clock_now());
    return STATUS_OK;
}

void probe_set_probe_now(struct probe_set *set)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        struct probe *probe = set->probes[i];
        if (probe != NULL && probe->ops->probe_now != NULL)
            probe->ops->probe_now(probe);
    }
}

void probe_set_resync(struct probe_set *set)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        struct probe *probe = set->probes[i];
        if (probe != NULL && probe->ops->resync != NULL)
            probe->ops->resync(probe);
    }
}

void probe_set_resume(struct probe_set *set)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        struct probe *probe = set->probes[i];
        if (probe != NULL && probe->ops->resume != NULL)
            probe->ops->resume(probe);
    }
}

struct mono_time probe_set_deadline(const struct probe_set *set)
{
    return set->closing ? MONO_NEVER : set->reopen_at;
}

void probe_set_expire(struct probe_set *set, struct instant now)
{
    if (!set->closing && !mono_is_never(set->reopen_at) && !mono_before(now.mono, set->reopen_at))
        open_missing(set, now);
}

static void one_closed(void *context)
{
    struct probe_set *set = context;
    if (--set->open > 0)
        return;
    void (*closed)(void *) = set->closed;
    void *closed_context = set->closed_context;
    free(set);
    closed(closed_context);
}

void probe_set_close(struct probe_set *set, void (*closed)(void *context), void *context)
{
    set->closing = true;
    set->closed = closed;
    set->closed_context = context;
    set->open = 1; // ourselves, until all have been asked
    for (size_t i = 0; i < ROW_COUNT; i++) {
        struct probe *probe = set->probes[i];
        if (probe == NULL)
            continue;
        set->open++;
        set->probes[i] = NULL;
        probe->ops->close(probe, one_closed, set);
    }
    one_closed(set);
}
