// SPDX-License-Identifier: Apache-2.0
// The way in: what becomes an event, what is counted and refused.
#include "base/random.h"
#include "base/text.h"
#include "collector/shell/ingest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct instant now = {{5000000}, {1730869200000}};

struct seen {
    int events, undecoded;
    bool retained;
    char node[ID_SIZE];
    enum message_kind kind;
    char cleared[INCIDENT_ID_SIZE];
};

static struct ingest ingest;
static struct seen seen;

static void see_event(void *context, struct instant at, const struct event *event,
                      const struct mqtt_message *origin)
{
    struct seen *s = context;
    assert_int_equal(at.mono.us, now.mono.us);
    assert_non_null(origin);
    s->events++;
    s->retained = event->retained;
    s->kind = event->message->kind;
    text_set(s->node, event->node);
}

static void see_incident(void *context, const char *id)
{
    text_set(((struct seen *)context)->cleared, id);
}

static void see_undecoded(void *context, struct instant at, const struct topic *topic,
                          const struct mqtt_message *origin)
{
    (void)at;
    (void)topic;
    (void)origin;
    ((struct seen *)context)->undecoded++;
}

static const struct ingest_handlers handlers = {&seen, see_event, see_incident, see_undecoded};

static int set_up(void **state)
{
    (void)state;
    seen = (struct seen){0};
    ingest_init(&ingest, "plant", &handlers);
    return 0;
}

static void give(const char *topic, const void *payload, size_t size, bool retained)
{
    struct mqtt_message message = {
        .topic = topic, .payload = payload, .size = size, .retained = retained};
    ingest_message(&ingest, now, &message);
}

static uint64_t reject_total(void)
{
    uint64_t total = 0;
    for (int i = 0; i < WIRE_REJECT_COUNT; i++)
        total += ingest.rejects.count[i];
    return total;
}

static size_t encode_order(uint8_t bytes[WIRE_MESSAGE_MAX])
{
    struct message message = {.kind = MESSAGE_ORDER};
    size_t size;
    text_set(message.order.key.outbox_id, "box");
    message.order.key.seq = 1;
    message.order.outcome = OUTCOME_OK;
    message.order.source = SOURCE_LOG;
    assert_int_equal(wire_encode(&message, bytes, WIRE_MESSAGE_MAX, &size), STATUS_OK);
    return size;
}

static void a_message_of_a_node_becomes_an_event(void **state)
{
    (void)state;
    uint8_t bytes[WIRE_MESSAGE_MAX];
    size_t size = encode_order(bytes);
    give("stationwatch/v1/plant/ETS-1/order", bytes, size, true);
    assert_int_equal(seen.events, 1);
    assert_true(seen.retained);
    assert_string_equal(seen.node, "ETS-1");
    assert_int_equal(seen.kind, MESSAGE_ORDER);
    assert_int_equal(ingest.accepted[MESSAGE_ORDER], 1);
    assert_int_equal(reject_total(), 0);
}

static void foreign_topics_and_kinds_are_refused(void **state)
{
    (void)state;
    uint8_t bytes[WIRE_MESSAGE_MAX];
    size_t size = encode_order(bytes);
    static const char *const topics[] = {
        "stationwatch/v1/other/ETS-1/order", "stationwatch/v2/plant/ETS-1/order",
        "stationwatch/v1/plant/ETS.1/order", "stationwatch/v1/plant/ETS-1/orders",
        "stationwatch/v1/plant/ETS-1/ack",   "stationwatch/v1/plant/ETS-1/command",
        "stationwatch/v1/plant/ETS-1",       "",
    };
    for (size_t i = 0; i < sizeof topics / sizeof topics[0]; i++)
        give(topics[i], bytes, size, false);
    assert_int_equal(seen.events, 0);
    assert_int_equal(ingest.rejects.count[WIRE_BAD_TOPIC], 8);
}

static void what_cannot_be_decoded_is_counted_by_reason(void **state)
{
    (void)state;
    static uint8_t large[WIRE_MESSAGE_MAX + 1];
    give("stationwatch/v1/plant/ETS-1/order", "\xff\xff\xff\xff", 4, false);
    give("stationwatch/v1/plant/ETS-1/order", large, sizeof large, false);
    give("stationwatch/v1/plant/ETS-1/order", "", 0, false);
    assert_int_equal(seen.events, 0);
    assert_int_equal(seen.undecoded, 3);
    assert_int_equal(ingest.rejects.count[WIRE_MALFORMED], 1);
    assert_int_equal(ingest.rejects.count[WIRE_TOO_LARGE], 1);
    assert_int_equal(reject_total(), 3);
}

static void a_cleared_retained_birth_is_nobody_speaking(void **state)
{
    (void)state;
    give("stationwatch/v1/plant/ETS-1/birth", "", 0, false);
    assert_int_equal(seen.events, 0);
    assert_int_equal(reject_total(), 0);
}

static void only_retained_incidents_are_looked_at(void **state)
{
    (void)state;
    give("stationwatch/v1/plant/_incident/plant-1-1", "{}", 2, false); // our own, coming back
    assert_string_equal(seen.cleared, "");
    give("stationwatch/v1/plant/_incident/plant-1-1", "", 0, true);
    assert_string_equal(seen.cleared, "");
    give("stationwatch/v1/plant/_incident/plant-1-1", "{}", 2, true);
    assert_string_equal(seen.cleared, "plant-1-1");
    assert_int_equal(reject_total(), 0);
}

static void the_brokers_drop_counter_is_watched(void **state)
{
    (void)state;
    give(INGEST_DROPPED_TOPIC, "garbage", 7, true);
    assert_false(ingest.broker_dropped_known);
    give(INGEST_DROPPED_TOPIC, "17", 2, true);
    assert_true(ingest.broker_dropped_known);
    assert_int_equal(ingest.broker_dropped, 17);
    give(INGEST_DROPPED_TOPIC, "3", 1, true); // the broker restarted
    assert_int_equal(ingest.broker_dropped, 3);
    assert_int_equal(reject_total(), 0);
}

static void what_is_subscribed_covers_the_site_and_nothing_else(void **state)
{
    (void)state;
    struct mqtt_settings settings = {0};
    ingest_subscribe(&ingest, &settings);
    assert_int_equal(settings.subscription_count, 7);
    assert_string_equal(settings.subscriptions[0].topic_filter, "stationwatch/v1/plant/+/birth");
    assert_string_equal(settings.subscriptions[5].topic_filter,
                        "stationwatch/v1/plant/_incident/+");
    assert_string_equal(settings.subscriptions[6].topic_filter, INGEST_DROPPED_TOPIC);
}

static void any_bytes_on_any_topic_are_an_event_or_a_counted_reject(void **state)
{
    (void)state;
    static const char *const kinds[] = {"birth", "heartbeat", "order", "service", "host", "ack"};
    const char *given = getenv("STATIONWATCH_SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : 20241106;
    struct random_state random;
    print_message("seed %llu\n", (unsigned long long)seed);
    random_seed(&random, seed);
    for (int round = 0; round < 20000; round++) {
        char topic[100];
        size_t size = 1 + random_below(&random, 300);
        uint8_t *bytes = malloc(size); // on the heap, so that a byte read too far is found
        assert_non_null(bytes);
        for (size_t i = 0; i < size; i++)
            bytes[i] = (uint8_t)random_next(&random);
        snprintf(topic, sizeof topic, "stationwatch/v1/plant/ETS-1/%s",
                 kinds[random_below(&random, 6)]);
        uint64_t before = (uint64_t)seen.events + reject_total();
        give(topic, bytes, size, random_below(&random, 2) == 0);
        assert_int_equal((uint64_t)seen.events + reject_total(), before + 1);
        free(bytes);
    }
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_message_of_a_node_becomes_an_event),
        TEST(foreign_topics_and_kinds_are_refused),
        TEST(what_cannot_be_decoded_is_counted_by_reason),
        TEST(a_cleared_retained_birth_is_nobody_speaking),
        TEST(only_retained_incidents_are_looked_at),
        TEST(the_brokers_drop_counter_is_watched),
        TEST(what_is_subscribed_covers_the_site_and_nothing_else),
        TEST(any_bytes_on_any_topic_are_an_event_or_a_counted_reject),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
