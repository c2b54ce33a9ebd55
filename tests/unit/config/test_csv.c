// SPDX-License-Identifier: Apache-2.0
// The strict CSV reader: what it takes, and the place of what it refuses.
#include "config/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct csv_column columns[] = {
    {"node", true}, {"line", false}, {"area", false}, {"segment", false}, {"server", false},
};

struct seen {
    size_t rows;
    struct text text;
};

static enum status see_row(void *context, const struct csv_row *row, struct config_error *error)
{
    struct seen *seen = context;
    seen->rows++;
    if (text_equal(row->known[0], "bad")) {
        (void)text_set(error->text, "a bad node");
        return STATUS_CONFIG;
    }
    text_printf(&seen->text, "%u:", row->line);
    for (size_t i = 0; i < 5; i++)
        text_printf(&seen->text, "%s%s", i > 0 ? "|" : "", row->known[i]);
    for (size_t i = 0; i < row->extra_count; i++)
        text_printf(&seen->text, " %s=%s", row->extra_names[i], row->extra[i]);
    text_append(&seen->text, "\n");
    return STATUS_OK;
}

// Parses a copy on the heap, so that a byte read too far is found.
static enum status parse(const char *csv, size_t size, struct seen *seen, char *out,
                         size_t out_size, struct config_error *error)
{
    char *copy = malloc(size + 1);
    assert_non_null(copy);
    memcpy(copy, csv, size);
    copy[size] = '\0';
    *seen = (struct seen){.rows = 0};
    text_init(&seen->text, out, out_size);
    struct csv_format format = {columns, 5, see_row, seen};
    enum status status = csv_parse("s.csv", copy, size, &format, error);
    free(copy);
    return status;
}

static void expect_rows(const char *csv, const char *rows)
{
    char out[1024];
    struct seen seen;
    struct config_error error;
    enum status status = parse(csv, strlen(csv), &seen, out, sizeof out, &error);
    if (status != STATUS_OK)
        print_message("%u:%u: %s\n", error.line, error.column, error.text);
    assert_int_equal(status, STATUS_OK);
    assert_string_equal(out, rows);
}

static void columns_come_in_any_order_and_unknown_ones_become_labels(void **state)
{
    (void)state;
    expect_rows("area,Node,name,line\nA1,ST-1,Press,L1\nA2,ST-2,,L2\n",
                "2:ST-1|L1|A1|| name=Press\n3:ST-2|L2|A2|| name=\n");
}

static void quotes_marks_and_line_ends_follow_the_standard(void **state)
{
    (void)state;
    expect_rows("\xEF\xBB\xBFnode,line\r\n\"ST-1\",\"L \"\"1\"\", left\"\r\n\r\nST-2,L2",
                "2:ST-1|L \"1\", left|||\n4:ST-2|L2|||\n");
    expect_rows("node, line\n ST-1 ,\tL1\n \"ST-2\" , \" L2\" \n", "2:ST-1|L1|||\n3:ST-2| L2|||\n");
    expect_rows("\n\nnode\n\n\nST-1\n", "6:ST-1||||\n");
}

static void semicolons_separate_where_the_first_line_has_no_comma(void **state)
{
    (void)state;
    expect_rows("node;line\nST-1;\"L;1,5\"\n", "2:ST-1|L;1,5|||\n");
    expect_rows("node,line\nST-1,a;b\n", "2:ST-1|a;b|||\n");
}

static void wrong_lists_are_refused_with_their_place(void **state)
{
    static const struct {
        const char *csv, *report;
    } wrongs[] = {
        {"", "s.csv:1:1: the file is empty; its first line names the columns"},
        {"\r\n\n", "s.csv:1:1: the file is empty; its first line names the columns"},
        {"nod,line\n", "s.csv:1:1: the first line must name the column 'node'; did you mean it by "
                       "'nod'?"},
        {"line\nL1\n", "s.csv:1:1: the first line must name the column 'node'"},
        {"node,line,Node\n", "s.csv:1:11: the column 'Node' is there twice"},
        {"node,,line\n", "s.csv:1:6: a column without a name; the first line names the columns"},
        {"node,line\nST-1\n", "s.csv:2:1: 1 fields here, but the first line names 2"},
        {"node,line\nST-1,L1,\n", "s.csv:2:1: 3 fields here, but the first line names 2"},
        {"node,line\nST-1,L1\n,L1\n", "s.csv:3:1: 'node' is empty"},
        {"node,line\nST-1,\"L1\nST-2,L2\n",
         "s.csv:2:6: this quoted field has no closing quote in its line"},
        {"node,line\n\xC3\xBC,\"L1\"x\n",
         "s.csv:2:7: text behind a closing quote; write a quote inside a field twice (\"\")"},
        {"node,line\nST-1,L\"1\"\n",
         "s.csv:2:7: a quote inside a field; put the whole field in quotes and write a quote "
         "inside it twice (\"\")"},
        {"node\nST\x01\n", "s.csv:2:3: a control character; remove it"},
        {"node\nST\rX\n", "s.csv:2:3: a control character; remove it"},
        {"node,line\nST-1,B\xFCro\n",
         "s.csv:2:6: this field is not UTF-8; save the file as 'CSV UTF-8'"},
        {"node\nST-1\nbad\n", "s.csv:3:1: a bad node"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
        char out[1024];
        char report[1024];
        struct text text;
        struct seen seen;
        struct config_error error;
        assert_int_equal(
            parse(wrongs[i].csv, strlen(wrongs[i].csv), &seen, out, sizeof out, &error),
            STATUS_CONFIG);
        text_init(&text, report, sizeof report);
        config_error_format(&error, &text);
        assert_string_equal(report, wrongs[i].report);
    }
}

static void the_number_of_rows_columns_and_bytes_is_bounded(void **state)
{
    (void)state;
    enum { ROWS = CSV_ROW_MAX + 1, SIZE = 5 + ROWS * 2 };
    char *csv = malloc(SIZE);
    assert_non_null(csv);
    memcpy(csv, "node\n", 5);
    for (size_t i = 0; i < ROWS; i++)
        memcpy(csv + 5 + i * 2, "n\n", 2);
    char out[16];
    struct seen seen;
    struct config_error error;
    assert_int_equal(parse(csv, SIZE - 2, &seen, out, sizeof out, &error), STATUS_OK);
    assert_int_equal(seen.rows, CSV_ROW_MAX);
    assert_int_equal(parse(csv, SIZE, &seen, out, sizeof out, &error), STATUS_CONFIG);
    assert_string_equal(error.text, "more than 100000 rows");
    assert_int_equal(error.line, CSV_ROW_MAX + 2);
    memset(csv, ',', 100);
    assert_int_equal(parse(csv, 100, &seen, out, sizeof out, &error), STATUS_CONFIG);
    assert_string_equal(error.text, "too many columns; at most 32 fit");
    memcpy(csv, "node\n", 5);
    memset(csv + 5, 'x', 300);
    assert_int_equal(parse(csv, 305, &seen, out, sizeof out, &error), STATUS_CONFIG);
    assert_string_equal(error.text, "this field has 300 bytes; at most 255 fit");
    free(csv);
}

static void any_cut_of_a_list_ends_in_a_result(void **state)
{
    (void)state;
    static const char csv[] = "\xEF\xBB\xBFnode;x\r\n\"a\"\"b\";\"c;d\" \r\n e ; f\r\n";
    for (size_t size = 0; size < sizeof csv; size++) {
        char out[1024];
        struct seen seen;
        struct config_error error;
        enum status status = parse(csv, size, &seen, out, sizeof out, &error);
        assert_true(status == STATUS_OK || status == STATUS_CONFIG);
    }
}

static void a_missing_file_is_reported(void **state)
{
    (void)state;
    struct csv_format format = {columns, 5, see_row, NULL};
    struct config_error error;
    assert_int_equal(csv_load("/nonexistent/stations.csv", &format, &error), STATUS_CONFIG);
    assert_string_equal(error.text, "there is no such file; check the path");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_come_in_any_order_and_unknown_ones_become_labels),
        cmocka_unit_test(quotes_marks_and_line_ends_follow_the_standard),
        cmocka_unit_test(semicolons_separate_where_the_first_line_has_no_comma),
        cmocka_unit_test(wrong_lists_are_refused_with_their_place),
        cmocka_unit_test(the_number_of_rows_columns_and_bytes_is_bounded),
        cmocka_unit_test(any_cut_of_a_list_ends_in_a_result),
        cmocka_unit_test(a_missing_file_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
