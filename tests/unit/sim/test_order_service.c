// SPDX-License-Identifier: Apache-2.0
// The order service: the backlog at its start, requests by notice, and what it cannot make.
#include "sim/orders/order_folder.h"
#include "sim/orders/order_service.h"
#include "temporary_folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { DEADLINE_MS = 20000 };

struct fixture {
    struct temporary_folder folder;
    uv_loop_t loop;
    uv_timer_t deadline;
    struct order_service *service;
};

static int set_up(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){0};
    temporary_folder_make(&fixture.folder);
    uv_loop_init(&fixture.loop);
    uv_timer_init(&fixture.loop, &fixture.deadline);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    order_service_close(fixture->service, NULL, NULL);
    uv_close((uv_handle_t *)&fixture->deadline, NULL);
    uv_run(&fixture->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&fixture->loop), 0);
    temporary_folder_remove(&fixture->folder);
    return 0;
}

static void open_service(struct fixture *fixture, const char *upstream)
{
    struct order_service_settings settings = {
        .requests = fixture->folder.requests,
        .orders = fixture->folder.orders,
        .upstream = upstream,
    };
    char problem[TEXT_SIZE];
    assert_int_equal(order_service_open(&fixture->loop, &settings, &fixture->service, problem),
                     STATUS_OK);
}

static void place_request(struct fixture *fixture, const char *order, const char *product)
{
    assert_int_equal(order_file_write(fixture->folder.requests, order, REQUEST_SUFFIX, product),
                     STATUS_OK);
}

static bool is_there(const char *folder, const char *name, const char *suffix)
{
    char path[ORDER_PATH_SIZE];
    return order_path(path, folder, name, suffix) && access(path, F_OK) == 0;
}

static void on_deadline(uv_timer_t *timer)
{
    uv_stop(timer->loop);
}

// Runs the loop until that many orders are made.
static void wait_for_orders(struct fixture *fixture, uint64_t made)
{
    uv_timer_start(&fixture->deadline, on_deadline, DEADLINE_MS, 0);
    while (order_service_counters(fixture->service).made < made &&
           uv_is_active((uv_handle_t *)&fixture->deadline))
        uv_run(&fixture->loop, UV_RUN_ONCE);
    uv_timer_stop(&fixture->deadline);
    assert_int_equal(order_service_counters(fixture->service).made, made);
}

static void a_backlog_is_worked_off_at_the_start(void **state)
{
    struct fixture *fixture = *state;
    place_request(fixture, "1", "HV-1");
    place_request(fixture, "2", "HV-2");
    open_service(fixture, NULL);
    assert_int_equal(order_service_counters(fixture->service).made, 2);
    assert_true(is_there(fixture->folder.orders, "1", ORDER_SUFFIX));
    assert_true(is_there(fixture->folder.orders, "2", ORDER_SUFFIX));
    assert_false(is_there(fixture->folder.requests, "1", REQUEST_SUFFIX));
}

static void a_request_becomes_an_order_by_notice(void **state)
{
    struct fixture *fixture = *state;
    open_service(fixture, NULL);
    place_request(fixture, "4711", "HV-1\n");
    wait_for_orders(fixture, 1);
    char path[ORDER_PATH_SIZE], content[128];
    assert_true(order_path(path, fixture->folder.orders, "4711", ORDER_SUFFIX));
    assert_int_equal(order_file_read(path, content, sizeof content), STATUS_OK);
    assert_string_equal(content, "order=4711\nproduct=HV-1\n");
}

static void an_order_waits_for_its_product_data_from_upstream(void **state)
{
    struct fixture *fixture = *state;
    char upstream[300];
    snprintf(upstream, sizeof upstream, "%s/upstream", fixture->folder.path);
    assert_int_equal(mkdir(upstream, 0755), 0);
    place_request(fixture, "1", "HV-1");
    open_service(fixture, upstream);
    assert_int_equal(order_service_counters(fixture->service).made, 0);
    assert_int_equal(order_service_counters(fixture->service).waiting, 1);
    assert_int_equal(order_file_write(upstream, "HV-1", ".data", "wires=12\n"), STATUS_OK);
    wait_for_orders(fixture, 1);
    assert_false(is_there(fixture->folder.requests, "1", REQUEST_SUFFIX));
}

static void a_request_that_is_none_is_set_aside(void **state)
{
    struct fixture *fixture = *state;
    place_request(fixture, "1", "");
    place_request(fixture, "2", "../../etc/passwd");
    place_request(fixture, "3", "HV-1");
    open_service(fixture, NULL);
    assert_int_equal(order_service_counters(fixture->service).refused, 2);
    assert_int_equal(order_service_counters(fixture->service).made, 1);
    assert_true(is_there(fixture->folder.requests, "2", REQUEST_SUFFIX ".bad"));
}

static void an_order_that_cannot_be_written_keeps_its_request(void **state)
{
    struct fixture *fixture = *state;
    open_service(fixture, NULL);
    char aside[300];
    snprintf(aside, sizeof aside, "%s/gone", fixture->folder.path);
    assert_int_equal(rename(fixture->folder.orders, aside), 0);
    place_request(fixture, "1", "HV-1");
    while (order_service_counters(fixture->service).waiting == 0)
        uv_run(&fixture->loop, UV_RUN_ONCE);
    assert_true(is_there(fixture->folder.requests, "1", REQUEST_SUFFIX));
    assert_int_equal(rename(aside, fixture->folder.orders), 0);
    place_request(fixture, "2", "HV-1");
    wait_for_orders(fixture, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_backlog_is_worked_off_at_the_start, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_request_becomes_an_order_by_notice, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_order_waits_for_its_product_data_from_upstream, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_request_that_is_none_is_set_aside, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_order_that_cannot_be_written_keeps_its_request, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
