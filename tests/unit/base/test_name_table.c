// SPDX-License-Identifier: Apache-2.0
// The name table, at its limits too.
#include "base/name_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

static void names_get_numbers_in_order_of_arrival(void **state)
{
    (void)state;
    struct name_table *table = NULL;
    uint32_t index = 99;
    assert_int_equal(name_table_new(100, &table), STATUS_OK);
    assert_int_equal(name_table_count(table), 0);
    assert_int_equal(name_table_find(table, "a"), NAME_NONE);
    assert_int_equal(name_table_add(table, "a", &index), STATUS_OK);
    assert_int_equal(index, 0);
    assert_int_equal(name_table_add(table, "", &index), STATUS_OK);
    assert_int_equal(index, 1);
    assert_int_equal(name_table_add(table, "a", &index), STATUS_OK);
    assert_int_equal(index, 0);
    assert_int_equal(name_table_count(table), 2);
    assert_string_equal(name_table_name(table, 0), "a");
    assert_string_equal(name_table_name(table, 1), "");
    assert_int_equal(name_table_find(table, ""), 1);
    assert_int_equal(name_table_find(table, "A"), NAME_NONE);
    name_table_free(table);
}

static void a_table_of_two_is_full_with_two(void **state)
{
    (void)state;
    struct name_table *table = NULL;
    uint32_t index = 99;
    assert_int_equal(name_table_new(2, &table), STATUS_OK);
    assert_int_equal(name_table_add(table, "a", &index), STATUS_OK);
    assert_int_equal(name_table_add(table, "b", &index), STATUS_OK);
    index = 99;
    assert_int_equal(name_table_add(table, "c", &index), STATUS_FULL);
    assert_int_equal(index, 99);
    assert_int_equal(name_table_count(table), 2);
    assert_int_equal(name_table_find(table, "c"), NAME_NONE);
    assert_int_equal(name_table_add(table, "b", &index), STATUS_OK);
    assert_int_equal(index, 1);
    name_table_free(table);
}

static void a_table_of_none_is_always_full(void **state)
{
    (void)state;
    struct name_table *table = NULL;
    uint32_t index = 99;
    assert_int_equal(name_table_new(0, &table), STATUS_OK);
    assert_int_equal(name_table_add(table, "a", &index), STATUS_FULL);
    name_table_free(table);
    name_table_free(NULL);
}

static void growing_keeps_every_name_and_pointer(void **state)
{
    (void)state;
    struct name_table *table = NULL;
    uint32_t index;
    assert_int_equal(name_table_new(1000, &table), STATUS_OK);
    assert_int_equal(name_table_add(table, "n0", &index), STATUS_OK);
    const char *first = name_table_name(table, 0);
    for (uint32_t i = 1; i < 1000; i++) {
        char name[16];
        snprintf(name, sizeof name, "n%u", i);
        assert_int_equal(name_table_add(table, name, &index), STATUS_OK);
        assert_int_equal(index, i);
    }
    assert_int_equal(name_table_add(table, "more", &index), STATUS_FULL);
    assert_ptr_equal(name_table_name(table, 0), first);
    for (uint32_t i = 0; i < 1000; i++)
        assert_int_equal(name_table_find(table, name_table_name(table, i)), i);
    name_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_get_numbers_in_order_of_arrival),
        cmocka_unit_test(a_table_of_two_is_full_with_two),
        cmocka_unit_test(a_table_of_none_is_always_full),
        cmocka_unit_test(growing_keeps_every_name_and_pointer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
