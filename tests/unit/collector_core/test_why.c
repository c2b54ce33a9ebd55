// SPDX-License-Identifier: Apache-2.0
// Why a service does not run, from what its server's agent reported.
#include "collector/core/why.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    struct service_report report;
    bool booted;
    const char *code, *says;
} cases[] = {
    {{.state = SERVICE_STOPPED, .start_mode = START_MANUAL}, true, "START_MANUAL", "only by hand"},
    {{.state = SERVICE_STOPPED, .start_mode = START_DISABLED}, true, "START_DISABLED", "disabled"},
    {{.state = SERVICE_STOPPED, .start_mode = START_AUTO}, true, "NOT_TRIED_SINCE_BOOT", "booted"},
    {{.state = SERVICE_FAILED, .exit_code = 139}, false, "CRASHED", "exit code 139"},
    {{.state = SERVICE_STOPPED, .reason = "killed by signal 9"}, false, "CRASHED", "signal 9"},
    {{.state = SERVICE_FAILED, .reason = "logon failure"}, true, "LOGON_FAILED", "log on"},
    {{.state = SERVICE_FAILED, .reason = "start timed out"}, true, "START_TIMEOUT", "too long"},
    {{.state = SERVICE_FAILED, .reason = "dependency failed"},
     true,
     "DEPENDENCY_FAILED",
     "depends on"},
    {{.state = SERVICE_STOPPED, .reason = "stopped by hand"}, false, "STOPPED_BY_HAND", "somebody"},
    {{.state = SERVICE_STOPPED, .start_mode = START_MANUAL}, false, "UNKNOWN", "not known"},
};

static void each_report_gives_its_code_and_a_sentence(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char code[CODE_SIZE], text[TEXT_SIZE];
        struct service_report report = cases[i].report;
        strcpy(report.service, "OrderGeneration"); // NOLINT: it fits
        why_of(&report, cases[i].booted, code, text);
        assert_string_equal(code, cases[i].code);
        if (strstr(text, cases[i].says) == NULL || strstr(text, "OrderGeneration") == NULL)
            fail_msg("case %zu: '%s' does not say '%s'", i, text, cases[i].says);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_report_gives_its_code_and_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
