// SPDX-License-Identifier: Apache-2.0
// Asks the helper for the share in turn and tells the sink its outcome.
#include "agent/probe/share.h"

#include "agent/probe/helper_answer.h"
#include "agent/probe/trouble.h"
#include "base/random.h"
#include "base/text.h"
#include "runtime/clock.h"

#include <stdlib.h>

struct share_probe {
    struct probe base;
    const struct probe_sink *sink;
    char request[TEXT_SIZE + 8];
    char path[TEXT_SIZE];
    struct duration interval, deadline;
    struct random_state random;
    struct trouble trouble;
    struct probe_helper *helper;
    uv_timer_t turn;
    void (*closed)(void *context);
    void *closed_context;
};

static void tell(struct share_probe *share, enum outcome outcome, const char *text)
{
    if (outcome == OUTCOME_OK)
        trouble_clear(&share->trouble);
    else
        trouble_tell(&share->trouble, "%s: %s", share->path, text);
    if (outcome != OUTCOME_UNSPECIFIED)
        share->sink->share(share->sink->context, outcome, clock_now());
}

static void on_answer(void *context, enum helper_result result, const char *line)
{
    struct share_probe *share = context;
    struct helper_answer answer;
    if (result == HELPER_TIMED_OUT)
        tell(share, OUTCOME_TIMEOUT, "no answer within the deadline");
    else if (result == HELPER_BROKE)
        tell(share, OUTCOME_UNSPECIFIED, "the helper process ended without an answer");
    else if (!helper_answer_parse(line, &answer))
        tell(share, OUTCOME_UNSPECIFIED, "the helper process gave no answer of the protocol");
    else
        tell(share, answer.outcome, answer.text);
}

static void on_turn(uv_timer_t *turn);

static void ask(struct share_probe *share)
{
    char problem[TEXT_SIZE];
    // Uniform in 0.8 to 1.2 intervals, counted from the asking.
    double factor = 0.8 + 0.4 * random_unit(&share->random);
    double wait_ms = (double)duration_to_ms(share->interval) * factor;
    uv_timer_start(&share->turn, on_turn, (uint64_t)wait_ms, 0);
    if (probe_helper_is_busy(share->helper))
        return; // the answer to come is as new
    enum status status =
        probe_helper_ask(share->helper, share->request, share->deadline, on_answer, share, problem);
    if (status == STATUS_FULL)
        tell(share, OUTCOME_TIMEOUT, "no answer: earlier probes still hang");
    else if (status != STATUS_OK)
        tell(share, OUTCOME_UNSPECIFIED, problem);
}

static void on_turn(uv_timer_t *turn)
{
    ask(turn->data);
}

static void share_probe_now(struct probe *probe)
{
    ask((struct share_probe *)probe);
}

static void on_helper_closed(void *context)
{
    struct share_probe *share = context;
    if (share->closed != NULL)
        share->closed(share->closed_context);
    free(share);
}

static void on_turn_closed(uv_handle_t *turn)
{
    struct share_probe *share = turn->data;
    probe_helper_close(share->helper, on_helper_closed, share);
}

static void share_close(struct probe *probe, void (*closed)(void *context), void *context)
{
    struct share_probe *share = (struct share_probe *)probe;
    share->closed = closed;
    share->closed_context = context;
    uv_close((uv_handle_t *)&share->turn, on_turn_closed);
}

static const struct probe_ops share_ops = {
    .name = "share",
    .probe_now = share_probe_now,
    .close = share_close,
};

struct probe_helper_counters share_probe_counters(const struct probe *probe)
{
    return probe_helper_counters(((const struct share_probe *)probe)->helper);
}

static const char *settings_problem(const struct share_settings *settings)
{
    if (!helper_path_is_valid(settings->path))
        return "give the share's path, without line breaks or tabs";
    if (settings->interval.us <= 0 || duration_to_ms(settings->deadline) <= 0)
        return "interval and deadline of the share probe have to be above 0";
    return NULL;
}

enum status share_probe_open(uv_loop_t *loop, const struct share_settings *settings,
                             const struct probe_sink *sink, struct probe **ret_probe,
                             char problem[TEXT_SIZE])
{
    const char *wrong = settings_problem(settings);
    if (wrong != NULL) {
        text_copy(problem, TEXT_SIZE, wrong);
        return STATUS_INVALID;
    }
    struct share_probe *share = calloc(1, sizeof(*share));
    enum status status = STATUS_NO_MEMORY;
    if (share != NULL)
        status = probe_helper_open(loop, settings->helper, &share->helper);
    if (status != STATUS_OK) {
        text_copy(problem, TEXT_SIZE, status_text(status));
        free(share);
        return status;
    }
    share->base.ops = &share_ops;
    share->sink = sink;
    share->trouble = (struct trouble){.sink = sink, .probe = share_ops.name};
    share->interval = settings->interval;
    share->deadline = settings->deadline;
    random_seed(&share->random, settings->jitter_seed);
    text_set(share->path, settings->path);
    struct text request;
    text_init(&request, share->request, sizeof(share->request));
    text_printf(&request, "stat %s", settings->path);
    uv_timer_init(loop, &share->turn);
    share->turn.data = share;
    // The first soon, yet not in step with the rest of the fleet after a power cut.
    uv_timer_start(&share->turn, on_turn, random_below(&share->random, 500), 0);
    *ret_probe = &share->base;
    return STATUS_OK;
}
