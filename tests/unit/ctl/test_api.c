// SPDX-License-Identifier: Apache-2.0
// Asking a collector: addresses, paths, and what is said when nobody answers.
#include "ctl/api/api.h"

#include "tests/support/broker.h"
#include "tests/support/temporary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void nobody_there_is_unavailable_and_says_what_to_do(void **state)
{
    (void)state;
    char url[64], problem[API_PROBLEM_SIZE] = "";
    snprintf(url, sizeof url, "http://127.0.0.1:%u/", free_port());
    struct arguments arguments = {.value = {[API_URL] = url}};
    struct api *api;
    struct api_body body = {0};
    assert_int_equal(api_open(&arguments, &api, problem), STATUS_OK);
    assert_int_equal(api_get(api, "/api/v1/status", &body, problem), STATUS_UNAVAILABLE);
    assert_int_equal(status_exit_code(STATUS_UNAVAILABLE), 69);
    assert_non_null(strstr(problem, "is stationwatch-collector running there?"));
    assert_non_null(strstr(problem, "--url"));
    assert_null(body.data);
    api_close(api);
}

static void an_address_that_is_none_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"", "ftp://x", "127.0.0.1:8080", "file:///etc/passwd"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct arguments arguments = {.value = {[API_URL] = wrong[i]}};
        char problem[API_PROBLEM_SIZE];
        struct api *api = NULL;
        assert_int_equal(api_open(&arguments, &api, problem), STATUS_INVALID);
        assert_null(api);
    }
}

static void a_token_file_has_to_hold_a_token(void **state)
{
    (void)state;
    struct temporary folder;
    char path[TEMPORARY_PATH_SIZE], problem[API_PROBLEM_SIZE];
    struct api *api = NULL;
    temporary_init(&folder);
    struct arguments arguments = {
        .value = {[API_URL] = "http://127.0.0.1:1", [API_TOKEN_FILE] = path}};
    temporary_write(&folder, "token", "", path);
    assert_int_equal(api_open(&arguments, &api, problem), STATUS_DENIED);
    assert_non_null(strstr(problem, "it is empty"));
    temporary_write(&folder, "token", "secret\n", path);
    assert_int_equal(api_open(&arguments, &api, problem), STATUS_OK);
    api_close(api);
    arguments.value[API_TOKEN_FILE] = "/nonexistent/token";
    assert_int_equal(api_open(&arguments, &api, problem), STATUS_DENIED);
    temporary_fini(&folder);
}

static void an_id_cannot_leave_its_place_in_the_path(void **state)
{
    (void)state;
    char path[128];
    assert_true(api_path(path, sizeof path, "/api/v1/incidents/", "a/../b?c#d e", "/report"));
    assert_string_equal(path, "/api/v1/incidents/a%2F..%2Fb%3Fc%23d%20e/report");
    assert_false(api_path(path, 10, "/api/v1/incidents/", "a", ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_there_is_unavailable_and_says_what_to_do),
        cmocka_unit_test(an_address_that_is_none_is_refused),
        cmocka_unit_test(a_token_file_has_to_hold_a_token),
        cmocka_unit_test(an_id_cannot_leave_its_place_in_the_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
