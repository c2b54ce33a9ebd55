// SPDX-License-Identifier: Apache-2.0
// Lines of a trace: written, read back, and refused with a reason.
#include "samples.h"
#include "wire/trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

static char buffer[JSON_MESSAGE_SIZE];

static const char *print(const struct trace_line *line)
{
    struct text out;
    text_init(&out, buffer, sizeof buffer);
    trace_write_line(&out, line);
    assert_false(out.truncated);
    return buffer;
}

static void read(const char *text, struct trace_line *ret)
{
    char problem[TEXT_SIZE] = "";
    memset(ret, 0, sizeof *ret);
    if (trace_read_line(text, strlen(text), ret, problem) != STATUS_OK)
        fail_msg("%s: %s", text, problem);
}

static void a_message_line_is_written_and_read_back(void **state)
{
    (void)state;
    for (int kind = 0; kind < MESSAGE_KIND_COUNT; kind++) {
        struct trace_line line, again;
        memset(&line, 0, sizeof line);
        line.kind = TRACE_MESSAGE;
        line.t.ms = 1730869200125;
        line.retained = kind == MESSAGE_BIRTH;
        line.topic =
            (struct topic){.site = "plant", .node = "ETS-001", .kind = (enum message_kind)kind};
        sample_message((enum message_kind)kind, &line.message);
        print(&line);
        assert_int_equal(buffer[strlen(buffer) - 1], '\n');
        read(buffer, &again);
        assert_memory_equal(&again, &line, sizeof line);
    }
}

static void the_lines_look_as_documented(void **state)
{
    (void)state;
    struct trace_line line = {.kind = TRACE_MESSAGE,
                              .t = {1730869200005},
                              .retained = true,
                              .topic = {.site = "plant", .node = "N1", .kind = MESSAGE_ACK}};
    sample_message(MESSAGE_ACK, &line.message);
    assert_string_equal(print(&line), "{\"t\":1730869200.005,\"retained\":true,"
                                      "\"topic\":\"stationwatch/v1/plant/N1/ack\","
                                      "\"message\":{\"outbox_id\":\"a1b2\",\"seq\":42}}\n");
    line = (struct trace_line){.kind = TRACE_LINK, .t = {1000}, .link_up = true};
    assert_string_equal(print(&line), "{\"t\":1.000,\"link\":\"up\"}\n");
    line.link_up = false;
    assert_string_equal(print(&line), "{\"t\":1.000,\"link\":\"down\"}\n");
    line.kind = TRACE_END;
    assert_string_equal(print(&line), "{\"t\":1.000,\"end\":true}\n");
    line.kind = TRACE_OPERATOR;
    line.operation = (struct trace_operator){"shelve", "plant-1", "mk", "later", 1800};
    assert_string_equal(print(&line),
                        "{\"t\":1.000,\"operator\":{\"action\":\"shelve\",\"id\":\"plant-1\","
                        "\"by\":\"mk\",\"comment\":\"later\",\"for_s\":1800}}\n");
}

static void what_cannot_be_decoded_travels_as_base64(void **state)
{
    (void)state;
    static const char *const expected[] = {"", "AP8=", "AP8Q", "AP8QgA==", "AP8QgPs="};
    static const size_t sizes[] = {0, 2, 3, 4, 5};
    static const uint8_t bytes[] = {0x00, 0xFF, 0x10, 0x80, 0xFB};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct trace_line line = {.kind = TRACE_UNDECODED,
                                  .t = {1000},
                                  .topic = {.site = "p", .node = "N", .kind = MESSAGE_ORDER},
                                  .payload = bytes,
                                  .payload_size = sizes[i]},
                          again;
        char wanted[128];
        struct text out;
        text_init(&out, wanted, sizeof wanted);
        text_printf(&out,
                    "{\"t\":1.000,\"topic\":\"stationwatch/v1/p/N/order\","
                    "\"payload_base64\":\"%s\"}\n",
                    expected[i]);
        assert_string_equal(print(&line), wanted);
        read(buffer, &again);
        assert_int_equal(again.kind, TRACE_UNDECODED);
        assert_int_equal(again.topic.kind, MESSAGE_ORDER);
        assert_int_equal(again.payload_size, sizes[i]);
        assert_null(again.payload);
    }
}

static const char *site_wide(const char *name, const char *payload)
{
    struct trace_line line = {.kind = TRACE_SITE_WIDE,
                              .t = {1000},
                              .topic = {.site = "p"},
                              .payload = (const uint8_t *)payload,
                              .payload_size = strlen(payload)};
    text_set(line.topic.site_wide, name);
    return print(&line);
}

static void site_wide_documents_stand_in_their_line(void **state)
{
    (void)state;
    struct trace_line again;
    assert_string_equal(site_wide("_status", "{\"as_of\":\n\t null, \"x\":\"ü\"}"),
                        "{\"t\":1.000,\"topic\":\"stationwatch/v1/p/_status\","
                        "\"message\":{\"as_of\":   null, \"x\":\"ü\"}}\n");
    read(buffer, &again);
    assert_int_equal(again.kind, TRACE_SITE_WIDE);
    assert_string_equal(again.topic.site_wide, "_status");
    assert_string_equal(site_wide("_andon", "red"), "{\"t\":1.000,\"topic\":"
                                                    "\"stationwatch/v1/p/_andon\","
                                                    "\"payload_base64\":\"cmVk\"}\n");
    read(buffer, &again);
    assert_int_equal(again.kind, TRACE_SITE_WIDE);
    site_wide("_incident/p-1", "");
    assert_non_null(strstr(buffer, "\"payload_base64\":\"\"}"));
    read(buffer, &again);
    assert_string_equal(again.topic.site_wide, "_incident/p-1");
}

static void keys_come_in_any_order_and_unknown_ones_are_passed_over(void **state)
{
    (void)state;
    struct trace_line line;
    read("{\"note\":{\"by\":[\"hand\"]},\"message\":{\"seq\":7,\"outbox_id\":\"a\"},"
         "\"topic\":\"stationwatch/v1/p/N/ack\",\"retained\":false,\"t\":1}\r",
         &line);
    assert_int_equal(line.kind, TRACE_MESSAGE);
    assert_int_equal(line.message.kind, MESSAGE_ACK);
    assert_int_equal(line.message.ack.seq, 7);
    assert_int_equal(line.t.ms, 1000);
}

static void every_millisecond_of_t_is_exact(void **state)
{
    (void)state;
    for (int ms = 0; ms < 1000; ms++) {
        struct trace_line line = {.kind = TRACE_END, .t = {1730869200000 + ms}}, again;
        print(&line);
        read(buffer, &again);
        assert_true(again.t.ms == line.t.ms);
    }
}

static void an_operators_action_is_read(void **state)
{
    (void)state;
    struct trace_line line;
    read("{\"t\":2,\"operator\":{\"action\":\"ack\",\"id\":\"plant-1\",\"by\":\"mk\"}}", &line);
    assert_int_equal(line.kind, TRACE_OPERATOR);
    assert_string_equal(line.operation.action, "ack");
    assert_string_equal(line.operation.id, "plant-1");
    assert_string_equal(line.operation.by, "mk");
    assert_int_equal(line.operation.for_s, 0);
}

#define TOPIC   "\"topic\":\"stationwatch/v1/p/N/ack\""
#define MESSAGE "\"message\":{\"outbox_id\":\"a\"}"

static void a_bad_line_is_refused_with_its_reason(void **state)
{
    (void)state;
    static const struct {
        const char *line, *problem;
    } rows[] = {
        {"", "not valid JSON at byte 1: it ends early"},
        {"hello", "the document must be an object"},
        {"{\"t\":1,\"end\":true} {}", "not valid JSON at byte 20: more after the end"},
        {"{\"end\":true}", "\"t\" is missing"},
        {"{\"t\":\"1\",\"end\":true}", "\"t\" must be a number"},
        {"{\"t\":-1,\"end\":true}", "\"t\" must be Unix seconds, such as 1730869200.125"},
        {"{\"t\":1e300,\"end\":true}", "\"t\" must be Unix seconds, such as 1730869200.125"},
        {"{\"t\":1}", "one of \"topic\", \"link\", \"operator\" and \"end\" is needed"},
        {"{\"t\":1,\"end\":true,\"link\":\"up\"}",
         "only one of \"topic\", \"link\", \"operator\" and \"end\" may stand in a line"},
        {"{\"t\":1,\"end\":false}", "\"end\" must be true"},
        {"{\"t\":1,\"link\":\"sideways\"}", "\"link\" must be \"up\" or \"down\""},
        {"{\"t\":1,\"link\":true}", "\"link\" must be a text"},
        {"{\"t\":1,\"operator\":{}}", "\"action\" is missing or empty"},
        {"{\"t\":1,\"operator\":\"ack\"}", "\"operator\" must be an object"},
        {"{\"t\":1,\"operator\":{\"action\":\"ack\",\"for_s\":\"1\"}}",
         "\"for_s\" must be a number"},
        {"{\"t\":1," TOPIC "}", "\"message\" or \"payload_base64\" is missing"},
        {"{\"t\":1," TOPIC "," MESSAGE ",\"payload_base64\":\"\"}",
         "\"message\" and \"payload_base64\" exclude each other"},
        {"{\"t\":1," TOPIC ",\"payload_base64\":\"AP8\"}",
         "\"payload_base64\" must be base64 with its padding"},
        {"{\"t\":1," TOPIC ",\"payload_base64\":\"A===\"}",
         "\"payload_base64\" must be base64 with its padding"},
        {"{\"t\":1," TOPIC ",\"payload_base64\":\"AP-_\"}",
         "\"payload_base64\" must be base64 with its padding"},
        {"{\"t\":1," TOPIC ",\"payload_base64\":0}", "\"payload_base64\" must be a text"},
        {"{\"t\":1," TOPIC ",\"message\":[]}", "\"message\" must be an object"},
        {"{\"t\":1," TOPIC ",\"message\":{\"seq\":true}}", "\"seq\" must be a number"},
        {"{\"t\":1," TOPIC ",\"message\":{}}", "\"outbox_id\" is missing or empty"},
        {"{\"t\":1," TOPIC "," MESSAGE ",\"retained\":1}", "\"retained\" must be true or false"},
        {"{\"t\":1,\"topic\":\"a/b\"," MESSAGE "}",
         "\"topic\" must be stationwatch/v1/SITE/NODE/KIND or stationwatch/v1/SITE/_NAME"},
        {"{\"t\":1,\"topic\":7," MESSAGE "}", "\"topic\" must be a text"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct trace_line line, before;
        char problem[TEXT_SIZE] = "";
        memset(&line, 0x5A, sizeof line);
        before = line;
        assert_int_equal(trace_read_line(rows[i].line, strlen(rows[i].line), &line, problem),
                         STATUS_INVALID);
        assert_string_equal(problem, rows[i].problem);
        assert_memory_equal(&line, &before, sizeof line);
    }
}

static void a_line_too_long_is_refused(void **state)
{
    (void)state;
    struct trace_line line;
    char problem[TEXT_SIZE] = "";
    char *spaces = malloc(TRACE_LINE_MAX + 1);
    assert_non_null(spaces);
    memset(spaces, ' ', TRACE_LINE_MAX + 1);
    assert_int_equal(trace_read_line(spaces, TRACE_LINE_MAX + 1, &line, problem), STATUS_INVALID);
    assert_string_equal(problem, "the line is longer than 2101248 bytes");
    free(spaces);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_line_is_written_and_read_back),
        cmocka_unit_test(the_lines_look_as_documented),
        cmocka_unit_test(what_cannot_be_decoded_travels_as_base64),
        cmocka_unit_test(site_wide_documents_stand_in_their_line),
        cmocka_unit_test(keys_come_in_any_order_and_unknown_ones_are_passed_over),
        cmocka_unit_test(every_millisecond_of_t_is_exact),
        cmocka_unit_test(an_operators_action_is_read),
        cmocka_unit_test(a_bad_line_is_refused_with_its_reason),
        cmocka_unit_test(a_line_too_long_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
