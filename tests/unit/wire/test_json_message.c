// SPDX-License-Identifier: Apache-2.0
// Messages as JSON: the exact text of each kind, and what readers take and refuse.
#include "samples.h"
#include "wire/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static const char *const golden[MESSAGE_KIND_COUNT] = {
    [MESSAGE_BIRTH] =
        "{\"online\":true,\"offline_reason\":\"OFFLINE_UPGRADE\",\"role\":\"ROLE_SERVER\","
        "\"labels\":[{\"key\":\"line\",\"value\":\"L1\"},"
        "{\"key\":\"name\",\"value\":\"Prüfplatz \\\"3\\\"\"}],\"hostname\":\"srv-01\","
        "\"platform\":\"linux x86_64\",\"version\":\"0.1.0\",\"incarnation\":9007199254740991,"
        "\"session\":4294967295,\"boot_id\":\"0f5c9d52-7a4e-4f58-9d6b-1c7e0a4b2c3d\","
        "\"boot_at_ms\":1730869000000,\"outbox_id\":\"a1b2\","
        "\"outbox_oldest_seq\":18446744073709551615,\"heartbeat_interval_ms\":3600000,"
        "\"services\":[\"OrderService\",\"order-feed.service\"],"
        "\"sent_at_ms\":-9223372036854775808,\"certificate_expires_at_ms\":"
        "1762405200000}",
    [MESSAGE_HEARTBEAT] =
        "{\"incarnation\":9007199254740991,\"seq\":18446744073709551615,\"interval_ms\":1000,"
        "\"uptime_ms\":9223372036854775807,\"sent_at_ms\":1730869200120,"
        "\"fetch_ok\":9007199254740993,\"fetch_failed\":2,\"outbox_id\":\"a1b2\","
        "\"outbox_oldest_seq\":42,\"outbox_depth\":7,\"share_outcome\":\"OUTCOME_STALE\","
        "\"share_probe_age_ms\":-1,\"software_running\":true}",
    [MESSAGE_ORDER] = "{\"outbox_id\":\"a1b2\",\"seq\":43,\"at_ms\":1730869200120,\"age_ms\":-1,"
                      "\"order\":\"4711\",\"product\":\"P-200\",\"outcome\":\"OUTCOME_MISSING\","
                      "\"latency_ms\":12,\"source\":\"SOURCE_API\",\"detail\":\"tab\\tand \\\\\"}",
    [MESSAGE_SERVICE] =
        "{\"outbox_id\":\"a1b2\",\"seq\":43,\"at_ms\":1730869200120,\"age_ms\":-1,"
        "\"service\":\"OrderService\",\"state\":\"SERVICE_NOT_INSTALLED\","
        "\"start_mode\":\"START_DISABLED\",\"since_ms\":1730869100000,\"exit_code\":-1073741819,"
        "\"pid\":4294967295,\"reason\":\"logon failed\"}",
    [MESSAGE_HOST] =
        "{\"outbox_id\":\"a1b2\",\"seq\":43,\"at_ms\":1730869200120,\"age_ms\":-1,"
        "\"event\":\"HOST_ORDER_OUTPUT\",\"reason\":\"every 10 s\",\"newest_order_age_ms\":4000,"
        "\"order_files\":120,\"backlog\":-1,\"disk_free_bytes\":1000000000000,"
        "\"disk_total_bytes\":2000000000000}",
    [MESSAGE_ACK] = "{\"outbox_id\":\"a1b2\",\"seq\":42}",
    [MESSAGE_COMMAND] = "{\"id\":\"c-1\",\"action\":\"start_service\","
                        "\"argument\":\"OrderService\",\"expires_at_ms\":1730869260000}",
};

static void every_field_is_printed_by_its_name(void **state)
{
    (void)state;
    for (int kind = 0; kind < MESSAGE_KIND_COUNT; kind++) {
        static char buffer[JSON_MESSAGE_SIZE];
        struct message message;
        struct text out;
        sample_message((enum message_kind)kind, &message);
        text_init(&out, buffer, sizeof buffer);
        json_write_message(&out, &message);
        assert_string_equal(buffer, golden[kind]);
    }
}

static void what_is_printed_is_read_back_to_the_last_digit(void **state)
{
    (void)state;
    for (int kind = 0; kind < MESSAGE_KIND_COUNT; kind++) {
        struct message message, expected;
        char problem[TEXT_SIZE] = "";
        memset(&message, 0, sizeof message);
        sample_message((enum message_kind)kind, &expected);
        assert_int_equal(
            json_read_message(expected.kind, golden[kind], strlen(golden[kind]), &message, problem),
            STATUS_OK);
        assert_memory_equal(&message, &expected, sizeof message);
    }
}

static void absent_fields_are_their_defaults_and_unknown_ones_passed_over(void **state)
{
    (void)state;
    static const char json[] = " { \"later\" : {\"a\":[1,{\"b\":null}]}, \"seq\" : 5.0e0 ,\n"
                               "\"interval_ms\": 1e3, \"outbox\\u005fid\" : \"\\u0061\\/\" } ";
    struct message message;
    char problem[TEXT_SIZE] = "";
    memset(&message, 0xFF, sizeof message);
    assert_int_equal(json_read_message(MESSAGE_HEARTBEAT, json, sizeof json - 1, &message, problem),
                     STATUS_OK);
    struct heartbeat expected = {.seq = 5, .interval_ms = 1000, .outbox_id = "a/"};
    assert_memory_equal(&message.heartbeat, &expected, sizeof expected);
}

static void of_a_repeated_key_the_last_value_counts(void **state)
{
    (void)state;
    static const char json[] = "{\"services\":[\"a\",\"b\"],\"services\":[\"c\"]}";
    struct message message;
    char problem[TEXT_SIZE] = "";
    assert_int_equal(json_read_message(MESSAGE_BIRTH, json, sizeof json - 1, &message, problem),
                     STATUS_OK);
    assert_int_equal(message.birth.service_count, 1);
    assert_string_equal(message.birth.services[0], "c");
    assert_string_equal(message.birth.services[1], "");
}

static void texts_for_people_are_cut_and_names_are_not(void **state)
{
    (void)state;
    char json[1024], problem[TEXT_SIZE] = "", line[400];
    memset(line, 'x', sizeof line - 1);
    line[sizeof line - 1] = '\0';
    struct message message;
    struct text out;
    text_init(&out, json, sizeof json);
    text_printf(
        &out, "{\"outbox_id\":\"a\",\"seq\":1,\"outcome\":\"OUTCOME_OK\",\"detail\":\"%s\"}", line);
    assert_int_equal(json_read_message(MESSAGE_ORDER, json, out.length, &message, problem),
                     STATUS_OK);
    assert_int_equal(strlen(message.order.detail), TEXT_SIZE - 1);
    text_init(&out, json, sizeof json);
    text_printf(&out, "{\"outbox_id\":\"a\",\"seq\":1,\"outcome\":\"OUTCOME_OK\",\"order\":\"%s\"}",
                line);
    assert_int_equal(json_read_message(MESSAGE_ORDER, json, out.length, &message, problem),
                     STATUS_INVALID);
    assert_string_equal(problem, "\"order\" is longer than 96 bytes");
}

static void a_refusal_names_the_key_and_touches_nothing(void **state)
{
    (void)state;
    static const struct {
        enum message_kind kind;
        const char *json, *problem;
    } rows[] = {
        {MESSAGE_ACK, "", "not valid JSON at byte 1: it ends early"},
        {MESSAGE_ACK, "[]", "the document must be an object"},
        {MESSAGE_ACK, "{\"seq\":1} x", "not valid JSON at byte 11: more after the end"},
        {MESSAGE_ACK, "{\"seq\":1,}", "not valid JSON at byte 10: expected a key in quotes"},
        {MESSAGE_ACK, "{\"seq\" 1}", "not valid JSON at byte 8: expected ':' after a key"},
        {MESSAGE_ACK, "{\"seq\":\"1\"}", "\"seq\" must be a number"},
        {MESSAGE_ACK, "{\"seq\":1.5}", "\"seq\" must be a whole number in the range of its type"},
        {MESSAGE_ACK, "{\"seq\":-1}", "\"seq\" must be a whole number in the range of its type"},
        {MESSAGE_ACK, "{\"seq\":18446744073709551616}",
         "\"seq\" must be a whole number in the range of its type"},
        {MESSAGE_ACK, "{\"seq\":01}", "\"seq\" must be a number without leading zeros"},
        {MESSAGE_ACK, "{\"outbox_id\":7}", "\"outbox_id\" must be a text"},
        {MESSAGE_ACK, "{\"seq\":1}", "\"outbox_id\" is missing or empty"},
        {MESSAGE_ACK, "{\"outbox_id\":\"a b\"}",
         "\"outbox_id\" has a text that does not fit this field"},
        {MESSAGE_ACK, "{\"outbox_id\":\"a\\u0000b\"}",
         "not valid JSON at byte 22: \\u0000 is not allowed in a text"},
        {MESSAGE_ACK, "{\"outbox_id\":\"\\ud800\"}", "not valid JSON at byte 21: a lone surrogate"},
        {MESSAGE_ACK, "{\"outbox_id\":\"\xFF\"}",
         "not valid JSON at byte 16: a text that is not UTF-8"},
        {MESSAGE_HEARTBEAT, "{\"seq\":1,\"interval_ms\":3600001}",
         "\"interval_ms\" is out of range"},
        {MESSAGE_HEARTBEAT, "{\"interval_ms\":1}", "\"seq\" is out of range"},
        {MESSAGE_HEARTBEAT, "{\"seq\":1,\"interval_ms\":1,\"incarnation\":9007199254740992}",
         "\"incarnation\" is out of range"},
        {MESSAGE_HEARTBEAT, "{\"share_probe_age_ms\":-2,\"seq\":1,\"interval_ms\":1}",
         "\"share_probe_age_ms\" is out of range"},
        {MESSAGE_HEARTBEAT, "{\"software_running\":1}",
         "\"software_running\" must be true or false"},
        {MESSAGE_HEARTBEAT, "{\"share_outcome\":\"ok\"}",
         "\"share_outcome\" has a value that the contract does not know"},
        {MESSAGE_HEARTBEAT, "{\"share_outcome\":1}", "\"share_outcome\" must be a text"},
        {MESSAGE_BIRTH, "{\"labels\":{}}", "\"labels\" must be an array"},
        {MESSAGE_BIRTH, "{\"labels\":[{\"value\":\"x\"}]}", "\"labels\" is missing or empty"},
        {MESSAGE_BIRTH, "{\"services\":[\"\"]}", "\"services\" is missing or empty"},
        {MESSAGE_BIRTH,
         "{\"services\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\","
         "\"12\",\"13\",\"14\",\"15\",\"16\",\"17\"]}",
         "\"services\" has more than 16 entries"},
        {MESSAGE_SERVICE, "{\"exit_code\":2147483648}",
         "\"exit_code\" must be a whole number in the range of its type"},
        {MESSAGE_SERVICE, "{\"pid\":4294967296}",
         "\"pid\" must be a whole number in the range of its type"},
        {MESSAGE_KIND_COUNT, "{}", "the message is of no known kind"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct message message, before;
        char problem[TEXT_SIZE] = "";
        memset(&message, 0x5A, sizeof message);
        before = message;
        assert_int_equal(
            json_read_message(rows[i].kind, rows[i].json, strlen(rows[i].json), &message, problem),
            STATUS_INVALID);
        assert_string_equal(problem, rows[i].problem);
        assert_memory_equal(&message, &before, sizeof message);
    }
}

static void the_worst_birth_fits_the_announced_buffer(void **state)
{
    (void)state;
    static char buffer[JSON_MESSAGE_SIZE];
    struct message message, again;
    char problem[TEXT_SIZE] = "";
    memset(&message, 0, sizeof message);
    memset(&again, 0, sizeof again);
    sample_message(MESSAGE_BIRTH, &message);
    message.birth.label_count = BIRTH_LABELS_MAX;
    message.birth.service_count = BIRTH_SERVICES_MAX;
    memset(message.birth.hostname, 1, NAME_SIZE - 1);
    memset(message.birth.platform, 1, NAME_SIZE - 1);
    memset(message.birth.version, 1, NAME_SIZE - 1);
    memset(message.birth.boot_id, 1, ID_SIZE - 1);
    for (int i = 0; i < BIRTH_LABELS_MAX; i++) {
        memset(message.birth.labels[i].key, 1, NAME_SIZE - 1);
        memset(message.birth.labels[i].value, 1, NAME_SIZE - 1);
        memset(message.birth.services[i], 1, NAME_SIZE - 1);
    }
    struct text out;
    text_init(&out, buffer, sizeof buffer);
    json_write_message(&out, &message);
    assert_false(out.truncated);
    assert_int_equal(json_read_message(MESSAGE_BIRTH, buffer, out.length, &again, problem),
                     STATUS_OK);
    assert_memory_equal(&again, &message, sizeof again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_is_printed_by_its_name),
        cmocka_unit_test(what_is_printed_is_read_back_to_the_last_digit),
        cmocka_unit_test(absent_fields_are_their_defaults_and_unknown_ones_passed_over),
        cmocka_unit_test(of_a_repeated_key_the_last_value_counts),
        cmocka_unit_test(texts_for_people_are_cut_and_names_are_not),
        cmocka_unit_test(a_refusal_names_the_key_and_touches_nothing),
        cmocka_unit_test(the_worst_birth_fits_the_announced_buffer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
