// SPDX-License-Identifier: Apache-2.0
// The grammar of site and node ids.
#include "domain/ids.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void ids_of_the_grammar_are_valid(void **state)
{
    (void)state;
    static const char *const good[] = {"a", "Z", "0", "ETS-001", "a_b-c", "9-", "A_"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(id_is_valid(good[i]));
        assert_null(id_problem(good[i]));
    }
}

static void every_problem_is_said_in_words(void **state)
{
    (void)state;
    static const struct {
        const char *id, *word;
    } rows[] = {{"", "is empty"},           {"_a", "must begin with"},   {"-a", "must begin with"},
                {".a", "must begin with"},  {"a.b", "has a character"},  {"a b", "has a character"},
                {"a/b", "has a character"}, {"a+", "has a character"},   {"aü", "has a character"},
                {"ü", "must begin with"},   {"a\x7F", "has a character"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_false(id_is_valid(rows[i].id));
        assert_non_null(strstr(id_problem(rows[i].id), rows[i].word));
    }
}

static void sixty_four_characters_fit_and_one_more_does_not(void **state)
{
    (void)state;
    char id[ID_SIZE + 1];
    memset(id, 'a', sizeof id);
    id[64] = '\0';
    assert_true(id_is_valid(id));
    id[64] = 'a';
    id[65] = '\0';
    assert_string_equal(id_problem(id), "is longer than 64 characters");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_of_the_grammar_are_valid),
        cmocka_unit_test(every_problem_is_said_in_words),
        cmocka_unit_test(sixty_four_characters_fit_and_one_more_does_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
