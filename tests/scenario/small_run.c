// SPDX-License-Identifier: Apache-2.0
// The small plant in virtual time.
#include "tests/scenario/small_run.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEARTBEAT_MS = 2000,
    GRACE_MS = HEARTBEAT_MS * 5 / 2,
    LOST_AFTER_MS = 7500,
    LOST_AFTER_WILL_MS = 2000,
    WILL_AFTER_MS = 2500, // before anybody is overdue
    FETCH_MS = 90000,     // a fifth more or less
    PROBE_MS = 10000,
    REPORT_MS = 4000,
    TOLD_AT_ONCE_MS = 200,
    ANSWER_MS = 100,
    LATE_FOR_SURE_MS = 10000, // requests that wait this long are late, whenever they were told of
    SERVER = SMALL_STATIONS
};

#define NEVER_MS   INT64_MAX
#define DISK_BYTES (UINT64_C(1) << 39)

static const struct wall_time wall_start = {INT64_C(1730869200000)};

static void out_of_memory(void)
{
    fprintf(stderr, "out of memory\n");
    abort();
}

static struct instant instant_at(int64_t ms)
{
    return (struct instant){{ms * 1000}, {wall_start.ms + ms}};
}

static void note(struct small_run *run, enum symptom symptom, uint32_t station, uint32_t product)
{
    if (run->unlogged)
        return;
    if (run->log_count == SMALL_LOG_MAX)
        out_of_memory();
    run->log[run->log_count++] = (struct observation){run->now_ms, symptom, station, product};
}

// ---- drawing ---------------------------------------------------------------------------------

// The cause at work that has a say in this, NULL = none: health.
static const struct supposition *at_work(const struct small_run *run, enum symptom symptom,
                                         uint32_t station, uint32_t product)
{
    struct observation observation = {run->now_ms, symptom, station, product};
    for (uint32_t i = 0; i < run->strike_count; i++) {
        const struct supposition *supposition =
            &run->plant->suppositions[run->strikes[i].supposition];
        if (run->strikes[i].begun && codebook_speaks_of(supposition->cause, symptom) &&
            supposition_concerns(supposition, &observation))
            return supposition;
    }
    return NULL;
}

static enum symptom draw(struct small_run *run, const struct cause *cause, enum symptom first,
                         enum symptom last)
{
    double left = random_unit(&run->random);
    for (int s = first; s < (int)last; s++) {
        left -= codebook_probability(cause, (enum symptom)s);
        if (left < 0)
            return (enum symptom)s;
    }
    return last;
}

static enum symptom draw_fetch(struct small_run *run, uint32_t station, uint32_t product)
{
    const struct supposition *cause = at_work(run, SYMPTOM_FETCH_OK, station, product);
    double left = random_unit(&run->random);
    for (int s = SYMPTOM_FETCH_OK; s < SYMPTOM_FETCH_STALE; s++) {
        left -= model_fetch(cause, run->nodes[station].stock, (enum symptom)s);
        if (left < 0)
            return (enum symptom)s;
    }
    return SYMPTOM_FETCH_STALE;
}

// ---- telling the engine ----------------------------------------------------------------------

static struct opened *find_opened(struct small_run *run, const char *id)
{
    for (uint32_t i = 0; i < run->opened_count; i++)
        if (text_equal(run->opened[i].incident.id, id))
            return &run->opened[i];
    return NULL;
}

static void keep_incident(struct small_run *run, const struct effect *effect)
{
    struct opened *opened = find_opened(run, effect->incident->id);
    if (opened == NULL && run->opened_count < SMALL_OPENED_MAX) {
        opened = &run->opened[run->opened_count++];
        opened->at_ms = run->now_ms;
        opened->log_count = run->log_count;
        opened->told = false;
        opened->incident = *effect->incident;
    }
    if (opened == NULL)
        return;
    opened->latest = *effect->incident;
    opened->told |= effect->annunciated;
}

static void step(struct small_run *run, const struct event *event)
{
    struct effects effects = engine_step(run->engine, instant_at(run->now_ms), event);
    for (size_t i = 0; i < effects.count; i++) {
        if (effects.items[i].kind == EFFECT_TRANSITION)
            keep_incident(run, &effects.items[i]);
        if (effects.items[i].kind == EFFECT_COMMAND && run->resync_at == NEVER_MS &&
            text_equal(effects.items[i].command.action, "resync"))
            run->resync_at = run->now_ms + ANSWER_MS;
    }
}

static const char *name_of(const struct small_run *run, uint32_t node)
{
    return node == SERVER ? SMALL_SERVER : run->plant->stations[node].node;
}

static void tell(struct small_run *run, uint32_t node, struct message *message)
{
    struct event event = {.kind = EVENT_MESSAGE, .node = name_of(run, node), .message = message};
    step(run, &event);
    if (!run->twice)
        return;
    step(run, &event);
    if (message->kind != MESSAGE_ORDER || message->order.outcome == OUTCOME_OK)
        return;
    message->order.key.seq = ++run->nodes[node].seq;
    step(run, &event);
}

static void hear(struct small_run *run, uint32_t node, struct message *message)
{
    struct small_node *from = &run->nodes[node];
    struct event_key *key = message->kind == MESSAGE_ORDER     ? &message->order.key
                            : message->kind == MESSAGE_SERVICE ? &message->service.key
                            : message->kind == MESSAGE_HOST    ? &message->host.key
                                                               : NULL;
    if (key != NULL) {
        snprintf(key->outbox_id, sizeof key->outbox_id, "box-%u", node);
        key->seq = ++from->seq;
        key->at_ms = wall_start.ms + run->now_ms;
    }
    from->heard_at = run->now_ms;
    tell(run, node, message);
    if (from->heard_since)
        return;
    from->heard_since = true;
    note(run, node == SERVER ? SYMPTOM_SERVER_HEARD : SYMPTOM_LIFE_HEARD,
         node == SERVER ? NO_STATION : node, 0);
}

static void say_birth(struct small_run *run, uint32_t node, bool will)
{
    static struct message message;
    message = (struct message){.kind = MESSAGE_BIRTH};
    struct birth *birth = &message.birth;
    *birth = (struct birth){.online = !will,
                            .offline_reason = will ? OFFLINE_WILL : OFFLINE_UNSPECIFIED,
                            .role = node == SERVER ? ROLE_SERVER : ROLE_STATION,
                            .incarnation = node + 1,
                            .session = 1,
                            .outbox_oldest_seq = 1,
                            .heartbeat_interval_ms = HEARTBEAT_MS,
                            .sent_at_ms = wall_start.ms + run->now_ms};
    snprintf(birth->boot_id, sizeof birth->boot_id, "boot-%u", node);
    snprintf(birth->outbox_id, sizeof birth->outbox_id, "box-%u", node);
    text_set(birth->hostname, name_of(run, node));
    if (will) {
        step(run, &(struct event){
                      .kind = EVENT_MESSAGE, .node = name_of(run, node), .message = &message});
        return;
    }
    hear(run, node, &message);
}

static void say_heartbeat(struct small_run *run, uint32_t node)
{
    struct small_node *from = &run->nodes[node];
    struct message message = {.kind = MESSAGE_HEARTBEAT};
    struct heartbeat *beat = &message.heartbeat;
    *beat = (struct heartbeat){.incarnation = node + 1,
                               .seq = ++from->beats,
                               .interval_ms = HEARTBEAT_MS,
                               .uptime_ms = 86400000 + run->now_ms,
                               .sent_at_ms = wall_start.ms + run->now_ms,
                               .outbox_oldest_seq = 1,
                               .share_probe_age_ms = -1,
                               .software_running = true};
    snprintf(beat->outbox_id, sizeof beat->outbox_id, "box-%u", node);
    enum symptom probe = SYMPTOM_COUNT;
    if (run->probes && node != SERVER) {
        if (run->now_ms - from->probed_at >= PROBE_MS) {
            const struct supposition *cause = at_work(run, SYMPTOM_PROBE_OK, node, 0);
            probe = draw(run, cause == NULL ? NULL : cause->cause, SYMPTOM_PROBE_OK,
                         SYMPTOM_PROBE_STALE);
            from->probed_at = run->now_ms;
            beat->share_outcome = (enum outcome)(probe - SYMPTOM_PROBE_OK + OUTCOME_OK);
        }
        beat->share_probe_age_ms = run->now_ms - from->probed_at;
    }
    if (probe != SYMPTOM_COUNT)
        note(run, probe, node, 0);
    hear(run, node, &message);
    from->beat_at = run->now_ms + HEARTBEAT_MS;
}

static uint32_t draw_product(struct small_run *run)
{
    uint64_t chance = random_below(&run->random, 10);
    return chance < 5 ? 0 : chance < 8 ? 1 : 2;
}

static void say_fetch(struct small_run *run, uint32_t node)
{
    struct small_node *from = &run->nodes[node];
    static struct message message;
    message = (struct message){.kind = MESSAGE_ORDER};
    struct order_fetch *fetch = &message.order;
    uint32_t product = draw_product(run);
    enum symptom symptom = draw_fetch(run, node, product);
    snprintf(fetch->order, sizeof fetch->order, "O-%u-%" PRId64, node, run->now_ms);
    snprintf(fetch->product, sizeof fetch->product, "P%u", product + 1);
    fetch->outcome = (enum outcome)(symptom - SYMPTOM_FETCH_OK + OUTCOME_OK);
    fetch->source = SOURCE_LOG;
    fetch->latency_ms = 40;
    from->stock = symptom == SYMPTOM_FETCH_OK ? STOCK_PROVED : STOCK_GONE;
    note(run, symptom, node, product);
    hear(run, node, &message);
    from->fetch_at =
        run->now_ms + FETCH_MS * 4 / 5 + (int64_t)random_below(&run->random, FETCH_MS * 2 / 5);
}

static void say_state(struct small_run *run)
{
    static struct message message;
    message = (struct message){.kind = MESSAGE_SERVICE};
    struct service_report *report = &message.service;
    text_set(report->service, SMALL_SERVICE);
    report->state = run->state == SYMPTOM_STATE_UP        ? SERVICE_RUNNING
                    : run->state == SYMPTOM_STATE_PENDING ? SERVICE_STOP_PENDING
                                                          : SERVICE_STOPPED;
    report->start_mode = START_AUTO;
    note(run, run->state, NO_STATION, 0);
    hear(run, SERVER, &message);
}

static void say_output(struct small_run *run)
{
    static struct message message;
    message = (struct message){.kind = MESSAGE_HOST};
    struct host_event *host = &message.host;
    int64_t waited = run->making == MAKING_STOPS ? run->now_ms - run->stopped_at : 0;
    host->event = HOST_ORDER_OUTPUT;
    host->newest_order_age_ms = run->making == MAKING_IDLE ? 60000 : 1000 + waited;
    host->backlog = run->making == MAKING_IDLE ? 0 : 3;
    host->disk_total_bytes = DISK_BYTES;
    host->disk_free_bytes = run->disk == SYMPTOM_DISK_FULL      ? 0
                            : run->disk == SYMPTOM_DISK_FILLING ? DISK_BYTES / 20
                                                                : DISK_BYTES / 2;
    if (run->making == MAKING_STOPS && waited >= LATE_FOR_SURE_MS)
        note(run, SYMPTOM_OUTPUT_LATE, NO_STATION, 0);
    else if (run->making != MAKING_STOPS)
        note(run, run->making == MAKING_IDLE ? SYMPTOM_OUTPUT_IDLE : SYMPTOM_OUTPUT_FLOWING,
             NO_STATION, 0);
    note(run, run->disk, NO_STATION, 0);
    hear(run, SERVER, &message);
    run->report_at = run->now_ms + REPORT_MS;
}

// ---- causes begin ----------------------------------------------------------------------------

static void fall_silent(struct small_run *run, uint32_t node)
{
    struct small_node *of = &run->nodes[node];
    of->silent = true;
    of->beat_at = of->fetch_at = NEVER_MS;
    of->overdue_at = of->heard_at + GRACE_MS;
    of->lost_at = of->overdue_at + LOST_AFTER_MS;
    if (node == SERVER)
        run->report_at = run->resync_at = NEVER_MS;
}

static void begin_silence(struct small_run *run, const struct supposition *cause)
{
    const struct cause *row = cause->cause;
    bool link = codebook_speaks_of(row, SYMPTOM_LINK_UP);
    bool down = link && draw(run, row, SYMPTOM_LINK_UP, SYMPTOM_LINK_DOWN) == SYMPTOM_LINK_DOWN;
    for (uint32_t i = 0; i < SMALL_STATIONS; i++)
        if (codebook_speaks_of(row, SYMPTOM_LIFE_OVERDUE) && (cause->members & (1U << i)) != 0 &&
            draw(run, row, SYMPTOM_LIFE_HEARD, SYMPTOM_LIFE_OVERDUE) == SYMPTOM_LIFE_OVERDUE)
            fall_silent(run, i);
    if (run->plant->agent && codebook_speaks_of(row, SYMPTOM_SERVER_OVERDUE) &&
        draw(run, row, SYMPTOM_SERVER_HEARD, SYMPTOM_SERVER_OVERDUE) == SYMPTOM_SERVER_OVERDUE)
        fall_silent(run, SERVER);
    if (link)
        note(run, SYMPTOM_LINK_UP, NO_STATION, 0);
    if (down)
        run->link_at = run->now_ms + TOLD_AT_ONCE_MS;
    if (link && !down &&
        draw(run, row, SYMPTOM_WILL_NONE, SYMPTOM_WILL_HEARD) == SYMPTOM_WILL_HEARD)
        run->will_at = run->now_ms + WILL_AFTER_MS;
}

static void begin_at_server(struct small_run *run, const struct supposition *cause)
{
    const struct cause *row = cause->cause;
    if (!run->plant->agent || run->nodes[SERVER].silent ||
        !supposition_concerns(
            cause, &(struct observation){.symptom = SYMPTOM_STATE_UP, .station = NO_STATION}))
        return;
    enum symptom before = run->state;
    if (codebook_speaks_of(row, SYMPTOM_STATE_UP))
        run->state = draw(run, row, SYMPTOM_STATE_UP, SYMPTOM_STATE_DOWN);
    if (codebook_speaks_of(row, SYMPTOM_OUTPUT_IDLE)) {
        enum symptom output = draw(run, row, SYMPTOM_OUTPUT_FLOWING, SYMPTOM_OUTPUT_STALE);
        run->making = output == SYMPTOM_OUTPUT_FLOWING ? MAKING_FLOWS
                      : output == SYMPTOM_OUTPUT_IDLE  ? MAKING_IDLE
                                                       : MAKING_STOPS;
        run->stopped_at = run->now_ms;
    }
    if (codebook_speaks_of(row, SYMPTOM_DISK_FULL))
        run->disk = draw(run, row, SYMPTOM_DISK_AMPLE, SYMPTOM_DISK_FULL);
    run->report_at = run->now_ms + TOLD_AT_ONCE_MS;
    if (run->state != before)
        run->resync_at = run->now_ms + TOLD_AT_ONCE_MS;
}

static void begin(struct small_run *run, struct strike *strike)
{
    const struct supposition *cause = &run->plant->suppositions[strike->supposition];
    strike->begun = true;
    for (uint32_t i = 0; i <= SMALL_STATIONS; i++) {
        run->nodes[i].heard_since = run->nodes[i].silent;
        run->nodes[i].stock = STOCK_UNPROVED;
    }
    if (run->plant->agent && !run->nodes[SERVER].silent) // nobody announced one
        note(run, SYMPTOM_RESTART_NONE, NO_STATION, 0);
    begin_silence(run, cause);
    begin_at_server(run, cause);
}

// ---- time ------------------------------------------------------------------------------------

static void turn_overdue(struct small_run *run, uint32_t node)
{
    run->nodes[node].overdue_at = NEVER_MS;
    note(run, node == SERVER ? SYMPTOM_SERVER_OVERDUE : SYMPTOM_LIFE_OVERDUE,
         node == SERVER ? NO_STATION : node, 0);
    if (run->will_at == NEVER_MS || run->will_at > run->now_ms)
        note(run, SYMPTOM_WILL_NONE, NO_STATION, 0);
}

static void turn_lost(struct small_run *run, uint32_t node)
{
    run->nodes[node].lost_at = NEVER_MS;
    note(run, node == SERVER ? SYMPTOM_SERVER_LOST : SYMPTOM_LIFE_LOST,
         node == SERVER ? NO_STATION : node, 0);
}

static void send_wills(struct small_run *run)
{
    run->will_at = INT64_MIN; // heard
    for (uint32_t i = 0; i <= SMALL_STATIONS; i++) {
        struct small_node *node = &run->nodes[i];
        if (!node->silent)
            continue;
        say_birth(run, i, true);
        // It counts from when the node is overdue.
        int64_t from = node->overdue_at == NEVER_MS ? run->now_ms : node->overdue_at;
        if (node->lost_at != NEVER_MS)
            node->lost_at = from + LOST_AFTER_WILL_MS;
    }
    note(run, SYMPTOM_WILL_HEARD, NO_STATION, 0);
}

static void lose_link(struct small_run *run)
{
    run->link_at = NEVER_MS;
    note(run, SYMPTOM_LINK_DOWN, NO_STATION, 0);
    step(run, &(struct event){.kind = EVENT_LINK, .link_up = false});
}

static void answer(struct small_run *run)
{
    run->resync_at = NEVER_MS;
    if (!run->plant->agent || run->nodes[SERVER].silent)
        return;
    say_state(run);
    say_output(run);
}

static int64_t engine_due(const struct small_run *run)
{
    struct mono_time due = engine_next_deadline(run->engine);
    return mono_is_never(due) ? NEVER_MS : (due.us + 999) / 1000;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t next_at(const struct small_run *run)
{
    int64_t next = least(engine_due(run), least(run->report_at, run->resync_at));
    if (run->will_at > run->now_ms)
        next = least(next, run->will_at);
    next = least(next, run->link_at);
    for (uint32_t i = 0; i < run->strike_count; i++)
        if (!run->strikes[i].begun)
            next = least(next, run->strikes[i].at_ms);
    for (uint32_t i = 0; i <= SMALL_STATIONS; i++) {
        const struct small_node *node = &run->nodes[i];
        next = least(next, least(node->beat_at, node->fetch_at));
        next = least(next, least(node->overdue_at, node->lost_at));
    }
    return next;
}

static void act_node(struct small_run *run, uint32_t index)
{
    struct small_node *node = &run->nodes[index];
    if (node->overdue_at <= run->now_ms)
        turn_overdue(run, index);
    if (node->lost_at <= run->now_ms)
        turn_lost(run, index);
    if (node->beat_at <= run->now_ms)
        say_heartbeat(run, index);
    if (node->fetch_at <= run->now_ms)
        say_fetch(run, index);
}

static void act(struct small_run *run)
{
    for (uint32_t i = 0; i < run->strike_count; i++)
        if (!run->strikes[i].begun && run->strikes[i].at_ms <= run->now_ms)
            begin(run, &run->strikes[i]);
    if (run->link_at <= run->now_ms)
        lose_link(run);
    if (run->will_at != INT64_MIN && run->will_at <= run->now_ms)
        send_wills(run);
    for (uint32_t i = 0; i <= SMALL_STATIONS; i++)
        act_node(run, i);
    if (run->resync_at <= run->now_ms)
        answer(run);
    if (run->report_at <= run->now_ms)
        say_output(run);
    if (engine_due(run) <= run->now_ms)
        step(run, &(struct event){.kind = EVENT_TIMER});
}

static bool play(struct small_run *run, int64_t until_ms, bool to_first)
{
    for (;;) {
        int64_t next = next_at(run);
        if (next > until_ms || (to_first && run->opened_count > 0))
            return run->opened_count > 0;
        run->now_ms = next > run->now_ms ? next : run->now_ms;
        act(run);
    }
}

bool small_run_until_opened(struct small_run *run, int64_t until_ms)
{
    return play(run, until_ms, true);
}

void small_run_play(struct small_run *run, int64_t until_ms)
{
    (void)play(run, until_ms, false);
}

// ---- life ------------------------------------------------------------------------------------

void small_run_init(struct small_run *run, const struct small_plant *plant, uint64_t seed)
{
    *run = (struct small_run){.plant = plant,
                              .state = SYMPTOM_STATE_UP,
                              .disk = SYMPTOM_DISK_AMPLE,
                              .report_at = NEVER_MS,
                              .resync_at = NEVER_MS,
                              .will_at = NEVER_MS,
                              .link_at = NEVER_MS};
    random_seed(&run->random, seed);
    run->probes = random_below(&run->random, 2) == 0;
    run->making = random_unit(&run->random) < 0.6 ? MAKING_FLOWS : MAKING_IDLE;
    if (engine_new(&plant->config, instant_at(0), &run->engine) != STATUS_OK)
        out_of_memory();
    for (uint32_t i = 0; i <= SMALL_STATIONS; i++) {
        struct small_node *node = &run->nodes[i];
        *node = (struct small_node){.beat_at = NEVER_MS,
                                    .fetch_at = NEVER_MS,
                                    .overdue_at = NEVER_MS,
                                    .lost_at = NEVER_MS,
                                    .heard_since = true};
        if (i == SERVER && !plant->agent)
            continue;
        say_birth(run, i, false);
        node->beat_at = 1 + (int64_t)random_below(&run->random, HEARTBEAT_MS);
        node->probed_at = -(int64_t)random_below(&run->random, PROBE_MS);
        if (i != SERVER)
            node->fetch_at = 1 + (int64_t)random_below(&run->random, FETCH_MS);
    }
    if (plant->agent)
        answer(run);
}

void small_run_fini(struct small_run *run)
{
    engine_free(run->engine);
}

void small_run_strike(struct small_run *run, uint32_t supposition, int64_t at_ms)
{
    run->strikes[run->strike_count++] = (struct strike){supposition, at_ms, false};
}
