// SPDX-License-Identifier: Apache-2.0
// Lines of a file: every one once, whole, with its number, and a bound on their length.
#include "ctl/trace/line_reader.h"

#include "tests/support/temporary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct line_reader *open_text(struct temporary *folder, const char *text)
{
    char path[TEMPORARY_PATH_SIZE];
    struct line_reader *reader = NULL;
    temporary_init(folder);
    temporary_write(folder, "lines", text, path);
    assert_int_equal(line_reader_open(path, &reader), STATUS_OK);
    return reader;
}

static void expect_line(struct line_reader *reader, const char *expected)
{
    const char *line;
    size_t size;
    assert_int_equal(line_reader_next(reader, &line, &size), STATUS_OK);
    assert_int_equal(size, strlen(expected));
    assert_memory_equal(line, expected, size);
}

static void expect_end(struct line_reader *reader)
{
    const char *line;
    size_t size;
    assert_int_equal(line_reader_next(reader, &line, &size), STATUS_NOT_FOUND);
}

static void lines_come_in_order_with_their_numbers(void **state)
{
    (void)state;
    struct temporary folder;
    struct line_reader *reader = open_text(&folder, "one\n\nthree\n");
    expect_line(reader, "one");
    expect_line(reader, "");
    expect_line(reader, "three");
    assert_int_equal(line_reader_number(reader), 3);
    expect_end(reader);
    expect_end(reader);
    line_reader_close(reader);
    temporary_fini(&folder);
}

static void a_last_line_needs_no_line_break(void **state)
{
    (void)state;
    struct temporary folder;
    struct line_reader *reader = open_text(&folder, "one\ntwo");
    expect_line(reader, "one");
    expect_line(reader, "two");
    expect_end(reader);
    line_reader_close(reader);
    temporary_fini(&folder);
}

static void an_empty_file_has_no_line(void **state)
{
    (void)state;
    struct temporary folder;
    struct line_reader *reader = open_text(&folder, "");
    expect_end(reader);
    line_reader_close(reader);
    temporary_fini(&folder);
}

static void lines_cross_the_ends_of_the_buffer_whole(void **state)
{
    (void)state;
    enum { LINES = 300000 }; // several buffers full
    struct temporary folder;
    char path[TEMPORARY_PATH_SIZE], expected[32];
    temporary_init(&folder);
    FILE *file = fopen(temporary_path(&folder, "lines", path), "w");
    assert_non_null(file);
    for (int i = 0; i < LINES; i++)
        fprintf(file, "line %d\n", i * 7);
    assert_int_equal(fclose(file), 0);
    struct line_reader *reader = NULL;
    assert_int_equal(line_reader_open(path, &reader), STATUS_OK);
    for (int i = 0; i < LINES; i++) {
        snprintf(expected, sizeof expected, "line %d", i * 7);
        expect_line(reader, expected);
    }
    expect_end(reader);
    line_reader_close(reader);
    temporary_fini(&folder);
}

static enum status read_one_of(size_t length, bool with_break)
{
    struct temporary folder;
    char *text = malloc(length + 2);
    assert_non_null(text);
    memset(text, 'x', length);
    text[length] = with_break ? '\n' : '\0';
    text[length + 1] = '\0';
    struct line_reader *reader = open_text(&folder, text);
    const char *line;
    size_t size;
    enum status status = line_reader_next(reader, &line, &size);
    if (status == STATUS_OK)
        assert_int_equal(size, length);
    assert_int_equal(line_reader_number(reader), 1);
    line_reader_close(reader);
    temporary_fini(&folder);
    free(text);
    return status;
}

static void a_line_above_the_limit_is_refused(void **state)
{
    (void)state;
    assert_int_equal(read_one_of(LINE_READER_LINE_MAX, true), STATUS_OK);
    assert_int_equal(read_one_of(LINE_READER_LINE_MAX, false), STATUS_OK);
    assert_int_equal(read_one_of(LINE_READER_LINE_MAX + 1, true), STATUS_FULL);
    assert_int_equal(read_one_of(LINE_READER_BUFFER + 5, false), STATUS_FULL);
}

static void a_missing_file_is_an_error(void **state)
{
    (void)state;
    struct line_reader *reader = NULL;
    assert_int_equal(line_reader_open("/nonexistent/trace.jsonl", &reader), STATUS_IO);
    assert_null(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_come_in_order_with_their_numbers),
        cmocka_unit_test(a_last_line_needs_no_line_break),
        cmocka_unit_test(an_empty_file_has_no_line),
        cmocka_unit_test(lines_cross_the_ends_of_the_buffer_whole),
        cmocka_unit_test(a_line_above_the_limit_is_refused),
        cmocka_unit_test(a_missing_file_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
