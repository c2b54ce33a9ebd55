// SPDX-License-Identifier: Apache-2.0
// Order files: whole or not there, and every failure told apart.
#include "sim/orders/order_folder.h"
#include "temporary_folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void what_was_written_is_read_back_and_nothing_is_left_beside(void **state)
{
    (void)state;
    struct temporary_folder folder;
    temporary_folder_make(&folder);
    char path[ORDER_PATH_SIZE], content[64];
    assert_int_equal(order_file_write(folder.orders, "4711", ORDER_SUFFIX, "product=A\n"),
                     STATUS_OK);
    assert_true(order_path(path, folder.orders, "4711", ORDER_SUFFIX));
    assert_int_equal(order_file_read(path, content, sizeof content), STATUS_OK);
    assert_string_equal(content, "product=A\n");
    assert_true(order_path(path, folder.orders, "4711", ".tmp"));
    assert_int_not_equal(access(path, F_OK), 0);
    temporary_folder_remove(&folder);
}

static void a_missing_file_a_large_one_and_bytes_are_told_apart(void **state)
{
    (void)state;
    struct temporary_folder folder;
    temporary_folder_make(&folder);
    char path[ORDER_PATH_SIZE], content[8] = "kept";
    assert_true(order_path(path, folder.orders, "1", ORDER_SUFFIX));
    assert_int_equal(order_file_read(path, content, sizeof content), STATUS_NOT_FOUND);
    assert_string_equal(content, "kept");
    assert_int_equal(order_file_write(folder.orders, "1", ORDER_SUFFIX, "12345678"), STATUS_OK);
    assert_int_equal(order_file_read(path, content, sizeof content), STATUS_FULL);
    assert_int_equal(order_file_write(folder.orders, "1", ORDER_SUFFIX, "\xff\xfe"), STATUS_OK);
    assert_int_equal(order_file_read(path, content, sizeof content), STATUS_CORRUPT);
    assert_int_equal(order_file_write("/nonexistent", "1", ORDER_SUFFIX, "x"), STATUS_NOT_FOUND);
    temporary_folder_remove(&folder);
}

static void only_a_valid_order_with_the_suffix_is_an_order_file(void **state)
{
    (void)state;
    char order[ID_SIZE] = "kept";
    assert_false(order_of_file_name(".ord", ORDER_SUFFIX, order));
    assert_false(order_of_file_name("4711.tmp", ORDER_SUFFIX, order));
    assert_false(order_of_file_name("a b.ord", ORDER_SUFFIX, order));
    assert_false(order_of_file_name("..ord", ORDER_SUFFIX, order));
    assert_string_equal(order, "kept");
    assert_true(order_of_file_name("4711.ord", ORDER_SUFFIX, order));
    assert_string_equal(order, "4711");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read_back_and_nothing_is_left_beside),
        cmocka_unit_test(a_missing_file_a_large_one_and_bytes_are_told_apart),
        cmocka_unit_test(only_a_valid_order_with_the_suffix_is_an_order_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
