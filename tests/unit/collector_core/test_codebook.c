// SPDX-License-Identifier: Apache-2.0
// The codebook as data: every row is whole, and every channel a distribution.
#include "collector/core/codebook.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void assert_distributions(const struct cause *cause)
{
    for (int c = 0; c < CHANNEL_COUNT; c++) {
        double sum = 0;
        for (int s = 0; s < SYMPTOM_COUNT; s++)
            if (symptom_channel((enum symptom)s) == (enum channel)c) {
                double p = codebook_probability(cause, (enum symptom)s);
                if (p <= 0 || p > 1)
                    fail_msg("%s: P(symptom %d) is %g", cause == NULL ? "health" : cause->code, s,
                             p);
                sum += p;
            }
        if (fabs(sum - 1) > 0.001)
            fail_msg("%s: channel %d sums to %g", cause == NULL ? "health" : cause->code, c, sum);
    }
}

static void every_channel_of_every_row_sums_to_one(void **state)
{
    (void)state;
    assert_distributions(NULL);
    for (size_t i = 0; i < codebook_count; i++)
        assert_distributions(&codebook[i]);
}

static void every_row_tells_people_what_it_is_and_what_to_do(void **state)
{
    (void)state;
    for (size_t i = 0; i < codebook_count; i++) {
        const struct cause *cause = &codebook[i];
        const char *const texts[] = {cause->code,     cause->owner, cause->title,
                                     cause->headline, cause->cause, cause->consequence,
                                     cause->action};
        for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++)
            if (texts[t] == NULL || texts[t][0] == '\0')
                fail_msg("%s: text %zu is missing", cause->code, t);
        assert_true(strlen(cause->code) < CODE_SIZE);
        assert_true(cause->per_year > 0);
        assert_true(cause->respond_within_s > 0);
        assert_true(cause->kinds != 0);
    }
}

static void a_code_names_one_row_for_each_kind_of_component(void **state)
{
    (void)state;
    for (size_t i = 0; i < codebook_count; i++)
        for (int kind = 0; kind < COMPONENT_KIND_COUNT; kind++)
            if ((codebook[i].kinds & (1U << kind)) != 0)
                assert_ptr_equal(codebook_find(codebook[i].code, (enum component_kind)kind),
                                 &codebook[i]);
    assert_null(codebook_find("NO_SUCH_CAUSE", COMPONENT_SERVICE));
    assert_null(codebook_find("AGENT_LOST", COMPONENT_BROKER));
}

static void every_outcome_but_the_unspecified_has_its_symptom(void **state)
{
    (void)state;
    assert_int_equal(symptom_of_fetch(OUTCOME_UNSPECIFIED), SYMPTOM_COUNT);
    assert_int_equal(symptom_of_fetch(OUTCOME_OK), SYMPTOM_FETCH_OK);
    assert_int_equal(symptom_of_fetch(OUTCOME_STALE), SYMPTOM_FETCH_STALE);
    assert_int_equal(symptom_of_probe(OUTCOME_MISSING), SYMPTOM_PROBE_MISSING);
    assert_int_equal(symptom_of_probe((enum outcome)99), SYMPTOM_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_channel_of_every_row_sums_to_one),
        cmocka_unit_test(every_row_tells_people_what_it_is_and_what_to_do),
        cmocka_unit_test(a_code_names_one_row_for_each_kind_of_component),
        cmocka_unit_test(every_outcome_but_the_unspecified_has_its_symptom),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
