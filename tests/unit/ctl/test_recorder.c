// SPDX-License-Identifier: Apache-2.0
// How a packet of the bus becomes a line of a recording, and that replay can read it again.
#include "ctl/trace/recorder.h"

#include "wire/codec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define SITE "stationwatch/v1/plant/"

struct recorded {
    char buffer[32768];
    struct text text;
    struct trace_line line;
};

// Records one packet and reads the line back.
static void record(struct recorded *recorded, const char *topic, const void *payload, size_t size,
                   bool retained)
{
    struct mqtt_message packet = {
        .topic = topic, .payload = payload, .size = size, .qos = 1, .retained = retained};
    char problem[TEXT_SIZE] = "";
    text_init(&recorded->text, recorded->buffer, sizeof recorded->buffer);
    recorder_line(&recorded->text, (struct wall_time){1730872800125}, &packet);
    assert_int_equal(recorded->buffer[recorded->text.length - 1], '\n');
    enum status status =
        trace_read_line(recorded->buffer, recorded->text.length - 1, &recorded->line, problem);
    if (status != STATUS_OK)
        fail_msg("%s: %s", recorded->buffer, problem);
    assert_int_equal(recorded->line.t.ms, 1730872800125);
}

static void a_message_is_recorded_with_its_fields(void **state)
{
    (void)state;
    static struct recorded recorded;
    struct message message = {.kind = MESSAGE_ORDER,
                              .order = {.key = {"a1", 7, 1730872800000, 20},
                                        .order = "4711",
                                        .product = "HV-1",
                                        .outcome = OUTCOME_MISSING,
                                        .latency_ms = -1,
                                        .source = SOURCE_LOG}};
    uint8_t bytes[WIRE_MESSAGE_MAX];
    size_t size;
    assert_int_equal(wire_encode(&message, bytes, sizeof bytes, &size), STATUS_OK);
    record(&recorded, SITE "ETS-001/order", bytes, size, false);
    assert_int_equal(recorded.line.kind, TRACE_MESSAGE);
    assert_string_equal(recorded.line.topic.node, "ETS-001");
    assert_int_equal(recorded.line.message.order.outcome, OUTCOME_MISSING);
    assert_int_equal(recorded.line.message.order.key.seq, 7);
    assert_int_equal(recorded.line.message.order.key.age_ms, 20);
    assert_false(recorded.line.retained);
    assert_non_null(strstr(recorded.buffer, "OUTCOME_MISSING"));
}

static void what_cannot_be_decoded_is_recorded_as_its_bytes(void **state)
{
    (void)state;
    static struct recorded recorded;
    record(&recorded, SITE "ETS-001/heartbeat", "\xff\xff\xff\xff", 4, false);
    assert_int_equal(recorded.line.kind, TRACE_UNDECODED);
    assert_non_null(strstr(recorded.buffer, "\"payload_base64\":\"/////w==\""));
}

static void a_site_wide_document_is_recorded_and_is_known_as_such(void **state)
{
    (void)state;
    static struct recorded recorded;
    record(&recorded, SITE "_andon", "red", 3, true);
    assert_int_equal(recorded.line.kind, TRACE_SITE_WIDE);
    assert_string_equal(recorded.line.topic.site_wide, "_andon");
    assert_true(recorded.line.retained);
}

static void a_foreign_topic_gives_no_line(void **state)
{
    (void)state;
    char buffer[256];
    struct text text;
    struct mqtt_message packet = {.topic = "other/v1/x", .payload = "x", .size = 1};
    text_init(&text, buffer, sizeof buffer);
    recorder_line(&text, (struct wall_time){1}, &packet);
    assert_int_equal(text.length, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_is_recorded_with_its_fields),
        cmocka_unit_test(what_cannot_be_decoded_is_recorded_as_its_bytes),
        cmocka_unit_test(a_site_wide_document_is_recorded_and_is_known_as_such),
        cmocka_unit_test(a_foreign_topic_gives_no_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
