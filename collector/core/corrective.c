// SPDX-License-Identifier: Apache-2.0
// The measures as data: a row applies when its why or the beginning of its code fits.
#include "collector/core/corrective.h"

#include "collector/core/markdown.h"

#include <string.h>

struct measure {
    const char *why;                   // why.code, NULL = any
    const char *code;                  // a code or what it begins with, NULL = any
    const char *text;                  // for people
    const char *on_windows, *on_linux; // commands with {} for the service's name, NULL = none
};

static const struct measure measures[] = {
    {"START_MANUAL", NULL, "Set the service's start mode to automatic.",
     "sc.exe config {} start= delayed-auto", "systemctl enable {}"},
    {"START_DISABLED", NULL, "Enable the service and set its start mode to automatic.",
     "sc.exe config {} start= delayed-auto", "systemctl unmask {} && systemctl enable {}"},
    {"NOT_TRIED_SINCE_BOOT", NULL,
     "Find out why nothing started the service after the boot: its start mode, its triggers and "
     "the "
     "service manager's log since the boot.",
     "sc.exe qc {}", "systemctl show {} -p UnitFileState,ActiveState,ConditionResult"},
    {"CRASHED", NULL,
     "Have the crash analysed, and let the service manager restart the service after a crash.",
     "sc.exe failure {} reset= 86400 actions= restart/5000/restart/30000/restart/60000",
     "systemctl edit {}"},
    {"START_TIMEOUT", NULL,
     "Give the service longer to start, or start it after what slows it down at boot.",
     "sc.exe config {} start= delayed-auto", "systemctl edit {}"},
    {"LOGON_FAILED", NULL,
     "Give the service an account whose password does not expire unseen, and check its right to "
     "log on as a service.",
     "sc.exe qc {}", NULL},
    {"DEPENDENCY_FAILED", NULL,
     "Watch the services that this one depends on as well, and check their start modes.",
     "sc.exe qc {}", "systemctl list-dependencies {}"},
    {"STOPPED_BY_HAND", NULL,
     "Announce work on the server as maintenance before stopping the service, so that its end is "
     "watched too.",
     NULL, NULL},
    {NULL, "ORDER_SERVICE_",
     "Let the agent on the server start the service when it is found stopped, and run the "
     "preflight "
     "check after every planned reboot.",
     NULL, NULL},
    {NULL, "ORDER_SERVICE_HUNG",
     "Have the service's own log and a dump taken before the restart, so that the hang can be "
     "explained.",
     NULL, NULL},
    {NULL, "SERVICE_WILL_NOT_RETURN", "Set the service's start mode to automatic.",
     "sc.exe config {} start= delayed-auto", "systemctl enable {}"},
    {NULL, "ORDER_FEED_STOPPED",
     "Agree with the owner of the upstream system who is called, and within what time, when orders "
     "stop coming.",
     NULL, NULL},
    {NULL, "ORDER_SHARE_DENIED",
     "Review who may change the share's rights, and test the stations' account after each change.",
     NULL, NULL},
    {NULL, "ORDER_SHARE_DOWN",
     "Review why the share was not offered, and whether it returns by "
     "itself after a reboot.",
     NULL, NULL},
    {NULL, "ORDER_DISK_FULL",
     "Clear what fills the disk regularly, and react to the DISK_FILLING "
     "warning that comes before.",
     NULL, NULL},
    {NULL, "DISK_FILLING", "Clear what fills the disk regularly, or enlarge it.", NULL, NULL},
    {NULL, "SERVER_",
     "Announce planned restarts as maintenance, and review power, updates and the "
     "system log for an unplanned one.",
     NULL, NULL},
    {NULL, "SEGMENT_DOWN",
     "Review the segment's switch, uplink and power supply; agree on sign-off "
     "or a calendar where a line is switched off on purpose.",
     NULL, NULL},
    {NULL, "SITE_NETWORK_DOWN", "Review the path between the stations and the collector's network.",
     NULL, NULL},
    {NULL, "BROKER_DOWN", "Let the broker restart by itself, and watch it from a second place.",
     NULL, NULL},
    {NULL, "COLLECTOR_BLIND", "Review the collector's own network connection.", NULL, NULL},
    {NULL, "ORDER_DATA_MISSING", "Check a batch's release before its first harness is scanned.",
     NULL, NULL},
    {NULL, "ROLLOUT_BAD",
     "Roll new software out to a few stations first, and go on only when their "
     "orders load.",
     NULL, NULL},
    {NULL, "STATION_", "Have the station checked: cabling, logon, disk and the tester's software.",
     NULL, NULL},
    {NULL, "AGENT_LOST",
     "Find out whether the station or only its agent was down, and whether both "
     "start by themselves.",
     NULL, NULL},
    {NULL, "DUPLICATE_NODE", "Give every cloned computer a name and a certificate of its own.",
     NULL, NULL},
    {NULL, "CLOCK_SKEW", "Set the station's clock by the plant's time server.", NULL, NULL},
    {NULL, "CERTIFICATE_EXPIRING", "Renew certificates by a schedule.", NULL, NULL},
    {NULL, "ORDER_FETCH_FAILING",
     "Install the agent on the order server, so that the cause is named "
     "next time.",
     NULL, NULL},
};

static bool applies(const struct measure *measure, const struct incident *incident)
{
    if (measure->why != NULL)
        return text_equal(measure->why, incident->why_code);
    return strncmp(incident->code, measure->code, strlen(measure->code)) == 0;
}

// The service's name, if it can stand in a command line that people copy: letters, digits and a few
// harmless marks only. What else a name may hold could run another command.
static bool safe_service_name(const char *component, char out[NAME_SIZE])
{
    static const char prefix[] = "service:";
    const char *slash = strchr(component, '/');
    if (strncmp(component, prefix, sizeof prefix - 1) != 0 || slash == NULL)
        return false;
    const char *name = slash + 1;
    if (*name == '\0' || *name == '-' || !text_copy(out, NAME_SIZE, name))
        return false;
    return strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.@-") ==
           strlen(name);
}

static void append_command(struct text *out, const char *system, const char *command,
                           const char *service)
{
    text_printf(out, " On %s: `", system);
    for (const char *c = command; *c != '\0'; c++) {
        if (c[0] == '{' && c[1] == '}') {
            text_append(out, service);
            c++;
        } else {
            text_append_bytes(out, c, 1);
        }
    }
    text_append(out, "`.");
}

void corrective_write(struct text *out, const struct incident *incident)
{
    char service[NAME_SIZE];
    bool named = safe_service_name(incident->component, service);
    for (size_t i = 0; i < sizeof measures / sizeof measures[0]; i++) {
        const struct measure *measure = &measures[i];
        if (!applies(measure, incident))
            continue;
        text_printf(out, "- %s", measure->text);
        if (named && measure->on_windows != NULL)
            append_command(out, "Windows", measure->on_windows, service);
        if (named && measure->on_linux != NULL)
            append_command(out, "Linux", measure->on_linux, service);
        text_append(out, "\n");
    }
}
