// SPDX-License-Identifier: Apache-2.0
// A fleet that beats once a second and fetches once in 90, healthy and in an outage of its service.
#include "bench/cost.h"

#include "base/random.h"
#include "bench/fleet_config.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { FETCH_EVERY = 90, PROBE_EVERY = 10, MIX = 1 << 20 };

struct fleet_run {
    struct fleet_config config;
    struct engine *engine;
    struct random_state random;
    uint64_t *seqs;
    uint32_t stations;
    int64_t now_us;
    uint64_t turn;
    struct message beat, fetch;
    double beats_ns, fetches_ns; // spent in the engine
    uint64_t beats, fetches;
};

static double now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static void step(struct fleet_run *run, const char *node, const struct message *message)
{
    struct instant now = {{run->now_us}, {INT64_C(1730876400000) + run->now_us / 1000}};
    struct event event = {.kind = EVENT_MESSAGE, .node = node, .message = message};
    engine_step(run->engine, now, &event);
}

static void beat(struct fleet_run *run, uint32_t station)
{
    struct heartbeat *beat = &run->beat.heartbeat;
    beat->seq = run->turn / run->stations + 1;
    // A tenth of the beats carry a new probe: the age falls.
    beat->share_probe_age_ms = (int64_t)((beat->seq + station) % PROBE_EVERY) * 1000 + 50;
    step(run, run->config.stations[station].node, &run->beat);
}

static void fetch(struct fleet_run *run, uint32_t station, bool outage)
{
    struct order_fetch *fetch = &run->fetch.order;
    fetch->key.seq = ++run->seqs[station];
    snprintf(fetch->order, sizeof fetch->order, "K%u-%llu", station,
             (unsigned long long)fetch->key.seq);
    bool fails = outage && random_below(&run->random, 4) > 0;
    fetch->outcome = fails ? OUTCOME_MISSING : OUTCOME_OK;
    step(run, run->config.stations[station].node, &run->fetch);
}

// `events` more, in turn over all stations; timed in groups of a kind so that the clock costs
// nothing.
static void play(struct fleet_run *run, uint64_t events, bool outage)
{
    run->beats_ns = run->fetches_ns = 0;
    run->beats = run->fetches = 0;
    int64_t gap_us = run->stations >= 1000000 ? 1 : 1000000 / run->stations;
    for (uint64_t done = 0; done < events;) {
        double from = now_ns();
        uint64_t group = FETCH_EVERY * 8;
        for (uint64_t i = 0; i < group; i++, run->turn++, run->now_us += gap_us)
            beat(run, (uint32_t)(run->turn % run->stations));
        double between = now_ns();
        for (uint64_t i = 0; i < group / FETCH_EVERY; i++)
            fetch(run, (uint32_t)random_below(&run->random, run->stations), outage);
        double to = now_ns();
        run->beats_ns += between - from;
        run->fetches_ns += to - between;
        run->beats += group;
        run->fetches += group / FETCH_EVERY;
        done += group + group / FETCH_EVERY;
    }
}

static enum status begin(struct fleet_run *run, uint32_t stations)
{
    *run = (struct fleet_run){.stations = stations};
    random_seed(&run->random, stations);
    run->seqs = calloc(stations, sizeof *run->seqs);
    if (run->seqs == NULL)
        return STATUS_NO_MEMORY;
    run->beat = (struct message){.kind = MESSAGE_HEARTBEAT};
    run->beat.heartbeat = (struct heartbeat){.incarnation = 1,
                                             .interval_ms = 1000,
                                             .share_outcome = OUTCOME_OK,
                                             .outbox_id = "box",
                                             .outbox_oldest_seq = 1};
    run->fetch = (struct message){.kind = MESSAGE_ORDER};
    run->fetch.order = (struct order_fetch){
        .key = {.outbox_id = "box", .age_ms = 5}, .product = "W213", .latency_ms = 40};
    return fleet_config_init(&run->config, stations, false);
}

static void end(struct fleet_run *run)
{
    engine_free(run->engine);
    fleet_config_fini(&run->config);
    free(run->seqs);
}

static size_t heap_in_use(void)
{
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

static double per_event(const struct fleet_run *run)
{
    return (run->beats_ns + run->fetches_ns) / (double)(run->beats + run->fetches);
}

static enum status measure(uint32_t stations, uint64_t events)
{
    struct fleet_run run;
    enum status status = begin(&run, stations);
    size_t before = heap_in_use();
    struct instant start = {{0}, {INT64_C(1730876400000)}};
    if (status == STATUS_OK)
        status = engine_new(&run.config.engine, start, &run.engine);
    if (status == STATUS_OK) {
        play(&run, (uint64_t)stations * 100, false); // everybody known, each has fetched
        size_t used = heap_in_use() - before;
        play(&run, events, false);
        printf("%8u %9llu %8.0f %8.0f %8.0f", stations,
               (unsigned long long)engine_counters(run.engine).candidates,
               run.beats_ns / (double)run.beats, run.fetches_ns / (double)run.fetches,
               per_event(&run));
        play(&run, events, true);
        printf(" %9.0f %9.0f %10.0f\n", run.fetches_ns / (double)run.fetches, per_event(&run),
               (double)used / stations);
        fflush(stdout);
    }
    end(&run);
    return status;
}

enum status cost_table(bool quick)
{
    uint64_t events = quick ? MIX / 2 : 4 * MIX;
    printf("\nc) nanoseconds an event, bytes a station (heap; room for what comes included)\n"
           "%8s %9s %8s %8s %8s %9s %9s %10s\n",
           "stations", "scores", "beat", "fetch", "mixed", "fetch*", "mixed*", "bytes");
    static const uint32_t sizes[] = {200, 10000, 100000};
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < sizeof sizes / sizeof sizes[0]; i++)
        status = measure(sizes[i], events);
    printf("mixed: 90 heartbeats a fetch; * during an outage of the service\n");
    return status;
}
