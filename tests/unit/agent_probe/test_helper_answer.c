// SPDX-License-Identifier: Apache-2.0
// Answers of the helper, errors as outcomes, commands as arguments, bookmarks as text.
#include "agent/probe/argument_list.h"
#include "agent/probe/helper_answer.h"
#include "agent/probe/log_bookmark.h"
#include "agent/probe/path_name.h"
#include "agent/probe/unix/errno_outcome.h"
#include "base/text.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void an_answer_has_outcome_error_and_text(void **state)
{
    (void)state;
    struct helper_answer answer;
    assert_true(helper_answer_parse("OUTCOME_DENIED 13 Permission denied", &answer));
    assert_int_equal(answer.outcome, OUTCOME_DENIED);
    assert_int_equal(answer.error, 13);
    assert_string_equal(answer.text, "Permission denied");
}

static void what_is_no_answer_is_refused(void **state)
{
    (void)state;
    static const char *const lines[] = {"",          "OUTCOME_OK",     "OUTCOME_NICE 0 ok",
                                        "ok 0 fine", "OUTCOME_OK x y", "OUTCOME_OK 0 \xFF"};
    struct helper_answer answer;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        assert_false(helper_answer_parse(lines[i], &answer));
}

static void a_listing_has_five_numbers(void **state)
{
    (void)state;
    struct helper_listing listing;
    assert_true(helper_listing_parse("-1 0 -1 5 10", &listing));
    assert_int_equal(listing.newest_age_ms, -1);
    assert_int_equal(listing.total_bytes, 10);
    assert_false(helper_listing_parse("-1 0 -1 5", &listing));
    assert_false(helper_listing_parse("-1 0 -1 5 10 6", &listing));
    assert_false(helper_listing_parse("-2 0 -1 5 10", &listing));
}

static void errors_are_typed(void **state)
{
    (void)state;
    static const struct {
        int error;
        enum outcome outcome;
    } cases[] = {{0, OUTCOME_OK},
                 {ENOENT, OUTCOME_MISSING},
                 {EACCES, OUTCOME_DENIED},
                 {EHOSTDOWN, OUTCOME_UNREACHABLE},
                 {ESTALE, OUTCOME_UNREACHABLE},
                 {ETIMEDOUT, OUTCOME_TIMEOUT},
                 {EBUSY, OUTCOME_LOCKED},
                 {EINVAL, OUTCOME_INVALID},
                 {ENOMEM, OUTCOME_UNSPECIFIED},
                 {EMFILE, OUTCOME_UNSPECIFIED}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(errno_outcome(cases[i].error), cases[i].outcome);
}

static void a_command_is_split_without_a_shell(void **state)
{
    (void)state;
    struct argument_list list;
    char problem[TEXT_SIZE];
    static const char command[] =
        "  /opt/my\\ app/run '-a $HOME;' \"b \\\"c\\\" \\d\" e'f'g '' # h ";
    static const char *const words[] = {
        "/opt/my app/run", "-a $HOME;", "b \"c\" \\d", "efg", "", "#", "h"};
    assert_int_equal(argument_list_init(&list, command, problem), STATUS_OK);
    assert_int_equal(list.count, sizeof(words) / sizeof(words[0]));
    for (size_t i = 0; i < list.count; i++)
        assert_string_equal(list.values[i], words[i]);
    assert_null(list.values[list.count]);
}

static void a_command_that_makes_no_sense_is_refused(void **state)
{
    (void)state;
    static const char many[] = "1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3";
    static const char *const commands[] = {"", "  \t", "a 'b", "a \"b", many};
    struct argument_list list;
    char problem[TEXT_SIZE];
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        assert_int_equal(argument_list_init(&list, commands[i], problem), STATUS_INVALID);
}

static void a_bookmark_is_read_back(void **state)
{
    (void)state;
    struct log_bookmark in = {UINT64_MAX, 7, UINT64_MAX - 1, 256, 0xABCDEF}, out;
    char value[200];
    log_bookmark_format(&in, value, sizeof(value));
    assert_true(log_bookmark_parse(value, &out));
    assert_true(out.device == in.device && out.inode == in.inode && out.offset == in.offset);
    assert_int_equal(out.head_length, in.head_length);
    assert_int_equal(out.head_hash, in.head_hash);
    assert_false(log_bookmark_parse("2 1 1 1 1 1", &out));
    assert_false(log_bookmark_parse("1 1 1 9 257 1", &out));
    assert_false(log_bookmark_parse("1 1 1 9 10 1", &out));
    assert_false(log_bookmark_parse("1 1 1 9 9 1 x", &out));
    assert_false(log_bookmark_parse("", &out));
}

static void a_path_has_a_folder(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"/a/b", "/a"}, {"/a/b//", "/a"}, {"/a//b", "/a"},
                                           {"/a", "/"},    {"a", "."},       {"a/b", "a"},
                                           {"/", "/"},     {"", "."},        {".", "."}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char folder[TEXT_SIZE];
        path_folder(cases[i][0], folder);
        assert_string_equal(folder, cases[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_has_outcome_error_and_text),
        cmocka_unit_test(what_is_no_answer_is_refused),
        cmocka_unit_test(a_listing_has_five_numbers),
        cmocka_unit_test(errors_are_typed),
        cmocka_unit_test(a_command_is_split_without_a_shell),
        cmocka_unit_test(a_command_that_makes_no_sense_is_refused),
        cmocka_unit_test(a_bookmark_is_read_back),
        cmocka_unit_test(a_path_has_a_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
