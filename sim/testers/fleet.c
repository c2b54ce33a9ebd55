// SPDX-License-Identifier: Apache-2.0
// Testers in one process: a timer each, which is the next scan or the deadline of the present one,
// and one watch on the order folder for all of them.
#include "sim/testers/fleet.h"

#include "config/config.h"
#include "runtime/clock.h"
#include "runtime/log.h"
#include "sim/orders/order_folder.h"
#include "sim/testers/tester.h"
#include "sim/testers/tester_log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct seat { // a tester at work
    struct tester tester;
    struct tester_fleet *fleet;
    uv_timer_t timer;
    bool waiting; // for the order file of tester.order
    struct mono_time asked_at;
};

struct tester_fleet {
    struct tester_fleet_settings settings;
    struct tester_fleet_counters counters;
    uv_fs_event_t watch;
    uint32_t open_handles;
    bool paused;
    void (*closed)(void *context);
    void *closed_context;
    struct seat seats[];
};

static void on_timer(uv_timer_t *timer);

static void wake_after(struct seat *seat, struct duration delay)
{
    uv_timer_start(&seat->timer, on_timer, (uint64_t)duration_to_ms(delay), 0);
}

// What a failed look at the order file means: the share answers or it does not.
static enum outcome outcome_of(const struct tester_fleet *fleet, enum status status)
{
    int cause = errno;
    enum outcome outcome = OUTCOME_UNREACHABLE;
    if (status == STATUS_OK)
        outcome = OUTCOME_OK;
    else if (status == STATUS_FULL || status == STATUS_CORRUPT || status == STATUS_INVALID)
        outcome = OUTCOME_INVALID;
    else if (status == STATUS_DENIED)
        outcome = OUTCOME_DENIED;
    else if (status == STATUS_NOT_FOUND && access(fleet->settings.orders, F_OK) == 0)
        outcome = OUTCOME_MISSING;
    errno = cause;
    return outcome;
}

static void conclude(struct seat *seat, const char *path, enum outcome outcome)
{
    struct tester_fleet *fleet = seat->fleet;
    struct instant now = clock_now();
    struct scan_result result = {
        .node = seat->tester.node,
        .order = seat->tester.order,
        .product = seat->tester.product,
        .path = path,
        .outcome = outcome,
        .latency_ms = duration_to_ms(mono_sub(now.mono, seat->asked_at)),
        .reason = strerror(errno),
    };
    if (tester_log_append(fleet->settings.logs, now.wall, &result) != STATUS_OK)
        log_error("testers", "cannot write the log of %s: %s", result.node, strerror(errno));
    bool loaded = outcome == OUTCOME_OK;
    fleet->counters.loaded += loaded;
    fleet->counters.failed += !loaded;
    seat->waiting = false;
    struct duration delay = tester_conclude(&seat->tester, loaded, fleet->settings.interval);
    if (fleet->paused)
        uv_timer_stop(&seat->timer);
    else
        wake_after(seat, delay);
}

// Looks for the order file; a file that is not there yet concludes only at the deadline.
static void look(struct seat *seat, bool deadline)
{
    char path[ORDER_PATH_SIZE], content[ORDER_FILE_MAX_BYTES];
    if (!order_path(path, seat->fleet->settings.orders, seat->tester.order, ORDER_SUFFIX))
        return;
    enum status status = order_file_read(path, content, sizeof content);
    if (status == STATUS_OK && content[0] == '\0')
        status = STATUS_INVALID;
    enum outcome outcome = outcome_of(seat->fleet, status);
    if (outcome != OUTCOME_OK && !deadline)
        return;
    conclude(seat, path, outcome);
    if (outcome == OUTCOME_OK && unlink(path) != 0)
        log_warning("testers", "cannot remove %s: %s", path, strerror(errno));
}

static void scan(struct seat *seat)
{
    struct tester_fleet *fleet = seat->fleet;
    char path[ORDER_PATH_SIZE];
    fleet->counters.scans++;
    tester_scan(&seat->tester);
    seat->waiting = true;
    seat->asked_at = clock_now().mono;
    enum status status = order_file_write(fleet->settings.requests, seat->tester.order,
                                          REQUEST_SUFFIX, seat->tester.product);
    if (status != STATUS_OK) {
        // The place for requests does not answer: to a tester that is the share.
        enum outcome outcome = status == STATUS_DENIED ? OUTCOME_DENIED : OUTCOME_UNREACHABLE;
        if (order_path(path, fleet->settings.orders, seat->tester.order, ORDER_SUFFIX))
            conclude(seat, path, outcome);
        return;
    }
    wake_after(seat, fleet->settings.wait);
    look(seat, false); // it may lie there from an earlier try
}

static void on_timer(uv_timer_t *timer)
{
    struct seat *seat = timer->data;
    if (seat->waiting)
        look(seat, true);
    else
        scan(seat);
}

static void on_order_folder(uv_fs_event_t *watch, const char *file_name, int events, int status)
{
    struct tester_fleet *fleet = watch->data;
    char order[ID_SIZE];
    (void)events;
    if (status < 0 || file_name == NULL || !order_of_file_name(file_name, ORDER_SUFFIX, order))
        return; // a lost notice costs a wait until the deadline, where it is looked for anyway
    for (uint32_t i = 0; i < fleet->settings.count; i++) {
        struct seat *seat = &fleet->seats[i];
        if (seat->waiting && strcmp(seat->tester.order, order) == 0) {
            look(seat, false);
            return;
        }
    }
}

static void take_seats(struct tester_fleet *fleet, uv_loop_t *loop)
{
    for (uint32_t i = 0; i < fleet->settings.count; i++) {
        struct seat *seat = &fleet->seats[i];
        tester_init(&seat->tester, fleet->settings.prefix, fleet->settings.first + i,
                    fleet->settings.seed);
        seat->fleet = fleet;
        uv_timer_init(loop, &seat->timer);
        seat->timer.data = seat;
        fleet->open_handles++;
        if (!fleet->paused)
            wake_after(seat, tester_first_delay(&seat->tester, fleet->settings.interval));
    }
}

enum status tester_fleet_open(uv_loop_t *loop, const struct tester_fleet_settings *settings,
                              struct tester_fleet **ret_fleet, char problem[TEXT_SIZE])
{
    struct tester_fleet *fleet = calloc(1, sizeof *fleet + settings->count * sizeof(struct seat));
    if (fleet == NULL) {
        snprintf(problem, TEXT_SIZE, "no memory for %u testers", settings->count);
        return STATUS_NO_MEMORY;
    }
    fleet->settings = *settings;
    fleet->paused = settings->paused;
    uv_fs_event_init(loop, &fleet->watch);
    fleet->watch.data = fleet;
    fleet->open_handles = 1;
    int error = uv_fs_event_start(&fleet->watch, on_order_folder, settings->orders, 0);
    if (error != 0) {
        snprintf(problem, TEXT_SIZE, "cannot watch the order folder %.150s: %s", settings->orders,
                 uv_strerror(error));
        fleet->settings.count = 0;
        tester_fleet_close(fleet, NULL, NULL);
        return STATUS_IO;
    }
    take_seats(fleet, loop);
    *ret_fleet = fleet;
    return STATUS_OK;
}

// Scans at `node`, at all when it is "all"; one that still waits is left at it.
static bool scan_at(struct tester_fleet *fleet, const char *node)
{
    bool all = strcmp(node, "all") == 0, found = false;
    for (uint32_t i = 0; i < fleet->settings.count; i++) {
        struct seat *seat = &fleet->seats[i];
        if (!all && strcmp(seat->tester.node, node) != 0)
            continue;
        found = true;
        if (!seat->waiting)
            scan(seat);
    }
    return found;
}

static void stagger(struct tester_fleet *fleet)
{
    for (uint32_t i = 0; i < fleet->settings.count; i++) {
        struct seat *seat = &fleet->seats[i];
        if (!seat->waiting)
            wake_after(seat, tester_first_delay(&seat->tester, fleet->settings.interval));
    }
}

static void set_paused(struct tester_fleet *fleet, bool paused)
{
    fleet->paused = paused;
    if (!paused) {
        stagger(fleet);
        return;
    }
    for (uint32_t i = 0; i < fleet->settings.count; i++)
        if (!fleet->seats[i].waiting)
            uv_timer_stop(&fleet->seats[i].timer);
}

bool tester_fleet_obey(struct tester_fleet *fleet, const char *line)
{
    char word[16] = "", operand[ID_SIZE] = "";
    int words = sscanf(line, "%15s %64s", word, operand);
    struct duration interval;
    if (words == 2 && strcmp(word, "scan") == 0)
        return scan_at(fleet, operand);
    if (words == 2 && strcmp(word, "interval") == 0) {
        if (!config_parse_duration(operand, &interval) || interval.us <= 0)
            return false;
        fleet->settings.interval = interval;
        if (!fleet->paused)
            stagger(fleet);
        return true;
    }
    if (words != 1 || (strcmp(word, "pause") != 0 && strcmp(word, "resume") != 0))
        return false;
    set_paused(fleet, strcmp(word, "pause") == 0);
    return true;
}

struct tester_fleet_counters tester_fleet_counters(const struct tester_fleet *fleet)
{
    return fleet->counters;
}

static void on_handle_closed(uv_handle_t *handle)
{
    uv_timer_t *timer = handle->type == UV_TIMER ? (uv_timer_t *)handle : NULL;
    struct tester_fleet *fleet =
        timer != NULL ? ((struct seat *)timer->data)->fleet : (struct tester_fleet *)handle->data;
    if (--fleet->open_handles > 0)
        return;
    void (*closed)(void *) = fleet->closed;
    void *context = fleet->closed_context;
    free(fleet);
    if (closed != NULL)
        closed(context);
}

void tester_fleet_close(struct tester_fleet *fleet, void (*closed)(void *context), void *context)
{
    fleet->closed = closed;
    fleet->closed_context = context;
    for (uint32_t i = 0; i < fleet->settings.count; i++)
        uv_close((uv_handle_t *)&fleet->seats[i].timer, on_handle_closed);
    uv_close((uv_handle_t *)&fleet->watch, on_handle_closed);
}
