// SPDX-License-Identifier: Apache-2.0
// The course of a healthy year.
#include "bench/healthy_run.h"

#include "base/text.h"
#include "bench/healthy_year.h"

#include <stdlib.h>

enum {
    INTERVAL_MS = 90000,
    AWAKE_STATION_MS = 900000,
    AWAKE_LINE_MS = 120000,
    AWAKE_SEGMENT_MS = 40000,
    AWAKE_SITE_MS = 2000,
    WILL_AFTER_MS = 15000,
    OUTPUT_EVERY_MS = 300000,
    OUTPUT_AGAIN_MS = 10000,
    BATCHES_A_YEAR = 50,
    PROBES_A_SECOND = 40, // of a hundred
    PACE_MAX = 2
};

static const double MISHAPS = 0.002, BURSTS = 0.15, PRODUCT_SHARE = 1.0 / LINE_PRODUCTS;

enum healthy_event {
    ON_DAY,
    ON_MINUTE,
    ON_GAP,
    ON_WILL,
    ON_RETURN,
    ON_MISHAP,
    ON_BURST,
    ON_RETRY,
    ON_STATION,
    ON_SITE,
    ON_BATCH,
    ON_BATCH_END,
    ON_BATCH_FETCH,
    ON_OUTPUT,
    ON_PROBE
};

static void at(struct healthy_run *run, int64_t at_ms, enum healthy_event kind, uint32_t who,
               uint64_t detail)
{
    if (run->status == STATUS_OK && at_ms < run->end_ms)
        run->status = event_queue_push(
            &run->queue,
            (struct queued){.at_ms = at_ms, .kind = kind, .who = who, .detail = detail});
}

static int64_t soon(struct healthy_run *run, double mean_ms)
{
    return run->now_ms + 1 + (int64_t)draw_exponential(&run->random, mean_ms);
}

static uint32_t line_of(uint32_t station)
{
    return station / FLEET_LINE;
}

static double pace_of(const struct healthy_run *run, uint32_t station)
{
    return run->stations[station].on ? run->line_pace[line_of(station)] : 0;
}

// A product of the line, not the one that is not released.
static uint32_t some_product(struct healthy_run *run, uint32_t station)
{
    for (;;) {
        uint32_t k = (uint32_t)random_below(&run->random, LINE_PRODUCTS);
        uint32_t product = (line_of(station) * 3 + k) % PRODUCTS;
        if ((int64_t)product != run->batch_product)
            return product;
    }
}

// ---- days and gaps ---------------------------------------------------------------------------

static void begin_day(struct healthy_run *run)
{
    uint32_t minute;
    int64_t day = site_calendar_day(&run->calendar, run->now_ms + MINUTE_IN_MS, &minute);
    int64_t next = site_calendar_ms(&run->calendar, day + 1, 0);
    for (uint32_t i = 0; i <= CALENDAR_STATIONS; i++)
        station_day_forget(&run->days[i], run->now_ms);
    plan_day(&run->calendar, &run->random, day, run->days);
    run->horizon_ms = next + 1000;
    for (uint32_t i = 0; i <= CALENDAR_STATIONS; i++) {
        for (uint32_t g = 0; g < run->days[i].count; g++)
            if (run->days[i].gaps[g].from_ms > run->now_ms)
                at(run, run->days[i].gaps[g].from_ms, ON_GAP, i, 0);
        if (run->stations[i].on)
            healthy_steady(run, i);
    }
    at(run, next, ON_DAY, 0, 0);
}

static void begin_gap(struct healthy_run *run, uint32_t node)
{
    const struct gap *gap = station_day_at(&run->days[node], run->now_ms);
    struct healthy_station *station = &run->stations[node];
    if (gap == NULL || !station->on)
        return;
    if (node == CALENDAR_STATIONS)
        healthy_host(run, HOST_SHUTDOWN_PLANNED, false);
    station->on = false;
    if (gap->kind == GAP_GOODBYE || gap->kind == GAP_REBOOT)
        healthy_birth(run, node, false, OFFLINE_SHUTDOWN);
    else if (gap->kind == GAP_UPGRADE)
        healthy_birth(run, node, false, OFFLINE_UPGRADE);
    else if (gap->kind == GAP_SWITCH)
        at(run, run->now_ms + WILL_AFTER_MS + draw_range(&run->random, 0, 1000), ON_WILL, node,
           station->session);
    at(run, gap->to_ms, ON_RETURN, node, (uint64_t)gap->kind);
}

static void send_will(struct healthy_run *run, uint32_t node, uint64_t session)
{
    if (!run->stations[node].on && run->stations[node].session == session)
        healthy_birth(run, node, false, OFFLINE_WILL);
}

static void beat(struct healthy_run *run, uint32_t node, int64_t probe_age_ms)
{
    run->message.kind = MESSAGE_HEARTBEAT;
    run->message.heartbeat = (struct heartbeat){.incarnation = run->stations[node].incarnation,
                                                .seq = 1,
                                                .interval_ms = 1000,
                                                .sent_at_ms = run->now_ms,
                                                .share_outcome = OUTCOME_OK,
                                                .share_probe_age_ms = probe_age_ms};
    struct event event = {
        .kind = EVENT_MESSAGE, .node = run->stations[node].node, .message = &run->message};
    healthy_step(run, &event);
    healthy_steady(run, node);
}

static void probe_well(struct healthy_run *run, uint32_t node)
{
    if (!run->stations[node].on)
        return;
    beat(run, node, 9000); // so that the next one is seen to be younger, and new
    beat(run, node, 50);
}

// Stations probe the share every 10 s. That matters where silence has left scores; fetches alone
// are judged as if there were no probes.
static void probe_around(struct healthy_run *run, uint32_t station)
{
    uint32_t line = station / FLEET_LINE * FLEET_LINE;
    uint32_t segment = station / FLEET_SEGMENT * FLEET_SEGMENT;
    for (uint32_t i = 0; i < FLEET_LINE; i++)
        at(run, run->now_ms + draw_range(&run->random, 1, 10000), ON_PROBE, line + i, 0);
    for (uint32_t i = 0; i < FLEET_SEGMENT; i++)
        at(run, run->now_ms + draw_range(&run->random, 1, 10000), ON_PROBE, segment + i, 0);
    for (uint32_t i = 0; i < PROBES_A_SECOND; i++)
        at(run, run->now_ms + draw_range(&run->random, 1, 1000), ON_PROBE,
           (uint32_t)random_below(&run->random, CALENDAR_STATIONS), 0);
}

static void come_back(struct healthy_run *run, uint32_t node, enum gap_kind kind)
{
    struct healthy_station *station = &run->stations[node];
    station->on = true;
    if (kind == GAP_GLITCH) {
        beat(run, node, -1);
        if (node < CALENDAR_STATIONS)
            probe_around(run, node);
        return;
    }
    station->incarnation = random_next(&run->random) >> 12 | 1;
    station->session = 1;
    station->boot += kind != GAP_UPGRADE;
    healthy_birth(run, node, true, OFFLINE_UNSPECIFIED);
    if (node < CALENDAR_STATIONS)
        return;
    healthy_host(run, HOST_BOOTED, false);
    healthy_service(run, SERVICE_START_PENDING);
    healthy_service(run, SERVICE_RUNNING);
}

// Every minute: who works, and how many fetches that makes.
static void look_at_clock(struct healthy_run *run)
{
    uint32_t minute;
    int64_t day = site_calendar_day(&run->calendar, run->now_ms, &minute);
    run->fetches_a_ms = 0;
    run->on = 0;
    for (uint32_t l = 0; l < CALENDAR_LINES; l++)
        run->line_pace[l] = site_calendar_pace(&run->calendar, l, day, minute);
    for (uint32_t i = 0; i < CALENDAR_STATIONS; i++) {
        run->fetches_a_ms += pace_of(run, i) / INTERVAL_MS;
        run->on += run->stations[i].on;
    }
    run->result.skipped_fetches += run->fetches_a_ms * MINUTE_IN_MS;
    run->result.skipped_beats += (double)run->on * (MINUTE_IN_MS / 1000.0);
    at(run, run->now_ms + MINUTE_IN_MS, ON_MINUTE, 0, 0);
}

// ---- fetches ---------------------------------------------------------------------------------

static void wake(struct healthy_run *run, uint32_t station, int64_t for_ms)
{
    struct healthy_station *of = &run->stations[station];
    bool sleeps = of->awake_until_ms <= run->now_ms;
    if (of->awake_until_ms < run->now_ms + for_ms)
        of->awake_until_ms = run->now_ms + for_ms;
    double pace = pace_of(run, station);
    if (sleeps && pace > 0)
        at(run, soon(run, INTERVAL_MS / pace), ON_STATION, station, 0);
}

static void wake_around(struct healthy_run *run, uint32_t station)
{
    uint32_t line = line_of(station) * FLEET_LINE;
    uint32_t segment = station / FLEET_SEGMENT * FLEET_SEGMENT;
    wake(run, station, AWAKE_STATION_MS);
    for (uint32_t i = line; i < line + FLEET_LINE; i++)
        wake(run, i, AWAKE_LINE_MS);
    for (uint32_t i = segment; i < segment + FLEET_SEGMENT; i++)
        wake(run, i, AWAKE_SEGMENT_MS);
    bool sleeps = run->site_awake_until_ms <= run->now_ms;
    run->site_awake_until_ms = run->now_ms + AWAKE_SITE_MS;
    if (sleeps && run->fetches_a_ms > 0)
        at(run, soon(run, 1 / run->fetches_a_ms), ON_SITE, 0, 0);
}

static void fetch_well(struct healthy_run *run, uint32_t station)
{
    healthy_fetch(run, station, ++run->stations[station].order, some_product(run, station),
                  OUTCOME_OK);
    run->result.skipped_fetches--;
}

static void station_fetches(struct healthy_run *run, uint32_t station)
{
    double pace = pace_of(run, station);
    if (pace <= 0 || run->stations[station].awake_until_ms < run->now_ms)
        return;
    fetch_well(run, station);
    at(run, soon(run, INTERVAL_MS / pace), ON_STATION, station, 0);
}

// One of those that are not awake by themselves.
static void site_fetches(struct healthy_run *run)
{
    uint32_t station = (uint32_t)random_below(&run->random, CALENDAR_STATIONS);
    if (run->site_awake_until_ms < run->now_ms || run->fetches_a_ms <= 0)
        return;
    double busiest = (double)PACE_MAX * CALENDAR_STATIONS / INTERVAL_MS;
    if (run->stations[station].awake_until_ms < run->now_ms &&
        draw_chance(&run->random, pace_of(run, station) / PACE_MAX))
        fetch_well(run, station);
    at(run, soon(run, 1 / busiest), ON_SITE, 0, 0);
}

static void fetch_badly(struct healthy_run *run, uint32_t station, enum outcome outcome,
                        uint32_t product)
{
    uint64_t order = ++run->stations[station].order;
    healthy_fetch(run, station, order, product, outcome);
    run->result.skipped_fetches--;
    wake_around(run, station);
    if (draw_chance(&run->random, 0.7)) // tried again at once: well, or as badly
        at(run, run->now_ms + draw_range(&run->random, 3000, 20000), ON_RETRY, station,
           order << 8 | (uint64_t)(draw_chance(&run->random, 0.6) ? OUTCOME_OK : outcome));
}

static uint32_t clumsy_station(struct healthy_run *run)
{
    double total = run->stations[CALENDAR_STATIONS - 1].clumsy_up_to;
    double pick = random_unit(&run->random) * total;
    uint32_t low = 0, high = CALENDAR_STATIONS - 1;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (run->stations[middle].clumsy_up_to < pick)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void mishap(struct healthy_run *run)
{
    static const enum outcome kinds[] = {
        OUTCOME_MISSING, OUTCOME_MISSING,     OUTCOME_MISSING, OUTCOME_TIMEOUT, OUTCOME_TIMEOUT,
        OUTCOME_LOCKED,  OUTCOME_UNREACHABLE, OUTCOME_INVALID, OUTCOME_DENIED,  OUTCOME_STALE};
    // As often as if everybody worked at the highest pace; what is too much is left out.
    double mean_ms = INTERVAL_MS / (MISHAPS * PACE_MAX * CALENDAR_STATIONS);
    uint32_t station = clumsy_station(run);
    at(run, soon(run, mean_ms), ON_MISHAP, 0, 0);
    if (!draw_chance(&run->random, pace_of(run, station) / PACE_MAX))
        return;
    enum outcome kind = kinds[random_below(&run->random, 10)];
    fetch_badly(run, station, kind, some_product(run, station));
    while (draw_chance(&run->random, BURSTS)) {
        uint32_t neighbour =
            line_of(station) * FLEET_LINE + (uint32_t)random_below(&run->random, FLEET_LINE);
        at(run, run->now_ms + draw_range(&run->random, 100, 10000), ON_BURST, neighbour, kind);
    }
}

// ---- batches that are not released -----------------------------------------------------------

static bool makes(uint32_t station, int64_t product)
{
    for (uint32_t k = 0; k < LINE_PRODUCTS; k++)
        if ((int64_t)((line_of(station) * 3 + k) % PRODUCTS) == product)
            return true;
    return false;
}

static void begin_batch(struct healthy_run *run)
{
    at(run, soon(run, 365.0 * (double)DAY_IN_MS / BATCHES_A_YEAR), ON_BATCH, 0, 0);
    uint32_t station = (uint32_t)random_below(&run->random, CALENDAR_STATIONS);
    if (pace_of(run, station) <= 0 || run->batch_ended_ms > run->now_ms - 3600000)
        return;
    run->batch_product = some_product(run, station);
    run->batch_ended_ms = run->now_ms + draw_range(&run->random, 10, 60) * MINUTE_IN_MS;
    run->batch_was_named = false;
    run->result.batches += run->now_ms >= run->count_from_ms;
    for (uint32_t i = 0; i < CALENDAR_STATIONS; i++)
        if (makes(i, run->batch_product))
            at(run, soon(run, INTERVAL_MS / PRODUCT_SHARE), ON_BATCH_FETCH, i, 1);
    at(run, run->batch_ended_ms + 3600000, ON_BATCH_END, 0, 0);
}

static void end_batch(struct healthy_run *run)
{
    run->result.batches_named += run->batch_was_named;
    run->batch_product = -1;
}

// People learn, and take other work: it is asked for less and less.
static void fetch_unreleased(struct healthy_run *run, uint32_t station, uint64_t times)
{
    if (run->now_ms >= run->batch_ended_ms)
        return;
    if (pace_of(run, station) > 0)
        fetch_badly(run, station, OUTCOME_MISSING, (uint32_t)run->batch_product);
    at(run, soon(run, INTERVAL_MS / PRODUCT_SHARE * (double)(times + 1)), ON_BATCH_FETCH, station,
       times + 1);
}

// Of the reports every 10 s only some are played: one that happens upon a request under way, and
// the next, which knows of newer orders.
static void report_output(struct healthy_run *run)
{
    bool waiting = run->fetches_a_ms > 0 && draw_chance(&run->random, 0.1);
    at(run, run->now_ms + (waiting ? OUTPUT_AGAIN_MS : OUTPUT_EVERY_MS), ON_OUTPUT, 0, 0);
    if (run->stations[CALENDAR_STATIONS].on)
        healthy_host(run, HOST_ORDER_OUTPUT, waiting);
}

// ---- the run ---------------------------------------------------------------------------------

static void happen(struct healthy_run *run, const struct queued *event)
{
    switch ((enum healthy_event)event->kind) {
    case ON_DAY:
        begin_day(run);
        break;
    case ON_MINUTE:
        look_at_clock(run);
        break;
    case ON_GAP:
        begin_gap(run, event->who);
        break;
    case ON_WILL:
        send_will(run, event->who, event->detail);
        break;
    case ON_RETURN:
        come_back(run, event->who, (enum gap_kind)event->detail);
        break;
    case ON_MISHAP:
        mishap(run);
        break;
    case ON_BURST:
        if (pace_of(run, event->who) > 0)
            fetch_badly(run, event->who, (enum outcome)event->detail,
                        some_product(run, event->who));
        break;
    case ON_RETRY:
        if (run->stations[event->who].on)
            healthy_fetch(run, event->who, event->detail >> 8, some_product(run, event->who),
                          (enum outcome)(event->detail & 0xFF));
        break;
    case ON_STATION:
        station_fetches(run, event->who);
        break;
    case ON_SITE:
        site_fetches(run);
        break;
    case ON_BATCH:
        begin_batch(run);
        break;
    case ON_BATCH_END:
        end_batch(run);
        break;
    case ON_BATCH_FETCH:
        fetch_unreleased(run, event->who, event->detail);
        break;
    case ON_PROBE:
        probe_well(run, event->who);
        break;
    case ON_OUTPUT:
        report_output(run);
        break;
    }
}

static void introduce(struct healthy_run *run)
{
    run->horizon_ms = run->now_ms + 60000;
    for (uint32_t i = 0; i <= CALENDAR_STATIONS; i++) {
        run->stations[i].on = true;
        healthy_birth(run, i, true, OFFLINE_UNSPECIFIED);
    }
    healthy_service(run, SERVICE_RUNNING);
}

enum status healthy_run_play(struct healthy_run *run)
{
    introduce(run);
    at(run, run->now_ms + 1, ON_DAY, 0, 0);
    at(run, run->now_ms + 2, ON_MINUTE, 0, 0);
    at(run, run->now_ms + 3, ON_MISHAP, 0, 0);
    at(run, run->now_ms + 4, ON_OUTPUT, 0, 0);
    at(run, run->now_ms + DAY_IN_MS, ON_BATCH, 0, 0);
    struct queued event;
    while (run->status == STATUS_OK && event_queue_pop(&run->queue, &event)) {
        run->now_ms = event.at_ms;
        happen(run, &event);
    }
    return run->status;
}

static void init_stations(struct healthy_run *run)
{
    double sum = 0;
    for (uint32_t i = 0; i <= CALENDAR_STATIONS; i++) {
        struct healthy_station *station = &run->stations[i];
        text_set(station->node,
                 i < CALENDAR_STATIONS ? run->config.stations[i].node : run->config.server.name);
        station->incarnation = random_next(&run->random) >> 12 | 1;
        station->session = 1;
        sum += draw_gamma(&run->random, 0.5) / 0.5;
        station->clumsy_up_to = sum;
    }
}

enum status healthy_run_new(int year, uint64_t seed, double false_alarms_per_year,
                            struct healthy_run **ret)
{
    struct healthy_run *run = calloc(1, sizeof *run);
    if (run == NULL)
        return STATUS_NO_MEMORY;
    random_seed(&run->random, seed);
    event_queue_init(&run->queue);
    site_calendar_init(&run->calendar, year, LEAD_DAYS);
    run->batch_product = -1;
    run->days = calloc(CALENDAR_STATIONS + 1, sizeof *run->days);
    run->stations = calloc(CALENDAR_STATIONS + 1, sizeof *run->stations);
    enum status status = run->days != NULL && run->stations != NULL ? STATUS_OK : STATUS_NO_MEMORY;
    if (status == STATUS_OK)
        status = fleet_config_init(&run->config, CALENDAR_STATIONS, true);
    if (status == STATUS_OK) {
        run->config.engine.false_alarms_per_year = false_alarms_per_year;
        site_calendar_configure(&run->calendar, &run->config.engine);
        run->start_ms = run->now_ms = site_calendar_ms(&run->calendar, run->calendar.first_day, 0);
        run->count_from_ms = run->start_ms + LEAD_DAYS * DAY_IN_MS;
        run->end_ms = site_calendar_ms(&run->calendar, run->calendar.end_day, 0);
        init_stations(run);
        status =
            engine_new(&run->config.engine, (struct instant){{0}, {run->start_ms}}, &run->engine);
    }
    if (status != STATUS_OK) {
        healthy_run_free(run);
        return status;
    }
    *ret = run;
    return STATUS_OK;
}

void healthy_run_free(struct healthy_run *run)
{
    if (run == NULL)
        return;
    engine_free(run->engine);
    fleet_config_fini(&run->config);
    event_queue_fini(&run->queue);
    free(run->days);
    free(run->stations);
    free(run);
}
