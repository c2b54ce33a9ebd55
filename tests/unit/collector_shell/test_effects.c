// SPDX-License-Identifier: Apache-2.0
// Performing effects: acks only after the commit, nothing lost when the store's queue is full.
#include "base/text.h"
#include "collector/shell/effects.h"
#include "tests/support/loop.h"
#include "tests/unit/collector_shell/fake_client.h"
#include "tests/unit/collector_shell/fake_store.h"
#include "wire/codec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct instant now = {{1000000}, {1730869200000}};

struct fixture {
    uv_loop_t loop;
    struct fake_store fake;
    struct fake_client client;
    struct engine *engine;
    struct publisher *publisher;
    struct store_writer *writer;
    struct effect_performer *performer;
    struct sink sink;
    int told;
    bool closed;
    uint64_t acked; // the highest ack
    char shown[4096];
};

static struct fixture *current; // for the sink, which has no context of its own

static void on_committed(void *context, const struct store_mark *mark)
{
    struct fixture *fixture = context;
    fixture->acked = mark->high_water;
    effects_committed(fixture->performer, mark);
}

static void on_trouble(void *context, const char *problem)
{
    (void)context;
    (void)problem;
}

static void on_closed(void *context)
{
    ((struct fixture *)context)->closed = true;
}

static void tell(struct sink *sink, enum transition transition, const struct incident *incident)
{
    (void)sink;
    (void)transition;
    (void)incident;
    current->told++;
}

static void show_incident(void *context, const char *json)
{
    struct fixture *fixture = context;
    text_set(fixture->shown, json);
}

static const struct sink_ops sink_ops = {.type = "test", .tell = tell};

static int set_up(void **state)
{
    static const struct store_writer_events events = {on_committed, on_trouble};
    struct fixture *fixture = calloc(1, sizeof *fixture);
    struct engine_config config;
    assert_non_null(fixture);
    engine_config_init(&config);
    config.site = "plant";
    assert_int_equal(uv_loop_init(&fixture->loop), 0);
    fake_store_init(&fixture->fake);
    fake_client_init(&fixture->client);
    assert_int_equal(engine_new(&config, now, &fixture->engine), STATUS_OK);
    assert_int_equal(publisher_new("plant", "1", now.wall, fixture->engine, &fixture->publisher),
                     STATUS_OK);
    publisher_attach(fixture->publisher, &fixture->client.base);
    assert_int_equal(store_writer_open(&fixture->loop, &fixture->fake.base, 4000, &events, fixture,
                                       &fixture->writer),
                     STATUS_OK);
    fixture->sink.ops = &sink_ops;
    struct effect_parts parts = {.engine = fixture->engine,
                                 .publisher = fixture->publisher,
                                 .store = fixture->writer,
                                 .display = {.context = fixture, .incident = show_incident},
                                 .sinks = {&fixture->sink},
                                 .sink_count = 1};
    assert_int_equal(effects_new(&parts, 10, &fixture->performer), STATUS_OK);
    *state = current = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    fake_store_set(&fixture->fake, false, false);
    store_writer_close(fixture->writer, on_closed, fixture);
    assert_true(loop_finish(&fixture->loop));
    assert_true(fixture->closed);
    effects_free(fixture->performer);
    publisher_free(fixture->publisher);
    engine_free(fixture->engine);
    fake_store_fini(&fixture->fake);
    free(fixture);
    return 0;
}

static struct message order_of(uint64_t seq)
{
    struct message message = {.kind = MESSAGE_ORDER};
    text_set(message.order.key.outbox_id, "box");
    message.order.key.seq = seq;
    message.order.outcome = OUTCOME_OK;
    message.order.source = SOURCE_LOG;
    return message;
}

// As the engine answers: `is_new` decides whether there is a message to be stored.
static void arrive(struct fixture *fixture, uint64_t seq, bool is_new, uint64_t ack_seq)
{
    struct message message = order_of(seq);
    struct mqtt_message origin = {.topic = "t", .payload = "as it came", .size = 10};
    struct event event = {.kind = EVENT_MESSAGE, .node = "ETS-1", .message = &message};
    struct effect *effect = calloc(1, sizeof *effect);
    assert_non_null(effect);
    effect->kind = EFFECT_RECORD;
    effect->node = "ETS-1";
    effect->message = is_new ? &message : NULL;
    effect->outbox_id = "box";
    effect->seq = ack_seq;
    effects_perform(fixture->performer, now, (struct effects){effect, 1}, &event, &origin);
    free(effect);
}

static bool has_ack(void *context)
{
    return ((struct fixture *)context)->acked > 0;
}

static void an_event_is_acked_after_its_commit(void **state)
{
    struct fixture *fixture = *state;
    fake_store_set(&fixture->fake, true, false);
    arrive(fixture, 1, true, 1);
    fake_store_wait(&fixture->fake);
    uv_run(&fixture->loop, UV_RUN_NOWAIT);
    assert_int_equal(fixture->client.count, 0);
    fake_store_set(&fixture->fake, false, false);
    assert_true(loop_until(&fixture->loop, has_ack, fixture, LOOP_PATIENCE_MS));
    assert_string_equal(fixture->client.log, "plant/ETS-1/ack;");
    assert_string_equal(fixture->fake.events, "ETS-1/1 ");
}

static void a_repeat_is_acked_and_not_stored(void **state)
{
    struct fixture *fixture = *state;
    arrive(fixture, 1, false, 7);
    assert_true(loop_until(&fixture->loop, has_ack, fixture, LOOP_PATIENCE_MS));
    assert_int_equal(fixture->acked, 7);
    assert_string_equal(fixture->fake.events, "");
}

static void what_was_learned_is_put_in_the_store(void **state)
{
    struct fixture *fixture = *state;
    struct effect *effects = calloc(1, sizeof *effects);
    assert_non_null(effects);
    *effects = (struct effect){.kind = EFFECT_REMEMBER, .key = "habit:ETS-1", .memory = "1:AB"};
    effects_perform(fixture->performer, now, (struct effects){effects, 1}, NULL, NULL);
    free(effects);
    arrive(fixture, 1, false, 7); // its ack says that all before it was committed
    assert_true(loop_until(&fixture->loop, has_ack, fixture, LOOP_PATIENCE_MS));
    assert_string_equal(fixture->fake.events, "habit:ETS-1=1:AB ");
}

static bool all_is_released(void *context)
{
    struct fixture *fixture = context;
    return fixture->acked > 0 && holds_count(effects_holds(fixture->performer)) == 0;
}

// The disk hangs until the queue is full; what was refused is not acked before it came again.
static void a_full_queue_loses_nothing(void **state)
{
    struct fixture *fixture = *state;
    enum { EVENTS = 200 };
    fake_store_set(&fixture->fake, true, false);
    for (uint64_t seq = 1; seq <= EVENTS; seq++)
        arrive(fixture, seq, true, seq);
    assert_int_equal(holds_count(effects_holds(fixture->performer)), 1);
    fake_store_set(&fixture->fake, false, false);
    assert_true(loop_until(&fixture->loop, has_ack, fixture, LOOP_PATIENCE_MS));
    uint64_t acked = fixture->acked;
    assert_true(acked < EVENTS);
    // The agent repeats from there on; to the engine these are repeats.
    while (!all_is_released(fixture)) {
        for (uint64_t seq = acked + 1; seq <= EVENTS; seq++) {
            arrive(fixture, seq, false, EVENTS);
            uv_run(&fixture->loop, UV_RUN_NOWAIT);
        }
    }
    fixture->acked = 0;
    arrive(fixture, EVENTS, false, EVENTS);
    assert_true(loop_until(&fixture->loop, has_ack, fixture, LOOP_PATIENCE_MS));
    assert_int_equal(fixture->acked, EVENTS);
    for (int seq = 1; seq <= EVENTS; seq++) {
        char name[20];
        snprintf(name, sizeof name, "ETS-1/%d ", seq);
        assert_non_null(strstr(fixture->fake.events, name));
    }
}

static void perform_transition(struct fixture *fixture, bool annunciated)
{
    struct incident *incident = calloc(1, sizeof *incident);
    struct effect *effect = calloc(1, sizeof *effect);
    assert_non_null(incident);
    assert_non_null(effect);
    text_set(incident->id, "plant-1-1");
    text_set(incident->headline, "Order service stopped");
    effect->kind = EFFECT_TRANSITION;
    effect->transition = TRANSITION_OPENED;
    effect->annunciated = annunciated;
    effect->incident = incident;
    effects_perform(fixture->performer, now, (struct effects){effect, 1}, NULL, NULL);
    free(effect);
    free(incident);
}

static void a_transition_goes_to_the_bus_before_it_is_stored(void **state)
{
    struct fixture *fixture = *state;
    fake_store_set(&fixture->fake, true, false);
    perform_transition(fixture, false);
    assert_string_equal(fixture->client.log, "plant/_incident/plant-1-1;");
    assert_non_null(strstr((char *)fixture->client.last_payload, "Order service stopped"));
    assert_non_null(strstr(fixture->shown, "\"transition\":\"opened\""));
    assert_int_equal(fixture->told, 0);
}

static void people_hear_what_is_annunciated(void **state)
{
    struct fixture *fixture = *state;
    perform_transition(fixture, true);
    assert_int_equal(fixture->told, 1);
    assert_int_equal(effects_counters(fixture->performer).told, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_event_is_acked_after_its_commit),
        TEST(a_repeat_is_acked_and_not_stored),
        TEST(what_was_learned_is_put_in_the_store),
        TEST(a_full_queue_loses_nothing),
        TEST(a_transition_goes_to_the_bus_before_it_is_stored),
        TEST(people_hear_what_is_annunciated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
