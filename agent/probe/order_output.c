// SPDX-License-Identifier: Apache-2.0
// The order folder on the server: how old the newest order is, how many wait, how full the disk is.
//
// An event every interval, on resync, and at once on a change of substance: orders come again after
// two intervals without, requests begin to wait, the folder comes or goes. Notices of the file
// system make it look, at most once in LOOK_GAP_MS; the helper process does the looking, as disks
// hang too.
#include "agent/probe/helper_answer.h"
#include "agent/probe/path_watch.h"
#include "agent/probe/probe_helper.h"
#include "agent/probe/probes.h"
#include "agent/probe/trouble.h"
#include "base/text.h"
#include "runtime/clock.h"

#include <stdlib.h>

enum { LOOK_GAP_MS = 500, STALE_INTERVALS = 2 };

struct order_output {
    struct probe base;
    const struct probe_sink *sink;
    char path[TEXT_SIZE];
    char request[2 * TEXT_SIZE + 8];
    bool counts_backlog;
    struct duration interval, deadline;
    struct trouble trouble;
    struct probe_helper *helper;
    struct path_watch *orders, *requests;
    uv_timer_t turn;        // the next regular event
    uv_timer_t gap;         // runs while no new look is allowed
    bool look_again;        // something changed meanwhile
    bool due;               // the next answer is to be told in any case
    bool unsent;            // the sink refused the last event
    bool known;             // `last` is an answer
    bool there;             // the folder, when last looked for
    struct host_event last; // what was seen last …
    struct mono_time last_at;
    unsigned parts;
    void (*closed)(void *context);
    void *closed_context;
};

static bool is_stale(const struct order_output *output, struct mono_time now)
{
    if (output->last.newest_order_age_ms < 0)
        return true;
    struct duration since = mono_sub(now, output->last_at);
    int64_t age_ms = output->last.newest_order_age_ms + duration_to_ms(since);
    return age_ms > STALE_INTERVALS * duration_to_ms(output->interval);
}

// Whether the present state differs in substance from the last.
static bool is_change(const struct order_output *output, const struct host_event *event,
                      struct mono_time now)
{
    if (!output->known)
        return true;
    bool fresh = event->newest_order_age_ms >= 0 &&
                 event->newest_order_age_ms <= duration_to_ms(output->interval);
    bool came_again = fresh && is_stale(output, now);
    bool began_to_wait = output->last.backlog == 0 && event->backlog > 0;
    return came_again || began_to_wait || !text_equal(output->last.reason, event->reason);
}

static void take(struct order_output *output, const struct host_event *event)
{
    struct instant now = clock_now();
    bool tell = output->due || is_change(output, event, now.mono);
    output->last = *event;
    output->last_at = now.mono;
    output->known = true;
    if (!tell)
        return;
    struct message message = {.kind = MESSAGE_HOST, .host = *event};
    message.host.key.at_ms = now.wall.ms;
    enum status status = output->sink->append(output->sink->context, &message, 1, now, NULL);
    output->unsent = status != STATUS_OK;
    output->due = false;
}

static void take_problem(struct order_output *output, const char *reason)
{
    struct host_event event = {
        .event = HOST_ORDER_OUTPUT, .newest_order_age_ms = -1, .backlog = -1};
    text_set(event.reason, reason);
    trouble_tell(&output->trouble, "%s: %s", output->path, reason);
    take(output, &event);
}

static void take_listing(struct order_output *output, const struct helper_listing *listing)
{
    struct host_event event = {.event = HOST_ORDER_OUTPUT,
                               .newest_order_age_ms = listing->newest_age_ms,
                               .order_files = listing->files,
                               .backlog = listing->backlog,
                               .disk_free_bytes = listing->free_bytes,
                               .disk_total_bytes = listing->total_bytes};
    trouble_clear(&output->trouble);
    take(output, &event);
}

static void look(struct order_output *output);

static void on_answer(void *context, enum helper_result result, const char *line)
{
    struct order_output *output = context;
    struct helper_answer answer;
    struct helper_listing listing;
    if (result == HELPER_TIMED_OUT)
        take_problem(output, "no answer within the deadline");
    else if (result == HELPER_BROKE || !helper_answer_parse(line, &answer))
        take_problem(output, "the helper process ended without an answer");
    else if (answer.outcome != OUTCOME_OK)
        take_problem(output, answer.text);
    else if (!helper_listing_parse(answer.text, &listing))
        take_problem(output, "the helper process gave no answer of the protocol");
    else
        take_listing(output, &listing);
}

static void on_gap_over(uv_timer_t *gap)
{
    struct order_output *output = gap->data;
    if (output->look_again)
        look(output);
}

static void look(struct order_output *output)
{
    char problem[TEXT_SIZE];
    if (probe_helper_is_busy(output->helper)) {
        output->look_again = true;
        uv_timer_start(&output->gap, on_gap_over, LOOK_GAP_MS, 0);
        return;
    }
    output->look_again = false;
    output->there = path_watch_is_there(output->orders);
    uv_timer_start(&output->gap, on_gap_over, LOOK_GAP_MS, 0);
    enum status status = probe_helper_ask(output->helper, output->request, output->deadline,
                                          on_answer, output, problem);
    if (status != STATUS_OK)
        take_problem(output, problem);
}

static void look_and_tell(struct order_output *output)
{
    output->due = true;
    look(output);
}

static void on_turn(uv_timer_t *turn)
{
    look_and_tell(turn->data);
}

static void on_changed(void *context)
{
    struct order_output *output = context;
    bool of_interest = !output->known || is_stale(output, clock_now().mono) ||
                       (output->counts_backlog && output->last.backlog <= 0) ||
                       path_watch_is_there(output->orders) != output->there;
    if (!of_interest)
        return;
    if (uv_is_active((uv_handle_t *)&output->gap))
        output->look_again = true;
    else
        look(output);
}

static void output_resync(struct probe *probe)
{
    look_and_tell((struct order_output *)probe);
}

static void output_resume(struct probe *probe)
{
    struct order_output *output = (struct order_output *)probe;
    if (output->unsent)
        look_and_tell(output);
}

static void on_part_closed(void *context)
{
    struct order_output *output = context;
    if (--output->parts > 0)
        return;
    if (output->closed != NULL)
        output->closed(output->closed_context);
    free(output);
}

static void on_timer_closed(uv_handle_t *timer)
{
    on_part_closed(timer->data);
}

static void output_close(struct probe *probe, void (*closed)(void *context), void *context)
{
    struct order_output *output = (struct order_output *)probe;
    output->closed = closed;
    output->closed_context = context;
    output->parts = 3;
    uv_close((uv_handle_t *)&output->turn, on_timer_closed);
    uv_close((uv_handle_t *)&output->gap, on_timer_closed);
    probe_helper_close(output->helper, on_part_closed, output);
    if (output->orders != NULL) {
        output->parts++;
        path_watch_close(output->orders, on_part_closed, output);
    }
    if (output->requests != NULL) {
        output->parts++;
        path_watch_close(output->requests, on_part_closed, output);
    }
}

static const struct probe_ops order_output_ops = {
    .name = "order_output",
    .probe_now = output_resync,
    .resync = output_resync,
    .resume = output_resume,
    .close = output_close,
};

static const char *settings_problem(const struct order_output_settings *settings)
{
    if (!helper_path_is_valid(settings->path))
        return "give the order folder's path, without line breaks or tabs";
    if (settings->request_path[0] != '\0' && !helper_path_is_valid(settings->request_path))
        return "the request folder's path must not have line breaks or tabs";
    if (duration_to_ms(settings->interval) <= 0 || duration_to_ms(settings->deadline) <= 0)
        return "interval and deadline of the order output have to be above 0";
    return NULL;
}

static void fill(struct order_output *output, const struct order_output_settings *settings,
                 const struct probe_sink *sink)
{
    output->base.ops = &order_output_ops;
    output->sink = sink;
    output->trouble = (struct trouble){.sink = sink, .probe = order_output_ops.name};
    output->interval = settings->interval;
    output->deadline = settings->deadline;
    output->counts_backlog = settings->request_path[0] != '\0';
    text_set(output->path, settings->path);
    struct text request;
    text_init(&request, output->request, sizeof(output->request));
    text_printf(&request, "list %s", settings->path);
    if (output->counts_backlog)
        text_printf(&request, "\t%s", settings->request_path);
}

enum status order_output_open(uv_loop_t *loop, const struct order_output_settings *settings,
                              const struct probe_sink *sink, struct probe **ret_probe,
                              char problem[TEXT_SIZE])
{
    const char *wrong = settings_problem(settings);
    if (wrong != NULL) {
        text_copy(problem, TEXT_SIZE, wrong);
        return STATUS_INVALID;
    }
    struct order_output *output = calloc(1, sizeof(*output));
    enum status status = STATUS_NO_MEMORY;
    if (output != NULL)
        status = probe_helper_open(loop, settings->helper, &output->helper);
    if (status != STATUS_OK) {
        text_copy(problem, TEXT_SIZE, status_text(status));
        free(output);
        return status;
    }
    fill(output, settings, sink);
    uv_timer_init(loop, &output->turn);
    uv_timer_init(loop, &output->gap);
    output->turn.data = output->gap.data = output;
    status = path_watch_open(loop, settings->path, on_changed, output, &output->orders);
    if (status == STATUS_OK && output->counts_backlog)
        status =
            path_watch_open(loop, settings->request_path, on_changed, output, &output->requests);
    if (status != STATUS_OK) {
        text_copy(problem, TEXT_SIZE, status_text(status));
        output_close(&output->base, NULL, NULL);
        return status;
    }
    uv_timer_start(&output->turn, on_turn, 0, (uint64_t)duration_to_ms(settings->interval));
    *ret_probe = &output->base;
    return STATUS_OK;
}
