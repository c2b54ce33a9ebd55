// SPDX-License-Identifier: Apache-2.0
// The strict JSON reader: what is JSON and what is not, numbers to the last digit.
#include "wire/json.h"
#include "wire/json_reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

// From a block of exactly its size, so that the address sanitizer sees one byte too many.
static bool is_json(const char *text, char problem[TEXT_SIZE])
{
    struct json_reader reader;
    size_t size = strlen(text);
    char *copy = malloc(size + (size == 0));
    assert_non_null(copy);
    memcpy(copy, text, size);
    json_reader_init(&reader, copy, size, problem);
    bool valid = json_skip(&reader, NULL) && json_end(&reader);
    free(copy);
    return valid;
}

static void valid_documents_are_passed_over(void **state)
{
    (void)state;
    static const char *const good[] = {"{}",
                                       "[]",
                                       " [ ] ",
                                       "0",
                                       "-0",
                                       "1.5",
                                       "-1.5e-3",
                                       "2E+7",
                                       "true",
                                       "false",
                                       "null",
                                       "\"\"",
                                       "\"\\u00e4\\ud834\\udd1e\\n\"",
                                       "[1,\"a\",{\"b\":[{}]},null]",
                                       "{\"a\":1,\"a\":2}",
                                       "\t\r\n1\n",
                                       "\"ü€𝄞\x7F\"",
                                       "123456789012345678901234567890.5"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        char problem[TEXT_SIZE] = "";
        if (!is_json(good[i], problem))
            fail_msg("%s: %s", good[i], problem);
    }
}

static void invalid_documents_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      " ",
                                      "{",
                                      "[",
                                      "}",
                                      "]",
                                      "[1",
                                      "[1,",
                                      "[1,]",
                                      "[,1]",
                                      "[1 2]",
                                      "{\"a\"}",
                                      "{\"a\":}",
                                      "{\"a\":1,}",
                                      "{a:1}",
                                      "{'a':1}",
                                      "{1:1}",
                                      "{\"a\" 1}",
                                      "{\"a\":1 \"b\":2}",
                                      "{]",
                                      "[}",
                                      "tru",
                                      "TRUE",
                                      "nul",
                                      "truex",
                                      "+1",
                                      "-",
                                      ".5",
                                      "1.",
                                      "1.e5",
                                      "01",
                                      "-01",
                                      "1e",
                                      "1e+",
                                      "0x10",
                                      "NaN",
                                      "Infinity",
                                      "1 2",
                                      "\"",
                                      "\"a",
                                      "\"\\",
                                      "\"\\x\"",
                                      "\"\\u12\"",
                                      "\"\\u12G4\"",
                                      "\"\\u0000\"",
                                      "\"\\ud800\"",
                                      "\"\\udc00\"",
                                      "\"\\ud800\\u0041\"",
                                      "\"\\ud800\\n\"",
                                      "\"a\nb\"",
                                      "\"\x01\"",
                                      "\"\xFF\"",
                                      "\"\xC3\"",
                                      "\"\xED\xA0\x80\"",
                                      "\"\xC0\xAF\"",
                                      "{}x",
                                      "//",
                                      "[1]//",
                                      "\xEF\xBB\xBF{}",
                                      "{\"a\xFF\":1}",
                                      "{\"\\q\":1}"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char problem[TEXT_SIZE] = "";
        if (is_json(bad[i], problem))
            fail_msg("accepted: %s", bad[i]);
        assert_true(strlen(problem) > 0);
    }
}

static void nesting_ends_at_its_limit(void **state)
{
    (void)state;
    char text[2 * JSON_DEPTH_MAX + 3] = "", problem[TEXT_SIZE] = "";
    memset(text, '[', JSON_DEPTH_MAX);
    memset(text + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
    assert_true(is_json(text, problem));
    memset(text, '[', JSON_DEPTH_MAX + 1);
    memset(text + JSON_DEPTH_MAX + 1, ']', JSON_DEPTH_MAX + 1);
    assert_false(is_json(text, problem));
}

static struct json_number number_of(const char *text)
{
    struct json_reader reader;
    struct json_number number = {0};
    char problem[TEXT_SIZE];
    json_reader_init(&reader, text, strlen(text), problem);
    assert_true(json_read_number(&reader, &number));
    return number;
}

static void whole_numbers_are_exact_to_the_limits_of_their_type(void **state)
{
    (void)state;
    uint64_t u = 7;
    int64_t i = 7;
    assert_true(json_number_u64(number_of("18446744073709551615"), &u));
    assert_true(u == UINT64_MAX);
    assert_false(json_number_u64(number_of("18446744073709551616"), &u));
    assert_false(json_number_u64(number_of("-1"), &u));
    assert_true(json_number_u64(number_of("-0"), &u) && u == 0);
    assert_true(json_number_u64(number_of("0e999999999"), &u) && u == 0);
    assert_true(json_number_u64(number_of("1500.00e-2"), &u) && u == 15);
    assert_true(json_number_u64(number_of("1e19"), &u) && u == 10000000000000000000U);
    assert_false(json_number_u64(number_of("1e20"), &u));
    assert_false(json_number_u64(number_of("1e-1"), &u));
    assert_true(json_number_i64(number_of("-9223372036854775808"), &i) && i == INT64_MIN);
    assert_true(json_number_i64(number_of("9223372036854775807"), &i) && i == INT64_MAX);
    assert_false(json_number_i64(number_of("9223372036854775808"), &i));
    assert_false(json_number_i64(number_of("-9223372036854775809"), &i));
    assert_false(json_number_i64(number_of("184467440737095516150"), &i));
}

static void seconds_become_whole_milliseconds(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ms;
    } rows[] = {{"1730869200.125", 1730869200125},
                {"1730869200", 1730869200000},
                {"1730869200.1", 1730869200100},
                {"1730869200.0004", 1730869200000},
                {"1730869200.0005", 1730869200001},
                {"1730869200.1249999", 1730869200125},
                {"1.730869200125e9", 1730869200125},
                {"0", 0},
                {"0.001", 1},
                {"1e-30", 0},
                {"-1.5", -1500},
                {"0.12345678901234567890123", 123}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t ms;
        assert_true(json_number_thousandths(number_of(rows[i].text), &ms));
        assert_true(ms == rows[i].ms);
    }
    int64_t untouched;
    assert_false(json_number_thousandths(number_of("1e30"), &untouched));
    assert_false(json_number_thousandths(number_of("9223372036854775808"), &untouched));
}

static void doubles_come_out_as_written(void **state)
{
    (void)state;
    assert_true(json_number_double(number_of("0.9877")) == 0.9877);
    assert_true(json_number_double(number_of("-2.5e2")) == -250.0);
    assert_true(json_number_double(number_of("0e999999")) == 0.0);
    assert_true(json_number_double(number_of("1e-999999")) == 0.0);
}

static void strings_are_escaped_and_read_back(void **state)
{
    (void)state;
    static const char raw[] = "a\"\\/\b\f\n\r\t\x01\x1F\x7F ü€𝄞";
    char json[128], problem[TEXT_SIZE], back[64];
    struct text out;
    struct json_reader reader;
    text_init(&out, json, sizeof json);
    json_write_string(&out, raw);
    assert_string_equal(json, "\"a\\\"\\\\/\\u0008\\u000c\\n\\r\\t\\u0001\\u001f\x7F ü€𝄞\"");
    json_reader_init(&reader, json, out.length, problem);
    assert_true(json_read_text(&reader, back, sizeof back, false));
    assert_string_equal(back, raw);
}

static void a_text_one_byte_too_long_is_refused_or_cut_at_a_character(void **state)
{
    (void)state;
    char problem[TEXT_SIZE], out[4];
    struct json_reader reader;
    json_reader_init(&reader, "\"abc\"", 5, problem);
    assert_true(json_read_text(&reader, out, sizeof out, false));
    json_reader_init(&reader, "\"abcd\"", 6, problem);
    assert_false(json_read_text(&reader, out, sizeof out, false));
    json_reader_init(&reader, "\"abü\"", 6, problem);
    assert_true(json_read_text(&reader, out, sizeof out, true));
    assert_string_equal(out, "ab");
    json_reader_init(&reader, "\"ab\\u20ac\"", 10, problem);
    assert_true(json_read_text(&reader, out, sizeof out, true));
    assert_string_equal(out, "ab");
}

static void a_key_too_long_for_any_table_is_passed_over(void **state)
{
    (void)state;
    char text[600] = "{\"", problem[TEXT_SIZE] = "";
    memset(text + 2, 'k', 500);
    strcat(text, "\":1}");
    assert_true(is_json(text, problem));
    memcpy(text + 2, "\\n", 2);
    assert_false(is_json(text, problem));
    assert_non_null(strstr(problem, "is too long for a key"));
}

static void the_first_failure_stays(void **state)
{
    (void)state;
    char problem[TEXT_SIZE];
    struct json_reader reader;
    bool flag;
    json_reader_init(&reader, "{\"a\":1}", 7, problem);
    assert_true(json_open_object(&reader) && json_next_key(&reader));
    assert_false(json_read_bool(&reader, &flag));
    assert_false(json_open_array(&reader));
    assert_false(json_next_item(&reader));
    assert_false(json_skip(&reader, NULL));
    assert_false(json_end(&reader));
    assert_string_equal(problem, "\"a\" must be true or false");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(valid_documents_are_passed_over),
        cmocka_unit_test(invalid_documents_are_refused),
        cmocka_unit_test(nesting_ends_at_its_limit),
        cmocka_unit_test(whole_numbers_are_exact_to_the_limits_of_their_type),
        cmocka_unit_test(seconds_become_whole_milliseconds),
        cmocka_unit_test(doubles_come_out_as_written),
        cmocka_unit_test(strings_are_escaped_and_read_back),
        cmocka_unit_test(a_text_one_byte_too_long_is_refused_or_cut_at_a_character),
        cmocka_unit_test(a_key_too_long_for_any_table_is_passed_over),
        cmocka_unit_test(the_first_failure_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
