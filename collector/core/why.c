// SPDX-License-Identifier: Apache-2.0
// The reasons of a stopped service: what its report says outright, then what its past shows.
#include "collector/core/why.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { CODES_MAX = 10, WORDS_MAX = 12, NEVER_STARTED = 1077 };

static char folded(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

// `word` in lower case.
static bool mentions(const char *text, const char *word)
{
    for (; *text != '\0'; text++) {
        size_t i = 0;
        while (word[i] != '\0' && folded(text[i]) == word[i])
            i++;
        if (word[i] == '\0')
            return true;
    }
    return false;
}

// ---- said outright ---------------------------------------------------------------------------

// Exit codes are those of the Windows service control manager, of Windows programs that end by an
// exception, and of systemd (from 200); words are results of systemd, texts of the event log and of
// the agent, with German stems cut before an umlaut.
struct saying {
    const char *code, *text;
    int32_t exit_codes[CODES_MAX];
    const char *words[WORDS_MAX];
};

static const struct saying sayings[] = {
    {"START_DISABLED",
     "its start is disabled",
     {1058},
     {"start is disabled", "because it is disabled", "dienst ist deaktiviert",
      "starttyp deaktiviert", "da er deaktiviert"}},
    {"LOGON_FAILED",
     "its account could not log on",
     {1069, 1057, 1326, 1327, 1330, 1331, 1385, 1909, 217},
     {"logon", "log on", "anmeldung", "anmelde", "password", "kennwort", "account is locked"}},
    {"DEPENDENCY_FAILED",
     "something it depends on did not start",
     {1068, 1075},
     {"dependency", "dependencies", "depends on", "abh\xc3\xa4ngig", "abhaengig"}},
    {"CRASHED", "it hung and its watchdog ended it", {0}, {"watchdog"}},
    {"UNKNOWN", "its stop took too long, so it was killed", {0}, {"stop timed out", "stop-sig"}},
    {"START_TIMEOUT",
     "its start took too long and was given up",
     {1053, 1460},
     {"timeout", "timed out", "did not respond", "in a timely fashion", "berschreitung",
      "nicht rechtzeitig", "antwortete nicht"}},
    {"STOPPED_BY_HAND",
     "somebody stopped it",
     {0},
     {"by hand", "stopped by", "by an administrator", "manually stopped", "stopped manually",
      "manuell beendet", "manuell gestoppt", "manuell angehalten", "von hand", "beendet von",
      "beendet durch"}},
    {"STOPPED_BY_HAND",
     "something asked it to end",
     {0},
     {"signal 15", "sigterm", "signal 2 ", "sigint"}},
    {"CRASHED", "it was killed because memory ran out", {0}, {"oom-kill", "out of memory"}},
    {"CRASHED",
     "it failed several times in a row, and its restarts were given up",
     {0},
     {"start-limit", "start request repeated too quickly"}},
    {"UNKNOWN", "its server lacked the resources to start it", {1450}, {"resources"}},
    {"CRASHED",
     "it ended with an error of its own",
     {1066},
     {"service-specific error", "dienstspezifisch"}},
    {"CRASHED",
     "it crashed",
     {1067, (int32_t)0xC0000005, (int32_t)0xC00000FD, (int32_t)0xC0000374, (int32_t)0xC0000409,
      (int32_t)0xE0434352, (int32_t)0xC0000142},
     {"signal", "crash", "core-dump", "core dump", "abgest", "unerwartet beendet",
      "terminated unexpectedly", "exit-code", "exited with status"}},
};

static const struct saying *said_by_code(int32_t exit_code)
{
    for (size_t i = 0; exit_code != 0 && i < sizeof sayings / sizeof sayings[0]; i++)
        for (int c = 0; c < CODES_MAX; c++)
            if (sayings[i].exit_codes[c] == exit_code)
                return &sayings[i];
    return NULL;
}

static const struct saying *said_in_words(const char *reason)
{
    for (size_t i = 0; i < sizeof sayings / sizeof sayings[0]; i++)
        for (int w = 0; w < WORDS_MAX && sayings[i].words[w] != NULL; w++)
            if (mentions(reason, sayings[i].words[w]))
                return &sayings[i];
    return NULL;
}

// ---- shown by its past -----------------------------------------------------------------------

static bool never_started(const struct service_report *report, const struct why_past *past)
{
    return report->exit_code == NEVER_STARTED ||
           (past->idle_since_boot && report->exit_code == 0 && report->state == SERVICE_STOPPED);
}

static bool is_disabled(const struct service_report *report, const struct why_past *past)
{
    return never_started(report, past) && report->start_mode == START_DISABLED;
}

static bool is_manual(const struct service_report *report, const struct why_past *past)
{
    return never_started(report, past) && report->start_mode == START_MANUAL;
}

static bool is_missing(const struct service_report *report, const struct why_past *past)
{
    (void)past;
    return report->state == SERVICE_NOT_INSTALLED;
}

static bool ended_badly(const struct service_report *report, const struct why_past *past)
{
    (void)past;
    return report->state == SERVICE_FAILED || report->exit_code != 0;
}

static bool was_stopped(const struct service_report *report, const struct why_past *past)
{
    return report->state == SERVICE_STOPPED && past->stopping_seen;
}

static bool ended_well(const struct service_report *report, const struct why_past *past)
{
    (void)past;
    return report->state == SERVICE_STOPPED;
}

static const struct {
    bool (*holds)(const struct service_report *report, const struct why_past *past);
    const char *code, *text;
} shown[] = {
    {is_missing, "UNKNOWN", "there is no service of this name on its server"},
    {is_disabled, "START_DISABLED", "its start is disabled, so the boot did not start it"},
    {is_manual, "START_MANUAL", "it starts only by hand, so the boot did not start it"},
    {never_started, "NOT_TRIED_SINCE_BOOT", "nothing tried to start it since the server booted"},
    {ended_badly, "CRASHED", "it crashed"},
    {was_stopped, "STOPPED_BY_HAND", "it was stopped in an orderly way while its server stayed up"},
    {ended_well, "UNKNOWN", "it ended without an error, and who ended it is not known"},
};

// ---- the door --------------------------------------------------------------------------------

bool why_start_failed(const struct service_report *report)
{
    return report->state == SERVICE_FAILED ||
           (report->exit_code != 0 && report->exit_code != NEVER_STARTED);
}

static void find(const struct service_report *report, const struct why_past *past,
                 const char **ret_code, const char **ret_text)
{
    const struct saying *said = said_by_code(report->exit_code);
    if (said == NULL && report->exit_code != NEVER_STARTED)
        said = said_in_words(report->reason);
    if (said != NULL) {
        *ret_code = said->code;
        *ret_text = said->text;
        return;
    }
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++)
        if (shown[i].holds(report, past)) {
            *ret_code = shown[i].code;
            *ret_text = shown[i].text;
            return;
        }
}

void why_of(const struct service_report *report, struct why_past past, char code[CODE_SIZE],
            char out[TEXT_SIZE])
{
    const char *reason_code = "UNKNOWN", *reason = "why is not known";
    find(report, &past, &reason_code, &reason);
    text_copy(code, CODE_SIZE, reason_code);
    struct text text;
    text_init(&text, out, TEXT_SIZE);
    text_printf(&text, "%s is %s: %s", report->service, service_state_text(report->state), reason);
    if (report->exit_code < 0) // an exception of Windows, which people look up by its hex number
        text_printf(&text, " (exit code 0x%08X)", (unsigned)report->exit_code);
    else if (report->exit_code != 0)
        text_printf(&text, " (exit code %d)", report->exit_code);
    if (report->reason[0] != '\0')
        text_printf(&text, " (its server says: %s)", report->reason);
}
