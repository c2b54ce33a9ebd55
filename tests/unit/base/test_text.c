// SPDX-License-Identifier: Apache-2.0
// Bounded text: nothing past the end, nothing cut inside a character.
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void pieces_are_put_together(void **state)
{
    (void)state;
    char buffer[32];
    struct text text;
    text_init(&text, buffer, sizeof buffer);
    assert_string_equal(buffer, "");
    text_append(&text, "ab");
    text_append_bytes(&text, "cdX", 2);
    text_printf(&text, "-%d-%s", 42, "ü");
    assert_string_equal(buffer, "abcd-42-ü");
    assert_int_equal(text.length, strlen(buffer));
    assert_false(text.truncated);
}

static void what_does_not_fit_is_cut_and_said(void **state)
{
    (void)state;
    char buffer[6] = "??????";
    struct text text;
    text_init(&text, buffer, 5);
    text_append(&text, "abcd");
    assert_false(text.truncated);
    text_append(&text, "");
    assert_false(text.truncated);
    text_append(&text, "e");
    assert_true(text.truncated);
    assert_string_equal(buffer, "abcd");
    assert_int_equal(buffer[5], '?');
}

static void a_buffer_of_one_byte_holds_nothing(void **state)
{
    (void)state;
    char buffer[1];
    struct text text;
    text_init(&text, buffer, sizeof buffer);
    text_append(&text, "a");
    assert_true(text.truncated);
    text_init(&text, buffer, sizeof buffer);
    text_printf(&text, "%d", 7);
    assert_true(text.truncated);
    assert_string_equal(buffer, "");
}

static void nothing_follows_a_cut(void **state)
{
    (void)state;
    char buffer[5];
    struct text text;
    text_init(&text, buffer, sizeof buffer);
    text_append(&text, "abü");
    text_append(&text, "toolong");
    text_append(&text, "x");
    text_printf(&text, "y");
    assert_string_equal(buffer, "abü");
    assert_true(text.truncated);
}

static void cuts_fall_between_characters_whatever_the_size(void **state)
{
    (void)state;
    static const char source[] = "aü€𝄞ü€𝄞b";
    for (size_t size = 1; size <= sizeof source; size++) {
        char copied[sizeof source], printed[sizeof source];
        struct text text;
        bool whole = text_copy(copied, size, source);
        assert_int_equal(whole, size == sizeof source);
        assert_true(strlen(copied) < size);
        assert_true(text_is_utf8(copied, strlen(copied)));
        assert_memory_equal(copied, source, strlen(copied));
        text_init(&text, printed, size);
        text_printf(&text, "%s", source);
        assert_int_equal(text.truncated, size < sizeof source);
        assert_int_equal(text.length, strlen(printed));
        assert_true(text_is_utf8(printed, strlen(printed)));
        assert_memory_equal(printed, source, strlen(printed));
    }
}

static void equality_folds_only_ascii_and_only_when_asked(void **state)
{
    (void)state;
    assert_true(text_equal("abc", "abc"));
    assert_false(text_equal("abc", "ABC"));
    assert_true(text_equal_nocase("Ets-001_z", "eTS-001_Z"));
    assert_false(text_equal_nocase("abc", "abcd"));
    assert_false(text_equal_nocase("abcd", "abc"));
    assert_false(text_equal_nocase("[", "{"));
    assert_false(text_equal_nocase("ü", "Ü"));
    assert_true(text_equal_nocase("", ""));
}

static void utf8_is_told_from_other_bytes(void **state)
{
    (void)state;
    static const char *const good[] = {"",
                                       "a",
                                       "\x7F",
                                       "\xC2\x80",
                                       "\xDF\xBF",
                                       "\xE0\xA0\x80",
                                       "\xED\x9F\xBF",
                                       "\xEE\x80\x80",
                                       "\xEF\xBF\xBF",
                                       "\xF0\x90\x80\x80",
                                       "\xF4\x8F\xBF\xBF"};
    static const char *const bad[] = {"\x80",
                                      "\xBF",
                                      "\xC0\x80",
                                      "\xC1\xBF",
                                      "\xC2",
                                      "\xC2\x41",
                                      "\xE0\x9F\xBF",
                                      "\xE0\xA0",
                                      "\xED\xA0\x80",
                                      "\xED\xBF\xBF",
                                      "\xF0\x8F\xBF\xBF",
                                      "\xF0\x90\x80",
                                      "\xF4\x90\x80\x80",
                                      "\xF5\x80\x80\x80",
                                      "\xFE",
                                      "\xFF"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(text_is_utf8(good[i], strlen(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(text_is_utf8(bad[i], strlen(bad[i])));
}

// The check takes eight bytes at a time where it can: a bad byte must be seen in each position.
static void a_bad_byte_is_seen_wherever_it_stands(void **state)
{
    (void)state;
    static const char bad[] = {'\0', '\x80', '\xFF'};
    for (size_t length = 1; length <= 33; length++)
        for (size_t at = 0; at < length; at++)
            for (size_t i = 0; i < sizeof bad; i++) {
                char bytes[33];
                memset(bytes, '\x01', sizeof bytes);
                assert_true(text_is_utf8(bytes, length));
                bytes[at] = bad[i];
                assert_false(text_is_utf8(bytes, length));
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_put_together),
        cmocka_unit_test(what_does_not_fit_is_cut_and_said),
        cmocka_unit_test(a_buffer_of_one_byte_holds_nothing),
        cmocka_unit_test(nothing_follows_a_cut),
        cmocka_unit_test(cuts_fall_between_characters_whatever_the_size),
        cmocka_unit_test(equality_folds_only_ascii_and_only_when_asked),
        cmocka_unit_test(utf8_is_told_from_other_bytes),
        cmocka_unit_test(a_bad_byte_is_seen_wherever_it_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
