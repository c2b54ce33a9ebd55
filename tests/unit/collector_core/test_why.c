// SPDX-License-Identifier: Apache-2.0
// Why a service does not run, from what its server's agent reported.
#include "collector/core/why.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define STOPPED(code, why)                                                                         \
    {                                                                                              \
        .state = SERVICE_STOPPED, .start_mode = START_AUTO, .exit_code = (code), .reason = (why)   \
    }
#define FAILED(code, why)                                                                          \
    {                                                                                              \
        .state = SERVICE_FAILED, .start_mode = START_AUTO, .exit_code = (code), .reason = (why)    \
    }
#define SINCE_BOOT                                                                                 \
    {                                                                                              \
        .idle_since_boot = true                                                                    \
    }
#define ORDERLY                                                                                    \
    {                                                                                              \
        .stopping_seen = true                                                                      \
    }
#define NOTHING                                                                                    \
    {                                                                                              \
        .idle_since_boot = false                                                                   \
    }

struct sample {
    struct service_report report;
    struct why_past past;
    const char *code, *says;
};

static const struct sample windows[] = {
    {{.state = SERVICE_STOPPED, .start_mode = START_MANUAL, .exit_code = 1077},
     SINCE_BOOT,
     "START_MANUAL",
     "only by hand"},
    {{.state = SERVICE_STOPPED, .start_mode = START_MANUAL, .exit_code = 1077},
     NOTHING,
     "START_MANUAL",
     "only by hand"},
    {{.state = SERVICE_STOPPED, .start_mode = START_DISABLED, .exit_code = 1077},
     SINCE_BOOT,
     "START_DISABLED",
     "disabled"},
    {STOPPED(1077, "No attempts to start the service have been made since the last boot."), NOTHING,
     "NOT_TRIED_SINCE_BOOT", "booted"},
    {STOPPED(1058, ""), NOTHING, "START_DISABLED", "disabled"},
    {STOPPED(1053, ""), SINCE_BOOT, "START_TIMEOUT", "too long"},
    {STOPPED(0, "The service did not respond to the start or control request in a timely fashion."),
     SINCE_BOOT, "START_TIMEOUT", "too long"},
    {STOPPED(1069, "The service did not start due to a logon failure."), SINCE_BOOT, "LOGON_FAILED",
     "log on"},
    {STOPPED(1330, ""), SINCE_BOOT, "LOGON_FAILED", "(exit code 1330)"},
    {STOPPED(1068, "The dependency service or group failed to start."), SINCE_BOOT,
     "DEPENDENCY_FAILED", "depends on"},
    {STOPPED(1067, "The process terminated unexpectedly."), NOTHING, "CRASHED", "crashed"},
    {STOPPED(1066, ""), NOTHING, "CRASHED", "an error of its own"},
    {STOPPED((int32_t)0xC0000005, ""), NOTHING, "CRASHED", "0xC0000005"},
    {STOPPED((int32_t)0xE0434352, ""), ORDERLY, "CRASHED", "0xE0434352"},
    {STOPPED(0, "The service was stopped by PLANT\\meier"), NOTHING, "STOPPED_BY_HAND", "meier"},
};

static const struct sample german[] = {
    {STOPPED(0, "Der Dienst wurde wegen einer fehlgeschlagenen Anmeldung nicht gestartet."),
     SINCE_BOOT, "LOGON_FAILED", "log on"},
    {STOPPED(0, "ANMELDEFEHLER: unbekannter Benutzername"), SINCE_BOOT, "LOGON_FAILED", "log on"},
    {STOPPED(0, "Der Abh\xc3\xa4ngigkeitsdienst konnte nicht gestartet werden."), SINCE_BOOT,
     "DEPENDENCY_FAILED", "depends on"},
    {STOPPED(0, "Zeit\xc3\xbc"
                "berschreitung (30000 ms) beim Verbindungsversuch mit dem Dienst"),
     SINCE_BOOT, "START_TIMEOUT", "too long"},
    {STOPPED(0,
             "Der Dienst antwortete nicht rechtzeitig auf die Start- oder Steuerungsanforderung."),
     SINCE_BOOT, "START_TIMEOUT", "too long"},
    {STOPPED(0, "Der Prozess ist abgest\xc3\xbcrzt"), NOTHING, "CRASHED", "crashed"},
    {STOPPED(0, "Der Dienst wurde unerwartet beendet."), NOTHING, "CRASHED", "crashed"},
    {STOPPED(0, "manuell beendet"), NOTHING, "STOPPED_BY_HAND", "somebody"},
    {STOPPED(0, "Der Dienst ist deaktiviert"), NOTHING, "START_DISABLED", "disabled"},
};

static const struct sample systemd[] = {
    {FAILED(1, "exit-code"), NOTHING, "CRASHED", "exit code 1"},
    {FAILED(139, "core-dump"), NOTHING, "CRASHED", "crashed"},
    {FAILED(137, "signal"), NOTHING, "CRASHED", "crashed"},
    {FAILED(0, "timeout"), SINCE_BOOT, "START_TIMEOUT", "too long"},
    {FAILED(134, "watchdog"), NOTHING, "CRASHED", "watchdog"},
    {FAILED(0, "dependency"), SINCE_BOOT, "DEPENDENCY_FAILED", "depends on"},
    {FAILED(137, "oom-kill"), NOTHING, "CRASHED", "memory"},
    {FAILED(1, "start-limit-hit"), NOTHING, "CRASHED", "in a row"},
    {FAILED(0, "resources"), SINCE_BOOT, "UNKNOWN", "resources"},
    {FAILED(217, "exit-code"), SINCE_BOOT, "LOGON_FAILED", "log on"},
};

static const struct sample processes[] = {
    {FAILED(137, "killed by signal 9 (Killed)"), NOTHING, "CRASHED", "signal 9"},
    {FAILED(143, "killed by signal 15 (Terminated)"), NOTHING, "STOPPED_BY_HAND",
     "asked it to end"},
    {FAILED(3, "exited with status 3"), NOTHING, "CRASHED", "exit code 3"},
    {STOPPED(0, "exited"), NOTHING, "UNKNOWN", "without an error"},
    {STOPPED(0, "no process runs /opt/orders"), SINCE_BOOT, "NOT_TRIED_SINCE_BOOT", "booted"},
};

static const struct sample states[] = {
    {{.state = SERVICE_STOPPED, .start_mode = START_MANUAL},
     SINCE_BOOT,
     "START_MANUAL",
     "only by hand"},
    {{.state = SERVICE_STOPPED, .start_mode = START_DISABLED},
     SINCE_BOOT,
     "START_DISABLED",
     "disabled"},
    {{.state = SERVICE_STOPPED, .start_mode = START_AUTO},
     SINCE_BOOT,
     "NOT_TRIED_SINCE_BOOT",
     "booted"},
    {{.state = SERVICE_STOPPED, .start_mode = START_MANUAL}, NOTHING, "UNKNOWN", "not known"},
    {{.state = SERVICE_STOPPED, .start_mode = START_MANUAL},
     ORDERLY,
     "STOPPED_BY_HAND",
     "orderly way"},
    {{.state = SERVICE_FAILED}, SINCE_BOOT, "CRASHED", "crashed"},
    {{.state = SERVICE_STOPPED, .exit_code = 4}, ORDERLY, "CRASHED", "exit code 4"},
    {{.state = SERVICE_NOT_INSTALLED}, SINCE_BOOT, "UNKNOWN", "no service of this name"},
    {{.state = SERVICE_RUNNING}, NOTHING, "UNKNOWN", "why is not known"},
};

static void check(const struct sample *samples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char code[CODE_SIZE], text[TEXT_SIZE];
        struct service_report report = samples[i].report;
        strcpy(report.service, "OrderGeneration"); // NOLINT: it fits
        why_of(&report, samples[i].past, code, text);
        if (strcmp(code, samples[i].code) != 0)
            fail_msg("sample %zu (%d, '%s'): %s instead of %s", i, report.exit_code, report.reason,
                     code, samples[i].code);
        if (strstr(text, samples[i].says) == NULL || strstr(text, "OrderGeneration is ") == NULL)
            fail_msg("sample %zu: '%s' does not say '%s'", i, text, samples[i].says);
    }
}

static void reports_of_windows_give_their_code_and_a_sentence(void **state)
{
    (void)state;
    check(windows, sizeof windows / sizeof windows[0]);
}

static void reasons_in_german_are_understood(void **state)
{
    (void)state;
    check(german, sizeof german / sizeof german[0]);
}

static void results_of_systemd_give_their_code_and_a_sentence(void **state)
{
    (void)state;
    check(systemd, sizeof systemd / sizeof systemd[0]);
}

static void ends_of_plain_processes_give_their_code_and_a_sentence(void **state)
{
    (void)state;
    check(processes, sizeof processes / sizeof processes[0]);
}

static void without_a_reason_start_mode_and_states_speak(void **state)
{
    (void)state;
    check(states, sizeof states / sizeof states[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reports_of_windows_give_their_code_and_a_sentence),
        cmocka_unit_test(reasons_in_german_are_understood),
        cmocka_unit_test(results_of_systemd_give_their_code_and_a_sentence),
        cmocka_unit_test(ends_of_plain_processes_give_their_code_and_a_sentence),
        cmocka_unit_test(without_a_reason_start_mode_and_states_speak),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
