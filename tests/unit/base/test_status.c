// SPDX-License-Identifier: Apache-2.0
// Every status has a text of its own and an exit code that scripts can rely on.
#include "base/status.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static const enum status all[] = {
#define STATUS_VALUE(name, text, code) name,
    STATUS_MAP(STATUS_VALUE)
#undef STATUS_VALUE
};
enum { COUNT = sizeof all / sizeof all[0] };

static void every_status_has_its_own_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        assert_true(strlen(status_text(all[i])) > 0);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(status_text(all[i]), status_text(all[j]));
    }
}

static void only_ok_exits_with_zero(void **state)
{
    (void)state;
    assert_int_equal(status_exit_code(STATUS_OK), 0);
    for (size_t i = 1; i < COUNT; i++)
        assert_int_not_equal(status_exit_code(all[i]), 0);
}

static void the_promised_exit_codes_are_kept(void **state)
{
    (void)state;
    assert_int_equal(status_exit_code(STATUS_INVALID), 2);
    assert_int_equal(status_exit_code(STATUS_UNAVAILABLE), 69);
    assert_int_equal(status_exit_code(STATUS_DENIED), 77);
    assert_int_equal(status_exit_code(STATUS_CONFIG), 78);
}

static void a_value_outside_the_enum_is_survived(void **state)
{
    (void)state;
    assert_string_equal(status_text((enum status)COUNT), "unknown status");
    assert_int_equal(status_exit_code((enum status)COUNT), 69);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_its_own_text),
        cmocka_unit_test(only_ok_exits_with_zero),
        cmocka_unit_test(the_promised_exit_codes_are_kept),
        cmocka_unit_test(a_value_outside_the_enum_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
