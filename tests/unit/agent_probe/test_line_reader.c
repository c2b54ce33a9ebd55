// SPDX-License-Identifier: Apache-2.0
// Lines and their places, in each encoding, however the bytes are cut.
#include "agent/probe/line_reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct expected {
    const char *text;
    uint64_t end;
};

// Pushes the bytes in pieces of `piece` and compares every line that comes.
static void expect_lines(enum encoding encoding, size_t limit, const char *bytes, size_t count,
                         size_t piece, const struct expected *lines, size_t line_count)
{
    struct line_reader *reader;
    struct line line;
    size_t seen = 0;
    assert_int_equal(line_reader_new(encoding, limit, &reader), STATUS_OK);
    for (size_t at = 0; at < count; at += piece) {
        size_t length = count - at < piece ? count - at : piece;
        line_reader_push(reader, (const uint8_t *)bytes + at, length);
        while (line_reader_next(reader, &line)) {
            assert_true(seen < line_count);
            assert_string_equal(line.text, lines[seen].text);
            assert_int_equal(line.length, strlen(lines[seen].text));
            assert_int_equal(line.end, lines[seen].end);
            seen++;
        }
    }
    assert_int_equal(seen, line_count);
    line_reader_free(reader);
}

#define EXPECT_AT_ANY_CUT(encoding, limit, bytes, lines)                                           \
    for (size_t piece = 1; piece <= sizeof(bytes); piece++)                                        \
    expect_lines(encoding, limit, bytes, sizeof(bytes) - 1, piece, lines,                          \
                 sizeof(lines) / sizeof(lines)[0])

static void a_line_counts_only_with_its_break(void **state)
{
    (void)state;
    static const char bytes[] = "one\ntwo\r\n\nthree";
    static const struct expected lines[] = {{"one", 4}, {"two", 9}, {"", 10}};
    EXPECT_AT_ANY_CUT(ENCODING_UTF8, 64, bytes, lines);
}

static void a_line_of_exactly_the_limit_fits(void **state)
{
    (void)state;
    static const char bytes[] = "12\n34\n";
    static const struct expected lines[] = {{"12", 3}, {"34", 6}};
    EXPECT_AT_ANY_CUT(ENCODING_UTF8, 2, bytes, lines);
}

static void an_over_long_line_is_skipped_as_a_whole(void **state)
{
    (void)state;
    static const char bytes[] = "123\n12\n12345678901234567890\n9\n";
    static const struct expected lines[] = {{"12", 7}, {"9", 30}};
    EXPECT_AT_ANY_CUT(ENCODING_UTF8, 2, bytes, lines);
}

static void over_long_lines_are_counted(void **state)
{
    (void)state;
    struct line_reader *reader;
    struct line line;
    assert_int_equal(line_reader_new(ENCODING_UTF8, 2, &reader), STATUS_OK);
    line_reader_push(reader, (const uint8_t *)"123\n1\n4567", 10);
    assert_true(line_reader_next(reader, &line));
    assert_false(line_reader_next(reader, &line));
    assert_int_equal(line_reader_overlong(reader), 1);
    assert_int_equal(line_reader_place(reader), 6);
    assert_true(line_reader_has_partial(reader));
    line_reader_free(reader);
}

static void broken_utf8_is_replaced_and_nul_is_dropped(void **state)
{
    (void)state;
    static const char bytes[] = "\0\0a\xC3\xBC\xFFz\n\xC3\n";
    static const struct expected lines[] = {{"a\xC3\xBC\xEF\xBF\xBDz", 8}, {"\xEF\xBF\xBD", 10}};
    EXPECT_AT_ANY_CUT(ENCODING_UTF8, 64, bytes, lines);
}

static void a_byte_order_mark_is_dropped_at_the_files_beginning_only(void **state)
{
    (void)state;
    static const char bytes[] = "\xEF\xBB\xBFx\n\xEF\xBB\xBFy\n";
    static const struct expected lines[] = {{"x", 5}, {"\xEF\xBB\xBFy", 10}};
    EXPECT_AT_ANY_CUT(ENCODING_UTF8, 64, bytes, lines);
}

static void windows_1252_becomes_utf8(void **state)
{
    (void)state;
    static const char bytes[] = "Pr\xFC"
                                "fplatz \x80 \x96\n";
    static const struct expected lines[] = {{"Pr\xC3\xBC"
                                             "fplatz \xE2\x82\xAC \xE2\x80\x93",
                                             14}};
    EXPECT_AT_ANY_CUT(ENCODING_WINDOWS_1252, 64, bytes, lines);
}

static void utf16_becomes_utf8_and_its_break_is_two_bytes(void **state)
{
    (void)state;
    // A byte order mark, u umlaut, U+0A0A whose halves both look like a break, a surrogate pair.
    static const char bytes[] = "\xFF\xFE\xFC\x00\x0A\x0A\x0D\x00\x0A\x00"
                                "\x3D\xD8\x00\xDE\x0A\x00";
    static const struct expected lines[] = {{"\xC3\xBC\xE0\xA8\x8A", 10}, {"\xF0\x9F\x98\x80", 16}};
    EXPECT_AT_ANY_CUT(ENCODING_UTF16LE, 64, bytes, lines);
}

static void an_over_long_utf16_line_ends_at_its_break(void **state)
{
    (void)state;
    static const char bytes[] = "a\0b\0\x0A\x0A"
                                "c\0\n\0d\0\n\0";
    static const struct expected lines[] = {{"d", 14}};
    EXPECT_AT_ANY_CUT(ENCODING_UTF16LE, 4, bytes, lines);
}

static void a_lone_surrogate_is_replaced(void **state)
{
    (void)state;
    static const char bytes[] = "\x00\xD8x\0\n\0";
    static const struct expected lines[] = {{"\xEF\xBF\xBDx", 6}};
    EXPECT_AT_ANY_CUT(ENCODING_UTF16LE, 64, bytes, lines);
}

static void a_seek_forgets_the_begun_line(void **state)
{
    (void)state;
    struct line_reader *reader;
    struct line line;
    assert_int_equal(line_reader_new(ENCODING_UTF8, 64, &reader), STATUS_OK);
    line_reader_push(reader, (const uint8_t *)"half", 4);
    assert_false(line_reader_next(reader, &line));
    line_reader_seek(reader, 100);
    line_reader_push(reader, (const uint8_t *)"new\n", 4);
    assert_true(line_reader_next(reader, &line));
    assert_string_equal(line.text, "new");
    assert_int_equal(line.end, 104);
    line_reader_free(reader);
}

static void an_unknown_encoding_is_refused(void **state)
{
    (void)state;
    enum encoding encoding = ENCODING_COUNT;
    assert_true(encoding_from_name("UTF-16LE", &encoding));
    assert_int_equal(encoding, ENCODING_UTF16LE);
    assert_false(encoding_from_name("latin-9", &encoding));
    assert_int_equal(encoding, ENCODING_UTF16LE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_counts_only_with_its_break),
        cmocka_unit_test(a_line_of_exactly_the_limit_fits),
        cmocka_unit_test(an_over_long_line_is_skipped_as_a_whole),
        cmocka_unit_test(over_long_lines_are_counted),
        cmocka_unit_test(broken_utf8_is_replaced_and_nul_is_dropped),
        cmocka_unit_test(a_byte_order_mark_is_dropped_at_the_files_beginning_only),
        cmocka_unit_test(windows_1252_becomes_utf8),
        cmocka_unit_test(utf16_becomes_utf8_and_its_break_is_two_bytes),
        cmocka_unit_test(an_over_long_utf16_line_ends_at_its_break),
        cmocka_unit_test(a_lone_surrogate_is_replaced),
        cmocka_unit_test(a_seek_forgets_the_begun_line),
        cmocka_unit_test(an_unknown_encoding_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
