// SPDX-License-Identifier: Apache-2.0
// Testers: their plan, their log lines, and a scan with and without an order service.
#include "sim/orders/order_folder.h"
#include "sim/orders/order_service.h"
#include "sim/testers/fleet.h"
#include "sim/testers/tester.h"
#include "sim/testers/tester_log.h"
#include "temporary_folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { DEADLINE_MS = 20000 };

static void the_same_seed_gives_the_same_shift(void **state)
{
    (void)state;
    struct tester a, b, other;
    tester_init(&a, "ETS-", 7, 42);
    tester_init(&b, "ETS-", 7, 42);
    tester_init(&other, "ETS-", 8, 42);
    assert_string_equal(a.node, "ETS-007");
    bool differs = false;
    for (int i = 0; i < 100; i++) {
        tester_scan(&a);
        tester_scan(&b);
        tester_scan(&other);
        assert_string_equal(a.order, b.order);
        assert_string_not_equal(a.order, other.order);
        struct duration wait = tester_conclude(&a, i % 3 != 0, duration_s(90));
        assert_int_equal(wait.us, tester_conclude(&b, i % 3 != 0, duration_s(90)).us);
        differs |= wait.us != tester_conclude(&other, i % 3 != 0, duration_s(90)).us;
    }
    assert_true(differs);
}

static void a_failed_order_is_mostly_scanned_again_and_sooner(void **state)
{
    (void)state;
    struct tester tester;
    tester_init(&tester, "ETS-", 1, 1);
    int same = 0;
    for (int i = 0; i < 1000; i++) {
        char before[ID_SIZE];
        memcpy(before, tester.order, sizeof before);
        tester_scan(&tester);
        same += strcmp(before, tester.order) == 0;
        assert_in_range(tester_conclude(&tester, false, duration_s(90)).us, 9000000, 27000000);
    }
    assert_in_range(same, 650, 850);
    char before[ID_SIZE];
    tester_conclude(&tester, true, duration_s(90));
    memcpy(before, tester.order, sizeof before);
    tester_scan(&tester);
    assert_string_not_equal(before, tester.order);
}

static void a_log_line_reads_as_a_tester_writes_it(void **state)
{
    (void)state;
    setenv("TZ", "UTC", 1);
    tzset();
    struct wall_time at = {1730872800125}; // 2024-11-06T06:00:00.125Z
    struct scan_result result = {"ETS-007",  "4711", "HV-1",     "/orders/4711.ord",
                                 OUTCOME_OK, 38,     "no reason"};
    static const struct {
        enum outcome outcome;
        const char *line;
    } cases[] = {
        {OUTCOME_OK, "2024-11-06 06:00:00.125 [ETS-007] Order 4711 loaded (product HV-1, 38 ms)\n"},
        {OUTCOME_MISSING, "2024-11-06 06:00:00.125 [ETS-007] ERROR order file not found: "
                          "/orders/4711.ord (product HV-1)\n"},
        {OUTCOME_DENIED, "2024-11-06 06:00:00.125 [ETS-007] ERROR access denied: /orders/4711.ord "
                         "(product HV-1): no reason\n"},
        {OUTCOME_UNREACHABLE, "2024-11-06 06:00:00.125 [ETS-007] ERROR share not reachable: "
                              "/orders/4711.ord (product HV-1): no reason\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char buffer[512];
        struct text line;
        text_init(&line, buffer, sizeof buffer);
        result.outcome = cases[i].outcome;
        tester_log_line(&line, at, &result);
        assert_string_equal(buffer, cases[i].line);
    }
}

struct fixture {
    struct temporary_folder folder;
    uv_loop_t loop;
    uv_timer_t deadline;
    struct tester_fleet *fleet;
    struct order_service *service; // NULL = does not run
};

static int set_up(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){0};
    temporary_folder_make(&fixture.folder);
    uv_loop_init(&fixture.loop);
    uv_timer_init(&fixture.loop, &fixture.deadline);
    struct tester_fleet_settings settings = {
        .count = 3,
        .first = 1,
        .prefix = "ETS-",
        .requests = fixture.folder.requests,
        .orders = fixture.folder.orders,
        .logs = fixture.folder.logs,
        .interval = duration_s(3600),
        .wait = duration_ms(50),
        .seed = 1,
        .paused = true,
    };
    char problem[TEXT_SIZE];
    assert_int_equal(tester_fleet_open(&fixture.loop, &settings, &fixture.fleet, problem),
                     STATUS_OK);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    tester_fleet_close(fixture->fleet, NULL, NULL);
    if (fixture->service != NULL)
        order_service_close(fixture->service, NULL, NULL);
    uv_close((uv_handle_t *)&fixture->deadline, NULL);
    uv_run(&fixture->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&fixture->loop), 0);
    temporary_folder_remove(&fixture->folder);
    return 0;
}

static void on_deadline(uv_timer_t *timer)
{
    uv_stop(timer->loop);
}

static void wait_for_scans(struct fixture *fixture, uint64_t concluded)
{
    uv_timer_start(&fixture->deadline, on_deadline, DEADLINE_MS, 0);
    for (;;) {
        struct tester_fleet_counters counters = tester_fleet_counters(fixture->fleet);
        if (counters.loaded + counters.failed >= concluded)
            break;
        assert_true(uv_is_active((uv_handle_t *)&fixture->deadline));
        uv_run(&fixture->loop, UV_RUN_ONCE);
    }
    uv_timer_stop(&fixture->deadline);
}

static void read_log(struct fixture *fixture, const char *node, char out[1024])
{
    char path[400];
    snprintf(path, sizeof path, "%s/%s/tester.log", fixture->folder.logs, node);
    assert_int_equal(order_file_read(path, out, 1024), STATUS_OK);
}

static void start_service(struct fixture *fixture)
{
    struct order_service_settings settings = {.requests = fixture->folder.requests,
                                              .orders = fixture->folder.orders};
    char problem[TEXT_SIZE];
    assert_int_equal(order_service_open(&fixture->loop, &settings, &fixture->service, problem),
                     STATUS_OK);
}

static void a_scan_without_an_order_service_finds_no_file(void **state)
{
    struct fixture *fixture = *state;
    assert_true(tester_fleet_obey(fixture->fleet, "scan ETS-002"));
    wait_for_scans(fixture, 1);
    assert_int_equal(tester_fleet_counters(fixture->fleet).failed, 1);
    char log[1024];
    read_log(fixture, "ETS-002", log);
    assert_non_null(strstr(log, "[ETS-002] ERROR order file not found: "));
}

static void a_scan_with_an_order_service_loads_the_order_and_removes_it(void **state)
{
    struct fixture *fixture = *state;
    start_service(fixture);
    assert_true(tester_fleet_obey(fixture->fleet, "scan all"));
    wait_for_scans(fixture, 3);
    assert_int_equal(tester_fleet_counters(fixture->fleet).loaded, 3);
    char log[1024];
    read_log(fixture, "ETS-003", log);
    assert_non_null(strstr(log, "[ETS-003] Order "));
    assert_int_equal(rmdir(fixture->folder.orders), 0); // nothing was left in it
    assert_int_equal(mkdir(fixture->folder.orders, 0755), 0);
}

static void a_share_that_is_gone_is_unreachable_not_missing(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(rmdir(fixture->folder.orders), 0);
    assert_true(tester_fleet_obey(fixture->fleet, "scan ETS-001"));
    wait_for_scans(fixture, 1);
    char log[1024];
    read_log(fixture, "ETS-001", log);
    assert_non_null(strstr(log, "ERROR share not reachable: "));
    assert_int_equal(mkdir(fixture->folder.orders, 0755), 0);
}

static void a_line_that_is_no_command_is_refused(void **state)
{
    struct fixture *fixture = *state;
    assert_false(tester_fleet_obey(fixture->fleet, "scan ETS-999"));
    assert_false(tester_fleet_obey(fixture->fleet, "scan"));
    assert_false(tester_fleet_obey(fixture->fleet, "interval soon"));
    assert_false(tester_fleet_obey(fixture->fleet, "dance"));
    assert_true(tester_fleet_obey(fixture->fleet, "interval 30s"));
    assert_true(tester_fleet_obey(fixture->fleet, "pause"));
    assert_true(tester_fleet_obey(fixture->fleet, "resume"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_gives_the_same_shift),
        cmocka_unit_test(a_failed_order_is_mostly_scanned_again_and_sooner),
        cmocka_unit_test(a_log_line_reads_as_a_tester_writes_it),
        cmocka_unit_test_setup_teardown(a_scan_without_an_order_service_finds_no_file, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_scan_with_an_order_service_loads_the_order_and_removes_it,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_share_that_is_gone_is_unreachable_not_missing, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_line_that_is_no_command_is_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
