// SPDX-License-Identifier: Apache-2.0
// The reasons of a stopped service, most telling first.
#include "collector/core/why.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

static bool mentions(const struct service_report *report, const char *word)
{
    return strstr(report->reason, word) != NULL;
}

static bool was_disabled(const struct service_report *report, bool booted)
{
    return booted && report->start_mode == START_DISABLED;
}

static bool was_manual(const struct service_report *report, bool booted)
{
    return booted && report->start_mode == START_MANUAL;
}

static bool was_never_tried(const struct service_report *report, bool booted)
{
    return booted && report->exit_code == 0 && report->state != SERVICE_FAILED;
}

static bool timed_out(const struct service_report *report, bool booted)
{
    (void)booted;
    return mentions(report, "timeout") || mentions(report, "timed out");
}

static bool logon_failed(const struct service_report *report, bool booted)
{
    (void)booted;
    return mentions(report, "logon");
}

static bool dependency_failed(const struct service_report *report, bool booted)
{
    (void)booted;
    return mentions(report, "dependency");
}

static bool crashed(const struct service_report *report, bool booted)
{
    (void)booted;
    return report->state == SERVICE_FAILED || report->exit_code != 0 ||
           mentions(report, "signal") || mentions(report, "crash");
}

static bool stopped_by_hand(const struct service_report *report, bool booted)
{
    (void)booted;
    return mentions(report, "by hand") || mentions(report, "stopped by");
}

static const struct {
    bool (*holds)(const struct service_report *report, bool booted);
    const char *code, *text;
} reasons[] = {
    {was_disabled, "START_DISABLED", "its start is disabled, so the boot did not start it"},
    {was_manual, "START_MANUAL", "it starts only by hand, so the boot did not start it"},
    {dependency_failed, "DEPENDENCY_FAILED", "something it depends on did not start"},
    {logon_failed, "LOGON_FAILED", "its account could not log on"},
    {timed_out, "START_TIMEOUT", "its start took too long and was given up"},
    {crashed, "CRASHED", "it crashed"},
    {stopped_by_hand, "STOPPED_BY_HAND", "somebody stopped it"},
    {was_never_tried, "NOT_TRIED_SINCE_BOOT", "nothing tried to start it since the server booted"},
};

void why_of(const struct service_report *report, bool booted, char code[CODE_SIZE],
            char out[TEXT_SIZE])
{
    const char *reason_code = "UNKNOWN", *reason = "why is not known";
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (reasons[i].holds(report, booted)) {
            reason_code = reasons[i].code;
            reason = reasons[i].text;
            break;
        }
    text_copy(code, CODE_SIZE, reason_code);
    struct text text;
    text_init(&text, out, TEXT_SIZE);
    text_printf(&text, "%s is %s: %s", report->service, service_state_text(report->state), reason);
    if (report->exit_code != 0)
        text_printf(&text, " (exit code %d)", report->exit_code);
    if (report->reason[0] != '\0')
        text_printf(&text, " (its server says: %s)", report->reason);
}
